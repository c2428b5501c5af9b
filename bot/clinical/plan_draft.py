"""Where each option of a draft plan stands while the plan is being made; it begins with the table of §3.3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.clinical.facts import FactValue
from bot.clinical.plan_reasons import Person, Reason, joined
from bot.clinical.rulebook.option_document import Cell, Option, OptionRule, Row, Step, Target, most_careful
from bot.clinical.rulebook.option_terms import Effect
from bot.clinical.rules import Context
from bot.clinical.status import Status


class Draft:
    """One option while the plan is being made. `offered` None: nothing calls for it, so it is not listed."""

    __slots__ = ("first", "later", "limit", "lowered", "offered", "option", "preferred", "reasons")

    def __init__(self, option: Option) -> None:
        self.option = option
        self.offered: Status | None = None
        self.limit = Status.RECOMMEND
        self.reasons: list[Reason] = []
        self.first = self.preferred = self.lowered = self.later = False

    @property
    def status(self) -> Status | None:
        """What is offered, kept under the strongest limit."""
        offered = self.offered
        return offered if offered is None or offered.rank <= self.limit.rank else self.limit

    @property
    def shown(self) -> bool:
        """Whether it is told as something that may be done."""
        offered = self.offered
        return offered is not None and offered.shown and self.limit.shown

    def keep_under(self, limit: Status, reason: Reason) -> None:
        """Offer no more than `limit`, for this reason."""
        self.limit = min(self.limit, limit)
        self.reasons.append(reason)

    def replace_table_reason(self, reason: Reason) -> None:
        """Put `reason` in the place of what the table said."""
        self.reasons = [reason, *(one for one in self.reasons if one.effect is not None)]

    def enter(self, status: Status, reason: Reason) -> None:
        """Put an option that was not listed, or was not offered, into the plan."""
        self.offered = status
        self.reasons.append(reason)


Drafts = Mapping[str, Draft]


def from_table(person: Person) -> Drafts:
    """Every option as the table of clinical.md §3.3 has it, before anything else is looked at."""
    drafts = {option.id: Draft(option) for option in person.rulebook.options.options.values()}
    for draft in drafts.values():
        column, step = _standing(draft.option.rows[person.profile], person)
        if step.status is not None:
            used = step.when.used(person.now) if step.when is not None else {}
            draft.enter(step.status, person.table_reason(draft.option, column, step.status, used))
    return drafts


@dataclass(frozen=True, repr=False)
class Said:
    """A rule that fires for a person: the facts behind it, and its text with the gaps filled."""

    rule: OptionRule
    facts: Mapping[str, FactValue]
    text: str


def meant(target: Target, said: Said, drafts: Drafts) -> Iterator[Draft]:
    """The options that the rule is about: all of the target, or those the person named themselves."""
    told = said.facts.get(target.told, ()) if target.told is not None else None
    for option in target.options:
        if told is None or (isinstance(told, tuple) and option in told):
            yield drafts[option]


def bring_in(person: Person, draft: Draft, status: Status, said: Said, effect: Effect) -> None:
    """Bring in an option: the rule's sentence on the person, then the option's own reason."""
    because = person.fill(draft.option.because[status], said.facts)
    text = joined(said.text, because) or said.text
    draft.enter(status, person.rule_reason(said.rule, effect, text, said.facts, draft.option))


def _standing(row: Row, person: Person) -> tuple[str, Step]:
    """The column that applies and what it says; the most careful of the durations when none is known."""
    column = person.column(row)
    if column is not None:
        return column, _step(row.columns[column], person.now)
    for_any = row.for_any_duration
    if for_any is not None:
        return "unknown", for_any
    return "unknown", most_careful(_step(cell, person.now) for cell in row.durations.values())


def _step(cell: Cell, context: Context) -> Step:
    for step in cell:
        if step.when is None or step.when.truth(context):
            return step
    raise AssertionError("the last step of a cell always holds")
