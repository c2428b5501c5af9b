"""One assessment: facts in, everything that follows out, as values and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.clinical.facts import Facts, FactValue, plain
from bot.clinical.goals import Goal, goals
from bot.clinical.medicines import with_listed_medicines
from bot.clinical.plan import Plan, PlannedOption, Reason, draft_plan
from bot.clinical.progress import progress_findings
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.option_document import Option
from bot.clinical.schedule import PlannedCheckIn, schedule
from bot.clinical.status import Status
from bot.clinical.triage import Finding, Triage, triage
from bot.clinical.urgency import Urgency

Json = dict[str, object]


@dataclass(frozen=True)
class Assessment:
    """What follows from one set of facts. `rulebook` is the version of the rules it rests on.

    `triage` has the flags that planning raised. `goals` are empty unless the plan is a full one: a first
    step toward a goal waits until a clinician has seen the patient.
    """

    triage: Triage = field(repr=False)
    plan: Plan
    goals: tuple[Goal, ...]
    check_ins: tuple[PlannedCheckIn, ...]
    rulebook: str

    @property
    def shows_plan(self) -> bool:
        """Whether there is something to show: a full plan, or an interim one."""
        return bool(self.plan.shown)

    @property
    def episode_status(self) -> str:
        """`emergency`, `held` (nothing is shown until a clinician has looked) or `planned`."""
        if self.triage.urgency is Urgency.EMERGENCY_NOW:
            return "emergency"
        return "planned" if self.shows_plan else "held"

    def as_json(self) -> Json:
        """The published form (design.md §5); the same facts and rules give the same document."""
        return {
            "triage": self.triage.urgency.value,
            "flags": list(self.triage.flags),
            "actions": list(self.triage.actions),
            "adjustments": list(self.triage.adjustments),
            "findings": [_finding(finding) for finding in self.triage.findings],
            "profile": self.plan.profile,
            "plan_status": self._plan_status(),
            "options": [_option(option, self.plan) for option in self.plan.options],
            "goals": [_goal(goal) for goal in self.goals],
            "check_ins": [_check_in(planned) for planned in self.check_ins],
            "minutes_a_day": self.plan.minutes_a_day,
            "rulebook": self.rulebook,
        }

    def _plan_status(self) -> str:
        if not self.shows_plan:
            return "none"
        return "full" if self.plan.full else "interim"


def assess(
    facts: Facts, rulebook: Rulebook, profile: str = "international", on: date | None = None
) -> Assessment:
    """Class the danger, draft the plan, make goals and plan the check-ins.

    Facts of a check-in are read as such too, without what came before; `bot.clinical.progress` does that. A
    medicine that is listed by name counts as the answer "yes" to the question about its class, for triage
    too. `on` is today, for the day of a goal. Raises ValueError for an unknown guideline profile.
    """
    known = with_listed_medicines(facts, rulebook.contraindications)
    danger = triage(known, rulebook)
    picture = danger.with_findings(*progress_findings(known, danger, rulebook))
    return assess_picture(known, picture, rulebook, profile, on)


def assess_picture(
    known: Facts, picture: Triage, rulebook: Rulebook, profile: str = "international", on: date | None = None
) -> Assessment:
    """What follows from a picture that was made already, such as that of `bot.clinical.progress`."""
    plan = draft_plan(known, picture, rulebook, profile)
    return Assessment(
        triage=plan.triage,
        plan=plan,
        goals=goals(known, rulebook, on) if plan.full else (),
        check_ins=schedule(known, plan.triage, rulebook, new_nsaid=_offers_nsaid(plan)),
        rulebook=rulebook.version,
    )


def _offers_nsaid(plan: Plan) -> bool:
    """Whether the person may start anti-inflammatory tablets, so that day 3 asks about their effects (§6.1)."""
    return any(option.id == "PM_NSAID_ORAL" and option.status >= Status.CONSIDER for option in plan.shown)


def _finding(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "urgency": finding.urgency.value,
        "flags": list(finding.flags),
        "facts": _facts(finding.facts_used),
        "patient": finding.patient,
        "clinician": finding.clinician,
        "sources": list(finding.sources),
        "status": finding.status,
    }


def _option(planned: PlannedOption, plan: Plan) -> Json:
    option = planned.option
    document: Json = {
        "id": option.id,
        "name": option.name,
        "family": option.family,
        "status": planned.status.value,
        "shown": planned.shown,
        "reasons": [_reason(reason) for reason in planned.reasons],
    }
    if planned.shown:
        document["about"] = vars(option.about).copy()
        document["positions"] = positions_of(option)
    if planned.instead:
        document["instead"] = list(planned.instead)
    if planned.later:
        document["if_things_change"] = True
    if planned.daily is not None:
        document["daily"] = {"text": planned.daily.text, "minutes": planned.daily.minutes}
    if option.from_week > 1:
        document["from_week"] = option.from_week
    if planned.start_week is not None:
        document["start_week"] = planned.start_week
    if planned.goal is not None:
        document["goal"] = planned.goal
    return document


def _reason(reason: Reason) -> Json:
    document: Json = {"rule": reason.rule}
    if reason.effect is not None:
        document["effect"] = reason.effect.value
    return {
        **document,
        "text": reason.text,
        "clinician": reason.clinician,
        "sources": list(reason.sources),
        "status": reason.status,
        "facts": _facts(reason.facts),
    }


def positions_of(option: Option) -> Json:
    """What each guideline says of the option, as the published form has it."""
    return {
        body: {
            "body": position.body,
            "verdict": position.verdict,
            "note": position.note,
            "sources": list(position.sources),
        }
        for body, position in option.positions.items()
    }


def _goal(goal: Goal) -> Json:
    return {
        **vars(goal),
        "by_date": goal.by_date.isoformat() if goal.by_date is not None else None,
        "sources": list(goal.sources),
    }


def _check_in(planned: PlannedCheckIn) -> Json:
    hours = planned.offset / timedelta(hours=1)
    return {"kind": planned.kind, "offset_hours": hours, "safety": planned.safety}


def _facts(values: Mapping[str, FactValue]) -> Json:
    return {name: plain(value) for name, value in values.items()}
