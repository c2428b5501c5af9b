"""The draft care plan: every option with where it stands and why, in the order in which to tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.clinical.facts import Facts
from bot.clinical.goals import Aim, aims
from bot.clinical.medicines import with_listed_medicines
from bot.clinical.plan_draft import Draft, from_table
from bot.clinical.plan_fit import choose, fit_to_needs, fit_to_preferences, follow_check_in
from bot.clinical.plan_order import daily_of, minutes_a_day, ranked, reasons_in_order, start_weeks
from bot.clinical.plan_reasons import Person, Reason
from bot.clinical.plan_safety import hold_back, keep_safe
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.option_document import Daily, Option
from bot.clinical.rulebook.option_terms import Mark
from bot.clinical.status import Status
from bot.clinical.triage import Triage
from bot.clinical.vocabulary import PROFILES

__all__ = ["Plan", "PlannedOption", "Reason", "draft_plan"]

#: the options that may carry a goal when none of its own kind is in the plan, best first
_CARRIERS = ("PT_GRADED_ACTIVITY", "PT_GRADED_WALK", "PT_HOME_EXERCISE", "PT_ADVICE_ACTIVE", "EDU_EXPLAIN")


class PlannedOption(NamedTuple):
    """One option of a plan: where it stands, and every reason, the one that decided it first.

    `instead` names shown options that may take the place of one that is not. `daily` is a starting dose,
    `start_week` the week in which to begin (1 is now; None: when there is room, or nothing to begin).
    `later` marks what waits on the "if things change" list. `goal` says which goal of the patient it serves.

    A tuple, as Reason is, because an assessment makes a hundred of them; its repr leaves out patient words.
    """

    option: Option
    status: Status
    reasons: tuple[Reason, ...]
    instead: tuple[str, ...] = ()
    daily: Daily | None = None
    start_week: int | None = None
    later: bool = False
    goal: str | None = None

    def __repr__(self) -> str:
        return f"PlannedOption({self.option.id}, {self.status.value})"

    @property
    def id(self) -> str:
        """The name of the vocabulary."""
        return self.option.id

    @property
    def shown(self) -> bool:
        """Whether it is told as something that may be done."""
        return self.status.shown


@dataclass(frozen=True)
class Plan:
    """A draft plan. `triage` includes the flags that planning raised; `held_by` the rules that hold it back.

    `minutes_a_day` is the most that the daily actions may take together.
    """

    options: tuple[PlannedOption, ...]
    triage: Triage = field(repr=False)
    raised: tuple[str, ...]
    held_by: tuple[str, ...]
    profile: str
    minutes_a_day: int

    @property
    def shown(self) -> tuple[PlannedOption, ...]:
        """What may be told as something to do, in order."""
        return tuple(option for option in self.options if option.shown)

    @property
    def full(self) -> bool:
        """Whether nothing holds the plan back: neither urgency nor age."""
        return not self.held_by

    @property
    def flags(self) -> tuple[str, ...]:
        """Every flag of the picture, those of planning included."""
        return self.triage.flags

    @property
    def actions(self) -> tuple[str, ...]:
        """Every action of the picture."""
        return self.triage.actions


def draft_plan(facts: Facts, triage: Triage, rulebook: Rulebook, profile: str = "international") -> Plan:
    """The plan that the rules make of these facts, for a clinician to look at.

    Safety goes before triage, that before what the person wants, that before the evidence, that before the
    default (clinical.md §5.2). Facts that were not asked, or answered `unsure`, are never read as "no".
    Raises ValueError for a guideline profile that does not exist.
    """
    if profile not in PROFILES:
        raise ValueError(f"there is no guideline profile {profile!r}; use one of {', '.join(PROFILES)}")
    person = Person(with_listed_medicines(facts, rulebook.contraindications), triage, rulebook, profile)
    drafts = from_table(person)
    fit_to_needs(person, drafts)
    follow_check_in(person, drafts)
    told = {finding.rule for finding in triage.findings}
    findings = [finding for finding in keep_safe(person, drafts) if finding.rule not in told]
    fit_to_preferences(person, drafts)
    choose(person, drafts)
    held_by = hold_back(person, drafts)
    order = ranked(person, drafts.values())
    raised = dict.fromkeys(flag for finding in findings for flag in finding.flags)
    limits = rulebook.personalisation.limits
    return Plan(
        options=_planned(person, order, {} if held_by else start_weeks(person, order, limits)),
        triage=triage.with_findings(*findings) if findings else triage,
        raised=tuple(raised),
        held_by=held_by,
        profile=profile,
        minutes_a_day=minutes_a_day(person, limits),
    )


def _planned(person: Person, order: list[Draft], weeks: Mapping[str, int]) -> tuple[PlannedOption, ...]:
    shown = {draft.option.id for draft in order if draft.shown}
    goals = _carried_goals(person, [draft for draft in order if draft.shown])
    planned = []
    for draft in order:
        option, status = draft.option, draft.status
        if status is None:
            continue
        reasons = reasons_in_order(draft)
        if status.shown:
            name = option.id
            daily, week, goal = daily_of(draft, person), weeks.get(name), goals.get(name)
            planned.append(PlannedOption(option, status, reasons, (), daily, week, draft.later, goal))
        else:
            instead = tuple([one for one in option.instead if one in shown]) if option.instead else ()
            planned.append(PlannedOption(option, status, reasons, instead, None, None, draft.later, None))
    return tuple(planned)


def _carried_goals(person: Person, shown: list[Draft]) -> dict[str, str]:
    """Option -> the goal that it is a step toward: each goal has an item that names it (clinical.md §5.1)."""
    link = person.rulebook.goals.texts["link"]
    carried: dict[str, str] = {}
    for aim in aims(person.facts, person.rulebook):
        option = _carrier(aim, shown, carried)
        if option is not None:
            carried[option] = link.fill({"activity": aim.short}.__getitem__)
    return carried


def _carrier(aim: Aim, shown: list[Draft], taken: Mapping[str, str]) -> str | None:
    """The best shown option for this goal, one that may be started rather than one that may not."""
    open_to_all = {draft.option.id for draft in shown if draft.status is not Status.CLINICIAN_ONLY}
    wanted = [one for one in (*aim.kind.options, *_CARRIERS) if one in open_to_all and one not in taken]
    others = [
        draft.option.id
        for draft in shown
        if Mark.MEDICINE not in draft.option.marks and draft.option.id not in taken
    ]
    return next(iter((*wanted, *others)), None)
