"""What an episode looked like before today: at its start, at each earlier check-in, at the last contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.clinical.facts import Facts, FactValue
from bot.clinical.urgency import Urgency
from bot.clinical.vocabulary import FLAGS


@dataclass(frozen=True)
class PastCheckIn:
    """An answered check-in: its day, counted from the first plan, and what was told on that day alone.

    Raises ValueError for a day below zero.
    """

    day: int
    answers: Facts

    def __post_init__(self) -> None:
        if self.day < 0:
            raise ValueError("a check-in lies on day 0 or later; count the days from the first plan")


@dataclass(frozen=True)
class History:
    """What came before a check-in, in any order; it is kept by day.

    `start` holds the facts on which the first plan rests. `missed` counts the check-ins in a row, since the
    last answer, that stayed unanswered. `urgency` and `flags` are what the last contact ended with.
    `told` says on which day a field was last told (0: at the start); a field that is not in it is taken as it
    stands. `settled` holds the findings that a clinician has seen and left the plan standing for: rule -> the
    facts it rested on, as facts or as their JSON. Raises ValueError when something cannot be true.
    Source: clinical.md §6.3.
    """

    start: Facts = field(default_factory=lambda: Facts.of({}))
    check_ins: tuple[PastCheckIn, ...] = ()
    missed: int = 0
    urgency: Urgency = Urgency.SELF_MANAGE
    flags: frozenset[str] = frozenset()
    told: Mapping[str, int] = field(default_factory=dict)
    settled: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.missed < 0:
            raise ValueError("missed check-ins are counted from 0")
        unknown = self.flags - set(FLAGS)
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))} is no flag of the vocabulary")
        object.__setattr__(self, "check_ins", tuple(sorted(self.check_ins, key=lambda one: one.day)))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of the time before."""
        return self == History()

    def before(self, day: FactValue | None) -> History:
        """This history without the check-ins of `day` and later; None keeps all."""
        if not isinstance(day, int):
            return self
        return replace(self, check_ins=tuple(one for one in self.check_ins if one.day < day))

    def lowest(self, name: str) -> float | None:
        """The lowest number told for a field at any of these check-ins; for pain, the best so far."""
        told = (one.answers.get(name) for one in self.check_ins)
        return min((value for value in told if isinstance(value, (int, float))), default=None)
