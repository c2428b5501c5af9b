"""Since when: which stretch of time belongs to the back, the leg pain or the weakness (clinical.md §0.1, §1.2 A, B)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.durations import Stretch, shorthand
from bot.understanding.mentions import Mention, mention
from bot.understanding.since_when import (
    began_outright,
    began_with_something_else,
    is_of_a_pregnancy,
    is_when_the_pain_began,
    well_until,
)
from bot.understanding.utterance import Utterance
from bot.understanding.water_words import PEE

DURATION, LEG_PAIN, LEG_WEAKNESS = "duration_weeks", "leg_pain_onset_days", "leg_weakness_onset_days"
_FIELDS = (DURATION, LEG_PAIN, LEG_WEAKNESS)

_BACK = re.compile(
    r"\b(?:(?<!work and )(?<!there and )(?<!school and )(?<!shops and )(?<!home and )backs?(?! (?:passage|end|"
    r"side of))|spine|lumbago|lumbar|pain\w*|hurt\w*|ache\w*|aching|agony|"
    r"sore\w*|backache|bad back|"
    r"slipped disc|episode|flare\w*|kamar|dard|peeth|sciatica|tweaked|throb\w*|spasms?|twinges?|niggl\w*|grumbl\w*)\b"
)
_SPINE = re.compile(r"\b(?:backs?(?! (?:passage|end))|spine|backache)\b")
#: "Three weeks back" is three weeks ago.
_AGO = re.compile(
    r"(?P<unit>\b(?:day|week|fortnight|month|year|while|summer|winter|spring|autumn|christmas|time)s?) back\b"
)
_BEGAN = re.compile(
    r"\b(?:start\w*|began|begun|came on|come on|happened|went|gone|put my back|did (?:it|my back)|"
    r"done my back|hurt (?:it|my back)|injured|"
    r"had (?:it|this)|having (?:it|this)|got it|been (?:going|like this|bad|hurting)|suffer\w*|on and off|"
    r"off and on|since|dragg\w*|putting up with|put up with|living with|dealing with|battl\w*|plagu\w*|troubl\w*|"
    r"bother\w*|struggl\w*|noticed it|first noticed|lift\w*|bent|fell|slipped|twisted)\b"
)
_AGO_AFTER = re.compile(r"^s? (?:before|back|earlier)\b(?! (?:that|this|it|the|christmas|pain)\b)")
#: "Twisted getting out of the bath ten days ago n it shot down my leg": the time stands before.
_GOES_ON = re.compile(r" (?:and|n|but|then|so) ")
_LEG = re.compile(
    r"(?<!between my )(?<!between the )\b(?:legs?|thighs?|calf|calves|foot|feet|toes?|knees?|shins?|sciatica|ankle)\b"
)
_WEAK = re.compile(
    r"\b(?:weak\w*|giv(?:e|es|ing) way|gave way|drag\w*|drop\w*|slap\w*|flap\w*|flop\w*|catch\w*|dead ?weight|"
    r"no (?:strength|power)|buckl\w*|collaps\w*|like jelly|heavy|stub\w*|cant (?:lift|move|raise|push))\b"
)
_NUMB = re.compile(r"\b(?:numb\w*|tingl\w*|pins and needles)\b")
_OTHER_SIGN = re.compile(
    rf"\b(?:cant feel|feel(?:ing)?|numb\w*|tingl\w*|wip(?:e|ing)|{PEE}|urin\w*|bladder|bowels?|"
    r"poo(?:s|p\w*|ing)?|toilet|loo|"
    r"fever\w*|shiver\w*|wobbl\w*|unsteady|balance)\b"
)
_LEG_HURTS = re.compile(
    r"\b(?:pain\w*|hurt\w*|ach(?:e|es|ed|ing|y)|sore\w*|burn\w*|shoot\w*|sciatica|cramp\w*|electric\w*|"
    r"shocks?|zaps?|stab\w*|throb\w*|kill(?:s|ing))\b"
)
#: "This is two years now", "been like that a couple of years": of what the sentence before tells.
_OF_WHAT_WAS_TOLD = re.compile(
    r"^[ .]*(?:and |its |it has |ive |thats |that has )*(?:been (?:like|doing) (?:that|this|it)|this is|this has been|"
    r"had (?:that|this|it)|same)\b"
)
#: Asked for one of these, a time belongs to the weakness.
_OF_WEAKNESS = frozenset({"leg_weakness", "foot_drop"})
#: Asked about the leg pain: "now it's the two of them since Monday".
_OF_BOTH = re.compile(
    r"\b(?:both|2|the other|left|right|it|its)(?: of them| one| 1| side)?(?: as well| too| now)?  ?(?:$|"
    r",)|\b(?:both|2 of them)\b"
)
_PIECE_ENDS = re.compile(r"[,.;!?()]|\b(?:but|and|though|whereas)\b")
#: "Pain in the left buttock running down to the calf, 6 weeks": one pain, and the time is the episode's.
_FROM_THE_BUTTOCK = re.compile(
    r"^(?!.*\bboth\b)[^.;]*\b(?:buttocks?|bum|glutes?|butt)\b(?: \w+){0,5}? (?:to|into|down|past|as far as)\b"
)
_LEG_IS_WELL = re.compile(
    r"^ ?(?:no+|nope|nah|none|not|never)\b|\b(?:strong|fine|normal|solid|steady|hold me|carry me|good as|no weak\w*)\b"
)
#: "Back pain since 3 weeks", "had it for 2 years": the back's, whatever else the sentence tells.
_PAIN_SINCE = re.compile(
    r"(?:\b(?:back|lumbar|kamar|flank|loins?|groin|hips?|buttocks?|tail ?bone|coccyx|waist)"
    r"(?: \w+)?\b ?(?:pain\w*|ache\w*|hurt\w*|sore|dard|trouble|problem|bad|out|playing up|niggl\w*|grumbl\w*)|"
    r"\b(?:ive|have|had|having|got) (?:had )?(?:it|this)(?: pain| back)?|\b(?:tweaked|pulled|jarred|wrenched|ricked) "
    r"(?:it|my back|something)(?: \w+)?|"
    r"(?:^|[,.;!] ?|\b(?:its|ive|have|has|i) )been (?:like (?:this|that)|this way|going on|this bad)|"
    r"\b(?:bad|sore|back|started|flared(?: up)?|playing up|here we go|at it|in bits|hurting|aching) again|"
    r"\bwoke (?:up )?with (?:it|this)|\b(?:backs?|pain)\b[^.;]{0,20}?,? (?:its|it has|thats|this has|"
    r"this is) (?:only |just )*been|"
    r"\bsince (?:this|it|all this|(?:the|my) (?:back|pain|trouble))(?: pain| all)? (?:began|happened|started|"
    r"came on|flared(?: up)?))"
    r"(?: (?:on and off|off and on|now|going on))?"
    r"(?: (?:since|for|from|about|around|over|the|past|last|nearly|almost|some|like|maybe|a good))* ?$"
)
#: A time told with one of these is about that, not about the back.
_ELSE = re.compile(
    r"\b(?:smok\w*|vap\w*|work(?:ed|ing)? (?:as|for|there|here|in)|off (?:work|sick)|signed off|missed|job|"
    r"married|divorced|died|passed away|killed (?:him|her)self|suicide|pregnan\w*|baby|birth|"
    r"tablets?|pills?|steroids?|pred\w*|warfarin|apixaban|\w+pam\b|codeine|tramadol|ibuprofen|paracetamol|"
    r"naproxen|antibiotics|medication|jabs?|pack|"
    r"physio\w*|chiro\w*|acupuncture|exercis\w*|(?<!when )(?<!when i )(?<!i can )walk(?:ed|"
    r"ing)?(?! (?:lopsided|crooked|bent|funny))|run(?:ning)?|swim\w*|"
    r"gym|sleep|slept|awake|driv\w+|"
    r"cancer|chemo\w*|radiotherapy|tumou?r|operation|operated|surgery|injections?|epidural|scan(?:s|ned)?|"
    r"mri|x ?ray|broke|"
    r"fus(?:ed|ion)|discectomy|laminectomy|\bops?\b(?! shop)|(?:a|an|the|\d|my|steroid|had|some|of) shots?|cortisone|"
    r"replaced|replacement|removed|diagnosed|"
    r"fractur\w*|heart|stroke|stent|"
    r"diet\w*|weight|stone|lost|drink\w*|alcohol|sober|fever\w*|temperature|infection|cough|flu|covid|"
    rf"numb\w*|tingl\w*|{PEE}|bladder|bowels?|poo(?:s|p\w*|ing)?|"
    r"constipat\w*|period|diabet\w*|asthma|arthritis|psoriasis|depress\w*|anxi\w*|"
    r"lived?|moved (?:here|there|in|into|out|back|over|to|from|away)|retire\w*|waiting|appointment|"
    r"(?<!bank )holiday|ulcers?|bled|bleed\w*|(?:im|i am|been|ive been|were|was) off\b|last (?:time|episode)|"
    r"had (?:a |my )?(?:slipped|"
    r"bulging|herniated|prolapsed) disc|previous\w*|before|"
    r"after (?:the|my) back|first had|goal|want|hope|(?:to|can|could) spare|spare (?:time|\d+))\b"
)
#: How long one can do these tells nothing of the back's weeks.
_FOR_SO_LONG = re.compile(r"\b(?:stiff\w*|sit(?:ting)?|stand(?:ing)?|last(?:s|ed)?)\b")
_THIS_TIME = re.compile(
    r"\b(?:this (?:time|episode|bout|one|flare\w*|attack|lot|spell|round|go|go round|dose)|the latest|current(?:ly)?|"
    r"most recent(?:ly)?|this 1s?|this ones)\b"
)
#: "Last week 7, now 4" tells scores; "last time I had this in 2020" an earlier episode.
_SCORED = re.compile(r" (?:it was |was |about |a )?(?:10|\d)(?= ?(?:$|[,.;]| now\b| and\b| but\b))")
#: "The stretches flared me up for 3 days": how long that took.
_FLARED = re.compile(
    r"\b(?:exercis\w*|stretch\w*|session|physio|chiro\w*|walk|it|they|them|that|class)(?: \w+){0,2}? "
    r"(?:flared|set|wiped|laid|knocked)(?: (?:me|it|my back|things|them))?(?: up| off| out| back)? (?:for )?"
    r"(?:about |around |nearly |over |a good )?$"
)
_LAST_TIME = re.compile(r"\b(?:last|previous|other) (?:time|episode|bout|flare\w*)\b")
_SINCE = re.compile(
    r"\b(?:since|for|from|past|last|ago|back in|on and off|over the|about|been|started|began)\b"
)
_FILLER = re.compile(
    r"\b(?:since|for|from|the|past|last|about|around|now|it|its|been|has|is|i|ive|had|this|that|of|a|and|or|"
    r"so|say|just|only|well|um|er|probably|maybe|"
    r"started|began|came|on|off|ago|think|guess|suppose|nearly|almost|over|roughly|going|long|time|in|total|"
    r"at|least|more|than|yes|yeah|old|bout|best|part|getting|must|be|day|days|night|nights|like|whole|time|"
    r"theres|there|still)\b|[^a-z]"
)
#: "Lovely weather today" tells no time, even where one was asked for.
_SMALL_TALK = re.compile(
    r"\b(?:weather|sunny|sunshine|(?<!right as )rain\w*|snow\w*|freezing|(?:lovely|nice|good|great|happy|"
    r"busy|beautiful|what a) "
    r"(?:day|mon|tue|wed|thu|fri|sat|sun|morning|afternoon|evening|week)\w*|how (?:are|r) (?:you|u)|"
    r"hows (?:you|your|it)|"
    r"you (?:ok|alright|doing|busy)|(?:hi|hello|hey|hiya|greetings) |im back today|speak to|talk to|have a good|"
    r"football|match|telly|(?:did|who|hows?) (?:the )?\w+ (?:win|won|lose|lost|play|score|beat))\b"
)
#: "A fortnight come Thursday".
_COMPARED = re.compile(
    r"\b(?:than|same as|same like)(?: (?:it|i|that|they|was|were|is|on|did|the|last)){0,4} ?$"
)
_TO_COME = re.compile(r"\b(?:come|next|coming) (?:on )?$")
#: "Lifted my mum off the commode", "helped my brother move": the one who did it is the patient.
_DONE_TO_ANOTHER = re.compile(
    r"\b(?:with(?: my| the| our)?|lift\w*|carr(?:ied|ying)|help(?:ed|ing)|mov(?:ed|ing)|hoist\w*|"
    r"turn(?:ed|ing)|push\w*|pull\w*|catch\w*|caught|"
    r"pick(?:ed|ing)(?: up)?|bath(?:ed|ing)|transferr\w+|getting|got)(?: \w+){0,2}? ?(?:about |around )?$|"
    r"\b(?:lift\w*|carr(?:ied|ying)|help(?:ed|ing)|hoist\w*|turn(?:ed|ing)|push\w*|pull\w*|catch\w*|caught|"
    r"pick(?:ed|ing)(?: up)?|bath(?:ed|ing)|transferr\w+) (?:my|the|me|our|his|her|their|a)\b"
)
#: Asked for one of these, a time told with it may be the pain's.
_WITH_THE_PAIN = frozenset(
    {
        *(
            None,
            "pain_avg",
            "pain_worst",
            "pain_site",
            "pain_side",
            "pain_character",
            "pain_pattern",
            "pain_trend",
        ),
        *("onset", "onset_cause", "aggravated_by", "relieved_by", "read_back"),
    }
)
#: Asked for one of these, a leg that is told with a time hurts.
_OF_LEG_PAIN = frozenset({"leg_pain", "leg_pain_trend", "leg_pain_onset_days", "leg_side"})
_IN_A_CHECK_IN = frozenset({"adverse_event", "adherence_pct", "gpe", "nprs_now", "psfs_now", "goal_reached"})
_HOURS = ("minute", "hour")


def read_onsets(utterance: Utterance) -> Iterator[Mention]:
    """How long the back, the leg pain or the weakness has lasted. Never in the future, never guessed."""
    found = _all(utterance)
    asks = utterance.asks if utterance.asks in _FIELDS else None
    labelled = [(_subject(utterance, stretch, found), stretch) for stretch in found]
    for field in _FIELDS:
        own = [
            stretch for subject, stretch in labelled if subject == field or (subject == "" and field == asks)
        ]
        if field == asks and len(found) == 1:
            own = own or found
        chosen = _of_this_time(utterance, own)
        if chosen is not None and (one := _mention(field, chosen)) is not None:
            yield one


def _all(utterance: Utterance) -> list[Stretch]:
    told = utterance.stretches
    named = [
        one
        for one in utterance.anchors
        if not _TO_COME.search(utterance.text[: one.start])
        and not _COMPARED.search(utterance.text[max(0, one.start - 30) : one.start])
        and not utterance.text.startswith(" than", one.end)
        and not any(_holds(longer, one) or _rounds(utterance.text, longer, one) for longer in told)
    ]
    counted = [
        stretch
        for stretch in told
        if not _COMPARED.search(utterance.text[max(0, stretch.start - 30) : stretch.start])
        and not any(stretch.start < one.end and one.start < stretch.end for one in named)
    ]
    if _SMALL_TALK.search(utterance.text) and not (
        _BACK.search(utterance.text) or _BEGAN.search(utterance.text)
    ):
        return []
    found = sorted((*named, *counted), key=lambda stretch: stretch.start)
    if not found and utterance.asks in _FIELDS and (short := shorthand(utterance.text)) is not None:
        return [short]
    return found


def _holds(longer: Stretch, one: Stretch) -> bool:
    """ "Today is the third day" is no "today"."""
    return longer.start <= one.start and one.end < longer.end


def _rounds(text: str, longer: Stretch, one: Stretch) -> bool:
    """ "Six weeks Thursday", "3 weeks tomorrow", "a fortnight on Friday": the day only says how exact it is."""
    gap = text[longer.end : one.start]
    return (
        one.start >= longer.end and gap in (" ", " on ", " come ", " this ", " next ") and longer.days() >= 7
    )


def _subject(utterance: Utterance, stretch: Stretch, found: list[Stretch]) -> str | None:
    """The field that this time is told of; empty when it stands alone, None when it is of something else."""
    if utterance.asks is None and began_with_something_else(utterance, stretch):
        return DURATION
    if utterance.scopes.of_another(stretch.start, stretch.end) and not _done_to_another(utterance, stretch):
        return None
    near, own = _near(utterance, stretch, found)
    around, alone = (_without_the_time(utterance, stretch, piece) for piece in (near, own))
    if is_of_a_pregnancy(utterance, stretch) or utterance.asks in _IN_A_CHECK_IN:
        return None
    if _THIS_TIME.search(around) or _THIS_TIME.search(_piece(utterance.text, stretch)):
        return DURATION
    if (limb := _of_the_leg(utterance, stretch, alone)) is not None:
        return limb
    before = utterance.text[max(0, stretch.start - 40) : stretch.start]
    if _SCORED.match(utterance.text, stretch.end) or _LAST_TIME.search(before):
        return None
    if _FLARED.search(before):
        return None
    if utterance.asks is None and (
        (_PAIN_SINCE.search(before) and not _of_another_sign(utterance, stretch))
        or well_until(utterance, stretch)
    ):
        return DURATION
    outright = utterance.asks in _WITH_THE_PAIN and began_outright(utterance, stretch, around)
    if outright or _ELSE.search(around) or (stretch.unit in _HOURS and _FOR_SO_LONG.search(around)):
        return DURATION if outright else None
    if stretch.unit in _HOURS and not _SINCE.search(around):
        return None
    leg, back = _LEG.search(_up_to_the_next(around)), _BACK.search(around)
    if utterance.asks in (LEG_PAIN, LEG_WEAKNESS) and not _SPINE.search(around):
        back = None
    if leg and _WEAK.search(around):
        return LEG_WEAKNESS
    if leg and not _SPINE.search(around):
        return LEG_PAIN if _hurts(utterance, around) else None
    if back and (utterance.asks in _FIELDS or stretch.days() > 1 or _BEGAN.search(near)):
        return DURATION
    if utterance.asks in _FIELDS:
        return ""
    if utterance.asks not in _WITH_THE_PAIN or _of_another_sign(utterance, stretch):
        return None
    return DURATION if is_when_the_pain_began(utterance, stretch, near, around, own) else None


def _without_the_time(utterance: Utterance, stretch: Stretch, piece: str) -> str:
    """The words around the time; "two days before" and "three weeks back" are so long ago."""
    said = utterance.text[stretch.start : stretch.end]
    at = piece.find(said)
    after = _AGO_AFTER.sub(" ago", piece[at + len(said) :], count=1) if at >= 0 else ""
    return _AGO.sub(r"\g<unit> ago", f"{piece[: max(0, at)]} {after}")


def _up_to_the_next(around: str) -> str:
    """What was told before the next thing happened."""
    match = _GOES_ON.search(around, around.find("  ") + 2)
    return around[: match.start()] if match else around


def _hurts(utterance: Utterance, around: str) -> bool:
    """Whether what is told of the leg is pain, and no other sign."""
    if _NUMB.search(around):
        return False
    return utterance.asks in _OF_LEG_PAIN or _LEG_HURTS.search(around) is not None


def _done_to_another(utterance: Utterance, stretch: Stretch) -> bool:
    """ "Lifted my mum on Thursday": the time is the lifter's."""
    begin = utterance.scopes.sentence_start(stretch.start)
    return _DONE_TO_ANOTHER.search(utterance.text[begin : stretch.start]) is not None


