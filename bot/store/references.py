"""A clinic's own reference for a patient: bound by an invitation, or linked to a case later."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, select, update

from bot.store.conversations import MINUTE_ZERO_COUNTERS
from bot.store.errors import EpisodeUnknown, ReferenceInvalid
from bot.store.records import Invitation
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


def checked_reference(reference: str) -> str:
    """The reference without the space around it. Raises ReferenceInvalid, which does not repeat it."""
    label = " ".join(reference.split())
    if not label or len(label) > LONGEST_REFERENCE or not label.isprintable():
        raise ReferenceInvalid(f"a reference is 1 to {LONGEST_REFERENCE} characters on one line")
    return label
