"""A patient's copy of what is stored: answers in their own words, permissions, plans, check-ins, the whole chat."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.review.summary_json import iso
from bot.store.case_codes import case_code
from bot.store.records import Case, CheckIn, Conversation, FactRecord, Message, PlanRecord, ReminderAddress

#: statuses in which no plan is shown to the patient until a clinician has looked, on paper neither
_WAITS_FOR_HELP = frozenset({"emergency", "held"})
#: what of an option is written for clinicians
_FOR_CLINICIANS = frozenset({"clinician"})


def export_own_data(
    conversation: Conversation,
    messages: Sequence[Message],
    cases: Sequence[Case],
    email: ReminderAddress | None,
    now: datetime,
) -> bytes:
    """UTF-8 JSON, indented so that it can be read as it is.

    Everything the patient said or was told, and what was concluded. What clinicians wrote for each other is
    not in it: the clinic gives that. No plan is in it that the chat does not show either.
    """
    document = {
        "made_at": iso(now),
        "about": "All you told Backplan and were told. What clinicians noted is with your clinic.",
        "channel": conversation.channel,
        "timezone": conversation.timezone,
        "language": conversation.locale,
        "country": conversation.country,
        "since": iso(conversation.created_at),
        "reminders_by_email": email.address if email else None,
        "permissions": [
            {"purpose": one.purpose, "granted": one.granted, "version": one.version, "at": iso(one.at)}
            for one in (cases[-1].consents if cases else ())
        ],
        "episodes": [_episode(case) for case in cases],
        "messages": [_message(one) for one in messages],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _episode(case: Case) -> dict[str, object]:
    shows_plan = case.episode.status not in _WAITS_FOR_HELP
    return {
        "code": case_code(case.episode.id),
        "status": case.episode.status,
        "class": case.episode.triage,
        "started_at": iso(case.episode.started_at),
        "updated_at": iso(case.episode.updated_at),
        "answers": [_answer(one) for one in case.facts],
        "not_answered": list(case.skipped),
        "plans": [_plan(one) for one in case.plans] if shows_plan else [],
        "check_ins": [_check_in(one) for one in case.check_ins],
        "decisions": [
            {
                "decision": one.decision,
                "plan_version": one.plan_version,
                "by": one.clinician,
                "at": iso(one.at),
            }
            for one in case.reviews
        ],
    }


def _answer(one: FactRecord) -> dict[str, object]:
    return {
        "field": one.field,
        "value": one.value,
        "words": one.words,
        "at": iso(one.at),
        "taken_back": one.retracted,
    }


def _plan(plan: PlanRecord) -> dict[str, object]:
    return {
        "version": plan.version,
        "status": plan.status,
        "made_at": iso(plan.created_at),
        "options": [_without_clinicians(one) for one in plan.assessment.get("options", ())],
        "goals": list(plan.assessment.get("goals", ())),
    }


def _without_clinicians(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_clinicians(each) for key, each in value.items() if key not in _FOR_CLINICIANS}
    if isinstance(value, (list, tuple)):
        return [_without_clinicians(each) for each in value]
    return value


def _check_in(one: CheckIn) -> dict[str, object]:
    answers = (one.notes or {}).get("answered", {})
    return {"kind": one.kind, "due_at": iso(one.due_at), "status": one.status.value, "answers": answers}


def _message(one: Message) -> dict[str, object]:
    return {"number": one.seq, "from": one.sender, "at": iso(one.at), "text": one.text}
