"""Answers of a check-in: the share of the plan that was done, and the change since the start."""

from __future__ import annotations

import re

from bot.understanding.bare_numbers import bare_number, nothing, number_apart
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

DAYS_A_WEEK = 7
_SHARE = re.compile(r"\b(?P<percent>\d{1,3}) ?(?:%|percent|per cent)")
#: "Skipped 2 days", "every day bar Sunday": what was left out of a week.
_MISSED = re.compile(
    r"\b(?:(?:only |just |maybe |probably |about )*(?:miss(?:ed)?|skip(?:ped)?|forgot|bar|but|except|"
    r"apart from|"
    r"other than|save) (?:for )?(?:about |maybe |only |just |the )*(?P<missed>1 or 2|[1-6]|one|two|couple|"
    r"a couple|a few|an?|yesterday|today|(?:mon|tues|wednes|thurs|fri|satur|sun)day|the weekend|weekends?)\b"
    r"(?! (?:minutes?|exercises?|of the exercises|set|week))"
    r"(?: (?:of )?(?:them|days?|times|sessions?|nights?|mornings?))?)"
)
_LEFT_OUT = {"one": 1, "a": 1, "an": 1, "two": 2, "couple": 2, "a couple": 2, "a few": 3, "1 or 2": 2}
_DONE_WITHOUT = re.compile(r"\b(?:bar|but|except|apart from|other than|save)\b")
_EVERY = re.compile(r"\b(?:all|every\w*|each|daily)\b")
_NEVER_MISSED = (
    r"(?:never|didnt|havent|not|dont|hasnt|without|barely|hardly)(?: \w+){0,2}? "
    r"(?:miss|skip|fail|forg[eo]t)(?:ed|ped|t?en|ting|ing|ping)?"
)
_NOT_ONE_MISSED = re.compile(rf"\b(?!barely|hardly){_NEVER_MISSED}\b")
_SHARES = (
    (
        r"all of (?:it|them)|every(?:thing| (?:single )?(?:exercise|session|stretch|walk|day|one|time|morning|"
        r"night|evening))|always|fully|"
        r"completely|each day|daily|the (?:whole )?lot|without fail|"
        rf"{_NEVER_MISSED}|religiously|to the letter|clockwork|twice a day|like a good (?:boy|girl)|"
        r"start to finish|by the book|faithfully|all 7|whole thing|"
        r"the full (?:whack|amount|programme|program|monty)",
        100,
        False,
    ),
    (r"(?:three|3) quarters|3/4", 75, True),
    (r"(?:two|2) thirds|2/3", 67, True),
    (r"(?:a|one|1) third|1/3", 33, True),
    (r"(?:a|one|1)(?: \w+)? quarter|1/4", 25, True),
    (r"(?:9|nine) (?:times )?(?:out of|in) (?:10|ten)", 90, True),
    (
        r"(?:most|majority|bulk)(?: (?:days|of (?:it|them|the (?:time|days|week|exercises|plan))|times|"
        r"mornings|"
        r"nights|evenings))?|nearly (?:all|every)|almost (?:all|every|always)|nearly always|mostly|usually|"
        r"(?:pretty|quite|fairly|very) (?:good|regular\w*|consistent\w*|diligent\w*)|nearly every day",
        80,
        True,
    ),
    (r"week ?days(?: only)?|monday to friday", 71, True),
    (r"more often than not|more than half|over half", 60, True),
    (
        r"half|about half|every (?:other|second) (?:day|1)|alternate days|50/50|on and off|hit and miss",
        50,
        True,
    ),
    (r"week ?ends?(?: only)?", 29, True),
    (
        r"some(?: of (?:it|them)| days|times)?|few (?:days|times)|now and (?:then|again)|occasionally|not many|"
        r"a bit|bits|less than half|under half|on occasion|here and there|sporadic\w*",
        30,
        True,
    ),
    (r"(?<!or )twice|2 (?:times|goes)", 29, True),
    (
        r"(?:hardly|barely|scarcely)(?: \w+)?|not much|very little|once or twice|once|next to nothing|"
        r"not a lot|"
        r"(?:only|just)(?: on| the)? (?:1 day|one day|the one|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
        15,
        True,
    ),
)
_NOT_DONE = re.compile(
    r"^(?:(?:none|nothing|zilch|nada|nowt|sod all|bugger all|zip|not (?:a single|1|one|any)(?: \w+)?)"
    r"(?: (?:of (?:it|them)|at all|if im honest|to be honest|tbh|really|so far|yet|this week|im afraid|sorry|"
    r"whatsoever))*"
    r"|(?:sorry,? |tbh |honestly |i )*(?:didnt|havent|never|not)(?: \w+){0,2}? (?:get round|got round|"
    r"gotten round|"
    r"started|start|begun|touched|opened|looked|bothered|bother|found (?:the )?time|had (?:the )?(?:time|"
    r"chance))"
    r"(?: \w+){0,4}|(?:completely |totally |i |just )*forgot(?: (?:all about|about|completely|the lot|"
    r"all of it))+"
    r"(?: \w+){0,2})[ .!]*$"
)
#: "None, i travelled to my village": why nothing was done.
_NONE_AND_WHY = re.compile(
    r"(?:(?:honestly|sorry|well|oh|tbh|um+)[ ,]+)*(?P<none>none|nothing|zero|nil|zilch|nada|"
    r"nowt)(?: (?:at all|this week|really))*"
    r"[,.;!]+ ?(?!missed|skipped|left out|except|but|apart|i did|did)"
)
_HAIR = (
    r"(?:hair|smidge\w*|wee|tiny|shade|fraction|whisker|notch|bit|little|slight\w*|tad|touch|somewhat|"
    r"marginal\w*|"
    r"small|mite|hint|few percent)"
)
_MUCH = (
    r"(?:much|lots?|way|far|loads|tons|heaps|streets|leagues|(?:good|great) deal|definitely|really|"
    r"significant\w*|considerabl\w*|dramatic\w*|substantial\w*|noticeabl\w*|markedly|plenty|vastly|"
    r"tremendous\w*)"
)
_GPE = (
    (
        r"(?:not|never|hasnt|havent|isnt|no|nothing)(?: \w+){0,2}? (?:been (?:this|so) (?:bad|sore)|worse than this)|"
        r"(?:very much|completely|a lot|lots|massively|hugely|far,? far) worse than ever|(?:the )?worst (?:its|it has) "
        r"ever been|very much worse|(?:worse|worst) than (?:ever|its ever)|(?:an? )?(?:absolute |total |complete )"
        r"(?:disaster|nightmare)|rock bottom|through the (?:roof|floor)|couldnt be (?:any )?worse|"
        r"(?:totally|completely) crippled",
        -3,
    ),
    (
        r"(?:no|not|neither|hasnt|havent|never|isnt|nothing|nowt|hardly|barely|cant say its|cant see)"
        r"(?: \w+){0,3}? (?:better (?:n?or|and|or) "
        r"(?:no |not )?worse|worse (?:n?or|and|or) (?:no |not )?better|chang\w*|different|difference|better|"
        r"improve\w*|budged|shifted|moved|progress\w*|further (?:on|forward))|(?:square|sq) (?:1|one)|where (?:i|we) "
        r"(?:started|began|was|were)|much of a muchness|neither here nor there|(?:about |just |much |exactly |still )*"
        r"(?:the )?same|no better|not better|unchanged|stuck in (?:a|the) (?:rut|mud)|at a standstill|plateau\w*|"
        r"status quo|as you were|no (?:movement|joy|progress)|swings and roundabouts|treading water|level pegging",
        0,
    ),
    (
        r"(?:very much|much,? much|completely|totally|fully|100 ?%|massively|hugely|so so much|miles|a "
        r"million times|1000 times) (?:better|improved|recovered|healed|fixed|cured)|world of difference|"
        r"new (?:man|woman|person|lease|back)|back to (?:normal|my old self|how i was|full)|cured|right as rain|"
        r"good as new|fully recovered|all (?:gone|but gone|cleared|better now)|(?:pain|its|it has|has) (?:all |"
        r"completely |totally |pretty much |practically |virtually |just )*(?:gone|vanished|disappeared)|"
        r"night and day|day and night difference|(?:a )?(?:different|changed) (?:man|woman|person)|pain ?free|"
        r"(?:a )?miracle|over the moon|never (?:felt|been) better|like it never happened|transform\w*",
        3,
    ),
    (
        r"(?:a )?good (?:bit|chunk|lot|deal) (?:\w+ )?(?:better|improv\w*|easier|looser|less (?:pain|sore|stiff)\w*)",
        2,
    ),
    (
        r"(?:a |quite a |wee |tiny )*(?:bit|little|slight\w*|tad|touch|somewhat|marginal\w*|small|shade|smidge\w*|"
        r"fraction|hair|notch|whisker|mite) (?:\w+ )?(?:better|improve\w*|eas\w*|looser|freer|less)|"
        r"slight improvement|getting better slowly|slowly getting better|(?:slow|small|baby) (?:progress|steps)|"
        r"slowly but surely|(?:on the|starting to) (?:mend|improve|up|turn)|getting there|turn\w* (?:a|the) corner|"
        r"coming (?:along|on)(?: nicely| well| slowly)?|heading in the right direction|right direction|"
        r"(?:isnt|not|its not|aint) (?:\w+ )?(?:as|so) (?:bad|sore|painful|stiff) (?:as|now)|less (?:pain|sore|"
        r"stiff|bad)\w*|looking up|picking up|light at the end|edging|inching|on the up",
        1,
    ),
    (
        r"(?:a |quite a |wee |tiny )*(?:bit|little|slight\w*|tad|touch|somewhat|marginal\w*|shade|smidge\w*|fraction|"
        r"notch) (?:\w+ )?(?:worse|sorer|stiffer|more (?:pain|sore|stiff)\w*|down|backward\w*)",
        -1,
    ),
    (
        r"(?:much|lot|lots|way|far|loads|heaps|tons|so much|great deal|definitely|really|well|considerabl\w*|"
        r"significant\w*|noticeabl\w*|miles|vast\w*) (?:\w+ )?(?:better|improve\w*|easier|more comfortable|looser|"
        r"freer|less (?:pain|sore|stiff)\w*)|leaps and bounds|(?:big|great|huge|major|marked|massive|vast|good) "
        r"(?:improvement|difference|change for the better|progress)|(?:doing|going) (?:really |very |so )"
        r"(?:well|great)|come (?:on )?(?:a long way|on in leaps)|(?:over )?half (?:the pain|gone|better)|streets ahead",
        2,
    ),
    (
        r"(?:much|lot|lots|way|far|loads|heaps|tons|so much|great deal|definitely|really|considerabl\w*|"
        r"significant\w*|noticeabl\w*|miles) (?:\w+ )?(?:worse|sorer|more (?:pain|sore)\w*)|(?:deteriorat|worsen)\w* "
        r"(?:badly|a lot|rapidly|quickly|terribly|significantly|so much)|(?:big|huge|major) (?:setback|step back\w*)|"
        r"(?:rapidly|badly) (?:deteriorat|wors)\w*|nosediv\w*|(?:gone|went|going) to (?:pot|the dogs|hell)",
        -2,
    ),
    (r"better|improv\w+|easier|easing|eased|progress\w*|mending|healing", 1),
    (
        r"worse\w*|deteriorat\w*|downhill|(?:gone|going|went|slid\w*|slip\w*|step|steps) back ?wards?|step back|"
        r"set ?back|relaps\w*|declin\w*",
        -1,
    ),
    (
        r"(?<!.)(?:only |just |very )*(?:slight(?:ly)?|marginal(?:ly)?|a (?:bit|little|tad|touch)|somewhat)[ .!]*$",
        1,
    ),
    (r"(?<!.)(?:loads|heaps|tons|lots|a lot|massively|hugely)[ .!]*$", 2),
)
#: A number with its sign is the score, whatever the words beside it.
_GPE_SIGNED = re.compile(r"(?<![\d.\w])(?P<sign>minus ?|plus ?|- ?|\+ ?)(?P<number>[0-3])(?![\d.%])")
_GPE_NUMBER = re.compile(r"(?<![\d.])(?P<sign>minus ?|plus ?|- ?|\+ ?)?(?P<number>[0-3])(?![\d.])")


