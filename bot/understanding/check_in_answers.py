"""Answers of a check-in: the share of the plan that was done, and the change since the start."""

from __future__ import annotations

import re

from bot.understanding.bare_numbers import bare_number, nothing
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

DAYS_A_WEEK = 7
_SHARE = re.compile(r"\b(?P<percent>\d{1,3}) ?(?:%|percent|per cent)")
_SHARES = (
    (
        r"all of (?:it|them)|every(?:thing| (?:single )?(?:day|one|time))|always|fully|completely|each day|"
        r"daily|the lot|without fail|never (?:missed|skipped|failed)|havent missed|religiously|to the letter",
        100,
        False,
    ),
    (
        r"most (?:days|of (?:it|them)|times)|nearly (?:all|every)|almost (?:all|every)|mostly|"
        r"nearly every day",
        80,
        True,
    ),
    (r"half|about half|every other day|alternate days|50/50", 50, True),
    (
        r"some(?: of (?:it|them)| days)?|few (?:days|times)|now and (?:then|again)|occasionally|not many|"
        r"a bit|bits",
        30,
        True,
    ),
    (r"(?:hardly|barely|scarcely)(?: \w+)?|not much|very little|once or twice", 15, True),
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
        r"(?:no|not|neither|hasnt|never|isnt|nothing|cant say its|cant see)(?: \w+){0,3}? (?:better (?:n?or|and|or) "
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
)
_GPE_NUMBER = re.compile(r"(?<![\d.])(?P<sign>minus ?|plus ?|- ?|\+ ?)?(?P<number>[0-3])(?![\d.])")


def share_done(utterance: Utterance) -> Mention | None:
    """Percent of the plan done. A bare number up to seven counts days of a week."""
    bar = re.search(
        r"\b(?:every day|all|everything|all of (?:it|them)) (?:bar|but|except)(?: for)? "
        r"(?P<missed>[1-6]|one|two|a couple)\b",
        utterance.text,
    )
    if bar is not None:
        missed = {"one": 1, "two": 2, "a couple": 2}.get(bar["missed"]) or int(bar["missed"])
        return mention(
            "adherence_pct", round(100 * (DAYS_A_WEEK - missed) / DAYS_A_WEEK), *bar.span(), about=True
        )
    percent = _SHARE.search(utterance.text)
    if percent is not None:
        return mention("adherence_pct", int(percent["percent"]), *percent.span())
    days = re.search(
        r"(?<![\d.])(?P<low>\d)(?: ?(?:-|to|or|/(?!7)) ?(?P<high>\d))?(?: ?(?:days?|times|nights|"
        r"x))?(?: ?(?:out )?(?:of|/) ?(?P<of>\d{1,2}))?(?![\d.%])",
        utterance.text,
    )
    if days is not None:
        done = float(days["high"] or days["low"]) / 2 + float(days["low"]) / 2
        of = float(days["of"] or DAYS_A_WEEK)
        if of > 0 and done <= of:
            return mention(
                "adherence_pct", round(100 * done / of), *days.span(), about=days["high"] is not None
            )
    if (none := nothing(utterance, "adherence_pct")) is not None:
        return none
    for pattern, share, about in _SHARES:
        match = re.search(rf"\b(?:{pattern})\b", utterance.text)
        if match is not None and not utterance.scopes.negated(*match.span()):
            return Mention("adherence_pct", share, match.start(), match.end(), about)
    return bare_number(utterance, "adherence_pct")


def change(utterance: Utterance) -> Mention | None:
    """The change since the start, from -3 very much worse to +3 very much better."""
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
