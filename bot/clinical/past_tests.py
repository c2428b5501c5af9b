"""The conditions that look back from a check-in; without a history they are not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.clinical.facts import FactValue
from bot.clinical.history import History
from bot.clinical.rules import Condition, Context

_DAY = "checkin_day"


@dataclass(frozen=True)
class _LookingBack(Condition):
    """A condition on another moment. Its evidence is of that moment, so none is given for today."""

    part: Condition

    def used(self, context: Context) -> dict[str, FactValue]:
        return {}

    def fields(self) -> frozenset[str]:
        return self.part.fields()


@dataclass(frozen=True)
class AtStart(_LookingBack):
    """True when it held of the facts on which the first plan rests."""

    def truth(self, context: Context) -> bool | None:
        return None if context.history is None else self.part.truth(Context(context.history.start))


@dataclass(frozen=True)
class Before(_LookingBack):
    """True when it held at an earlier check-in; False when it is known to have held at none."""

    def truth(self, context: Context) -> bool | None:
        truths = [self.part.truth(Context(one.answers)) for one in _earlier(context).check_ins]
        if any(truths):
            return True
        return None if not truths or None in truths else False


@dataclass(frozen=True)
class LastTime(_LookingBack):
    """True when it held of what the last contact ended with: its flags and its urgency."""

    looks_at_conclusions = True

    def truth(self, context: Context) -> bool | None:
        past = context.history
        if past is None or past.is_empty:
            return None
        return self.part.truth(Context(context.facts, past.flags, past.urgency, context.profile))


@dataclass(frozen=True)
class RiseFromBest(Condition):
    """How far a number has risen above its lowest value at earlier check-ins, in its own units."""

    field: str
    passes: Callable[[FactValue], bool]

    def truth(self, context: Context) -> bool | None:
        now, best = context.value_of(self.field), _earlier(context).lowest(self.field)
        if not isinstance(now, (int, float)) or best is None:
            return None
        return self.passes(round(now - best, 6))

    def used(self, context: Context) -> dict[str, FactValue]:
        return {self.field: context.facts[self.field]} if self.field in context.facts else {}

    def fields(self) -> frozenset[str]:
        return frozenset({self.field})


def _earlier(context: Context) -> History:
    return (context.history or History()).before(context.value_of(_DAY))
