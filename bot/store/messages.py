"""Messages: accepted once from the patient, numbered without gaps, read in order by both sides."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.store.addresses import without_address
from bot.store.email_addresses import is_asked_for, note_address
from bot.store.errors import ClientIdReused, ConversationUnknown, MessageRefused, TextTooLong, UnknownChoice
from bot.store.records import Accepted, Delivery, IssuedChoice, Message, PendingInbound, ResolvedChoice
from bot.store.repository import BYTES_OF_A_TOKEN, Repository
from bot.store.rows import message_of
from bot.store.tables import conversations, issued_choices, messages

LONGEST_TEXT = 4000  # characters
LONGEST_CLIENT_ID = 200
MOST_CHOICES = 64


class Messages(Repository):
    """The inbox and the outbox."""

    def accept(
        self,
        conversation_id: str,
        client_id: str,
        text: str | None = None,
        choices: Sequence[str] | None = None,
    ) -> Accepted:
        """Take one message in, durably, and give it the next number.

        The same `client_id` with the same body gives the same number again. Choices must have been
        issued to this conversation; older ones are taken, as corrections. An e-mail address that was asked
        for is kept apart, and stands in no message.
        Raises ConversationUnknown, ClientIdReused, UnknownChoice, TextTooLong or MessageRefused.
        """
        _check_body(client_id, text, choices)
        body_hash = _body_hash(text, choices)
        with self._database.writing() as connection:
            seq = _lock_next_number(connection, conversation_id)
            before = connection.execute(
                select(messages.c.seq, messages.c.body_hash)
                .where(messages.c.conversation_id == conversation_id)
                .where(messages.c.client_id == client_id)
            ).one_or_none()
            if before is not None:
                if before.body_hash != body_hash:
                    raise ClientIdReused("this client id came with another message before")
                return Accepted(before.seq, duplicate=True)
            tapped = _resolve(connection, conversation_id, choices) if choices else ()
            if text is not None:
                text = self._apart_from_address(connection, conversation_id, text)
            connection.execute(
                update(conversations)
                .where(conversations.c.id == conversation_id)
                .values(next_seq=conversations.c.next_seq + 1)
            )
            connection.execute(
                insert(messages).values(
                    conversation_id=conversation_id,
                    seq=seq,
                    sender="patient",
                    at=self._clock(),
                    text=", ".join(choice.label for choice in tapped) if text is None else text,
                    client_id=client_id,
                    body_hash=body_hash,
                    chosen=list(choices) if choices else None,
                    state="received",
                )
            )
        return Accepted(seq, duplicate=False)

    def _apart_from_address(self, connection: Connection, conversation_id: str, text: str) -> str:
        """The message as it is kept: an e-mail address that was asked for goes where no reader of it comes."""
        typed = without_address(text)
        if typed is None or not is_asked_for(connection, conversation_id):
            return text
        if typed.address is not None:
            note_address(
                connection, conversation_id, typed.address, self._clock(), self._new_token(BYTES_OF_A_TOKEN)
            )
        return typed.text

    def pending_conversations(self) -> list[str]:
        """Conversations with messages that no stored turn has answered, longest waiting first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(messages.c.conversation_id)
                .where(messages.c.state == "received")
                .order_by(messages.c.at)
            )
            return list(dict.fromkeys(row.conversation_id for row in rows))

    def next_inbound(self, conversation_id: str) -> PendingInbound | None:
        """The oldest message of this conversation that still waits for its turn."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(messages)
                .where(messages.c.conversation_id == conversation_id)
                .where(messages.c.state == "received")
                .order_by(messages.c.seq)
                .limit(1)
            ).one_or_none()
            if row is None:
                return None
            tapped = _resolve(connection, conversation_id, row.chosen) if row.chosen else ()
        return PendingInbound(
            conversation_id=conversation_id,
            seq=row.seq,
            text=None if row.chosen else row.text,
            choices=tapped,
            at=row.at,
        )

    def messages_after(self, conversation_id: str, seq: int, limit: int = 200) -> list[Message]:
        """Messages of both sides with a number above `seq`, in order."""
        with self._database.reading() as connection:
            return read_messages(connection, conversation_id, messages.c.seq > seq, limit=limit)

    def latest_bot_message(self, conversation_id: str) -> Message | None:
        """The newest thing the bot said."""
        with self._database.reading() as connection:
            return newest_message(connection, conversation_id, messages.c.sender == "bot")

    def newest_inbound(self, conversation_id: str) -> tuple[str, int] | None:
        """Client id and number of the newest message that the patient sent, or None."""
        with self._database.reading() as connection:
            newest = connection.execute(
                select(messages.c.client_id, messages.c.seq)
                .where(messages.c.conversation_id == conversation_id)
                .where(messages.c.sender == "patient")
                .order_by(messages.c.seq.desc())
                .limit(1)
            ).one_or_none()
        return None if newest is None else (newest.client_id, newest.seq)

    def undelivered(self, channel: str, limit: int = 100) -> list[Delivery]:
        """Messages that a channel which sends by itself has not sent yet, in order in each conversation."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(messages, conversations.c.external_id)
                .join(conversations, conversations.c.id == messages.c.conversation_id)
                .where(messages.c.delivery == "pending")
                .where(conversations.c.channel == channel)
                .order_by(messages.c.conversation_id, messages.c.seq)
                .limit(limit)
            ).all()
            choices = _choices_of(connection, [(row.conversation_id, row.seq) for row in rows])
        return [
            Delivery(row.external_id, message_of(row, choices[row.conversation_id, row.seq])) for row in rows
        ]

    def mark_delivered(self, conversation_id: str, seq: int, failed: bool = False) -> None:
        """Note that a message was sent, or with `failed` that it never can be."""
        with self._database.writing() as connection:
            connection.execute(
                update(messages)
                .where(messages.c.conversation_id == conversation_id)
                .where(messages.c.seq == seq)
                .where(messages.c.delivery == "pending")
                .values(delivery="failed" if failed else "sent")
            )


