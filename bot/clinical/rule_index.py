"""Which rules are worth trying for a set of facts: those of which one answer that they need is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.clinical.facts import FIELDS, UNSURE, Facts, FactValue, FieldKind
from bot.clinical.field_tests import Change, FieldTest, Known
from bot.clinical.rules import AllOf, AnyOf, AtLeast, Condition, Named

R = TypeVar("R")


@dataclass(frozen=True)
class Answer:
    """An answer that a condition needs: one value of a field, or any value at all (None)."""

    field: str
    value: FactValue | None = None


Needed = frozenset[Answer]


def needed(condition: Condition) -> Needed | None:
    """Answers of which at least one must be there for the condition to be true; None: it can do without.

    Danger that was reported before counts as an answer for conditions that see it.
    """
    if isinstance(condition, FieldTest):
        return _passing(condition)
    if isinstance(condition, Known):
        return frozenset({Answer(condition.field)})
    if isinstance(condition, Change):
        return frozenset({Answer(condition.start)})
    if isinstance(condition, Named):
        return needed(condition.condition)
    if isinstance(condition, AllOf):
        return _least(needed(part) for part in condition.parts)
    if isinstance(condition, (AnyOf, AtLeast)):
        return _together(needed(part) for part in condition.parts)
    return None


class RuleIndex(Generic[R]):
    """Rules in their order, looked up by the answers that could make them true.

    Made once for a rulebook: of some hundred rules, a patient's answers leave a few dozen to try.
    """

    def __init__(self, rules: Iterable[R], when: Callable[[R], Condition]) -> None:
        self._rules = tuple(rules)
        self._always: list[int] = []
        #: field -> places of the rules that any answer may fire, and the places by answer
        self._of_field: dict[str, tuple[list[int], dict[FactValue, list[int]]]] = {}
        for place, rule in enumerate(self._rules):
            answers = needed(when(rule))
            if answers is None:
                self._always.append(place)
            for answer in answers or ():
                any_answer, by_answer = self._of_field.setdefault(answer.field, ([], {}))
                filed = any_answer if answer.value is None else by_answer.setdefault(answer.value, [])
                filed.append(place)

    def candidates(self, facts: Facts) -> list[R]:
        """The rules that may fire for these facts, in their order; every rule that does fire is among them."""
        places = set(self._always)
        for name, value in facts.items():
            if name in self._of_field:
                any_answer, by_answer = self._of_field[name]
                places.update(any_answer, by_answer.get(value, ()) if by_answer else ())
        for name, reported in facts.ever.items():
            if name in self._of_field:
                any_answer, by_answer = self._of_field[name]
                places.update(any_answer, *(by_answer.get(value, ()) for value in reported))
        return [self._rules[place] for place in sorted(places)]


def _passing(test: FieldTest) -> Needed:
    field = FIELDS[test.field]
    if field.kind is FieldKind.BOOL:
        values: tuple[FactValue, ...] = (True, False, UNSURE)
    elif field.kind is FieldKind.CHOICE:
        values = (*field.values, UNSURE)
    else:
        return frozenset({Answer(field.name)})
    return frozenset(Answer(field.name, value) for value in values if test.of(value))


def _least(parts: Iterable[Needed | None]) -> Needed | None:
    """Of parts that must all hold, the one that is hardest to come by."""
    return min((part for part in parts if part is not None), key=len, default=None)


def _together(parts: Iterable[Needed | None]) -> Needed | None:
    found: Needed = frozenset()
    for part in parts:
        if part is None:
            return None
        found |= part
    return found
