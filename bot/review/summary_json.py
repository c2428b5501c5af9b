"""The summary as JSON: codes of the vocabulary unchanged, times in UTC, the same keys in every export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.review.danger import DangerBox
from bot.review.document import Summary
from bot.review.findings import Finding
from bot.review.json_schema import VERSION
from bot.review.sharing import sharing_of
from bot.review.summary import summarise
from bot.review.trend import TrendView
from bot.store.records import (
    Case,
    CheckIn,
    Consent,
    FactRecord,
    Flag,
    Measure,
    Message,
    PlanRecord,
    Remark,
    ReminderAddress,
    Review,
)


def export_json(case: Case, rulebook: Rulebook | None = None) -> dict[str, object]:
    """Everything about one episode as an object that `json.dumps` takes; missing things are null or [].

    `json_schema.case_schema` describes it. `facts` holds the newest answer of each field that stands;
    `retracted` the answers taken back.
    """
    summary = summarise(case, rulebook or default_rulebook())
    return {
        "schema": f"case-{VERSION}",
        "episode": case.episode.id,
        "code": summary.code,
        "reference": case.reference,
        "conversation": case.conversation.id,
        "patient": case.episode.patient_id,
        "channel": case.conversation.channel,
        "timezone": case.conversation.timezone,
        "country": case.conversation.country,
        "status": case.episode.status,
        "started_at": iso(case.episode.started_at),
        "updated_at": iso(case.episode.updated_at),
        "draft": not summary.mark.signed,
        "sharing": sharing_of(case).value,
        "completeness": _completeness(summary),
        "triage": case.episode.triage,
        "red_flags": _red_flags(summary.danger),
        "flags": list(case.episode.flags),
        "flag_records": [_flag(flag) for flag in case.flags],
        "findings": [_finding(finding) for finding in summary.triage.findings],
        "facts": _facts(case.facts),
        "retracted": [{"field": one.field, **_fact(one)} for one in case.facts if one.retracted],
        "corrections": [
            {
                "field": one.field,
                "before": one.before.value,
                "now": one.now.value if one.now else None,
                "at": iso((one.now or one.before).at),
                "at_check_in": one.later,
            }
            for one in summary.corrections
        ],
        "skipped": list(case.skipped),
        "plan": _plan(case.plans[-1]) if case.plans else None,
        "plans": [_plan_line(plan) for plan in case.plans],
        "goals": _list_of(case.plans[-1] if case.plans else None, "goals"),
        "check_ins": [_check_in(one) for one in sorted(case.check_ins, key=lambda one: one.due_at)],
        "measures": [_measure(one) for one in case.measures],
        "trends": [_trend(one) for one in summary.trends],
        "consents": [_consent(one) for one in case.consents],
        "reviews": [_review(one) for one in case.reviews],
        "remarks": [_remark(one) for one in case.remarks],
        "transcript": [_message(one) for one in case.messages],
        "rulebook": summary.rulebook,
    }


def email_json(known: ReminderAddress | None) -> dict[str, object] | None:
    """Where reminders go: no clinician needs it, so it is added only to a copy for the patient."""
    if known is None:
        return None
    return {
        "address": known.address,
        "given_at": iso(known.given_at),
        "confirmed_at": iso(known.confirmed_at) if known.confirmed_at else None,
        "works": known.works,
    }


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second, with a Z."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _completeness(summary: Summary) -> dict[str, object]:
    danger = summary.danger
    return {
        "words": summary.progress,
        "danger_signs_answered": danger.answered,
        "danger_signs": danger.applicable,
        "cauda_equina_complete": danger.cauda_equina_complete,
    }


def _red_flags(danger: DangerBox) -> dict[str, object]:
    return {
        "positive": [
            {
                "field": one.report.field,
                "value": one.report.value,
                "words": one.report.words,
                "rules": list(one.rules),
                "reported_earlier": one.since is not None or one.taken_back,
            }
            for one in danger.positive
        ],
        "unclear": [{"field": one.field, "answer": one.answer} for one in danger.unclear],
        "not_asked": list(danger.not_asked_fields),
        "negative": list(danger.negative_fields),
    }


def _facts(records: tuple[FactRecord, ...]) -> dict[str, object]:
    return {record.field: _fact(record) for record in records if not record.retracted}


def _fact(record: FactRecord) -> dict[str, object]:
    return {
        "value": record.value,
        "words": record.words,
        "at": iso(record.at),
        "source": record.source,
        "restricted": record.restricted,
        "message": record.message_seq,
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "urgency": finding.urgency,
        "flags": list(finding.flags),
        "facts": list(finding.facts),
        "patient": finding.patient,
        "clinician": finding.clinician,
        "sources": list(finding.sources),
    }


def _flag(flag: Flag) -> dict[str, object]:
    return {
        "id": flag.id,
        "code": flag.code,
        "severity": flag.severity,
        "reason": flag.reason,
        "rule": flag.rule,
        "status": flag.status,
        "raised_at": iso(flag.raised_at),
    }


def _plan(plan: PlanRecord) -> dict[str, object]:
    """The plan's own place in its history, then the stored assessment as it is."""
    line = _plan_line(plan)
    assessment = {key: value for key, value in plan.assessment.items() if key not in line}
    return {**line, "options": [], "rulebook": None, **assessment}


def _plan_line(plan: PlanRecord) -> dict[str, object]:
    return {"version": plan.version, "status": plan.status, "created_at": iso(plan.created_at)}


def _list_of(plan: PlanRecord | None, key: str) -> list[Mapping[str, object]]:
    value = plan.assessment.get(key) if plan else None
    return list(value) if isinstance(value, (list, tuple)) else []


def _check_in(one: CheckIn) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "due_at": iso(one.due_at),
        "local": one.wall_time,
        "timezone": one.zone,
        "status": one.status.value,
        "asked_at": iso(one.asked_at) if one.asked_at else None,
    }


def _measure(one: Measure) -> dict[str, object]:
    return {"name": one.name, "value": one.value, "at": iso(one.at)}


def _trend(one: TrendView) -> dict[str, object]:
    return {
        "measure": one.measure,
        "lower_is_better": one.lower_is_better,
        "baseline": one.baseline.value,
        "best": one.best.value,
        "now": one.now.value,
        "change": one.change,
        "points": [{"day": point.day, "value": point.value, "at": iso(point.at)} for point in one.points],
    }


def _consent(one: Consent) -> dict[str, object]:
    return {"purpose": one.purpose, "granted": one.granted, "version": one.version, "at": iso(one.at)}


def _review(one: Review) -> dict[str, object]:
    return {
        "clinician": one.clinician,
        "decision": one.decision,
        "plan_version": one.plan_version,
        "reason": one.reason,
        "at": iso(one.at),
    }


def _remark(one: Remark) -> dict[str, object]:
    return {
        "clinician": one.clinician,
        "kind": one.kind,
        "text": one.text,
        "at": iso(one.at),
        "message": one.message_seq,
        "flag": one.flag_id,
    }


def _message(one: Message) -> dict[str, object]:
    return {
        "seq": one.seq,
        "from": one.sender,
        "at": iso(one.at),
        "text": one.text,
        "asks": one.asks,
        "kind": one.kind,
        "key": one.key,
        "choices": [choice.label for choice in one.choices],
    }
