"""What a decision tells the patient, and what a change of options looks like before it is signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.clinical.assess import assess
from bot.clinical.plan import Plan, Reason
from bot.clinical.plan_changes import Change, conflicts, with_changes
from bot.clinical.rulebook import Rulebook
from bot.clinical.status import Status
from bot.clinical.urgency import Urgency
from bot.clinical.vocabulary import PROFILES
from bot.review import stored
from bot.review.plan_view import option_names
from bot.review.texts import texts, told
from bot.review.words import OPTION_STATUS
from bot.store.drafts import facts_of
from bot.store.records import Case, JsonObject, PlanRecord, Told

#: how a clinician's own words to a patient may be, so that every channel sends them as one message
LONGEST_WORDS = 1000
LONGEST_REASON = 2000

_TODAY = frozenset({Urgency.EMERGENCY_NOW.value, Urgency.SAME_DAY.value})
_NOW: Mapping[str, str] = {
    Status.RECOMMEND.value: "now_recommend",
    Status.CONSIDER.value: "now_consider",
    Status.CLINICIAN_ONLY.value: "now_clinician_only",
}
_WORDS_FOR_NAMES = 30


@dataclass(frozen=True)
class Step:
    """One changed option: from where to where, the clinician's reason, and the rules against it."""

    option: str
    name: str
    before: str
    after: str
    why: str = field(repr=False)
    against: tuple[Reason, ...] = field(repr=False)
    breaks: bool


def told_of_decision(case: Case, decision: str, clinician: str, at: datetime, words: str) -> tuple[Told, ...]:
    """What the patient is told of approving, declining or calling in; then the clinician's own words, if any."""
    gaps = {"clinician": clinician, "date": day(at)}
    shows_plan = bool(case.plans) and any(
        one.get("shown") is True for one in stored.objects(case.plans[-1].assessment, "options")
    )
    if decision == "accept":
        key = "signed" if shows_plan else "signed_without_plan"
    elif decision == "call_in":
        key = "call_in_today" if case.episode.triage in _TODAY else "call_in"
    else:
        key = "declined" if shows_plan else "declined_without_plan"
    return (told(key, **gaps), *_own_words(clinician, words))


def told_of_changes(steps: Sequence[Step], clinician: str, at: datetime, words: str) -> tuple[Told, ...]:
    """What the patient is told of a changed plan: that it was signed, and which options changed to what."""
    return (
        told("changed", clinician=clinician, date=day(at)),
        *_changed_names(steps),
        *_own_words(clinician, words),
    )


def told_of_question(clinician: str, words: str) -> tuple[Told, ...]:
    """How to answer comes first, so that the question is the last thing on the screen."""
    return (told("how_to_answer"), told("question", clinician=clinician, text=words))


def told_of_message(clinician: str, words: str) -> tuple[Told, ...]:
    return (told("message", clinician=clinician, text=words),)


def day(at: datetime) -> str:
    """A day in words, such as "25 Nov 2026"."""
    return f"{at:%d %b %Y}".lstrip("0")


def plan_by_the_rules(case: Case, rulebook: Rulebook, on: datetime) -> Plan:
    """What the rules make of the facts as they stand now, by the profile of the stored plan."""
    facts = facts_of(case.episode.id, case.facts, case.skipped)
    profile = stored.text(case.plans[-1].assessment, "profile") if case.plans else ""
    return assess(facts, rulebook, profile if profile in PROFILES else PROFILES[0], on.date()).plan


def steps_of(case: Case, changes: Sequence[Change], rulebook: Rulebook, on: datetime) -> tuple[Step, ...]:
    """Every change with what the rules say against it, by the rules and facts of this moment."""
    latest = case.plans[-1]
    names, before = option_names(latest), statuses(latest)
    broken = {one.option: one for one in conflicts(plan_by_the_rules(case, rulebook, on), changes)}
    return tuple(
        Step(
            option=change.option,
            name=names[change.option],
            before=OPTION_STATUS.get(before[change.option], before[change.option]),
            after=OPTION_STATUS[change.status.value],
            why=change.why,
            against=broken[change.option].rules if change.option in broken else (),
            breaks=change.option in broken,
        )
        for change in changes
    )


def changed_assessment(plan: PlanRecord, changes: Sequence[Change], rulebook: Rulebook) -> JsonObject:
    """The stored assessment with the changes in it."""
    return with_changes(plan.assessment, changes, rulebook, texts()["chosen_by_clinician"])


def statuses(plan: PlanRecord) -> Mapping[str, str]:
    """option -> its status in this version, in the order of the plan"""
    documents = stored.objects(plan.assessment, "options")
    return {stored.text(one, "id"): stored.text(one, "status") for one in documents}


def _own_words(clinician: str, words: str) -> tuple[Told, ...]:
    return told_of_message(clinician, words) if words else ()


def _changed_names(steps: Sequence[Step]) -> Iterator[Told]:
    """Messages that name the changed options, none of them longer than a message may be."""
    by_status = {words: _NOW.get(status, "now_left_out") for status, words in OPTION_STATUS.items()}
    for key in dict.fromkeys((*_NOW.values(), "now_left_out")):
        names: list[str] = []
        for step in steps:
            if by_status[step.after] != key:
                continue
            if names and len(" ".join([*names, step.name]).split()) > _WORDS_FOR_NAMES:
                yield told(key, options="; ".join(names))
                names = []
            names.append(step.name)
        if names:
            yield told(key, options="; ".join(names))
