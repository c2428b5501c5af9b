"""What one stretch of a message says about one field, and which of several mentions counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as hidden

from bot.clinical.facts import FIELDS, UNSURE, FactError, FactValue, FieldKind, check, is_danger


@dataclass(frozen=True)
class Mention:
    """`start` and `end` count characters of the plain text; `about` marks a vague value.

    `hinted` marks words that say it only beside their question: "when I wipe", asked about numbness.
    """

    field: str
    value: FactValue = hidden(repr=False)
    start: int
    end: int
    about: bool = False
    hinted: bool = False

    @property
    def dangerous(self) -> bool:
        return is_danger(self.field, self.value)


def is_red_flag(field: str | None) -> bool:
    """Whether this is the field of a red flag (clinical.md §1); what no vocabulary knows is none."""
    known = FIELDS.get(field or "")
    return known is not None and known.red_flag


def mention(field: str, value: object, start: int, end: int, *, about: bool = False) -> Mention | None:
    """A checked mention; None when the vocabulary has no room for the value."""
    try:
        return Mention(field, check(field, value), start, end, about)
    except FactError:
        return None


def settle(mentions: Iterable[Mention]) -> dict[str, Mention]:
    """One mention a field: lists are joined, danger beats comfort, elsewhere the last word counts."""
    by_field: dict[str, list[Mention]] = {}
    for one in mentions:
        by_field.setdefault(one.field, []).append(one)
    return {field: _settled(field, several) for field, several in by_field.items()}


def _settled(field: str, several: list[Mention]) -> Mention:
    if len(several) == 1:
        return several[0]
    if FIELDS[field].kind is FieldKind.LIST:
        return _joined(field, several)
    several = [one for one in several if not any(_within(one, other) for other in several)]
    if FIELDS[field].red_flag:
        worst = max(several, key=lambda one: (_severity(one), one.end - one.start))
        return _with_time(field, worst, several)
    if field == "work_type" and (idle := [one for one in several if one.value == "not_working"]):
        return idle[0]
    return max(several, key=lambda one: (one.start, one.end))


#: "Both legs" stands even inside a longer phrase that only says how far down.
_OF_TWO_LEGS = frozenset({"leg_pain", "leg_weakness", "leg_numbness"})
_BOTH = frozenset({"both", "both_legs"})


def _within(one: Mention, other: Mention) -> bool:
    """Part of a longer phrase, which knows better: "can still feel" holds more than "feel"."""
    if one.field in _OF_TWO_LEGS and one.value in _BOTH and other.value not in ("none", UNSURE):
        return False
    return other.start <= one.start and one.end <= other.end and one.end - one.start < other.end - other.start


def _joined(field: str, several: list[Mention]) -> Mention:
    ordered = sorted(several, key=lambda one: one.start)
    words = [word for one in ordered if isinstance(one.value, tuple) for word in one.value]
    first = ordered[0]
    return Mention(field, check(field, words), first.start, first.end, any(one.about for one in ordered))


#: from comfort to danger, where the vocabulary's own order is another
_ORDER = {
    "saddle_numbness": ("none", "longstanding_stable", UNSURE, "new", "worsening"),
    "bladder_change": ("none", "longstanding_stable", UNSURE, "new", "worsening"),
    "bowel_change": ("none", "longstanding_stable", UNSURE, "new", "worsening"),
    "sexual_change": ("none", "longstanding_stable", UNSURE, "new", "worsening"),
    "overdose": ("none", UNSURE, "accidental", "intentional"),
    "pregnant": ("no", UNSURE, "possible", "yes"),
}


def _severity(one: Mention) -> int:
    if isinstance(one.value, bool):
        return 2 if one.value else 0
    if one.field in _ORDER:
        return _ORDER[one.field].index(str(one.value))
    if one.value == UNSURE:
        return 1
    if one.value in ("no", "none"):
        return 0
    values = FIELDS[one.field].values
    return 2 + values.index(str(one.value)) if one.value in values else 0


def _with_time(field: str, worst: Mention, several: list[Mention]) -> Mention:
    """Something old and something new of the same kind: it has got worse."""
    if worst.value == "new" and any(one.value == "longstanding_stable" for one in several):
        return Mention(field, "worsening", worst.start, worst.end, worst.about)
    return worst
