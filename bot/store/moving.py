"""Moving: a one-time token takes a conversation to another device, or to a chat on another channel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.store.commits import lock_conversation
from bot.store.errors import ChatInUse, MoveTokenInvalid
from bot.store.records import Conversation, Told
from bot.store.repository import BYTES_OF_A_TOKEN, Repository, hash_of_token
from bot.store.rows import conversation_of
from bot.store.tables import conversations, episodes, messages, move_tokens
from bot.store.zones import is_known_zone


class Moving(Repository):
    """Issues move tokens and redeems them."""

    def issue_move_token(self, conversation_id: str, valid: timedelta = timedelta(minutes=15)) -> str:
        """A token (256 random bits) that moves this conversation once. Raises ConversationUnknown.

        43 characters of the alphabet of a Telegram deep link, which may have 64.
        """
        token = self._new_token(BYTES_OF_A_TOKEN)
        with self._database.writing() as connection:
            lock_conversation(connection, conversation_id)
            now = self._clock()
            connection.execute(
                insert(move_tokens).values(
                    token_hash=hash_of_token(token),
                    conversation_id=conversation_id,
                    created_at=now,
                    expires_at=now + valid,
                )
            )
        return token

    def move_conversation(
        self,
        token: str,
        channel: str,
        external_id: str,
        foreword: str,
        key: str,
        welcome: Told | None = None,
    ) -> Conversation:
        """Give the token's conversation this address, and use the token up. `foreword` is said there first.

        `welcome` is said instead where no word was spoken yet, as after an invitation: then the version
        of what comes back is 1, and somebody has to begin.

        A conversation at that address gives way while nothing clinical was asked in it; what it still
        had to send is given up. Raises MoveTokenInvalid, or ChatInUse, which leaves the token valid.
        """
        with self._database.writing() as connection:
            found = connection.execute(
                select(move_tokens.c.conversation_id).where(move_tokens.c.token_hash == hash_of_token(token))
            ).scalar_one_or_none()
            if found is None:
                raise MoveTokenInvalid("no such token")
            there = connection.execute(
                select(conversations.c.id)
                .where(conversations.c.channel == channel)
                .where(conversations.c.external_id == external_id)
            ).scalar_one_or_none()
            # In the order of ids, as an erasure locks them, so that nobody waits in a circle.
            locked = {each: lock_conversation(connection, each) for each in sorted({found, there or found})}
            self._use_up(connection, token)
            if there is not None and there != found:
                _give_way(connection, there)
            _settle(connection, locked[found], channel, external_id)
            if welcome is not None and not locked[found].version:
                foreword, key = welcome.text, welcome.key
            _say_first(connection, locked[found], foreword, key, self._clock())
            row = connection.execute(select(conversations).where(conversations.c.id == found)).one()
        return conversation_of(row)

    def renew_token(self, move_token: str, timezone: str | None = None) -> tuple[Conversation, str]:
        """The conversation with a fresh token, and the move token used up; the token before stops working.

        `timezone` is kept where none was known, unless nobody knows it here. Raises MoveTokenInvalid.
        """
        token = self._new_token(BYTES_OF_A_TOKEN)
        with self._database.writing() as connection:
            found = connection.execute(
                select(move_tokens.c.conversation_id).where(
                    move_tokens.c.token_hash == hash_of_token(move_token)
                )
            ).scalar_one_or_none()
            if found is None:
                raise MoveTokenInvalid("no such token")
            before = lock_conversation(connection, found)
            self._use_up(connection, move_token)
            zone = before.timezone or (timezone if is_known_zone(timezone) else None)
            connection.execute(
                update(conversations)
                .where(conversations.c.id == found)
                .values(token_hash=hash_of_token(token), timezone=zone)
            )
            row = connection.execute(select(conversations).where(conversations.c.id == found)).one()
        return conversation_of(row), token

    def _use_up(self, connection: Connection, token: str) -> None:
        now = self._clock()
        used = connection.execute(
            update(move_tokens)
            .where(move_tokens.c.token_hash == hash_of_token(token))
            .where(move_tokens.c.used_at.is_(None))
            .where(move_tokens.c.expires_at > now)
            .values(used_at=now)
        )
        if not used.rowcount:
            raise MoveTokenInvalid("the token was used, or its time is over")


def _give_way(connection: Connection, conversation_id: str) -> None:
    statuses = connection.execute(
        select(episodes.c.status).where(episodes.c.conversation_id == conversation_id)
    ).scalars()
    if any(status not in {"consent", "declined"} for status in statuses):
        raise ChatInUse(conversation_id)
    connection.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(external_id=None)
    )
    connection.execute(
        update(messages)
        .where(messages.c.conversation_id == conversation_id)
        .where(messages.c.delivery == "pending")
        .values(delivery="failed")
    )


def _settle(connection: Connection, row: Any, channel: str, external_id: str) -> None:
    # A turn that began before the move would send its answers to the old address: it must be played again.
    connection.execute(
        update(conversations)
        .where(conversations.c.id == row.id)
        .values(channel=channel, external_id=external_id, next_seq=row.next_seq + 1, version=row.version + 1)
    )


def _say_first(connection: Connection, row: Any, text: str, key: str, at: Any) -> None:
    connection.execute(
        insert(messages).values(
            conversation_id=row.id,
            seq=row.next_seq,
            sender="bot",
            at=at,
            text=text,
            kind="info",
            key=key,
            delivery="pending",
        )
    )
