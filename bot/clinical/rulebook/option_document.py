"""What the three files on options hold once they have been read and found good."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.clinical.rule_index import RuleIndex
from bot.clinical.rulebook.option_terms import Cost, Effect, Mark, Tie
from bot.clinical.rulebook.patient_words import Cause, Words
from bot.clinical.rulebook.rule import Rule
from bot.clinical.rules import Condition
from bot.clinical.status import Status


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a cell: this status (None: not listed) when the condition holds; no condition always does."""

    status: Status | None
    when: Condition | None


#: the first step that holds decides; the last one always does
Cell = tuple[Step, ...]

#: of cells none of which is known to apply, the most careful comes first (None: not listed)
_CAREFUL: Mapping[Status | None, int] = {
    Status.NOT_OFFERED: 0,
    None: 1,
    Status.CLINICIAN_ONLY: 2,
    Status.CONSIDER: 3,
    Status.RECOMMEND: 4,
}


def most_careful(steps: Iterable[Step]) -> Step:
    """The first of the steps with the most careful status."""
    return min(steps, key=lambda step: _CAREFUL[step.status])


@dataclass(frozen=True, eq=False)
class Row:
    """An option's cells by duration (clinical.md §3.1), and with nerve-type leg symptoms (None: no other)."""

    acute: Cell
    subacute: Cell
    chronic: Cell
    leg: Cell | None

    @cached_property
    def columns(self) -> Mapping[str, Cell]:
        """The cells by the name of their column."""
        leg = {"leg": self.leg} if self.leg is not None else {}
        return {"acute": self.acute, "subacute": self.subacute, "chronic": self.chronic, **leg}

    @cached_property
    def durations(self) -> Mapping[str, Cell]:
        """The three cells by duration, each that says the same as an earlier one left out."""
        cells = {name: cell for name, cell in self.columns.items() if name != "leg"}
        return {name: cell for name, cell in cells.items() if _first_like(cell, cells) == name}

    @cached_property
    def for_any_duration(self) -> Step | None:
        """What stands while the duration is not known: the most careful; None when it depends on the person."""
        cells = tuple(self.durations.values())
        return most_careful(cell[0] for cell in cells) if all(len(cell) == 1 for cell in cells) else None

    @cached_property
    def same_for_all(self) -> bool:
        """Whether every cell gives the same status to everybody."""
        return len({step.status for cell in self.columns.values() for step in cell}) == 1


def _first_like(cell: Cell, cells: Mapping[str, Cell]) -> str:
    def says(one: Cell) -> tuple[tuple[Status | None, Condition | None], ...]:
        return tuple((step.status, step.when) for step in one)

    return next(name for name, other in cells.items() if says(other) == says(cell))


@dataclass(frozen=True)
class Rank:
    """What settles ties: visits, cost, and evidence from 0 (none) to 3 (moderate)."""

    visits: int
    cost: Cost
    evidence: int


@dataclass(frozen=True)
class About:
    """What a person should know about an option, in five short texts."""

    what: str
    expect: str
    guidelines: str
    risks: str
    cost_time_place: str


@dataclass(frozen=True)
class Position:
    """What one guideline says: recommend, consider, against or none; with where it was read."""

    body: str
    verdict: str
    note: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Daily:
    """A starting dose of movement or habit, in minutes a day, when the condition holds (None: always)."""

    minutes: int
    text: str
    when: Condition | None


@dataclass(frozen=True, eq=False)
class Option:
    """One row of options.yaml; its head explains every part.

    `because` has the reason for each status that the table or a rule can give it, `otherwise` the reason
    why it is not there. `status` is the mark of its sources (`cited`, `design`, `to_verify`).
    """

    id: str
    family: str
    since: datetime.date
    name: str
    tier: int
    marks: frozenset[Mark]
    rank: Rank
    rows: Mapping[str, Row]  #: guideline profile -> row
    because: Mapping[Status, Words]
    interim: str | None
    otherwise: str | None
    clinician: str
    sources: tuple[str, ...]
    status: str
    about: About
    positions: Mapping[str, Position]
    instead: tuple[str, ...]
    daily: tuple[Daily, ...]
    from_week: int


