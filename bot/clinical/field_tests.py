"""The leaves of a condition: tests of single fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.clinical.facts import UNDISCLOSED, UNSURE, FactValue
from bot.clinical.rules import Condition, Context

#: a difference of decimals is compared by this many places: 4.1 - 2.1 is 2, not a little less
_DECIMALS = 6


@dataclass(frozen=True)
class FieldTest(Condition):
    """A test of one field's value. `sticky` also looks at danger that was reported before.

    `edges` holds the numbers at which the test may change its mind.
    """

    field: str
    passes: Callable[[FactValue], bool]
    wants_unsure: bool = False
    wants_undisclosed: bool = False
    sticky: bool = True
    edges: tuple[float, ...] = ()

    def truth(self, context: Context) -> bool | None:
        value = context.value_of(self.field)
        now = None if value is None else self.of(value)
        if now or not context.ever or not self.sticky:
            return now
        return True if self._before(context) is not None else now

    def used(self, context: Context) -> dict[str, FactValue]:
        value = context.value_of(self.field)
        if value is not None and (not self.sticky or self.of(value)):
            return {self.field: value}
        before = self._before(context) if self.sticky else None
        if before is not None:
            return {self.field: before}
        return {} if value is None else {self.field: value}

    def fields(self) -> frozenset[str]:
        return frozenset({self.field})

    def of(self, value: FactValue) -> bool | None:
        """What the test says of a value."""
        if value == UNSURE:
            return True if self.wants_unsure else None
        if value == UNDISCLOSED:
            return True if self.wants_undisclosed else None
        return self.passes(value)

    def _before(self, context: Context) -> FactValue | None:
        reported = context.ever.get(self.field)
        if not reported:
            return None
        return next((value for value in sorted(reported, key=str) if self.of(value)), None)


@dataclass(frozen=True)
class Change(Condition):
    """How far a number has moved from one field to another, in its own units or in percent of the first."""

    start: str
    now: str
    passes: Callable[[FactValue], bool]
    percent: bool = False

    def truth(self, context: Context) -> bool | None:
        start, now = context.value_of(self.start), context.value_of(self.now)
        if not isinstance(start, (int, float)) or not isinstance(now, (int, float)):
            return None
        if not self.percent:
            return self.passes(round(now - start, _DECIMALS))
        return self.passes(round(100 * (now - start) / start, _DECIMALS)) if start else None

    def used(self, context: Context) -> dict[str, FactValue]:
        return {name: context.facts[name] for name in (self.start, self.now) if name in context.facts}

    def fields(self) -> frozenset[str]:
        return frozenset({self.start, self.now})


@dataclass(frozen=True)
class Known(Condition):
    """The field was asked and the answer says something."""

    field: str

    def truth(self, context: Context) -> bool | None:
        return context.facts.known(self.field)

    def used(self, context: Context) -> dict[str, FactValue]:
        return {self.field: context.facts[self.field]} if self.field in context.facts else {}

    def fields(self) -> frozenset[str]:
        return frozenset({self.field})


@dataclass(frozen=True)
class Skipped(Condition):
    """The patient was asked and chose not to answer."""

    field: str

    def truth(self, context: Context) -> bool | None:
        return self.field in context.facts.skipped

    def used(self, context: Context) -> dict[str, FactValue]:
        return {}

    def fields(self) -> frozenset[str]:
        return frozenset({self.field})
