"""What clinicians add to a case: notes, questions, messages and flags they dealt with; and who saw it when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.store.errors import EpisodeUnknown, FlagUnknown
from bot.store.records import FLAG_STATUSES, REMARKS, Remark, Told
from bot.store.repository import Repository
from bot.store.reviews import locked_episode, name_of_clinician
from bot.store.rows import remark_of
from bot.store.tables import case_views, clinicians, episodes, flags, messages, remarks
from bot.store.telling import tell


class Remarks(Repository):
    """Takes remarks, and remembers who has seen a case."""

    def add_remark(
        self, episode_id: str, clinician_id: str, kind: str, text: str, told: Sequence[Told] = ()
    ) -> Remark:
        """Add a note, or a question or message with what the patient is `told`, all at once.

        Raises EpisodeUnknown, or ClinicianUnknown (also for a disabled account).
        """
        if kind not in REMARKS:
            raise ValueError(f"a remark is one of {', '.join(REMARKS)}")
        now = self._clock()
        with self._database.writing() as connection:
            episode = locked_episode(connection, episode_id)
            name = name_of_clinician(connection, clinician_id)
            seqs = tell(connection, episode.conversation_id, told, now) if told else ()
            return self._insert(
                connection, episode_id, clinician_id, name, kind, text, now, seq=seqs[-1] if seqs else None
            )

    def set_flag(
        self, episode_id: str, flag_id: str, clinician_id: str, status: str, reason: str = ""
    ) -> Remark:
        """Acknowledge a flag, close it, or open it again; who did it and why stays with the case.

        Raises EpisodeUnknown, FlagUnknown, or ClinicianUnknown (also for a disabled account).
        """
        if status not in FLAG_STATUSES:
            raise ValueError(f"a flag is one of {', '.join(FLAG_STATUSES)}")
        now = self._clock()
        with self._database.writing() as connection:
            locked_episode(connection, episode_id)
            name = name_of_clinician(connection, clinician_id)
            changed = connection.execute(
                update(flags)
                .where(flags.c.id == flag_id)
                .where(flags.c.episode_id == episode_id)
                .values(status=status)
            )
            if not changed.rowcount:
                raise FlagUnknown(flag_id)
            text = f"{status}: {reason}" if reason else status
            return self._insert(
                connection, episode_id, clinician_id, name, "flag", text, now, flag_id=flag_id
            )

    def mark_seen(self, episode_id: str, clinician_id: str) -> None:
        """Note that this clinician has the case on the screen now. Raises EpisodeUnknown."""
        now = self._clock()
        with self._database.writing() as connection:
            known = select(episodes.c.id).where(episodes.c.id == episode_id)
            if connection.execute(known).one_or_none() is None:
                raise EpisodeUnknown(episode_id)
            seen = (
                update(case_views)
                .where(case_views.c.clinician_id == clinician_id)
                .where(case_views.c.episode_id == episode_id)
                .values(seen_at=now)
            )
            if connection.execute(seen).rowcount:
                return
            try:
                with connection.begin_nested():
                    connection.execute(
                        insert(case_views).values(
                            clinician_id=clinician_id, episode_id=episode_id, seen_at=now
                        )
                    )
            except IntegrityError:
                # The same page in another tab came first.
                connection.execute(seen)

    def last_seen(self, episode_id: str, clinician_id: str) -> datetime | None:
        """When this clinician last had the case on the screen; None for never."""
        with self._database.reading() as connection:
            at: datetime | None = connection.execute(
                select(case_views.c.seen_at)
                .where(case_views.c.clinician_id == clinician_id)
                .where(case_views.c.episode_id == episode_id)
            ).scalar_one_or_none()
        return at

    def seen_by(self, clinician_id: str) -> Mapping[str, datetime]:
        """episode -> when this clinician last had it on the screen"""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(case_views.c.episode_id, case_views.c.seen_at).where(
                    case_views.c.clinician_id == clinician_id
                )
            )
            return {row.episode_id: row.seen_at for row in rows}

    def _insert(
        self,
        connection: Connection,
        episode_id: str,
        clinician_id: str,
        name: str,
        kind: str,
        text: str,
        at: datetime,
        seq: int | None = None,
        flag_id: str | None = None,
    ) -> Remark:
        remark = Remark(self._new_id(), episode_id, clinician_id, name, kind, text, at, seq, flag_id)
        connection.execute(
            insert(remarks).values(
                id=remark.id,
                episode_id=episode_id,
                clinician_id=clinician_id,
                kind=kind,
                text=text,
                at=at,
                message_seq=seq,
                flag_id=flag_id,
            )
        )
        return remark


def remarks_of(connection: Connection, episode_id: str) -> tuple[Remark, ...]:
    """Every remark on the episode, oldest first."""
    rows = connection.execute(
        select(remarks, clinicians.c.name)
        .join(clinicians, clinicians.c.id == remarks.c.clinician_id)
        .where(remarks.c.episode_id == episode_id)
        .order_by(remarks.c.at, remarks.c.id)
    )
    return tuple(remark_of(row) for row in rows)


def answers_to_clinicians(
    connection: Connection, of: Collection[str] | None = None
) -> Mapping[str, datetime]:
    """episode -> the newest message of the patient after a clinician's question, for those that have one

    `of` narrows it to these episodes.
    """
    asked = (
        select(remarks.c.episode_id, func.min(remarks.c.message_seq).label("seq"))
        .where(remarks.c.kind == "question")
        .group_by(remarks.c.episode_id)
    )
    if of is not None:
        asked = asked.where(remarks.c.episode_id.in_(of))
    asked = asked.subquery()
    rows = connection.execute(
        select(asked.c.episode_id, func.max(messages.c.at).label("at"))
        .join(episodes, episodes.c.id == asked.c.episode_id)
        .join(messages, messages.c.conversation_id == episodes.c.conversation_id)
        .where(messages.c.sender == "patient")
        .where(messages.c.seq > asked.c.seq)
        .group_by(asked.c.episode_id)
    )
    return {row.episode_id: row.at for row in rows}
