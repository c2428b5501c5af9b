"""Workers in processes of their own on one database: each check-in is delivered once, whoever is killed."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from benchmarks.due_rows import Delivered, delivered, fill, run_and_kill, run_workers
from bot.store import Database
from tests.databases import PostgresqlServer, SqliteFiles


@pytest.fixture
def on_sqlite(sqlite: SqliteFiles) -> str:
    return sqlite.new()


@pytest.fixture
def on_postgresql(postgresql: PostgresqlServer) -> Iterator[str]:
    url = postgresql.new()
    yield url
    postgresql.drop(url)


def _filled(url: str, rows: int) -> Database:
    database = Database(url)
    fill(database, rows)
    return database


def test_eight_workers_on_postgresql_deliver_each_of_a_thousand_once(on_postgresql: str) -> None:
    database = _filled(on_postgresql, 1000)
    run_workers(on_postgresql, 8)
    assert delivered(database) == Delivered(1000, asked=1000, lost=0, duplicates=0, at_night=0)
    database.dispose()


def test_four_workers_on_sqlite_deliver_each_of_eight_hundred_once(on_sqlite: str) -> None:
    database = _filled(on_sqlite, 800)
    run_workers(on_sqlite, 4)
    assert delivered(database) == Delivered(800, asked=800, lost=0, duplicates=0, at_night=0)
    database.dispose()


@pytest.mark.parametrize("kind", ["on_sqlite", "on_postgresql"])
def test_workers_killed_at_random_lose_nothing_and_send_nothing_twice(
    kind: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(kind)
    database = _filled(url, 800)
    killed = run_and_kill(url, count=3, kills=4, chance=random.Random(8))
    assert killed >= 1
    found = delivered(database)
    assert (found.asked, found.lost, found.at_night) == (800, 0, 0)
    assert found.duplicates <= killed
    database.dispose()
