"""Sending: one server at a time sends into a chat, in order, and remembers how far it got."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.clinical.urgency import Urgency
from bot.store.commits import lock_conversation
from bot.store.drafts import FlagDraft
from bot.store.flags import raise_flags
from bot.store.messages import read_messages
from bot.store.records import Delivery
from bot.store.repository import Repository
from bot.store.tables import chats, conversations, episodes, messages

UNREACHABLE = "UNREACHABLE"


class Outbox(Repository):
    """What a channel that sends by itself works from."""

    def waiting_chats(self, channel: str) -> list[str]:
        """Conversations with messages that are not sent yet, longest waiting first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(messages.c.conversation_id)
                .join(conversations, conversations.c.id == messages.c.conversation_id)
                .where(messages.c.delivery == "pending")
                .where(conversations.c.channel == channel)
                .order_by(messages.c.at, messages.c.seq)
            )
            return list(dict.fromkeys(row.conversation_id for row in rows))

    def claim_chat(self, conversation_id: str, owner: str, lease: timedelta) -> bool:
        """Take or renew the right to send into this chat for the time of `lease`.

        False while another owner holds it. Raises ConversationUnknown.
        """
        with self._database.writing() as connection:
            lock_conversation(connection, conversation_id)
            now = self._clock()
            row = _chat(connection, conversation_id)
            if row.lease_owner not in (None, owner) and row.lease_until > now:
                return False
            _change(connection, conversation_id, lease_owner=owner, lease_until=now + lease)
        return True

    def release_chat(self, conversation_id: str, owner: str) -> None:
        """Give the right back, if it is still held."""
        with self._database.writing() as connection:
            connection.execute(
                update(chats)
                .where(chats.c.conversation_id == conversation_id)
                .where(chats.c.lease_owner == owner)
                .values(lease_owner=None, lease_until=None)
            )

    def next_delivery(self, conversation_id: str) -> Delivery | None:
        """The oldest message of this conversation that is not sent yet, and how much of it is out."""
        with self._database.reading() as connection:
            pending = read_messages(connection, conversation_id, messages.c.delivery == "pending", limit=1)
            if not pending:
                return None
            address = connection.execute(
                select(conversations.c.external_id).where(conversations.c.id == conversation_id)
            ).scalar_one()
            chat = connection.execute(
                select(chats).where(chats.c.conversation_id == conversation_id)
            ).one_or_none()
        [message] = pending
        begun = chat is not None and chat.part_seq == message.seq
        return Delivery(address, message, parts_sent=chat.parts_sent if begun else 0)

    def note_part_sent(self, conversation_id: str, seq: int, parts: int) -> None:
        """Remember that the first `parts` pieces of a message are out. Raises ConversationUnknown."""
        with self._database.writing() as connection:
            lock_conversation(connection, conversation_id)
            _chat(connection, conversation_id)
            _change(connection, conversation_id, part_seq=seq, parts_sent=parts)

    def mark_unreachable(self, conversation_id: str, reason: str) -> None:
        """Nothing can be sent to this patient: give up what waits, and raise a flag for the clinician.

        `reason` is shown to the clinician and holds nothing that the patient wrote. Raises ConversationUnknown.
        """
        with self._database.writing() as connection:
            lock_conversation(connection, conversation_id)
            if _chat(connection, conversation_id).unreachable_since is None:
                _change(connection, conversation_id, unreachable_since=self._clock())
            connection.execute(
                update(messages)
                .where(messages.c.conversation_id == conversation_id)
                .where(messages.c.delivery == "pending")
                .values(delivery="failed")
            )
            self._flag(connection, conversation_id, reason)

    def mark_undeliverable(self, conversation_id: str, seq: int, reason: str) -> None:
        """One message can never be sent: give it up, and tell the clinician. Raises ConversationUnknown."""
        with self._database.writing() as connection:
            lock_conversation(connection, conversation_id)
            connection.execute(
                update(messages)
                .where(messages.c.conversation_id == conversation_id)
                .where(messages.c.seq == seq)
                .where(messages.c.delivery == "pending")
                .values(delivery="failed")
            )
            self._flag(connection, conversation_id, reason)

    def mark_reachable(self, conversation_id: str) -> None:
        """The patient is back: later messages are worth sending again. The flag stays for the clinician."""
        with self._database.writing() as connection:
            _change(connection, conversation_id, unreachable_since=None)

    def is_reachable(self, conversation_id: str) -> bool:
        """False from the moment a channel was told that this patient gets nothing any more."""
        with self._database.reading() as connection:
            since = connection.execute(
                select(chats.c.unreachable_since).where(chats.c.conversation_id == conversation_id)
            ).scalar_one_or_none()
        return since is None

    def _flag(self, connection: Connection, conversation_id: str, reason: str) -> None:
        episode_id = connection.execute(
            select(episodes.c.id)
            .where(episodes.c.conversation_id == conversation_id)
            .order_by(episodes.c.number.desc())
            .limit(1)
        ).scalar_one_or_none()
        if episode_id is not None:
            flag = FlagDraft(episode_id, UNREACHABLE, Urgency.ROUTINE_FLAG.value, reason, rule=UNREACHABLE)
            raise_flags(connection, [flag], self._clock(), self._new_id)


def _chat(connection: Connection, conversation_id: str) -> Any:
    """The row of this chat, made if there is none. The conversation must be locked."""
    this = select(chats).where(chats.c.conversation_id == conversation_id)
    row = connection.execute(this).one_or_none()
    if row is None:
        connection.execute(insert(chats).values(conversation_id=conversation_id, parts_sent=0))
        row = connection.execute(this).one()
    return row


def _change(connection: Connection, conversation_id: str, **values: Any) -> None:
    connection.execute(update(chats).where(chats.c.conversation_id == conversation_id).values(**values))
