"""What is known about one person: typed, ranged facts, with `unsure` and "not asked" as real states."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.clinical.fields import FIELDS, ITEMS_OF, UNDISCLOSED, UNSURE, Field, FieldKind

__all__ = [
    "FIELDS",
    "ITEMS_OF",
    "UNDISCLOSED",
    "UNSURE",
    "Activity",
    "Ever",
    "FactError",
    "FactValue",
    "Facts",
    "Field",
    "FieldKind",
    "check",
    "is_danger",
    "merge",
    "plain",
]


@dataclass(frozen=True)
class Activity:
    """An activity in the patient's words and its score, 0 unable to 10 as before; None when not scored."""

    activity: str
    score: int | None = None


FactValue = bool | int | float | str | tuple[str, ...] | tuple[Activity, ...]

#: field -> every danger value ever reported in this episode
Ever = Mapping[str, frozenset[FactValue]]

_LONGEST_WORDS = 300
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class FactError(ValueError):
    """A value that the vocabulary does not allow. `message` says what is; neither repeats the value."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def check(field: str, value: object) -> FactValue:
    """The value in its one normal form (lists as tuples, yes/no choices as words).

    Raises FactError, which says what is allowed and never repeats the value.
    """
    known = FIELDS.get(field)
    if known is None:
        raise FactError(field, "is not a field of the vocabulary")
    if value == UNSURE and isinstance(value, str):
        if known.accepts_unsure:
            return UNSURE
        raise FactError(field, f"cannot be {UNSURE}; {_allowed(known)}")
    return _NORMALISE[known.kind](known, value)


def is_danger(field: str, value: object) -> bool:
    """Whether a later "no" leaves this value standing until a clinician clears it (clinical.md §0.3)."""
    known = FIELDS.get(field)
    return known is not None and isinstance(value, (bool, str)) and value in known.danger


def plain(value: FactValue) -> object:
    """The value as JSON can hold it; `check` reads it back."""
    if isinstance(value, tuple):
        if value and isinstance(value[0], Activity):
            return [{"activity": a.activity, "score": a.score} for a in value if isinstance(a, Activity)]
        return [word for word in value if isinstance(word, str)]
    return value


class Facts(Mapping[str, FactValue]):
    """Immutable facts. A field that is absent was not asked, which is never "no".

    `skipped` holds the fields the patient chose not to answer. `ever` holds danger values reported at
    any time, because a later "no" does not clear them (clinical.md §0.3).
    """

    __slots__ = ("_values", "ever", "skipped")

    _values: dict[str, FactValue]
    ever: Ever
    skipped: frozenset[str]

    def __init__(self, values: dict[str, FactValue], skipped: frozenset[str], ever: Ever) -> None:
        self._values = values
        self.skipped = skipped
        self.ever = ever

    @classmethod
    def of(
        cls,
        mapping: Mapping[str, object],
        skipped: Iterable[str] = (),
        ever: Mapping[str, Iterable[object]] | None = None,
    ) -> Facts:
        """Checked facts; None means not asked. `ever` may hold a field's whole history: only danger is kept.

        Raises FactError for an unknown field or a value outside the vocabulary.
        """
        values = {field: check(field, value) for field, value in mapping.items() if value is not None}
        for field in skipped:
            if field not in FIELDS:
                raise FactError(field, "is not a field of the vocabulary")
        history = {
            field: frozenset(kept)
            for field, reported in (ever or {}).items()
            if (kept := [value for one in reported if is_danger(field, value := check(field, one))])
        }
        return cls(values, frozenset(skipped) - values.keys(), history)

    def with_(self, field: str, value: object) -> Facts:
        """These facts with one added or replaced; a danger value that is replaced stays in `ever`."""
        checked = check(field, value)
        ever = self.ever
        previous = self._values.get(field)
        if previous is not None and previous != checked and is_danger(field, previous):
            ever = {**ever, field: ever.get(field, frozenset()) | {previous}}
        return Facts({**self._values, field: checked}, self.skipped - {field}, ever)

    def without(self, field: str) -> Facts:
        """These facts as if `field` had not been asked.

        Danger told about a red-flag field stays in `ever`; of any other field it is forgotten, because
        the patient took back a mistyped answer.
        """
        values = {name: value for name, value in self._values.items() if name != field}
        previous = self._values.get(field)
        ever = dict(self.ever)
        if field in FIELDS and not FIELDS[field].red_flag:
            ever.pop(field, None)
        elif previous is not None and is_danger(field, previous):
            ever[field] = ever.get(field, frozenset()) | {previous}
        return Facts(values, self.skipped - {field}, ever)

    def skip(self, field: str) -> Facts:
        """These facts with `field` marked as "prefer not to answer"; an answer given earlier stays."""
        if field not in FIELDS:
            raise FactError(field, "is not a field of the vocabulary")
        return Facts(self._values, self.skipped | ({field} - self._values.keys()), self.ever)

    def known(self, field: str) -> bool:
        """Asked, answered, and the answer says something."""
        return self._values.get(field, UNSURE) not in (UNSURE, UNDISCLOSED)

    @property
    def lookup(self) -> Callable[[str], FactValue | None]:
        """Field -> its value, or None when it was not asked; the quick way for conditions."""
        return self._values.get

    def plain(self) -> dict[str, object]:
        """All values as JSON can hold them."""
        return {field: plain(value) for field, value in self._values.items()}

    def items(self) -> ItemsView[str, FactValue]:
        """Every field and its value."""
        return self._values.items()

    def __getitem__(self, field: str) -> FactValue:
        return self._values[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Facts({len(self._values)} known fields)"


def merge(facts: Facts, field: str, value: object) -> Facts:
    """The newest answer replaces the older one; danger that it replaces stays in `facts.ever`."""
    return facts.with_(field, value)


def _bool(field: Field, value: object) -> FactValue:
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return value == "yes"
    raise FactError(field.name, _allowed(field))


def _choice(field: Field, value: object) -> FactValue:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, str) and value in field.values:
        return value
    raise FactError(field.name, _allowed(field))


def _number(field: Field, value: object) -> FactValue:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise FactError(field.name, _allowed(field))
    if field.minimum is not None and value < field.minimum:
        raise FactError(field.name, _allowed(field))
    if field.maximum is not None and value > field.maximum:
        raise FactError(field.name, _allowed(field))
    if field.kind is FieldKind.FLOAT:
        return float(value)
    if value != int(value):
        raise FactError(field.name, _allowed(field))
    return int(value)


def _text(field: Field, value: object) -> FactValue:
    if isinstance(value, str) and _COUNTRY.fullmatch(value.strip().upper()):
        return value.strip().upper()
    raise FactError(field.name, _allowed(field))


def _list(field: Field, value: object) -> FactValue:
    if isinstance(value, str) or not isinstance(value, (Sequence, set, frozenset)):
        raise FactError(field.name, _allowed(field))
    words: list[str] = []
    for word in sorted(value) if isinstance(value, (set, frozenset)) else value:
        if not isinstance(word, str) or not 0 < len(word.strip()) <= _LONGEST_WORDS:
            raise FactError(field.name, _allowed(field))
        if word not in field.values and not field.open_list:
            raise FactError(field.name, _allowed(field))
        if word.strip() not in words:
            words.append(word.strip())
    return tuple(words)


def _activities(field: Field, value: object) -> FactValue:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise FactError(field.name, _allowed(field))
    return tuple(_activity(field, item) for item in value)


def _activity(field: Field, item: object) -> Activity:
    if isinstance(item, Activity):
        item = {"activity": item.activity, "score": item.score}
    if not isinstance(item, Mapping) or not item.keys() <= {"activity", "score"}:
        raise FactError(field.name, _allowed(field))
    words, score = item.get("activity"), item.get("score")
    if not isinstance(words, str) or not 0 < len(words.strip()) <= _LONGEST_WORDS:
        raise FactError(field.name, _allowed(field))
    checked = None if score is None else _number(field, score)
    if checked is None:
        return Activity(words.strip())
    if not isinstance(checked, float) and isinstance(checked, int):
        return Activity(words.strip(), checked)
    raise FactError(field.name, _allowed(field))


_NORMALISE = {
    FieldKind.BOOL: _bool,
    FieldKind.CHOICE: _choice,
    FieldKind.INT: _number,
    FieldKind.FLOAT: _number,
    FieldKind.TEXT: _text,
    FieldKind.LIST: _list,
    FieldKind.ACTIVITIES: _activities,
}


def _allowed(field: Field) -> str:
    if field.kind is FieldKind.BOOL:
        return f"may be true, false or {UNSURE}"
    if field.kind is FieldKind.CHOICE:
        extra = () if UNSURE in field.values or not field.accepts_unsure else (UNSURE,)
        return "may be one of " + ", ".join((*field.values, *extra))
    if field.kind in (FieldKind.INT, FieldKind.FLOAT):
        sort = "a whole number" if field.kind is FieldKind.INT else "a number"
        return f"must be {sort} from {field.minimum:g} to {field.maximum:g}"
    if field.kind is FieldKind.TEXT:
        return "must be a two-letter country code"
    if field.kind is FieldKind.ACTIVITIES:
        return "must be a list of activities, each with words and a whole score from 0 to 10"
    if field.open_list:
        return f"must be a list of words, each up to {_LONGEST_WORDS} characters"
    return "must be a list of " + ", ".join(field.values)
