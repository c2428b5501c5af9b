"""Words for a patient with gaps: which gaps can be filled is settled when the rulebook is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.clinical.facts import FIELDS, FieldKind
from bot.clinical.field_tests import FieldTest, Known
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.scope import MOST_WORDS, Scope
from bot.clinical.rules import AllOf, AnyOf, Condition, Named

CAUSES = "causes"  #: the gap that lists what is true of the patient

_GAP = re.compile(r"\{([a-z][a-z0-9_]*)\}")
#: what a gap can say of a field; everything else is said in words
_SAYABLE = (FieldKind.INT, FieldKind.FLOAT)
#: what a bracket with the name of a medicine may add to a text, in words
_WORDS_OF_A_MEDICINE = 2


@dataclass(frozen=True)
class Words:
    """A text for the patient and the gaps in it, written {like_this}."""

    text: str
    gaps: tuple[str, ...]

    def fill(self, filling: Callable[[str], str]) -> str:
        """The text with each gap filled."""
        return _GAP.sub(lambda gap: filling(gap[1]), self.text) if self.gaps else self.text

    @property
    def plain(self) -> str:
        """The text without its gaps."""
        return _GAP.sub("", self.text)


@dataclass(frozen=True, eq=False)
class Cause:
    """One thing that may be true of the patient, and how to say it in a list."""

    when: Condition
    say: Words


def read_words(item: Item, scope: Scope, fillable: Collection[str] = ()) -> Words:
    """A text whose every gap is one of `fillable`. Raises RulebookError."""
    return words_of(scope.patient_text(item), item, fillable)


def words_of(text: str, item: Item, fillable: Collection[str] = ()) -> Words:
    """The gaps of a text that was found fit for patients; `item` is where it stands. Raises RulebookError."""
    gaps = tuple(dict.fromkeys(_GAP.findall(text)))
    for gap in gaps:
        if gap not in fillable:
            item.fail(f"{{{gap}}} cannot be filled here: the condition does not say that it is known")
    if re.search(r"[{}]", _GAP.sub("", text)):
        item.fail("write a gap as {name}, or leave the brace out")
    return Words(text, gaps)


def read_causes(entries: Mapping[str, Item], scope: Scope, medicines: Collection[str]) -> tuple[Cause, ...]:
    """The causes of a rule, or none. Raises RulebookError."""
    if CAUSES not in entries:
        return ()
    causes = []
    for item in entries[CAUSES].items():
        parts = item.keys(("when", "say"))
        when = scope.condition(parts["when"])
        causes.append(Cause(when, read_words(parts["say"], scope, {*sayable(when), *medicines})))
    return tuple(causes)


def check_length(item: Item, words: Words, causes: Iterable[Cause] = (), after: str = "") -> None:
    """Refuse a text that could grow over the limit when every gap is filled. Raises RulebookError."""
    said = " and ".join(cause.say.text for cause in causes)
    longest = " ".join((words.text.replace(f"{{{CAUSES}}}", said), after))
    count = len(longest.split()) + _WORDS_OF_A_MEDICINE * len(_GAP.findall(longest))
    if count > MOST_WORDS:
        item.fail(f"with every gap filled this can grow to {count} words; keep it to {MOST_WORDS}")


def sayable(condition: Condition) -> frozenset[str]:
    """The fields with a number that is known whenever the condition is true."""
    return frozenset(name for name in certain(condition) if FIELDS[name].kind in _SAYABLE)


def certain(condition: Condition) -> frozenset[str]:
    """The fields that have a value whenever the condition is true."""
    if isinstance(condition, (FieldTest, Known)):
        return frozenset({condition.field})
    if isinstance(condition, Named):
        return certain(condition.condition)
    if isinstance(condition, AllOf):
        return frozenset[str]().union(*(certain(part) for part in condition.parts))
    if isinstance(condition, AnyOf):
        return frozenset.intersection(*(certain(part) for part in condition.parts))
    return frozenset()
