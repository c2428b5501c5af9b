"""Clinicians: accounts with their roles, and one-time tokens that set a password."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.store.errors import SetupTokenInvalid
from bot.store.records import ROLES, Clinician
from bot.store.repository import BYTES_OF_A_TOKEN, Repository, hash_of_token
from bot.store.rows import clinician_of
from bot.store.tables import clinician_sessions, clinicians, recovery_codes, setup_tokens

ONE_DAY = timedelta(hours=24)


class Clinicians(Repository):
    """Who may sign in. Of every token only its hash is kept."""

    def clinicians(self) -> list[Clinician]:
        """All accounts by name, disabled ones too."""
        with self._database.reading() as connection:
            rows = connection.execute(select(clinicians).order_by(clinicians.c.name))
            return [clinician_of(row) for row in rows]

    def clinician(self, name: str) -> Clinician | None:
        """The account with this name, or None."""
        with self._database.reading() as connection:
            row = connection.execute(select(clinicians).where(clinicians.c.name == name)).one_or_none()
        return clinician_of(row) if row else None

    def disable_clinician(self, name: str) -> bool:
        """Lock the account at once, signed in or not; False when there is none of this name."""
        now = self._clock()
        with self._database.writing() as connection:
            row = connection.execute(
                select(clinicians).where(clinicians.c.name == name).with_for_update()
            ).one_or_none()
            if row is None:
                return False
            if row.disabled_at is None:
                connection.execute(
                    update(clinicians).where(clinicians.c.id == row.id).values(disabled_at=now)
                )
            _forget_secrets(connection, row.id)
        return True

    def set_role(self, name: str, role: str) -> bool:
        """Change what the account is for, from its next request on; False when there is none of this name."""
        _require_role(role)
        with self._database.writing() as connection:
            changed = connection.execute(
                update(clinicians).where(clinicians.c.name == name).values(role=role)
            )
        return bool(changed.rowcount)

    def reset_clinician(self, name: str) -> bool:
        """Forget password, second factor, recovery codes, links and sessions; False when there is no account.

        Nobody can sign in to the account until a new setup token is used.
        """
        with self._database.writing() as connection:
            row = connection.execute(
                select(clinicians.c.id).where(clinicians.c.name == name).with_for_update()
            ).one_or_none()
            if row is None:
                return False
            connection.execute(
                update(clinicians)
                .where(clinicians.c.id == row.id)
                .values(password_hash=None, second_factor=None, second_factor_step=None)
            )
            _forget_secrets(connection, row.id)
            connection.execute(delete(recovery_codes).where(recovery_codes.c.clinician_id == row.id))
        return True

    def issue_setup_token(self, name: str, valid: timedelta = ONE_DAY, role: str = "clinician") -> str:
        """A token (256 random bits) with which this clinician sets a password once.

        Makes the account, with this role, when there is none; one that exists keeps the role it has.
        Earlier tokens of the account stop working. The account itself, disabled or with another
        password, changes only when the token is used.
        """
        if not name.strip():
            raise ValueError("a clinician needs a name")
        _require_role(role)
        now = self._clock()
        token = self._new_token(BYTES_OF_A_TOKEN)
        with self._database.writing() as connection:
            clinician_id = self._account(connection, name, role, now)
            connection.execute(delete(setup_tokens).where(setup_tokens.c.clinician_id == clinician_id))
            connection.execute(
                insert(setup_tokens).values(
                    token_hash=hash_of_token(token),
                    clinician_id=clinician_id,
                    created_at=now,
                    expires_at=now + valid,
                    used_at=None,
                )
            )
        return token

    def setup_clinician(self, token: str) -> Clinician:
        """Whose setup token this is, without using it up. Raises SetupTokenInvalid."""
        with self._database.reading() as connection:
            return clinician_of(self._owner_of_setup_token(connection, token))

    def set_password(self, token: str, password_hash: str) -> Clinician:
        """Use the token up: set the hash, enable the account, sign it out everywhere.

        Raises SetupTokenInvalid.
        """
        now = self._clock()
        with self._database.writing() as connection:
            owner = self._owner_of_setup_token(connection, token)
            used = connection.execute(
                update(setup_tokens)
                .where(setup_tokens.c.token_hash == hash_of_token(token))
                .where(setup_tokens.c.used_at.is_(None))
                .values(used_at=now)
            )
            if not used.rowcount:
                raise SetupTokenInvalid("the setup token was used in the meantime")
            connection.execute(
                update(clinicians)
                .where(clinicians.c.id == owner.id)
                .values(password_hash=password_hash, disabled_at=None)
            )
            connection.execute(
                delete(clinician_sessions).where(clinician_sessions.c.clinician_id == owner.id)
            )
            row = connection.execute(select(clinicians).where(clinicians.c.id == owner.id)).one()
        return clinician_of(row)

    def _account(self, connection: Connection, name: str, role: str, now: datetime) -> str:
        known = select(clinicians.c.id).where(clinicians.c.name == name)
        found = connection.execute(known).scalar_one_or_none()
        if found is not None:
            return str(found)
        made = self._new_id()
        try:
            with connection.begin_nested():
                connection.execute(
                    insert(clinicians).values(
                        id=made, name=name, role=role, password_hash=None, created_at=now, disabled_at=None
                    )
                )
        except IntegrityError:
            # Another process made it between our look and our insert.
            return str(connection.execute(known).scalar_one())
        return made

    def _owner_of_setup_token(self, connection: Connection, token: str) -> Any:
        row = connection.execute(
            select(clinicians)
            .join(setup_tokens, setup_tokens.c.clinician_id == clinicians.c.id)
            .where(setup_tokens.c.token_hash == hash_of_token(token))
            .where(setup_tokens.c.used_at.is_(None))
            .where(setup_tokens.c.expires_at > self._clock())
        ).one_or_none()
        if row is None:
            raise SetupTokenInvalid("the setup token is unknown, used or expired; issue a new one")
        return row


def _require_role(role: str) -> None:
    if role not in ROLES:
        raise ValueError(f"a role is one of {', '.join(ROLES)}")


def _forget_secrets(connection: Connection, clinician_id: str) -> None:
    for table in (clinician_sessions, setup_tokens):
        connection.execute(delete(table).where(table.c.clinician_id == clinician_id))