def entry_status(option: Option) -> Status:
    """The status with which an option comes in that the table does not list."""
    wanted = (Status.CONSIDER, Status.CLINICIAN_ONLY, Status.RECOMMEND)
    return next((status for status in wanted if status in option.because), Status.NOT_OFFERED)


@dataclass(frozen=True, eq=False)
class OptionTable:
    """All options in the order of the vocabulary, the guideline bodies, and the first words of a reason."""

    options: Mapping[str, Option]
    bodies: Mapping[str, str]
    situations: Mapping[str, Words]

    @property
    def newest(self) -> datetime.date:
        """The newest date of an option."""
        return max(option.since for option in self.options.values())


@dataclass(frozen=True, eq=False)
class Raised:
    """A stronger effect that the same rule has when more is true."""

    effect: Effect
    when: Condition


@dataclass(frozen=True, eq=False)
class Hold(Rule):
    """What a triage class does to the whole plan: only `keeps` may still be shown."""

    keeps: frozenset[str]


@dataclass(frozen=True, eq=False)
class Target:
    """An effect on options. `told` names the list of the patient's own that the options are taken from."""

    options: tuple[str, ...]
    effect: Effect
    raises: tuple[Raised, ...] = ()
    words: Words | None = None
    told: str | None = None


@dataclass(frozen=True, eq=False)
class OptionRule(Rule):
    """A rule that changes what an option may be for this person.

    `words` is the patient's text with its gaps, `causes` what fills {causes}. `adds` puts options into the
    plan, for the reason `added`. `flag` reaches the clinician. `if_withheld` waits for what other rules did
    to that option.
    """

    words: Words
    causes: tuple[Cause, ...]
    targets: tuple[Target, ...]
    adds: tuple[str, ...] = ()
    added: Words | None = None
    flag: str | None = None
    if_withheld: str | None = None


@dataclass(frozen=True)
class MedicineClass:
    """Names by which a listed medicine is known; `answers` is the field that it answers with "yes".

    A name beside a word of `unless` (a cream, an inhaler) does not count.
    """

    name: str
    answers: str | None
    names: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Contraindications:
    """Everything of contraindications.yaml."""

    holds: tuple[Hold, ...]
    rules: tuple[OptionRule, ...]
    medicines: Mapping[str, MedicineClass]

    @cached_property
    def named_by(self) -> Mapping[str, tuple[str, ...]]:
        """Gap -> the classes of medicine whose listed names it shows: a class, or the field it answers."""
        named: dict[str, tuple[str, ...]] = {name: (name,) for name in self.medicines}
        for name, medicine in self.medicines.items():
            if medicine.answers is not None and medicine.answers not in self.medicines:
                named[medicine.answers] = (*named.get(medicine.answers, ()), name)
        return named

    @cached_property
    def index(self) -> RuleIndex[OptionRule]:
        """The rules by the answers they need, those last that wait for what others did to an option."""
        in_turn = sorted(self.rules, key=lambda rule: rule.if_withheld is not None)
        return RuleIndex(in_turn, lambda rule: rule.when)

    @property
    def newest(self) -> datetime.date:
        """The newest date of a rule."""
        return max(rule.since for rule in (*self.holds, *self.rules))


@dataclass(frozen=True)
class Limits:
    """The most that a plan may start with (clinical.md §5.1)."""

    daily_actions: int
    minutes_a_day: int


@dataclass(frozen=True, eq=False)
class Choice(Rule):
    """One of several recommended options is enough; the others are put back to `consider` with these words."""

    words: Words
    among: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Personalisation:
    """Everything of personalisation.yaml."""

    limits: Limits
    ties: tuple[Tie, ...]
    choices: tuple[Choice, ...]
    rules: tuple[OptionRule, ...]

    @cached_property
    def index(self) -> RuleIndex[OptionRule]:
        """The rules by the answers they need."""
        return RuleIndex(self.rules, lambda rule: rule.when)

    @property
    def newest(self) -> datetime.date:
        """The newest date of a rule."""
        return max(rule.since for rule in (*self.choices, *self.rules))
