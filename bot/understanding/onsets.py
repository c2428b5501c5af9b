"""Since when: which stretch of time belongs to the back, the leg pain or the weakness (clinical.md §0.1, §1.2 A, B)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.anchors import anchors
from bot.understanding.durations import Stretch, shorthand, stretches
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance
from bot.understanding.water_words import PEE

DURATION, LEG_PAIN, LEG_WEAKNESS = "duration_weeks", "leg_pain_onset_days", "leg_weakness_onset_days"
_FIELDS = (DURATION, LEG_PAIN, LEG_WEAKNESS)

_BACK = re.compile(
    r"\b(?:backs?(?! (?:passage|end|side of))|spine|lumbago|lumbar|pain\w*|hurt\w*|ache\w*|aching|agony|"
    r"sore\w*|backache|bad back|"
    r"slipped disc|episode|flare\w*|kamar|dard|peeth|sciatica|tweaked|throb\w*|spasms?|twinges?)\b"
)
_SPINE = re.compile(r"\b(?:backs?(?! (?:passage|end))|spine|backache)\b")
#: "Three weeks back" is three weeks ago.
_AGO = re.compile(r"(?P<unit>\b(?:day|week|fortnight|month|year|while)s?) back\b")
_BEGAN = re.compile(
    r"\b(?:start\w*|began|begun|came on|come on|happened|went|gone|put my back|did (?:it|my back)|"
    r"done my back|hurt (?:it|my back)|injured|"
    r"had (?:it|this)|having (?:it|this)|got it|been (?:going|like this|bad|hurting)|suffer\w*|on and off|"
    r"off and on|since|dragg\w*|putting up with|put up with|living with|dealing with|battl\w*|plagu\w*|troubl\w*|"
    r"bother\w*|struggl\w*|noticed it|first noticed|lift\w*|bent|fell|slipped|twisted)\b"
)
_LEG = re.compile(
    r"(?<!between my )(?<!between the )\b(?:legs?|thighs?|calf|calves|foot|feet|toes?|knees?|shins?|sciatica|ankle)\b"
)
_WEAK = re.compile(
    r"\b(?:weak\w*|giv(?:e|es|ing) way|gave way|drag\w*|drop\w*|slap\w*|flop\w*|catch\w*|dead ?weight|"
    r"no (?:strength|power)|buckl\w*|collaps\w*|like jelly|heavy|stub\w*|cant (?:lift|move|raise|push))\b"
)
_NUMB = re.compile(r"\b(?:numb\w*|tingl\w*|pins and needles)\b")
_OTHER_SIGN = re.compile(
    rf"\b(?:cant feel|feel(?:ing)?|numb\w*|tingl\w*|wip(?:e|ing)|{PEE}|urin\w*|bladder|bowels?|"
    r"poo\w*|toilet|loo|"
    r"fever\w*|shiver\w*|wobbl\w*|unsteady|balance)\b"
)
_LEG_HURTS = re.compile(
    r"\b(?:pain\w*|hurt\w*|ach(?:e|es|ed|ing|y)|sore\w*|burn\w*|shoot\w*|sciatica|cramp\w*)\b"
)
#: Asked for one of these, a time belongs to the weakness.
_OF_WEAKNESS = frozenset({"leg_weakness", "foot_drop"})
#: "Back pain since 3 weeks", "had it for 2 years": the back's, whatever else the sentence tells.
_PAIN_SINCE = re.compile(
    r"(?:\b(?:back|lumbar|kamar)(?: \w+)? ?(?:pain\w*|ache\w*|hurt\w*|sore|dard|trouble|problem|bad|out|playing up)|"
    r"\b(?:ive|have|had|having|got) (?:had )?(?:it|this)(?: pain| back)?|\b(?:tweaked|pulled|jarred|wrenched|ricked) "
    r"(?:it|my back|something)(?: \w+)?|"
    r"\bwoke (?:up )?with (?:it|this))(?: (?:on and off|off and on|now|going on))?"
    r"(?: (?:since|for|from|about|around|over|the|past|last|nearly|almost|some|like|maybe|a good))* ?$"
)
#: A time told with one of these is about that, not about the back.
_ELSE = re.compile(
    r"\b(?:smok\w*|vap\w*|work(?:ed|ing)? (?:as|for|there|here|in)|off (?:work|sick)|signed off|missed|job|"
    r"married|divorced|pregnan\w*|baby|birth|"
    r"tablets?|pills?|steroids?|pred\w*|warfarin|apixaban|\w+pam\b|codeine|tramadol|ibuprofen|paracetamol|"
    r"naproxen|antibiotics|medication|"
    r"physio\w*|chiro\w*|acupuncture|exercis\w*|walk(?:ed|ing)?|run(?:ning)?|swim\w*|gym|sleep|slept|awake|"
    r"stiff\w*|sit(?:ting)?|stand(?:ing)?|driv\w+|"
    r"cancer|chemo\w*|radiotherapy|tumou?r|operation|surgery|injection|epidural|scan|mri|x ?ray|broke|"
    r"fractur\w*|heart|stroke|stent|"
    r"diet\w*|weight|stone|lost|drink\w*|alcohol|sober|fever\w*|temperature|infection|cough|flu|covid|"
    rf"numb\w*|tingl\w*|{PEE}|bladder|bowels?|poo\w*|"
    r"constipat\w*|period|diabet\w*|asthma|arthritis|psoriasis|depress\w*|anxi\w*|"
    r"lived?|moved|retire\w*|waiting|appointment|holiday|last (?:time|episode)|had (?:a |my )?(?:slipped|"
    r"bulging|herniated|prolapsed) disc|previous\w*|before|"
    r"after (?:the|my) back|first had|goal|want|hope|spare)\b"
)
_THIS_TIME = re.compile(
    r"\b(?:this (?:time|episode|bout|one|flare\w*|attack|lot|spell)|the latest|current(?:ly)?|"
    r"most recent(?:ly)?)\b"
)
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
    r"\b(?:weather|sunny|sunshine|rain\w*|snow\w*|freezing|(?:lovely|nice|good|great|happy|busy|beautiful|what a) "
    r"(?:day|mon|tue|wed|thu|fri|sat|sun|morning|afternoon|evening|week)\w*|how (?:are|r) (?:you|u)|"
    r"hows (?:you|your|it)|"
    r"you (?:ok|alright|doing|busy)|(?:hi|hello|hey|hiya|greetings) |im back today|speak to|talk to|have a good|"
    r"football|match|telly)\b"
)
#: "A fortnight come Thursday".
_TO_COME = re.compile(r"\b(?:come|next|coming) (?:on )?$")
#: Told without a word for the pain: "pulled it, 2 weeks and it's easing".
_OF_THE_PAIN = re.compile(
    r"\b(?:comes and goes|on and off|pulled (?:it|something)|felt a (?:pop|twinge|pull)|woke up with it|stiff\w*|"
    r"it (?:just )?went|(?:finally|slowly) (?:easing|getting)|radiat\w*|sharp|stabbing|dull|burning)\b"
)
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
    told = stretches(utterance.text)
    named = [
        one
        for one in anchors(utterance.text, utterance.today)
        if not _TO_COME.search(utterance.text[: one.start])
        and not any(_holds(longer, one) for longer in told)
    ]
    counted = [
        stretch
        for stretch in told
        if not any(stretch.start < one.end and one.start < stretch.end for one in named)
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


def _subject(utterance: Utterance, stretch: Stretch, found: list[Stretch]) -> str | None:
    """The field that this time is told of; empty when it stands alone, None when it is of something else."""
    scopes = utterance.scopes
    if scopes.of_another(stretch.start, stretch.end):
        return None
    near = _near(utterance, stretch, found)
    around = _AGO.sub(r"\g<unit> ago", near).replace(utterance.text[stretch.start : stretch.end], " ", 1)
    if _THIS_TIME.search(around):
        return DURATION
    if (limb := _of_the_leg(utterance, stretch, around)) is not None:
        return limb
    if utterance.asks is None and _PAIN_SINCE.search(
        utterance.text[max(0, stretch.start - 40) : stretch.start]
    ):
        return DURATION
    if _ELSE.search(around):
        return None
    leg, back = _LEG.search(around), _BACK.search(around)
    if utterance.asks in (LEG_PAIN, LEG_WEAKNESS) and not _SPINE.search(around):
        back = None
    if leg and _WEAK.search(around):
        return LEG_WEAKNESS
    if leg and not _SPINE.search(around):
        return LEG_PAIN if not _NUMB.search(around) else None
    if stretch.unit in _HOURS and not _SINCE.search(around):
        return None
    if back and (utterance.asks in _FIELDS or stretch.days() > 1 or _BEGAN.search(near)):
        return DURATION
    if utterance.asks in _FIELDS:
        return ""
    told_of_pain = (
        utterance.asks is None
        and (_BACK.search(utterance.text) or _OF_THE_PAIN.search(utterance.text))
        and not _of_another_sign(utterance, stretch)
    )
    if told_of_pain and (_BEGAN.search(around) or not _FILLER.sub("", around)):
        return DURATION
    return None


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
        return LEG_WEAKNESS
    if _LEG.search(around) or _BACK.search(around):
        return None
    begin = utterance.scopes.sentence_start(stretch.start)
    sentence = utterance.text[begin : stretch.start]
    if not sentence.strip() or _SPINE.search(sentence) or not _LEG.search(sentence):
        return None
    if _WEAK.search(sentence):
        return LEG_WEAKNESS
    return LEG_PAIN if _LEG_HURTS.search(sentence) and not _NUMB.search(sentence) else None


def _near(utterance: Utterance, stretch: Stretch, found: list[Stretch]) -> str:
    """The words of the same clause and comma piece, no further than the next time that is told."""
    begin, stop = utterance.scopes.clause(stretch.start, stretch.end)
    begin = max([begin, *(one.end for one in found if one.end <= stretch.start)])
    stop = min([stop, *(one.start for one in found if one.start >= stretch.end)])
    before, after = utterance.text[begin : stretch.start], utterance.text[stretch.end : stop]
    piece = before.rsplit(",", 1)[-1]
    if _FILLER.sub("", piece) == "" and "," in before:
        piece = before[-80:]
    following = after.split(",", 1)[0]
    return piece + utterance.text[stretch.start : stretch.end] + following


def _of_this_time(utterance: Utterance, own: list[Stretch]) -> Stretch | None:
    if not own:
        return None
    for stretch in own:
        if _THIS_TIME.search(utterance.clause(stretch.start, stretch.end)):
            return stretch
    return own[0]


def _mention(field: str, stretch: Stretch) -> Mention | None:
    value = stretch.weeks() if field == DURATION else stretch.days()
    return mention(field, value, stretch.start, stretch.end, about=stretch.about)
