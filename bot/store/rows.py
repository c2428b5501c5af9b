"""Rows as records: the one place where a column becomes an attribute."""

from __future__ import annotations

from typing import Any

from bot.store.records import (
    AuditRow,
    CheckIn,
    CheckInStatus,
    Clinician,
    Consent,
    Conversation,
    Episode,
    FactRecord,
    Flag,
    IssuedChoice,
    Message,
    PlanRecord,
    Remark,
    Review,
)


def conversation_of(row: Any) -> Conversation:
    return Conversation(
        id=row.id,
        patient_id=row.patient_id,
        channel=row.channel,
        timezone=row.timezone,
        locale=row.locale,
        country=row.country,
        created_at=row.created_at,
        version=row.version,
    )


def message_of(row: Any, choices: tuple[IssuedChoice, ...] = ()) -> Message:
    return Message(
        conversation_id=row.conversation_id,
        seq=row.seq,
        sender=row.sender,
        at=row.at,
        text=row.text,
        asks=row.asks,
        input=row.input,
        choices=choices,
        kind=row.kind or "info",
        key=row.key,
        metadata=row.metadata,
    )


def episode_of(row: Any) -> Episode:
    return Episode(
        id=row.id,
        conversation_id=row.conversation_id,
        patient_id=row.patient_id,
        status=row.status,
        triage=row.triage,
        flags=tuple(row.flags),
        started_at=row.started_at,
        updated_at=row.updated_at,
    )


def fact_of(row: Any) -> FactRecord:
    return FactRecord(
        field=row.field,
        value=row.value,
        words=row.words,
        at=row.at,
        message_seq=row.message_seq,
        source=row.source,
        restricted=row.restricted,
    )


def consent_of(row: Any) -> Consent:
    return Consent(purpose=row.purpose, granted=row.granted, version=row.version, at=row.at)


def plan_of(row: Any) -> PlanRecord:
    return PlanRecord(
        version=row.version, status=row.status, assessment=row.assessment, created_at=row.created_at
    )


def check_in_of(row: Any) -> CheckIn:
    return CheckIn(
        id=row.id,
        episode_id=row.episode_id,
        conversation_id=row.conversation_id,
        kind=row.kind,
        due_at=row.due_at,
        wall_time=row.wall_time,
        zone=row.zone,
        status=CheckInStatus(row.status),
        attempts=row.attempts,
        lease_until=row.lease_until,
        fence=row.fence,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        notes=row.notes or {},
    )


def flag_of(row: Any) -> Flag:
    return Flag(
        id=row.id,
        episode_id=row.episode_id,
        code=row.code,
        severity=row.severity,
        reason=row.reason,
        rule=row.rule,
        status=row.status,
        raised_at=row.raised_at,
    )


def review_of(row: Any) -> Review:
    return Review(
        id=row.id,
        episode_id=row.episode_id,
        plan_version=row.plan_version,
        clinician_id=row.clinician_id,
        clinician=row.name,
        decision=row.decision,
        reason=row.reason,
        at=row.at,
    )


def remark_of(row: Any) -> Remark:
    return Remark(
        id=row.id,
        episode_id=row.episode_id,
        clinician_id=row.clinician_id,
        clinician=row.name,
        kind=row.kind,
        text=row.text,
        at=row.at,
        message_seq=row.message_seq,
        flag_id=row.flag_id,
    )


def clinician_of(row: Any) -> Clinician:
    return Clinician(
        id=row.id,
        name=row.name,
        password_hash=row.password_hash,
        disabled=row.disabled_at is not None,
        created_at=row.created_at,
        role=row.role,
        has_second_factor=row.second_factor is not None,
    )


def audit_row_of(row: Any) -> AuditRow:
    return AuditRow(
        n=row.n, at=row.at, actor=row.actor, action=row.action, subject=row.subject, hash=row.hash
    )
