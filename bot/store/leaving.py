"""Leaving: a patient has everything deleted, and the chat goes on as if nobody had been there before."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.engine import Connection

from bot.store.audit import append_audit
from bot.store.commits import take_its_turn, write_messages
from bot.store.records import FAREWELL_KEY
from bot.store.tables import conversations, messages, patients
from bot.store.turn import Turn

ACTOR, ACTION = "patient", "erase"


def erase_and_begin_anew(connection: Connection, turn: Turn, new_id: Callable[[], str], now: datetime) -> str:
    """Erase the patient of the turn, and open an empty conversation in the same chat; gives its id.

    The secret and the address of the chat stay, so that the patient reads the last word and may begin
    again, and the numbers of the messages go on. Words that wait for their turn come over: they may be
    about danger. Raises as `commit_turn` does.
    """
    row = take_its_turn(connection, turn)
    waiting = _words_that_wait(connection, turn)
    connection.execute(delete(patients).where(patients.c.id == row.patient_id))
    append_audit(connection, now, ACTOR, ACTION, row.patient_id)
    begun, patient = new_id(), new_id()
    connection.execute(insert(patients).values(id=patient, created_at=now))
    connection.execute(
        insert(conversations).values(
            id=begun,
            patient_id=patient,
            created_at=now,
            version=0,
            next_seq=row.next_seq + len(turn.pending.messages),
            next_event=0,
            session=0,
            **{
                name: getattr(row, name)
                for name in ("channel", "external_id", "token_hash", "timezone", "locale", "country")
            },
        )
    )
    for each in waiting:
        connection.execute(insert(messages).values(**{**each, "conversation_id": begun}))
    anew = dataclasses.replace(turn.conversation, id=begun)
    write_messages(connection, anew, turn.pending.messages, row.next_seq, turn.now)
    return begun


def forget_who_left(connection: Connection, before: datetime) -> int:
    """Delete the empty conversations of those who left before then and did not come back; how many."""
    said = select(messages.c.conversation_id).where(messages.c.conversation_id == conversations.c.id)
    gone = (
        select(conversations.c.patient_id)
        .where(conversations.c.version == 0)
        .where(conversations.c.created_at < before)
        .where(exists(said.where(messages.c.key == FAREWELL_KEY)))
        .where(~exists(said.where(messages.c.delivery == "pending")))
        .where(~exists(said.where(messages.c.state == "received")))
    )
    return int(connection.execute(delete(patients).where(patients.c.id.in_(gone))).rowcount)


def _words_that_wait(connection: Connection, turn: Turn) -> list[dict[str, Any]]:
    """Typed messages that no turn has answered. A tap that waits goes with the question it answers."""
    rows = connection.execute(
        select(messages)
        .where(messages.c.conversation_id == turn.conversation.id)
        .where(messages.c.state == "received")
        .order_by(messages.c.seq)
    )
    return [dict(row._mapping) for row in rows if not row.chosen]