_A_FRACTION = re.compile(r"\b(?:\d (?:quarters|thirds|out of 3\b)|[1-3]/[34]\b(?!\d))")
#: "I forgot most of it" says how much was not done.
_FORGOTTEN = re.compile(r"\b(?:forgot|forgotten|missed|skipped|failed|didnt do|didnt manage)(?: \w+)? $")
_ALL = 100


def _of_a_week(utterance: Utterance) -> Mention | None:
    """ "Missed a couple", "every day bar Sunday"; "all but three" of the exercises is read alike."""
    missed = _MISSED.search(utterance.text)
    if missed is None or utterance.scopes.negated(*missed.span()):
        return None
    if _DONE_WITHOUT.match(missed.group()) and not _EVERY.search(utterance.text[: missed.start()]):
        return None
    word = missed["missed"]
    days = int(word) if word.isdigit() else _LEFT_OUT.get(word, 2 if "weekend" in word else 1)
    share = round(100 * (DAYS_A_WEEK - days) / DAYS_A_WEEK)
    return mention("adherence_pct", share, *missed.span(), about=True)


def share_done(utterance: Utterance) -> Mention | None:
    """Percent of the plan done. A bare number up to seven counts days of a week."""
    alone = number_apart(utterance, "adherence_pct")
    if alone is not None and isinstance(alone.value, int) and alone.value > DAYS_A_WEEK:
        return alone
    left_out = _of_a_week(utterance)
    if left_out is not None:
        return left_out
    percent = _SHARE.search(utterance.text)
    if percent is not None:
        return mention("adherence_pct", int(percent["percent"]), *percent.span())
    days = re.search(
        r"(?<![\d.])(?P<low>\d{1,2})(?: ?(?:-|to|or|/(?!7)) ?(?P<high>\d{1,2}))?(?: ?(?:days?|times|nights|"
        r"x|sessions|mornings))?(?: ?(?:out )?(?:of|/) ?(?:the )?(?P<of>\d{1,2}))?(?![\d.%])",
        utterance.text,
    )
    whole = _NOT_ONE_MISSED.search(utterance.text)
    if whole is not None:
        return Mention("adherence_pct", _ALL, *whole.span())
    if days is not None and not _A_FRACTION.search(utterance.text):
        done = float(days["high"] or days["low"]) / 2 + float(days["low"]) / 2
        of = float(days["of"] or DAYS_A_WEEK)
        if of > 0 and done <= of:
            return mention(
                "adherence_pct", round(100 * done / of), *days.span(), about=days["high"] is not None
            )
    if (none := nothing(utterance, "adherence_pct")) is not None:
        return none
    if (why := _NONE_AND_WHY.match(utterance.text.strip())) is not None:
        return Mention("adherence_pct", 0, 0, why.end("none"))
    if (not_done := _NOT_DONE.search(utterance.text.strip())) is not None:
        return Mention("adherence_pct", 0, 0, not_done.end())
    for pattern, share, about in _SHARES:
        match = re.search(rf"\b(?:{pattern})\b", utterance.text)
        denied = share < _ALL and match is not None and utterance.scopes.negated(*match.span())
        if match is not None and not denied and not _FORGOTTEN.search(utterance.text[: match.start()]):
            return Mention("adherence_pct", share, match.start(), match.end(), about)
    return bare_number(utterance, "adherence_pct")


def change(utterance: Utterance) -> Mention | None:
    """The change since the start, from -3 very much worse to +3 very much better."""
    told = _GPE_SIGNED.search(utterance.text)
    if told is not None:
        value = int(told["number"])
        low = told["sign"].strip() in ("-", "minus")
        return Mention("gpe", -value if low else value, told.start(), told.end())
    for pattern, score in _GPE:
        match = re.search(rf"\b(?:{pattern})", utterance.text)
        if match is not None:
            return Mention("gpe", score, match.start(), match.end())
    number = _GPE_NUMBER.search(utterance.text)
    if number is None:
        return None
    negative = (number["sign"] or "").strip() in ("-", "minus")
    return Mention(
        "gpe", -int(number["number"]) if negative else int(number["number"]), number.start(), number.end()
    )
