"""Three-valued conditions over facts: True fires, False and None (not known) do not.

A fact that is absent or `unsure` never counts as "no". `unless` is the one exception to waiting for
knowledge: what it holds keeps a rule quiet only when it is known to be true, so a missing fact leaves
the danger standing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.clinical.facts import Ever, Facts, FactValue
from bot.clinical.urgency import Urgency

if TYPE_CHECKING:
    from bot.clinical.history import History

_NOTHING: Ever = {}


@dataclass(frozen=True)
class Verdict:
    """What a condition says: its truth, the fields that made it true, and the values they had."""

    truth: bool | None
    used: tuple[str, ...] = ()
    values: Mapping[str, FactValue] = field(default_factory=dict)


class Context:
    """What conditions look at: the facts, and what has been concluded from them so far.

    `ever` holds danger reported before; leave it out where only the present counts. `history` is what came
    before a check-in; without it, conditions that look back are not known.
    Remembers the truth of named definitions, so one context serves one pass over the rules.
    """

    __slots__ = ("ever", "facts", "flags", "history", "profile", "remembered", "urgency", "value_of")

    def __init__(
        self,
        facts: Facts,
        flags: Iterable[str] = (),
        urgency: Urgency = Urgency.SELF_MANAGE,
        profile: str = "international",
        ever: Ever = _NOTHING,
        history: History | None = None,
    ) -> None:
        self.facts = facts
        self.value_of = facts.lookup
        self.flags = frozenset(flags)
        self.urgency = urgency
        self.profile = profile
        self.ever = ever
        self.history = history
        self.remembered: dict[Named, bool | None] = {}


class Condition:
    """A node of a condition tree."""

    __slots__ = ()

    #: true when the condition looks at flags, urgency or profile, which exist only after triage
    looks_at_conclusions: bool = False

    def truth(self, context: Context) -> bool | None:
        """True, False, or None when the facts do not say."""
        raise NotImplementedError

    def used(self, context: Context) -> dict[str, FactValue]:
        """The facts that support the present truth."""
        raise NotImplementedError

    def fields(self) -> frozenset[str]:
        """Every field that may matter."""
        raise NotImplementedError

    def evaluate(self, context: Context) -> Verdict:
        """The truth with its evidence; evidence is given for True only."""
        truth = self.truth(context)
        if not truth:
            return Verdict(truth)
        values = self.used(context)
        return Verdict(truth, tuple(values), values)


class Always(Condition):
    """True for everybody."""

    __slots__ = ()

    def truth(self, context: Context) -> bool | None:
        return True

    def used(self, context: Context) -> dict[str, FactValue]:
        return {}

    def fields(self) -> frozenset[str]:
        return frozenset()


@dataclass(frozen=True)
class _Group(Condition):
    parts: tuple[Condition, ...]

    @property
    def looks_at_conclusions(self) -> bool:  # type: ignore[override]
        return any(part.looks_at_conclusions for part in self.parts)

    def fields(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.fields() for part in self.parts))

    def _evidence(self, context: Context, *, of: bool) -> dict[str, FactValue]:
        found: dict[str, FactValue] = {}
        for part in self.parts:
            if part.truth(context) is of:
                found.update(part.used(context))
        return found


@dataclass(frozen=True)
class AllOf(_Group):
    """True when every part is."""

    def truth(self, context: Context) -> bool | None:
        result: bool | None = True
        for part in self.parts:
            truth = part.truth(context)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    def used(self, context: Context) -> dict[str, FactValue]:
        return self._evidence(context, of=self.truth(context) is True)


@dataclass(frozen=True)
class AnyOf(_Group):
    """True when one part is."""

    def truth(self, context: Context) -> bool | None:
        result: bool | None = False
        for part in self.parts:
            truth = part.truth(context)
            if truth:
                return True
            if truth is None:
                result = None
        return result

    def used(self, context: Context) -> dict[str, FactValue]:
        return self._evidence(context, of=self.truth(context) is True)


@dataclass(frozen=True)
class NoneOf(_Group):
    """True when every part is known to be false."""

    def truth(self, context: Context) -> bool | None:
        result: bool | None = True
        for part in self.parts:
            truth = part.truth(context)
            if truth:
                return False
            if truth is None:
                result = None
        return result

    def used(self, context: Context) -> dict[str, FactValue]:
        return self._evidence(context, of=self.truth(context) is False)


@dataclass(frozen=True)
class Unless(_Group):
    """False when a part is known to be true, else True: not knowing is no excuse."""

    def truth(self, context: Context) -> bool | None:
        return not any(part.truth(context) for part in self.parts)

    def used(self, context: Context) -> dict[str, FactValue]:
        if self.truth(context):
            return self._evidence(context, of=False)
        return self._evidence(context, of=True)


@dataclass(frozen=True)
class AtLeast(_Group):
    """True once `n` parts are; False only when `n` can no longer be reached."""

    n: int = 1

    def truth(self, context: Context) -> bool | None:
        true = unknown = 0
        for part in self.parts:
            truth = part.truth(context)
            if truth:
                true += 1
                if true >= self.n:
                    return True
            elif truth is None:
                unknown += 1
        return None if true + unknown >= self.n else False

    def used(self, context: Context) -> dict[str, FactValue]:
        return self._evidence(context, of=self.truth(context) is True)


@dataclass(frozen=True, eq=False)
class Named(Condition):
    """A condition of definitions.yaml, looked up once and remembered for the pass."""

    name: str
    condition: Condition

    @property
    def looks_at_conclusions(self) -> bool:  # type: ignore[override]
        return self.condition.looks_at_conclusions

    def truth(self, context: Context) -> bool | None:
        try:
            return context.remembered[self]
        except KeyError:
            return context.remembered.setdefault(self, self.condition.truth(context))

    def used(self, context: Context) -> dict[str, FactValue]:
        return self.condition.used(context)

    def fields(self) -> frozenset[str]:
        return self.condition.fields()


@dataclass(frozen=True)
class Concluded(Condition):
    """A test of what has been concluded: a flag raised, an urgency reached, the guideline profile."""

    holds: Callable[[Context], bool]
    looks_at_conclusions = True

    def truth(self, context: Context) -> bool | None:
        return self.holds(context)

    def used(self, context: Context) -> dict[str, FactValue]:
        return {}

    def fields(self) -> frozenset[str]:
        return frozenset()
