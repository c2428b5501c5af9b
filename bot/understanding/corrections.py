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
