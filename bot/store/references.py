"""A clinic's own reference for a patient: bound by an invitation, or linked to a case later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, insert, select, update

from bot.store.commits import lock_conversation
from bot.store.conversations import MINUTE_ZERO_COUNTERS
from bot.store.episodes import listed
from bot.store.errors import ConversationUnknown, EpisodeUnknown, ReferenceInvalid
from bot.store.records import EpisodeRow, Invitation, WaitingInvitation
from bot.store.repository import BYTES_OF_A_TOKEN, Repository, hash_of_token
from bot.store.tables import conversations, episodes, move_tokens, patients

#: in characters; long enough for any record number, and short enough to be no place for notes
LONGEST_REFERENCE = 64


class References(Repository):
    """Invites patients and says which cases are of one person."""

    def invite(self, reference: str, valid: timedelta = timedelta(days=14)) -> Invitation:
        """A chat that waits for the person whom the clinic calls `reference`, and the token that opens it once.

        The token is a move token: a link of the web chat takes it, and so does a Telegram deep link. Raises
        ReferenceInvalid.
        """
        label, now = checked_reference(reference), self._clock()
        patient, conversation = self._new_id(), self._new_id()
        token, unused = self._new_token(BYTES_OF_A_TOKEN), self._new_token(BYTES_OF_A_TOKEN)
        with self._database.writing() as connection:
            connection.execute(insert(patients).values(id=patient, created_at=now, reference=label))
            connection.execute(
                insert(conversations).values(
                    id=conversation,
                    patient_id=patient,
                    channel="web",
                    # Nobody holds this one: the move token brings the first.
                    token_hash=hash_of_token(unused),
                    created_at=now,
                    **MINUTE_ZERO_COUNTERS,
                )
            )
            connection.execute(
                insert(move_tokens).values(
                    token_hash=hash_of_token(token),
                    conversation_id=conversation,
                    created_at=now,
                    expires_at=now + valid,
                )
            )
        return Invitation(label, conversation, token, now + valid)

    def waiting_invitations(self, limit: int = 200) -> list[WaitingInvitation]:
        """Invitations that nobody has used, the newest first; those past their time are still among them."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(
                    patients.c.reference,
                    move_tokens.c.conversation_id,
                    move_tokens.c.created_at,
                    move_tokens.c.expires_at,
                )
                .select_from(move_tokens)
                .join(conversations, conversations.c.id == move_tokens.c.conversation_id)
                .join(patients, patients.c.id == conversations.c.patient_id)
                .where(*_nobody_came())
                .order_by(move_tokens.c.created_at.desc(), move_tokens.c.conversation_id)
                .limit(limit)
            )
            return [
                WaitingInvitation(row.reference, row.conversation_id, row.created_at, row.expires_at)
                for row in rows
            ]

    def withdraw_invitation(self, conversation_id: str) -> bool:
        """End an invitation that nobody has used, and forget its reference; False when there is none such.

        Who came by the link meanwhile keeps the chat.
        """
        with self._database.writing() as connection:
            try:
                chat = lock_conversation(connection, conversation_id)
            except ConversationUnknown:
                return False
            waits = connection.execute(
                select(conversations.c.id)
                .join(move_tokens, move_tokens.c.conversation_id == conversations.c.id)
                .join(patients, patients.c.id == conversations.c.patient_id)
                .where(conversations.c.id == conversation_id)
                .where(*_nobody_came())
            ).first()
            if waits is None:
                return False
            connection.execute(delete(patients).where(patients.c.id == chat.patient_id))
        return True

    def link_reference(self, episode_id: str, reference: str | None) -> None:
        """Label the patient of this case as the clinic does; None takes the label away.

        Raises EpisodeUnknown, ReferenceInvalid.
        """
        label = checked_reference(reference) if reference is not None else None
        with self._database.writing() as connection:
            patient = connection.execute(
                select(episodes.c.patient_id).where(episodes.c.id == episode_id)
            ).scalar_one_or_none()
            if patient is None:
                raise EpisodeUnknown(episode_id)
            connection.execute(update(patients).where(patients.c.id == patient).values(reference=label))

    def cases_of_the_same_person(self, episode_id: str) -> tuple[str, ...]:
        """The other cases of this patient or of this reference, the newest first."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(patients.c.id, patients.c.reference)
                .join(episodes, episodes.c.patient_id == patients.c.id)
                .where(episodes.c.id == episode_id)
            ).one_or_none()
            if row is None:
                return ()
            same = patients.c.id == row.id
            if row.reference is not None:
                same = same | (patients.c.reference == row.reference)
            found = connection.execute(
                select(episodes.c.id)
                .join(patients, episodes.c.patient_id == patients.c.id)
                .where(same)
                .where(episodes.c.id != episode_id)
                .order_by(episodes.c.started_at.desc(), episodes.c.id)
            )
            return tuple(found.scalars())

    def episode_rows(self, episode_ids: tuple[str, ...]) -> list[EpisodeRow]:
        """What the list shows of these cases, in this order; those that are gone are left out."""
        if not episode_ids:
            return []
        with self._database.reading() as connection:
            rows = {row.episode: row for row in listed(connection, episode_ids)}
        return [rows[one] for one in episode_ids if one in rows]


def _nobody_came() -> tuple[Any, ...]:
    """What is true of a conversation, its patient and its token while an invitation waits."""
    other = move_tokens.alias()
    came_before = exists().where(other.c.conversation_id == conversations.c.id, other.c.used_at.is_not(None))
    return (
        patients.c.reference.is_not(None),
        move_tokens.c.used_at.is_(None),
        conversations.c.version == MINUTE_ZERO_COUNTERS["version"],
        conversations.c.next_seq == MINUTE_ZERO_COUNTERS["next_seq"],
        ~came_before,
    )


def checked_reference(reference: str) -> str:
    """The reference without the space around it. Raises ReferenceInvalid, which does not repeat it."""
    label = " ".join(reference.split())
    if not label or len(label) > LONGEST_REFERENCE or not label.isprintable():
        raise ReferenceInvalid(f"a reference is 1 to {LONGEST_REFERENCE} characters on one line")
    return label
