"""The second factor of an account: its sealed secret, the codes that were used, and recovery codes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection

from bot.store.repository import Repository, hash_of_token
from bot.store.tables import clinicians, recovery_codes


class SecondFactors(Repository):
    """Keeps what somebody else has encrypted, and lets each code count once."""

    def second_factor(self, clinician_id: str) -> str | None:
        """The secret as it was sealed, or None."""
        with self._database.reading() as connection:
            found = connection.execute(
                select(clinicians.c.second_factor).where(clinicians.c.id == clinician_id)
            ).scalar_one_or_none()
        return None if found is None else str(found)

    def set_second_factor(self, clinician_id: str, sealed: str, step: int, recovery: Collection[str]) -> bool:
        """Keep a secret that was confirmed by the code of this `step`, with its recovery codes.

        False when the account has a second factor already; then nothing is changed.
        """
        now = self._clock()
        with self._database.writing() as connection:
            changed = connection.execute(
                update(clinicians)
                .where(clinicians.c.id == clinician_id)
                .where(clinicians.c.second_factor.is_(None))
                .values(second_factor=sealed, second_factor_step=step)
            )
            if not changed.rowcount:
                return False
            _replace_codes(connection, clinician_id, recovery, now)
        return True

    def use_second_factor(self, clinician_id: str, step: int) -> bool:
        """Take the code of this step (half minutes since 1970); False when it or a later one was used before."""
        with self._database.writing() as connection:
            used = connection.execute(
                update(clinicians)
                .where(clinicians.c.id == clinician_id)
                .where(or_(clinicians.c.second_factor_step.is_(None), clinicians.c.second_factor_step < step))
                .values(second_factor_step=step)
            )
        return bool(used.rowcount)

    def use_recovery_code(self, clinician_id: str, code: str) -> bool:
        """Use the code up; False when the account has no such code, or it was used before."""
        now = self._clock()
        with self._database.writing() as connection:
            used = connection.execute(
                update(recovery_codes)
                .where(recovery_codes.c.clinician_id == clinician_id)
                .where(recovery_codes.c.code_hash == hash_of_token(code))
                .where(recovery_codes.c.used_at.is_(None))
                .values(used_at=now)
            )
        return bool(used.rowcount)

    def set_recovery_codes(self, clinician_id: str, codes: Collection[str]) -> None:
        """Only these work from now on."""
        now = self._clock()
        with self._database.writing() as connection:
            _replace_codes(connection, clinician_id, codes, now)

    def recovery_codes_left(self, clinician_id: str) -> int:
        """How many were not used yet."""
        with self._database.reading() as connection:
            left = connection.execute(
                select(func.count())
                .select_from(recovery_codes)
                .where(recovery_codes.c.clinician_id == clinician_id)
                .where(recovery_codes.c.used_at.is_(None))
            ).scalar_one()
        return int(left)


def _replace_codes(connection: Connection, clinician_id: str, codes: Collection[str], now: datetime) -> None:
    connection.execute(delete(recovery_codes).where(recovery_codes.c.clinician_id == clinician_id))
    rows = [
        {"clinician_id": clinician_id, "code_hash": hash_of_token(code), "created_at": now, "used_at": None}
        for code in codes
    ]
    if rows:
        connection.execute(insert(recovery_codes), rows)
