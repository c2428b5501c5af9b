"""The store on each of its databases: whatever uses `store` or `database` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from bot.store import Database, Store
from bot.store.tables import audit, clinicians, patients, sign_in_tries
from tests.databases import KINDS, PostgresqlServer, SqliteFiles, postgresql_server
from tests.store.clinic import Clinic, Clock, everything_in


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session", params=KINDS)
def databases(request: pytest.FixtureRequest) -> SqliteFiles | PostgresqlServer:
    """Where new databases of the kind under test come from."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def opened(databases: SqliteFiles | PostgresqlServer) -> Iterator[tuple[str, Database]]:
    """One database of each kind for the whole run: making one anew for each test takes too long."""
    url = databases.new()
    database = Database(url)
    yield url, database
    database.dispose()
    databases.drop(url)


@pytest.fixture
def url(opened: tuple[str, Database]) -> str:
    """Where `database` is, for processes that open it themselves."""
    return opened[0]


@pytest.fixture
def database(opened: tuple[str, Database]) -> Database:
    """A database with nothing in its tables."""
    with opened[1].writing() as connection:
        for table in (patients, clinicians, audit, sign_in_tries):
            connection.execute(delete(table))
    assert not any(everything_in(opened[1]).values())
    return opened[1]


@pytest.fixture
def empty_url(databases: SqliteFiles | PostgresqlServer) -> Iterator[str]:
    """A database without any tables."""
    new = databases.new(empty=True)
    yield new
    databases.drop(new)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> Store:
    return Store(database, clock=clock)


@pytest.fixture
def clinic(store: Store, clock: Clock) -> Clinic:
    return Clinic(store, clock)
