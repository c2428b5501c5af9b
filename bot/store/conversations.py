"""Conversations: opened with a secret token, found again by it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.store.errors import ConversationUnknown
from bot.store.records import Conversation
from bot.store.repository import BYTES_OF_A_TOKEN, Repository, hash_of_token
from bot.store.rows import conversation_of
from bot.store.tables import conversations, patients
from bot.store.zones import is_known_zone

MINUTE_ZERO_COUNTERS = {"version": 0, "next_seq": 1, "next_event": 0, "session": 0}


class Conversations(Repository):
    """Opens conversations and recognises who may continue them."""

    def open_conversation(
        self,
        channel: str,
        external_id: str | None = None,
        timezone: str | None = None,
        locale: str | None = None,
    ) -> tuple[Conversation, str]:
        """A new conversation with a new patient, and the token (256 random bits) that continues it.

        For an `external_id` that the channel has opened before, the same conversation with a fresh
        token; the token before it stops working. A time zone that is not known here is not kept.
        """
        token = self._new_token(BYTES_OF_A_TOKEN)
        values = {
            "id": self._new_id(),
            "patient_id": self._new_id(),
            "channel": channel,
            "external_id": external_id,
            "token_hash": hash_of_token(token),
            "timezone": timezone if is_known_zone(timezone) else None,
            "locale": locale,
            "country": None,
            "created_at": self._clock(),
            **MINUTE_ZERO_COUNTERS,
        }
        with self._database.writing() as connection:
            if external_id is None:
                _insert(connection, values)
            elif not _renew(connection, values):
                try:
                    with connection.begin_nested():
                        _insert(connection, values)
                except IntegrityError:
                    # Another process opened it between our look and our insert.
                    _renew(connection, values)
            row = connection.execute(
                select(conversations).where(conversations.c.token_hash == values["token_hash"])
            ).one()
        return conversation_of(row), token

    def conversation_for_token(self, token: str) -> Conversation | None:
        """Whose token this is, or None."""
        return self._one(conversations.c.token_hash == hash_of_token(token))

    def conversation_for_external(self, channel: str, external_id: str) -> Conversation | None:
        """The conversation with this id on the channel's side, or None."""
        return self._one((conversations.c.channel == channel) & (conversations.c.external_id == external_id))

    def conversation(self, conversation_id: str) -> Conversation:
        """Raises ConversationUnknown."""
        found = self._one(conversations.c.id == conversation_id)
        if found is None:
            raise ConversationUnknown(conversation_id)
        return found

    def _one(self, condition: Any) -> Conversation | None:
        with self._database.reading() as connection:
            row = connection.execute(select(conversations).where(condition)).one_or_none()
        return conversation_of(row) if row else None


def _insert(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(insert(patients).values(id=values["patient_id"], created_at=values["created_at"]))
    connection.execute(insert(conversations).values(**values))


def _renew(connection: Connection, values: dict[str, Any]) -> bool:
    renewed = connection.execute(
        update(conversations)
        .where(conversations.c.channel == values["channel"])
        .where(conversations.c.external_id == values["external_id"])
        .values(token_hash=values["token_hash"])
    )
    return bool(renewed.rowcount)
