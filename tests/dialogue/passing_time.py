"""Time that passes in a conversation, for the store and for the dialogue engine alike."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from bot.store import Database
from bot.store.tables import messages, tracker_events


def let_pass(database: Database, conversation: str, time: timedelta) -> None:
    """Let everything that was said have been said that much earlier."""
    with database.writing() as connection:
        for row in connection.execute(
            select(tracker_events).where(tracker_events.c.conversation_id == conversation)
        ).all():
            ts = row.event["timestamp"] - time.total_seconds()
            connection.execute(
                update(tracker_events)
                .where(tracker_events.c.conversation_id == conversation, tracker_events.c.n == row.n)
                .values(ts=ts, event={**row.event, "timestamp": ts})
            )
        for row in connection.execute(
            select(messages.c.seq, messages.c.at).where(messages.c.conversation_id == conversation)
        ).all():
            connection.execute(
                update(messages)
                .where(messages.c.conversation_id == conversation, messages.c.seq == row.seq)
                .values(at=row.at - time)
            )
