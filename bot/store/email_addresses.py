"""Where patients want reminders by e-mail: kept apart from what they say, and gone when they say so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.store.drafts import EmailChange
from bot.store.records import EMAIL_ADDRESS, EMAIL_CODE, EMAIL_REMINDERS, ReminderAddress
from bot.store.repository import Repository
from bot.store.tables import consents, conversations, email_addresses, messages

#: version of a withdrawal that came by the link in a mail
BY_MAIL = "by-mail"


class EmailAddresses(Repository):
    """What is done to an address outside a turn."""

    def reminder_address(self, conversation_id: str) -> ReminderAddress | None:
        """Where the patient of this conversation wants reminders, or None."""
        with self._database.reading() as connection:
            return address_of(connection, _patient(conversation_id).scalar_subquery())

    def knows_stop_token(self, token: str) -> bool:
        """Whether the link of a mail with this token stops something."""
        with self._database.reading() as connection:
            return _patient_of_token(connection, token) is not None

    def stop_emails(self, token: str) -> bool:
        """Take the permission back and forget the address, by the link in a mail; False for an unknown one."""
        with self._database.writing() as connection:
            patient = _patient_of_token(connection, token)
            if patient is None:
                return False
            connection.execute(delete(email_addresses).where(email_addresses.c.patient_id == patient))
            connection.execute(
                insert(consents).values(
                    patient_id=patient,
                    purpose=EMAIL_REMINDERS,
                    granted=False,
                    version=BY_MAIL,
                    at=self._clock(),
                )
            )
        return True


def address_of(connection: Connection, patient_id: Any) -> ReminderAddress | None:
    """The patient's address, or None."""
    row = connection.execute(
        select(email_addresses).where(email_addresses.c.patient_id == patient_id)
    ).one_or_none()
    if row is None:
        return None
    return ReminderAddress(
        address=row.address,
        given_at=row.given_at,
        code=row.code,
        code_at=row.code_at,
        code_tries=row.code_tries,
        confirmed_at=row.confirmed_at,
        failed_at=row.failed_at,
    )


def is_asked_for(connection: Connection, conversation_id: str) -> bool:
    """Whether the newest question of the conversation is one that an address answers."""
    asks = connection.execute(
        select(messages.c.asks)
        .where(messages.c.conversation_id == conversation_id)
        .where(messages.c.kind == "question")
        .order_by(messages.c.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    return asks in (EMAIL_ADDRESS, EMAIL_CODE)


def note_address(
    connection: Connection, conversation_id: str, address: str, at: datetime, stop_token: str
) -> None:
    """Keep a new address in place of the one before; it is to be confirmed anew."""
    patient = connection.execute(_patient(conversation_id)).scalar_one()
    connection.execute(delete(email_addresses).where(email_addresses.c.patient_id == patient))
    connection.execute(
        insert(email_addresses).values(
            patient_id=patient, address=address, given_at=at, code_tries=0, stop_token=stop_token
        )
    )


def change_address(connection: Connection, patient_id: str, change: EmailChange) -> None:
    """Write what a turn did to the address that it saw; a newer one is left alone."""
    seen = (email_addresses.c.patient_id == patient_id) & (email_addresses.c.given_at == change.given_at)
    if change.forget:
        connection.execute(delete(email_addresses).where(seen))
    else:
        connection.execute(update(email_addresses).where(seen).values(**change.values))


def _patient(conversation_id: str) -> Any:
    return select(conversations.c.patient_id).where(conversations.c.id == conversation_id)


def _patient_of_token(connection: Connection, token: str) -> str | None:
    found = connection.execute(
        select(email_addresses.c.patient_id).where(email_addresses.c.stop_token == token)
    )
    return None if (patient := found.scalar_one_or_none()) is None else str(patient)
