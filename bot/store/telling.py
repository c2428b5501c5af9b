"""Telling a patient something outside a turn: outbox rows, numbered under the conversation's lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.engine import Connection

from bot.store.commits import lock_conversation, write_messages
from bot.store.drafts import MessageDraft
from bot.store.emails import queue_answer
from bot.store.records import Told
from bot.store.repository import Repository
from bot.store.rows import conversation_of
from bot.store.tables import conversations


class Telling(Repository):
    """Messages that no patient's message led to."""

    def tell(self, conversation_id: str, messages: Sequence[Told]) -> tuple[int, ...]:
        """Put messages into the outbox of the channel that the patient uses; gives their numbers.

        Raises ConversationUnknown.
        """
        now = self._clock()
        with self._database.writing() as connection:
            return tell(connection, conversation_id, messages, now)


def tell(
    connection: Connection, conversation_id: str, messages: Sequence[Told], at: datetime
) -> tuple[int, ...]:
    """The same inside a transaction, so that a decision and its message are stored together."""
    row = lock_conversation(connection, conversation_id)
    drafts = [MessageDraft(one.text, one.kind, None, None, (), one.key, None) for one in messages]
    write_messages(connection, conversation_of(row), drafts, row.next_seq, at)
    connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(next_seq=row.next_seq + len(drafts))
    )
    queue_answer(connection, conversation_id, row.next_seq, at)
    return tuple(range(row.next_seq, row.next_seq + len(drafts)))
