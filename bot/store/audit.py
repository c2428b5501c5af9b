"""The audit log: who did what to which subject, in a chain of hashes that shows any later change."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.store.columns import as_utc, storable
from bot.store.records import AuditCheck, AuditFilter, AuditRow
from bot.store.repository import Repository
from bot.store.rows import audit_row_of
from bot.store.tables import audit

BEFORE_THE_FIRST = "0" * 64


class Audit(Repository):
    """Appends rows and verifies them; nothing here changes or deletes one."""

    def write_audit(self, actor: str, action: str, subject: str) -> AuditRow:
        """Append one row. Give ids, never what a patient wrote: the log outlives an erasure."""
        with self._database.writing() as connection:
            return append_audit(connection, self._clock(), actor, action, subject)

    def audit_rows(self, limit: int = 100) -> list[AuditRow]:
        """The newest rows, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.n.desc()).limit(limit))
            return [audit_row_of(row) for row in rows]

    def audit_page(self, wanted: AuditFilter, limit: int, before: int | None = None) -> list[AuditRow]:
        """The newest rows that fit, newest first; with `before`, only rows with a lower number."""
        rows = select(audit).order_by(audit.c.n.desc()).limit(limit)
        if wanted.actor is not None:
            rows = rows.where(audit.c.actor == wanted.actor)
        if wanted.subject is not None:
            rows = rows.where(audit.c.subject == wanted.subject)
        if wanted.since is not None:
            rows = rows.where(audit.c.at >= wanted.since)
        if wanted.until is not None:
            rows = rows.where(audit.c.at < wanted.until)
        if before is not None:
            rows = rows.where(audit.c.n < before)
        with self._database.reading() as connection:
            return [audit_row_of(row) for row in connection.execute(rows)]

    def check_audit(self) -> AuditCheck:
        """Verify every row against the one before it: changed, removed or slipped-in rows are found.

        Rows cut off at the end leave a chain that fits; keep `last_hash` elsewhere to find that too.
        """
        rows, previous = 0, BEFORE_THE_FIRST
        broken_at: int | None = None
        since: datetime | None = None
        with self._database.reading() as connection:
            for row in connection.execute(select(audit).order_by(audit.c.n)):
                rows += 1
                since = since or row.at
                expected = _hash(rows, row.at, row.actor, row.action, row.subject, previous)
                fits = (row.n, row.previous, row.hash) == (rows, previous, expected)
                if broken_at is None and not fits:
                    broken_at = row.n
                previous = row.hash
        return AuditCheck(rows=rows, broken_at=broken_at, last_hash=previous, since=since)


def _hash(n: int, at: datetime, actor: str, action: str, subject: str, previous: str) -> str:
    covered = json.dumps([n, at.isoformat(), actor, action, subject, previous])
    return hashlib.sha256(covered.encode("ascii")).hexdigest()


def append_audit(connection: Connection, now: datetime, actor: str, action: str, subject: str) -> AuditRow:
    """Append one row inside a transaction that does what it tells of."""
    at = as_utc(now)
    actor, action, subject = storable(actor), storable(action), storable(subject)
    _one_writer_at_a_time(connection)
    last = connection.execute(
        select(audit.c.n, audit.c.hash).order_by(audit.c.n.desc()).limit(1)
    ).one_or_none()
    n, previous = (last.n + 1, last.hash) if last else (1, BEFORE_THE_FIRST)
    row = AuditRow(n, at, actor, action, subject, _hash(n, at, actor, action, subject, previous))
    connection.execute(
        insert(audit).values(
            n=n, at=at, actor=actor, action=action, subject=subject, previous=previous, hash=row.hash
        )
    )
    return row


def _one_writer_at_a_time(connection: Connection) -> None:
    # On SQLite the write transaction is that lock. Readers are not held up on either.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE")
