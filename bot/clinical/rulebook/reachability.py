"""Finds conditions that no set of facts can make true."""

from __future__ import annotations

from collections.abc import Iterator

from bot.clinical.facts import FIELDS, UNSURE, FactValue, Field, FieldKind
from bot.clinical.field_tests import FieldTest
from bot.clinical.rules import AllOf, Condition, Named


def contradiction(condition: Condition) -> str | None:
    """The first field for which no value passes every test that `condition` demands together, or None."""
    demanded: dict[str, list[FieldTest]] = {}
    for test in _demanded(condition):
        demanded.setdefault(test.field, []).append(test)
    for name, tests in demanded.items():
        candidates = list(_candidates(FIELDS[name], tests))
        if candidates and not any(all(test.of(value) for test in tests) for value in candidates):
            return name
    return None


def _demanded(condition: Condition) -> Iterator[FieldTest]:
    if isinstance(condition, FieldTest):
        yield condition
    elif isinstance(condition, Named):
        yield from _demanded(condition.condition)
    elif isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _demanded(part)


def _candidates(field: Field, tests: list[FieldTest]) -> Iterator[FactValue]:
    """Values of which one passes if any does; none for lists, whose words do not exclude each other."""
    if field.kind is FieldKind.BOOL:
        yield from (True, False, UNSURE)
    elif field.kind is FieldKind.CHOICE:
        yield from (*field.values, UNSURE)
    elif field.minimum is not None and field.maximum is not None:
        step = 1.0 if field.kind is FieldKind.INT else 0.001
        edges = {field.minimum, field.maximum, *(edge for test in tests for edge in test.edges)}
        near = {round(edge + move, 6) for edge in edges for move in (-step, 0.0, step)}
        for number in near:
            if field.minimum <= number <= field.maximum:
                yield int(number) if field.kind is FieldKind.INT else number
