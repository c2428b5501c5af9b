"""Writing: everything that a turn collected, inside one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.store.check_ins import cancel_open_check_ins, plan_check_ins, step_check_in, write_begun
from bot.store.drafts import EpisodeState, MessageDraft
from bot.store.email_addresses import change_address
from bot.store.emails import queue_emails
from bot.store.errors import ConversationBusy, ConversationUnknown
from bot.store.flags import raise_flags
from bot.store.plans import write_plans
from bot.store.records import PUSH_CHANNELS, Conversation
from bot.store.tables import (
    consents,
    conversations,
    episodes,
    facts,
    issued_choices,
    messages,
    tracker_events,
)
from bot.store.turn import Turn

SESSION_STARTED = "session_started"


def write_turn(connection: Connection, turn: Turn, new_id: Callable[[], str]) -> None:
    """Write the turn; every error leaves it to the transaction to undo what came before."""
    counters = take_its_turn(connection, turn)
    for state in turn.pending.episodes:
        _write_episode(connection, turn, state)
    _write_consents(connection, turn)
    _write_check_ins(connection, turn, new_id)
    raise_flags(connection, turn.pending.flags, turn.now, new_id)
    for change in turn.pending.email_changes:
        change_address(connection, turn.conversation.patient_id, change)
    queue_emails(connection, turn.conversation.id, turn.pending.emails, counters.next_seq, turn.now, new_id)
    write_messages(connection, turn.conversation, turn.pending.messages, counters.next_seq, turn.now)
    session = _write_events(connection, turn, counters.next_event, counters.session)
    connection.execute(
        update(conversations)
        .where(conversations.c.id == turn.conversation.id)
        .values(
            version=counters.version + 1,
            next_seq=counters.next_seq + len(turn.pending.messages),
            next_event=counters.next_event + len(turn.pending.events),
            session=session,
            timezone=turn.conversation.timezone,
            locale=turn.conversation.locale,
            country=turn.conversation.country,
        )
    )


def take_its_turn(connection: Connection, turn: Turn) -> Any:
    """The conversation's row, locked, with the turn's message marked as answered; raises as `commit_turn` says."""
    counters = lock_conversation(connection, turn.conversation.id)
    if counters.version != turn.conversation.version:
        raise ConversationBusy(turn.conversation.id)
    _mark_answered(connection, turn)
    return counters


def lock_conversation(connection: Connection, conversation_id: str) -> Any:
    """The conversation's row, locked until the transaction ends; raises ConversationUnknown.

    Whoever writes anything of a conversation takes this lock first, so writers never lock each other out.
    """
    row = connection.execute(
        select(conversations).where(conversations.c.id == conversation_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise ConversationUnknown(conversation_id)
    return row


def _mark_answered(connection: Connection, turn: Turn) -> None:
    if turn.inbound is None:
        return
    answered = connection.execute(
        update(messages)
        .where(messages.c.conversation_id == turn.conversation.id)
        .where(messages.c.seq == turn.inbound.seq)
        .where(messages.c.state == "received")
        .values(state="answered")
    )
    if not answered.rowcount:
        raise ConversationBusy(turn.conversation.id)


def _write_episode(connection: Connection, turn: Turn, state: EpisodeState) -> None:
    if not (state.is_new or state.changed):
        return
    episode = state.episode
    values: dict[str, Any] = {
        "status": episode.status,
        "triage": episode.triage,
        "flags": list(episode.flags),
        "findings": state.findings,
        "asked": state.asked,
        "skipped": sorted(state.skipped),
        "updated_at": episode.updated_at,
    }
    if state.is_new or state.waits_anew:
        values["waiting_since"] = turn.now
    if state.is_new:
        values.update(
            id=episode.id,
            conversation_id=episode.conversation_id,
            patient_id=episode.patient_id,
            number=state.number,
            started_at=episode.started_at,
        )
        connection.execute(insert(episodes).values(**values))
    else:
        connection.execute(update(episodes).where(episodes.c.id == episode.id).values(**values))
    _write_facts(connection, state)
    write_plans(connection, episode.id, state.new_plans)


def _write_facts(connection: Connection, state: EpisodeState) -> None:
    new = state.history[state.stored_facts :]
    rows = [
        {
            "episode_id": state.episode.id,
            "n": row.n,
            "field": row.record.field,
            "value": row.record.value,
            "words": row.record.words,
            "at": row.record.at,
            "message_seq": row.record.message_seq,
            "source": row.record.source,
            "restricted": row.record.restricted,
            "retracts": row.retracts,
        }
        for row in new
    ]
    if rows:
        connection.execute(insert(facts), rows)


def _write_consents(connection: Connection, turn: Turn) -> None:
    rows = [
        {
            "patient_id": turn.conversation.patient_id,
            "purpose": decision.purpose,
            "granted": decision.granted,
            "version": decision.version,
            "at": decision.at,
            "message_seq": turn.inbound.seq if turn.inbound else None,
        }
        for decision in turn.pending.consents
    ]
    if rows:
        connection.execute(insert(consents), rows)


def _write_check_ins(connection: Connection, turn: Turn, new_id: Callable[[], str]) -> None:
    write_begun(connection, turn.pending.check_ins_begun)
    # What the patient answered in this turn is answered even if the turn then cancels the rest.
    for change in turn.pending.check_in_changes:
        step_check_in(connection, change, turn.now)
    for state in turn.pending.episodes:
        if state.check_ins_cancelled:
            cancel_open_check_ins(connection, state.episode.id, turn.now)
    plan_check_ins(connection, turn.conversation, turn.pending.check_ins, new_id)


def write_messages(
    connection: Connection,
    conversation: Conversation,
    drafts: Sequence[MessageDraft],
    first_seq: int,
    at: datetime,
) -> None:
    """Put messages into the outbox, numbered from `first_seq`; the caller holds the lock and counts on."""
    delivery = "pending" if conversation.channel in PUSH_CHANNELS else None
    rows: list[dict[str, Any]] = []
    choices: list[dict[str, Any]] = []
    for seq, draft in enumerate(drafts, start=first_seq):
        key = {"conversation_id": conversation.id, "seq": seq}
        rows.append(
            {
                **key,
                "sender": "bot",
                "at": at,
                "text": draft.text,
                "kind": draft.kind,
                "asks": draft.asks,
                "input": draft.input,
                "key": draft.key,
                "metadata": draft.metadata,
                "delivery": delivery,
            }
        )
        choices.extend(
            {
                **key,
                "id": choice.id,
                "position": position,
                "field": choice.field,
                "value": choice.value,
                "label": choice.label,
            }
            for position, choice in enumerate(draft.choices)
        )
    if rows:
        connection.execute(insert(messages), rows)
    if choices:
        connection.execute(insert(issued_choices), choices)


def _write_events(connection: Connection, turn: Turn, first: int, session: int) -> int:
    """Write the tracker events; gives the number of the session that is now current."""
    rows = []
    for n, event in enumerate(turn.pending.events, start=first):
        if event["event"] == SESSION_STARTED:
            session += 1
        rows.append(
            {
                "conversation_id": turn.conversation.id,
                "n": n,
                "session": session,
                "type": event["event"],
                "ts": event.get("timestamp"),
                "event": event,
            }
        )
    if rows:
        connection.execute(insert(tracker_events), rows)
    return session
