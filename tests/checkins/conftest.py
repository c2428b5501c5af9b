"""A clinic on each database, with its clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.store import Database, Store
from tests.checkins.clinic import Clinic, Clock
from tests.databases import PostgresqlServer, SqliteFiles, postgresql_server


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    with postgresql_server() as server:
        yield server


@pytest.fixture
def clinic(sqlite: SqliteFiles) -> Iterator[Clinic]:
    clock = Clock()
    store = Store(Database(sqlite.new()), clock=clock)
    yield Clinic(store, clock)
    store.close()
