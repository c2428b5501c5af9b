"""Taking back what was said: "sorry, I meant 4, not 7", "change my age to 46", "oops meant no"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: A correction is short; longer messages say "sorry" and "actually" for other reasons.
_LONGEST = 400

#: Names that patients use for an answer they want to change.
_NAMED = (
    ("pain_worst", r"worst(?: pain)?|pain at its worst"),
    ("pain_avg", r"(?:average |usual )?pain(?: score| level)?|average"),
    ("weight_kg", r"weight"),
    ("age", r"age"),
    ("duration_weeks", r"how long|duration|length of time"),
    ("sleep_problem", r"sleep"),
    ("stress", r"stress"),
    ("activity_min_week", r"activity|exercise"),
    ("work_type", r"work|job"),
    ("leg_side", r"leg side|which leg"),
)
_VALUE = (
    r"(?:an? |the |my )?(?:\d+(?:\.\d+)?(?:/10)?(?: (?:days?|weeks?|months?|years?|minutes?|hours?|kg|"
    r"stone))?|"
    r"left|right|both|yes|no|better|worse|[a-z]+)"
)
#: Words that take back an earlier answer.
_TAKES_BACK = re.compile(
    r"\b(?:meant|correction|scratch that|my mistake|my bad|typo|i made a mistake|wrong (?:one|number|answer|"
    r"button)|"
    r"(?:change|correct|edit|fix|update) (?:that|it|this|my \w+(?: \w+)?)(?: answer)? to|make (?:that|"
    r"it) (?:a )?\d|"
    r"(?:earlier|before) i (?:said|put|typed)|i (?:said|put|typed|told you|wrote)\b.{0,40}\b(?:but|should|"
    r"meant)|"
    r"put the wrong|got (?:that|it) wrong|pressed the wrong|tapped the wrong|hit send too)\b"
    rf"|\bnot (?:left|right(?=$|[,.;!])|\d+\b(?! ?%))(?![a-z])|^not {_VALUE}, ?{_VALUE}$|\brather than \d+\b"
)
#: Words that may only soften a fresh answer: "actually, it's 7".
_MAY_TAKE_BACK = re.compile(
    r"\b(?:sorry|oops|whoops|i mean|no wait|wait no|actually|should (?:be|have been|read|say))\b"
)
#: Plain talk of correcting, whatever is corrected.
_CORRECTS = re.compile(
    r"^(?:oops|whoops|no wait|wait no|hang on|scrap that|scratch that|strike that|correction|my mistake|my bad|ignore|"
    r"disregard|go back|thats wrong|wrong|typo|auto ?correct|on second thoughts?)\b(?!.{0,12}\b(?:leg|way|side|end)\b)|"
    r"\b(?:i (?:said|put|told you|typed|wrote|answered)\b.{0,60}\b(?:but|actually|meant|wrong|before|"
    r"earlier|by mistake)|"
    r"(?:said|put|told you)(?: it was| it)? (?:no|yes|both|left|right|never|not|none|weeks|days|months|"
    r"years|\d+)(?: \w+){0,4}? "
    r"(?:but|before|earlier|when|its|it)|"
    r"you(?:ve| have|d| had)? (?:got|put|written|noted|recorded|misread|misheard|misunderstood)(?: \w+){0,4}? "
    r"(?:wrong|down as|as)|i never said|thats (?:wrong|not right|not what i said|incorrect)|"
    r"(?:got|had|put|answered|typed|said|tapped|pressed)(?: \w+){0,2}? wrong(?: \w+)?(?= ?(?:$|[,.;!]| "
    r"(?:earlier|before|it|its|just)))|"
    r"(?:change|fix|correct|amend|alter|edit|update) (?:my|that|the|an|it|something|what)(?: \w+){0,3}? ?"
    r"(?:answer|age|to|about|i said|said|i put)|ignore (?:that|my|the)(?: \w+)? (?:last|one|answer|1)|"
    r"auto ?correct|meant (?:to (?:say|put|type|press)|\w+ not)|i meant|not (?:the )?(?:left|right)\b(?= ?(?:$|[,.;]))|"
    r"actually (?:no|its|it is|make|im|i am|i do|i have|my)\b|^not .{2,24}, ?(?:its )?\w+|"
    r"\bhang (?:on|about)\b.{0,40}\b(?:was|said|its)\b|sorry\b.{0,30}\b(?:told|said|put|meant|wrong)\b)"
)
_CHANGE = re.compile(
    r"\b(?:change|correct|make|edit|fix|update)(?: my| the)? (?P<name>[a-z ]{2,24}?)(?: answer)? (?:to|"
    r"from \S+ to) "
    r"(?P<value>.+)"
    r"|\bmy (?P<owned>[a-z ]{2,24}?) (?:is|was|should be|should have been) (?:actually |really )?(?P<is>.+)"
)
_NOT_THAT = re.compile(
    rf",? ?\b(?:not|rather than|instead of) {_VALUE}(?=$|[ ,.;!])|"
    rf"\bi (?:said|put|typed|told you|wrote) (?:it was |that )?{_VALUE}(?: before| earlier)?,? ?(?:but|"
    rf"though|when|instead)\b|"
    r"\b(?:earlier|before) i (?:said|put|typed) \S+(?: before)?,?(?: ?but)?"
)
_NOISE = re.compile(
    r"\b(?:sorry|oops|whoops|correction|i meant|i mean|meant(?: to (?:say|put|type))?|no wait|wait no|wait|"
    r"actually|"
    r"scratch that|my mistake|my bad|typo|it should (?:be|have been|say|read)|should (?:be|have been|say|"
    r"read)|"
    r"i made a mistake|wrong (?:one|number|answer|button)|(?:change|make|correct) (?:that|it|this) to|"
    r"more like|no no)\b"
    r"[ ,.:;-]*"
)


@dataclass(frozen=True)
class Correction:
    """What is taken back, as spans of the plain text to be read over.

    `field` is set when the patient named the answer. `sure` is false for words such as "actually" that
    may also begin a fresh answer.
    """

    taken_back: tuple[tuple[int, int], ...]
    field: str | None
    sure: bool


def speaks_of_correcting(text: str) -> bool:
    """Whether a short message plainly takes something back, even if it does not say what."""
    return len(text) <= _LONGEST and _CORRECTS.search(text.strip()) is not None


def read_correction(text: str) -> Correction | None:
    """The correction in a plain text; None when nothing is taken back, or when it tells a long story."""
    if len(text) > _LONGEST:
        return None
    sure = _TAKES_BACK.search(text) is not None
    changed = _CHANGE.search(text)
    field = _field(changed) if changed is not None else None
    if (
        not sure
        and _MAY_TAKE_BACK.search(text) is None
        and (changed is None or changed["name"] is None or field is None)
    ):
        return None
    spans = list(_spans(text))
    if changed is not None and field is not None:
        spans.append((0, changed.start("value" if changed["value"] else "is")))
    return Correction(tuple(spans), field, sure or field is not None)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_NOT_THAT, _NOISE):
        for match in pattern.finditer(text):
            yield match.span()


def _field(changed: re.Match[str]) -> str | None:
    name = (changed["name"] or changed["owned"] or "").strip()
    return next((field for field, pattern in _NAMED if re.fullmatch(pattern, name)), None)
