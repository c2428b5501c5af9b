"""Sessions of clinicians: how far a sign-in has come, and when it ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.store.errors import ClinicianUnknown
from bot.store.records import Clinician, ClinicianSession, Stage
from bot.store.repository import BYTES_OF_A_TOKEN, Repository, hash_of_token
from bot.store.rows import clinician_of
from bot.store.tables import clinician_sessions, clinicians

#: Use is noted at most this often: a page that loads is no reason for a write each time.
NOTED_EVERY = timedelta(minutes=1)


class ClinicianSessions(Repository):
    """Opens, finds and ends sessions. Of every token only its hash is kept."""

    def open_clinician_session(
        self, clinician_id: str, valid: timedelta, stage: Stage = Stage.FULL, instead_of: str | None = None
    ) -> str:
        """A token (256 random bits) that stands for the clinician, for at most `valid`.

        The session with the token `instead_of` ends in the same step: a token never outlives a change
        of what it opens. Raises ClinicianUnknown, also for a disabled account.
        """
        now = self._clock()
        token = self._new_token(BYTES_OF_A_TOKEN)
        with self._database.writing() as connection:
            enabled = connection.execute(
                select(clinicians.c.id)
                .where(clinicians.c.id == clinician_id)
                .where(clinicians.c.disabled_at.is_(None))
                .with_for_update()
            ).one_or_none()
            if enabled is None:
                raise ClinicianUnknown(clinician_id)
            connection.execute(delete(clinician_sessions).where(clinician_sessions.c.expires_at <= now))
            if instead_of is not None:
                _close(connection, instead_of)
            connection.execute(
                insert(clinician_sessions).values(
                    token_hash=hash_of_token(token),
                    clinician_id=clinician_id,
                    created_at=now,
                    expires_at=now + valid,
                    stage=stage.value,
                    seen_at=now,
                )
            )
        return token

    def clinician_session(
        self, token: str, idle: timedelta | None = None, *, in_use: bool = True
    ) -> ClinicianSession | None:
        """The session of this token, at any stage.

        None when it is unknown or expired, was not used for `idle`, or its account is disabled. With
        `in_use` this look counts as use.
        """
        now = self._clock()
        with self._database.reading() as connection:
            row = connection.execute(
                select(clinicians, clinician_sessions.c.stage, clinician_sessions.c.seen_at)
                .join(clinician_sessions, clinician_sessions.c.clinician_id == clinicians.c.id)
                .where(clinician_sessions.c.token_hash == hash_of_token(token))
                .where(clinician_sessions.c.expires_at > now)
                .where(clinicians.c.disabled_at.is_(None))
            ).one_or_none()
        if row is None or (idle is not None and row.seen_at <= now - idle):
            return None
        if in_use and row.seen_at <= now - NOTED_EVERY:
            self._note_use(token, now)
        return _session_of(row)

    def clinician_for_session(self, token: str) -> Clinician | None:
        """Who is signed in with this token, wholly; None for any other."""
        found = self.clinician_session(token, in_use=False)
        return found.clinician if found is not None and found.stage is Stage.FULL else None

    def close_clinician_session(self, token: str) -> None:
        """Sign out; nothing happens when the token is unknown."""
        with self._database.writing() as connection:
            _close(connection, token)

    def close_sessions_of(self, clinician_id: str) -> int:
        """Sign out everywhere; how many sessions ended."""
        with self._database.writing() as connection:
            ended = connection.execute(
                delete(clinician_sessions).where(clinician_sessions.c.clinician_id == clinician_id)
            )
        return int(ended.rowcount)

    def _note_use(self, token: str, now: datetime) -> None:
        with self._database.writing() as connection:
            connection.execute(
                update(clinician_sessions)
                .where(clinician_sessions.c.token_hash == hash_of_token(token))
                .values(seen_at=now)
            )


def _close(connection: Connection, token: str) -> None:
    connection.execute(
        delete(clinician_sessions).where(clinician_sessions.c.token_hash == hash_of_token(token))
    )


def _session_of(row: Any) -> ClinicianSession:
    return ClinicianSession(clinician_of(row), Stage(row.stage))
