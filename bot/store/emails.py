"""E-mails that are to be sent: queued with what they are about, claimed with a lease and counted by a fence.

Whether one is still called for is decided when it is claimed, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.engine import Connection

from bot.store.drafts import EmailDraft
from bot.store.email_addresses import address_of
from bot.store.records import (
    EMAIL_REMINDERS,
    PUSH_CHANNELS,
    CheckInStatus,
    EmailJob,
    EmailKind,
    ReminderAddress,
)
from bot.store.repository import Repository, random_id
from bot.store.tables import check_ins, consents, conversations, email_addresses, emails, messages

QUEUED, CLAIMED, SENT, DROPPED, FAILED = "queued", "claimed", "sent", "dropped", "failed"
#: A reminder that could not be sent for so long is of no use any more.
WORTH_SENDING = timedelta(hours=24)
#: the same for a code, which lasts no longer
CODE_WORTH_SENDING = timedelta(minutes=30)


class Emails(Repository):
    """What the workers that send e-mails use, and the channel that knows what a page has shown."""

    def claim_emails(self, worker: str, limit: int, lease: timedelta, wait: timedelta) -> list[EmailJob]:
        """Take up to `limit` e-mails that are due, each for one worker only; what is not called for is dropped.

        An e-mail about a message is due `wait` after the message; a code at once.
        """
        now = self._clock()
        due = _due(now, wait)
        with self._database.reading() as connection:
            if connection.execute(select(emails.c.id).where(due).limit(1)).one_or_none() is None:
                return []
        claimed: list[EmailJob] = []
        with self._database.writing() as connection:
            rows = connection.execute(
                select(emails)
                .where(due)
                .order_by(emails.c.due_at, emails.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                found = _job(connection, row, now)
                if isinstance(found, EmailJob):
                    claimed.append(found)
                    values: dict[str, Any] = {
                        "status": CLAIMED,
                        "lease_owner": worker,
                        "lease_until": now + lease,
                        "attempts": found.attempts,
                        "fence": found.fence,
                    }
                else:
                    values = {"status": DROPPED, "outcome": found, "ended_at": now}
                connection.execute(update(emails).where(emails.c.id == row.id).values(**values))
        return claimed

    def email_sent(self, job: EmailJob) -> bool:
        """The mail server took it; False when another worker had taken it over."""
        return self._end(job, status=SENT, outcome="sent", ended_at=self._clock())

    def email_later(self, job: EmailJob, due_at: datetime, outcome: str) -> bool:
        """Try again at `due_at`, which is aware; False when another worker had taken it over."""
        return self._end(job, status=QUEUED, outcome=outcome, due_at=due_at)

    def email_failed(self, job: EmailJob, outcome: str, *, address_fails: bool) -> bool:
        """Give it up; with `address_fails` nothing is sent to this address any more."""
        now = self._clock()
        with self._database.writing() as connection:
            ended = _end(connection, job, status=FAILED, outcome=outcome, ended_at=now)
            if ended and address_fails:
                connection.execute(
                    update(email_addresses)
                    .where(email_addresses.c.address == job.address)
                    .where(email_addresses.c.stop_token == job.stop_token)
                    .values(failed_at=now, code=None)
                )
        return ended

    def note_shown(self, conversation_id: str, seq: int) -> None:
        """A page shows the conversation up to message `seq`: no first mail is sent about these any more."""
        shown = and_(
            emails.c.conversation_id == conversation_id,
            emails.c.status == QUEUED,
            emails.c.seq <= seq,
            or_(emails.c.kind == EmailKind.ANSWER.value, emails.c.dedupe_key == emails.c.check_in_id + " 0"),
        )
        with self._database.reading() as connection:
            if connection.execute(select(emails.c.id).where(shown).limit(1)).one_or_none() is None:
                return
        with self._database.writing() as connection:
            connection.execute(
                update(emails).where(shown).values(status=DROPPED, outcome="shown", ended_at=self._clock())
            )

    def _end(self, job: EmailJob, **values: Any) -> bool:
        with self._database.writing() as connection:
            return _end(connection, job, **values)


def queue_emails(
    connection: Connection,
    conversation_id: str,
    drafts: Iterable[EmailDraft],
    seq: int,
    at: datetime,
    new_id: Callable[[], str],
) -> None:
    """Queue each e-mail once; `seq` is the number of the first message that it is about."""
    for draft in drafts:
        known = select(emails.c.id).where(emails.c.dedupe_key == draft.key)
        if connection.execute(known).one_or_none() is not None:
            continue
        connection.execute(
            insert(emails).values(
                id=new_id(),
                conversation_id=conversation_id,
                check_in_id=draft.check_in_id,
                kind=draft.kind.value,
                dedupe_key=draft.key,
                seq=seq,
                created_at=at,
                due_at=at,
                status=QUEUED,
                attempts=0,
                fence=0,
            )
        )


def queue_answer(connection: Connection, conversation_id: str, seq: int, at: datetime) -> None:
    """Queue an e-mail about a message of the clinic, where the patient wants any and none waits already."""
    row = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).one()
    known = address_of(connection, row.patient_id)
    if known is None or not known.works or _why_no_reminder(connection, row, known) is not None:
        return
    waiting = (
        select(emails.c.id)
        .where(emails.c.conversation_id == conversation_id)
        .where(emails.c.kind == EmailKind.ANSWER.value)
        .where(emails.c.status.in_([QUEUED, CLAIMED]))
        .limit(1)
    )
    if connection.execute(waiting).one_or_none() is None:
        draft = EmailDraft(EmailKind.ANSWER, f"answer {conversation_id} {seq}")
        queue_emails(connection, conversation_id, [draft], seq, at, random_id)


def _due(now: datetime, wait: timedelta) -> Any:
    first = and_(emails.c.attempts == 0, emails.c.kind != EmailKind.CODE.value)
    return or_(
        and_(emails.c.status == QUEUED, first, emails.c.due_at <= now - wait),
        and_(
            emails.c.status == QUEUED,
            or_(emails.c.attempts > 0, emails.c.kind == EmailKind.CODE.value),
            emails.c.due_at <= now,
        ),
        and_(emails.c.status == CLAIMED, emails.c.lease_until <= now),
    )


def _job(connection: Connection, row: Any, now: datetime) -> EmailJob | str:
    """The e-mail ready to be sent, or a word that says why it is not called for any more."""
    of = connection.execute(select(conversations).where(conversations.c.id == row.conversation_id)).one()
    known = address_of(connection, of.patient_id)
    kind = EmailKind(row.kind)
    if known is None:
        return "no_address"
    if kind is EmailKind.CODE:
        why = _why_no_code(known, row, now)
    else:
        why = _why_no_reminder(connection, of, known) or _why_over(connection, row, now)
    if why is not None:
        return why
    stop_token = connection.execute(
        select(email_addresses.c.stop_token).where(email_addresses.c.patient_id == of.patient_id)
    ).scalar_one()
    return EmailJob(
        id=row.id,
        conversation_id=row.conversation_id,
        kind=kind,
        address=known.address,
        code=known.code if kind is EmailKind.CODE else None,
        stop_token=stop_token,
        timezone=of.timezone,
        created_at=row.created_at,
        attempts=row.attempts + 1,
        fence=row.fence + 1,
    )


def _why_no_code(known: ReminderAddress, row: Any, now: datetime) -> str | None:
    if known.code is None or known.code_at != row.created_at:
        return "newer_code"
    return "too_late" if now - row.created_at > CODE_WORTH_SENDING else None


def _why_no_reminder(connection: Connection, of: Any, known: ReminderAddress) -> str | None:
    if of.channel in PUSH_CHANNELS:
        return "not_on_the_web"
    if not known.works:
        return "no_address"
    agreed = connection.execute(
        select(consents.c.granted)
        .where(consents.c.patient_id == of.patient_id)
        .where(consents.c.purpose == EMAIL_REMINDERS)
        .order_by(consents.c.n.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if agreed else "no_consent"


def _why_over(connection: Connection, row: Any, now: datetime) -> str | None:
    if now - row.created_at > WORTH_SENDING:
        return "too_late"
    wrote = connection.execute(
        select(messages.c.seq)
        .where(messages.c.conversation_id == row.conversation_id)
        .where(messages.c.sender == "patient")
        .where(messages.c.seq > row.seq)
        .limit(1)
    ).one_or_none()
    if wrote is not None:
        return "patient_wrote"
    if row.check_in_id is None:
        return None
    status = connection.execute(
        select(check_ins.c.status).where(check_ins.c.id == row.check_in_id)
    ).scalar_one()
    return None if status == CheckInStatus.ASKED.value else "check_in_over"


def _end(connection: Connection, job: EmailJob, **values: Any) -> bool:
    ended = connection.execute(
        update(emails)
        .where(emails.c.id == job.id)
        .where(emails.c.fence == job.fence)
        .where(emails.c.status == CLAIMED)
        .values(lease_owner=None, lease_until=None, **values)
    )
    return bool(ended.rowcount)
