"""The audit log grows at its end only, and shows whoever changes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from bot.store import AuditFilter, Database, Store
from bot.store.tables import audit
from tests.store.clinic import Clock


def write(store: Store, rows: int = 5) -> None:
    for number in range(rows):
        store.write_audit("Dr Osei", "read", f"episode {number}")


def change(database: Database, statement: Any) -> None:
    with database.writing() as connection:
        connection.execute(statement)


def test_an_empty_log_is_intact(store: Store) -> None:
    check = store.check_audit()
    assert (check.rows, check.broken_at, check.intact) == (0, None, True)
    assert store.audit_rows() == []


def test_rows_are_read_newest_first(store: Store, clock: Clock) -> None:
    for name in ("Dr Osei", "Dr Silva", "Dr Ito"):
        clock.move(minutes=1)
        store.write_audit(name, "read", "episode 1")
    newest, before = store.audit_rows(limit=2)
    assert (newest.n, newest.actor, newest.action, newest.subject) == (3, "Dr Ito", "read", "episode 1")
    assert newest.at == clock.now
    assert before.actor == "Dr Silva"


def test_an_untouched_log_is_intact(store: Store) -> None:
    write(store)
    check = store.check_audit()
    assert (check.rows, check.intact) == (5, True)
    assert check.last_hash == store.audit_rows(1)[0].hash


@pytest.mark.parametrize(
    "change_of",
    [{"actor": "Somebody else"}, {"action": "wrote"}, {"subject": "episode 9"}, {"hash": "0" * 64},
     {"previous": "f" * 64}],
    ids=lambda values: next(iter(values)),
)  # fmt: skip
@pytest.mark.parametrize("row", [1, 3, 5])
def test_a_changed_row_is_found(
    store: Store, database: Database, change_of: dict[str, str], row: int
) -> None:
    write(store)
    change(database, update(audit).where(audit.c.n == row).values(**change_of))
    assert store.check_audit().broken_at == row


def test_a_changed_time_is_found(store: Store, database: Database, clock: Clock) -> None:
    write(store)
    change(database, update(audit).where(audit.c.n == 2).values(at=clock.move(seconds=1)))
    assert store.check_audit().broken_at == 2


@pytest.mark.parametrize(("removed", "found_at"), [(1, 2), (3, 4)])
def test_a_removed_row_is_found(store: Store, database: Database, removed: int, found_at: int) -> None:
    write(store)
    change(database, delete(audit).where(audit.c.n == removed))
    assert store.check_audit().broken_at == found_at


def test_renumbering_does_not_hide_a_removed_row(store: Store, database: Database) -> None:
    write(store)
    change(database, delete(audit).where(audit.c.n == 3))
    for number in (4, 5):
        change(database, update(audit).where(audit.c.n == number).values(n=number - 1))
    assert store.check_audit().broken_at == 3


def test_a_row_slipped_in_is_found(store: Store, database: Database, clock: Clock) -> None:
    write(store)
    last = store.audit_rows(1)[0].hash
    forged = {"actor": "Dr Osei", "action": "read", "subject": "episode 1", "at": clock.now}
    change(database, insert(audit).values(n=6, previous=last, hash="a" * 64, **forged))
    assert store.check_audit().broken_at == 6


def test_rows_cut_off_at_the_end_change_the_last_hash(store: Store, database: Database) -> None:
    write(store)
    noted = store.check_audit().last_hash
    change(database, delete(audit).where(audit.c.n == 5))
    assert store.check_audit().intact
    assert store.check_audit().last_hash != noted


def test_threads_that_write_at_once_make_one_chain(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.write_audit("worker", "read", str(number)), range(40)))
    check = store.check_audit()
    assert (check.rows, check.intact) == (40, True)
    assert {row.subject for row in store.audit_rows()} == {str(number) for number in range(40)}


def test_any_text_fits_into_the_chain(store: Store) -> None:
    store.write_audit("Zoë \x00", "read", "half an emoji \ud83d, a whole one 😀")
    assert store.check_audit().intact
    assert store.audit_rows()[0].subject == "half an emoji \ufffd, a whole one 😀"


def test_the_log_is_read_in_pages_and_by_actor_subject_and_time(store: Store, clock: Clock) -> None:
    start = clock.now
    for number in range(6):
        store.write_audit("Dr Osei" if number % 2 else "Dr Ito", "read", f"episode {number % 3}")
        clock.move(hours=1)

    def numbers(limit: int = 10, before: int | None = None, **wanted: Any) -> list[int]:
        return [row.n for row in store.audit_page(AuditFilter(**wanted), limit, before)]

    assert numbers() == [6, 5, 4, 3, 2, 1]
    assert numbers(limit=2, before=5) == [4, 3]
    assert numbers(actor="Dr Osei") == [6, 4, 2]
    assert numbers(subject="episode 0") == [4, 1]
    assert numbers(actor="Dr Osei", subject="episode 0") == [4]
    assert numbers(since=start + timedelta(hours=2), until=start + timedelta(hours=4)) == [4, 3]
    assert numbers(actor="nobody") == []


def test_a_check_says_since_when_there_are_rows(store: Store, clock: Clock) -> None:
    assert store.check_audit().since is None
    first = clock.now
    write(store, rows=1)
    clock.move(hours=1)
    write(store, rows=1)
    assert store.check_audit().since == first