def _of_another_sign(utterance: Utterance, stretch: Stretch) -> bool:
    """ "Can't feel the paper, began Thursday. The back has been bad ages": the day is not the back's."""
    begin = utterance.scopes.sentence_start(stretch.start)
    sentence = utterance.text[begin : stretch.start]
    return _OTHER_SIGN.search(sentence) is not None and not _BACK.search(sentence)


def _of_the_leg(utterance: Utterance, stretch: Stretch, around: str) -> str | None:
    """ "Both legs ache, been like it two years": the piece names nothing, its sentence names the leg."""
    if _ELSE.search(around) or _SPINE.search(around):
        return None
    if utterance.asks in _OF_WEAKNESS:
        denied = _LEG_IS_WELL.search(utterance.text) and not _WEAK.search(around)
        return None if denied else LEG_WEAKNESS
    if _LEG.search(around) or _BACK.search(around):
        return None
    if utterance.asks == "leg_pain" and _OF_BOTH.search(around):
        return LEG_PAIN
    begin = utterance.scopes.sentence_start(stretch.start)
    if _OF_WHAT_WAS_TOLD.search(around):
        begin = utterance.scopes.sentence_start(max(0, begin - 2))
    sentence = utterance.text[begin : stretch.start]
    if not sentence.strip() or _SPINE.search(sentence) or not _LEG.search(sentence):
        return None
    if stretch.unit in _HOURS and not _SINCE.search(around):
        return None
    weak = _WEAK.search(sentence)
    if weak is not None and not utterance.scopes.negated(begin + weak.start(), begin + weak.end()):
        return LEG_WEAKNESS
    if utterance.asks is None and _FROM_THE_BUTTOCK.search(sentence):
        return DURATION
    return LEG_PAIN if _LEG_HURTS.search(sentence) and not _NUMB.search(sentence) else None


