"""Reading: what a turn begins with, and an episode with its facts."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.engine import Connection

from bot.clinical.urgency import Urgency
from bot.store.check_ins import check_ins_of, open_check_in
from bot.store.drafts import EpisodeState, Snapshot, StoredFact
from bot.store.email_addresses import address_of
from bot.store.errors import ConversationUnknown
from bot.store.messages import newest_message
from bot.store.plans import first_planned_at, latest_plan
from bot.store.records import Consent, EmailKind, JsonObject, Kept, PendingInbound, ReminderAddress
from bot.store.rows import consent_of, conversation_of, episode_of, fact_of
from bot.store.tables import (
    consents,
    conversations,
    emails,
    episodes,
    facts,
    flags,
    messages,
    remarks,
    reviews,
    tracker_events,
)

_DANGER = (Urgency.EMERGENCY_NOW.value, Urgency.SAME_DAY.value)


def read_snapshot(
    connection: Connection, conversation_id: str, inbound: PendingInbound | None, now: datetime
) -> Snapshot:
    """Everything a turn of this conversation starts from; raises ConversationUnknown."""
    row = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).one_or_none()
    if row is None:
        raise ConversationUnknown(conversation_id)
    decisions = consent_history(connection, row.patient_id)
    return Snapshot(
        conversation=conversation_of(row),
        episode=_newest_episode(connection, conversation_id),
        consents={decision.purpose: decision.granted for decision in decisions},
        inbound=inbound,
        last_question=newest_message(connection, conversation_id, messages.c.kind == "question"),
        check_in=open_check_in(connection, conversation_id),
        tracker_events=_events(connection, conversation_id, row.session),
        now=now,
        last_heard_at=last_heard_at(connection, conversation_id),
        email=_email(connection, row, now),
        kept=_kept(connection, row.patient_id),
        answers_clinician=inbound is not None and _clinician_asked_last(connection, conversation_id),
    )


def _email(connection: Connection, row: Any, now: datetime) -> ReminderAddress | None:
    known = address_of(connection, row.patient_id)
    if known is None:
        return None
    lately = connection.execute(
        select(func.count())
        .select_from(emails)
        .where(emails.c.conversation_id == row.id)
        .where(emails.c.kind == EmailKind.CODE.value)
        .where(emails.c.created_at > now - timedelta(days=1))
    ).scalar_one()
    return dataclasses.replace(known, codes_lately=lately)


def episode_state(connection: Connection, row: Any) -> EpisodeState:
    """The episode of this row, with its fact history and its latest plan."""
    history = [
        StoredFact(fact.n, fact_of(fact), fact.retracts)
        for fact in connection.execute(select(facts).where(facts.c.episode_id == row.id).order_by(facts.c.n))
    ]
    return EpisodeState(
        episode=episode_of(row),
        number=row.number,
        findings=list(row.findings),
        asked=dict(row.asked),
        skipped=set(row.skipped),
        history=history,
        latest_plan=latest_plan(connection, row.id),
        first_planned_at=first_planned_at(connection, row.id),
        check_ins=list(check_ins_of(connection, row.id)),
        next_fact=len(history),
        stored_facts=len(history),
    )


def consent_history(connection: Connection, patient_id: str) -> list[Consent]:
    """Every decision of the patient, oldest first."""
    rows = connection.execute(
        select(consents).where(consents.c.patient_id == patient_id).order_by(consents.c.n)
    )
    return [consent_of(row) for row in rows]


def _newest_episode(connection: Connection, conversation_id: str) -> EpisodeState | None:
    row = connection.execute(
        select(episodes)
        .where(episodes.c.conversation_id == conversation_id)
        .order_by(episodes.c.number.desc())
        .limit(1)
    ).one_or_none()
    return episode_state(connection, row) if row else None


def _events(connection: Connection, conversation_id: str, session: int) -> list[JsonObject]:
    rows = connection.execute(
        select(tracker_events.c.event)
        .where(tracker_events.c.conversation_id == conversation_id)
        .where(tracker_events.c.session == session)
        .order_by(tracker_events.c.n)
    )
    return [row.event for row in rows]


def _kept(connection: Connection, patient_id: str) -> Kept | None:
    """Why what is stored about the patient cannot go at the patient's own word."""
    mine = select(episodes.c.id).where(episodes.c.patient_id == patient_id)
    worked_on = or_(
        exists().where(reviews.c.episode_id.in_(mine)), exists().where(remarks.c.episode_id.in_(mine))
    )
    in_danger = or_(
        exists().where(episodes.c.patient_id == patient_id).where(episodes.c.triage.in_(_DANGER)),
        exists()
        .where(flags.c.episode_id.in_(mine))
        .where(flags.c.status == "open")
        .where(flags.c.severity.in_(_DANGER)),
    )
    found = connection.execute(select(worked_on.label("worked_on"), in_danger.label("in_danger"))).one()
    if found.worked_on:
        return Kept.REVIEWED
    return Kept.DANGER if found.in_danger else None


def _clinician_asked_last(connection: Connection, conversation_id: str) -> bool:
    newest = select(func.max(messages.c.seq)).where(
        messages.c.conversation_id == conversation_id, messages.c.sender == "bot"
    )
    asked = (
        select(remarks.c.id)
        .join(episodes, episodes.c.id == remarks.c.episode_id)
        .where(episodes.c.conversation_id == conversation_id)
        .where(remarks.c.kind == "question")
        .where(remarks.c.message_seq == newest.scalar_subquery())
    )
    return connection.execute(asked).first() is not None


def last_heard_at(connection: Connection, conversation_id: str) -> datetime | None:
    """When the patient last wrote or tapped."""
    newest = select(func.max(messages.c.seq)).where(
        messages.c.conversation_id == conversation_id, messages.c.sender == "patient"
    )
    return connection.execute(
        select(messages.c.at)
        .where(messages.c.conversation_id == conversation_id)
        .where(messages.c.seq == newest.scalar_subquery())
    ).scalar_one_or_none()