def read_messages(
    connection: Connection, conversation_id: str, *conditions: Any, limit: int | None = None
) -> list[Message]:
    """Messages of one conversation with their choices, by number."""
    rows = connection.execute(
        select(messages)
        .where(messages.c.conversation_id == conversation_id, *conditions)
        .order_by(messages.c.seq)
        .limit(limit)
    ).all()
    choices = _choices_of(connection, [(row.conversation_id, row.seq) for row in rows if row.sender == "bot"])
    return [message_of(row, choices[row.conversation_id, row.seq]) for row in rows]


def newest_message(connection: Connection, conversation_id: str, condition: Any) -> Message | None:
    """The newest message of one conversation that meets the condition."""
    row = connection.execute(
        select(messages)
        .where(messages.c.conversation_id == conversation_id, condition)
        .order_by(messages.c.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return message_of(row, _choices_of(connection, [(conversation_id, row.seq)])[conversation_id, row.seq])


def _check_body(client_id: str, text: str | None, choices: Sequence[str] | None) -> None:
    if not 0 < len(client_id) <= LONGEST_CLIENT_ID:
        raise MessageRefused(f"a client id has 1 to {LONGEST_CLIENT_ID} characters")
    if (text is None) == (not choices):
        raise MessageRefused("a message is either text or choices")
    if text is not None and not text.strip():
        raise MessageRefused("a message cannot be empty")
    if text is not None and len(text) > LONGEST_TEXT:
        raise TextTooLong(LONGEST_TEXT)
    if choices and len(choices) > MOST_CHOICES:
        raise MessageRefused(f"a message may have at most {MOST_CHOICES} choices")


def _body_hash(text: str | None, choices: Sequence[str] | None) -> str:
    body = json.dumps({"text": text, "choices": list(choices or ())}, sort_keys=True)
    return hashlib.sha256(body.encode("ascii")).hexdigest()


def _lock_next_number(connection: Connection, conversation_id: str) -> int:
    # On SQLite the write transaction itself is the lock.
    following = connection.execute(
        select(conversations.c.next_seq).where(conversations.c.id == conversation_id).with_for_update()
    ).scalar_one_or_none()
    if following is None:
        raise ConversationUnknown(conversation_id)
    return int(following)


def _resolve(
    connection: Connection, conversation_id: str, choice_ids: Sequence[str]
) -> tuple[ResolvedChoice, ...]:
    rows = connection.execute(
        select(issued_choices)
        .where(issued_choices.c.id.in_(list(choice_ids)))
        .where(issued_choices.c.conversation_id == conversation_id)
    )
    found = {
        row.id: ResolvedChoice(row.id, row.field, row.value, row.label, asked_seq=row.seq) for row in rows
    }
    if not found.keys() >= set(choice_ids):
        raise UnknownChoice("a choice was not issued to this conversation")
    return tuple(found[each] for each in dict.fromkeys(choice_ids))


def _choices_of(
    connection: Connection, keys: list[tuple[str, int]]
) -> defaultdict[tuple[str, int], tuple[IssuedChoice, ...]]:
    choices: defaultdict[tuple[str, int], tuple[IssuedChoice, ...]] = defaultdict(tuple)
    if not keys:
        return choices
    numbers = [seq for _, seq in keys]
    rows = connection.execute(
        select(issued_choices)
        .where(issued_choices.c.conversation_id.in_({conversation_id for conversation_id, _ in keys}))
        .where(issued_choices.c.seq.between(min(numbers), max(numbers)))
        .order_by(issued_choices.c.conversation_id, issued_choices.c.seq, issued_choices.c.position)
    )
    for row in rows:
        choices[row.conversation_id, row.seq] += (IssuedChoice(row.id, row.label),)
    return choices
