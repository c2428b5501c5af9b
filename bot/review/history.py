"""How a case came to be what it is: the versions of its plan with their differences, and its thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.review import stored
from bot.review.decisions import statuses
from bot.review.labels import label_of
from bot.review.plan_view import option_names
from bot.review.words import DECISION, FLAG, OPTION_STATUS, plain_code
from bot.store.records import Case, PlanRecord, Remark


@dataclass(frozen=True)
class Version:
    """One version of the plan: what is different from the one before, and what clinicians decided about it."""

    number: int
    status: str
    created_at: datetime
    differences: tuple[str, ...] = field(repr=False)
    decisions: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One line of the thread. `seen` says whether the patient sees it too."""

    who: str
    what: str
    text: str = field(repr=False)
    at: datetime
    seen: bool
    by_patient: bool = False


def versions(case: Case) -> tuple[Version, ...]:
    """Every version, newest first."""
    found = []
    before: PlanRecord | None = None
    for plan in case.plans:
        found.append(
            Version(
                number=plan.version,
                status=plan.status,
                created_at=plan.created_at,
                differences=tuple(differences(before, plan)) if before else ("The first version.",),
                decisions=tuple(
                    f"{plain_code(one.decision, DECISION).capitalize()} by {one.clinician}"
                    f", {one.at:%d %b %Y, %H:%M} UTC" + (f": {one.reason}" if one.reason else "")
                    for one in case.reviews
                    if one.plan_version == plan.version
                ),
            )
        )
        before = plan
    return tuple(reversed(found))


def differences(before: PlanRecord, after: PlanRecord) -> Iterator[str]:
    """What changed from one version to the next, in plain words; one sentence at least."""
    said = False
    old, new = statuses(before), statuses(after)
    names = {**option_names(before), **option_names(after)}
    for option in dict.fromkeys((*old, *new)):
        if old.get(option) == new.get(option):
            continue
        said = True
        was, now = (plain_code(one.get(option, ""), OPTION_STATUS).lower() for one in (old, new))
        if option not in old:
            yield f"{names[option]}: new, {now}."
        elif option not in new:
            yield f"{names[option]}: not listed any more (was {was})."
        else:
            yield f"{names[option]}: {was} became {now}."
    for key, title in (
        ("triage", "Triage class"),
        ("profile", "Guideline profile"),
        ("rulebook", "Rulebook"),
    ):
        was, now = stored.text(before.assessment, key), stored.text(after.assessment, key)
        if was != now:
            said = True
            yield f"{title}: {was.replace('_', ' ') or 'none'} became {now.replace('_', ' ') or 'none'}."
    old_goals, new_goals = (_goals(plan) for plan in (before, after))
    for goal in new_goals:
        if goal not in old_goals:
            said = True
            yield f"New goal: {goal}"
    for goal in old_goals:
        if goal not in new_goals:
            said = True
            yield f"Goal dropped: {goal}"
    if not said:
        yield "The same options, goals and class."


def thread(case: Case) -> tuple[Entry, ...]:
    """Questions and messages of clinicians with what the patient wrote since the first one, and their notes."""
    entries = [_entry(one, case) for one in case.remarks]
    told = [one.message_seq for one in case.remarks if one.message_seq is not None]
    if told:
        entries.extend(
            Entry("Patient", f"wrote (message {one.seq})", one.text, one.at, seen=True, by_patient=True)
            for one in case.messages
            if one.sender == "patient" and one.seq > min(told)
        )
    return tuple(sorted(entries, key=lambda entry: entry.at))


def last_heard(case: Case) -> int:
    """The number of the patient's last message; 0 for none."""
    return max((one.seq for one in case.messages if one.sender == "patient"), default=0)


def news(case: Case, since: datetime) -> tuple[str, ...]:
    """What was added to the case after this moment, by the patient or by anybody else."""
    written = sum(one.sender == "patient" and one.at > since for one in case.messages)
    learnt = dict.fromkeys(label_of(one.field) for one in case.facts if one.at > since)
    said = []
    if written:
        said.append(f"{written} message{'' if written == 1 else 's'} from the patient")
    if learnt:
        said.append(f"answers about: {'; '.join(learnt)}")
    said.extend(f"plan version {one.version}" for one in case.plans if one.created_at > since)
    said.extend(f"flag: {plain_code(one.code, FLAG)}" for one in case.flags if one.raised_at > since)
    said.extend(
        f"{plain_code(one.decision, DECISION)} by {one.clinician}" for one in case.reviews if one.at > since
    )
    said.extend(f"{one.clinician} {_WHAT[one.kind]}" for one in case.remarks if one.at > since)
    return tuple(said)


_WHAT = {"note": "noted", "question": "asked", "message": "wrote", "flag": "dealt with a flag"}


def _entry(remark: Remark, case: Case) -> Entry:
    text = remark.text
    if remark.flag_id is not None:
        code = next((flag.code for flag in case.flags if flag.id == remark.flag_id), "")
        text = f"{plain_code(code, FLAG)} {text}" if code else text
    seen = remark.message_seq is not None
    return Entry(remark.clinician, _WHAT[remark.kind], text, remark.at, seen)


def _goals(plan: PlanRecord) -> tuple[str, ...]:
    return tuple(stored.text(one, "text") for one in stored.objects(plan.assessment, "goals"))