def _near(utterance: Utterance, stretch: Stretch, found: list[Stretch]) -> tuple[str, str]:
    """The words of the same clause and comma piece, no further than the next time that is told.

    The first adds the piece before where the own piece, the second, says nothing else.
    """
    begin, stop = utterance.scopes.clause(stretch.start, stretch.end)
    begin = max([begin, *(one.end for one in found if one.end <= stretch.start)])
    stop = min([stop, *(one.start for one in found if one.start >= stretch.end)])
    before, after = utterance.text[begin : stretch.start], utterance.text[stretch.end : stop]
    piece = before.rsplit(",", 1)[-1]
    told = utterance.text[stretch.start : stretch.end] + after.split(",", 1)[0]
    own = piece + told
    if _FILLER.sub("", piece) == "" and "," in before:
        piece = before[before.rfind(",", 0, before.rfind(",")) + 1 :][-80:]
    return piece + told, own


def _of_this_time(utterance: Utterance, own: list[Stretch]) -> Stretch | None:
    if not own:
        return None
    for stretch in own:
        if _THIS_TIME.search(_piece(utterance.text, stretch)):
            return stretch
    for stretch in own:
        if _THIS_TIME.search(utterance.clause(stretch.start, stretch.end)):
            return stretch
    return own[0]


def _piece(text: str, stretch: Stretch) -> str:
    """The words between the stops and commas around a time."""
    before = _PIECE_ENDS.split(text[max(0, stretch.start - 80) : stretch.start])[-1]
    return before + _PIECE_ENDS.split(text[stretch.start : stretch.end + 40])[0]


def _mention(field: str, stretch: Stretch) -> Mention | None:
    value = stretch.weeks() if field == DURATION else stretch.days()
    return mention(field, value, stretch.start, stretch.end, about=stretch.about)
