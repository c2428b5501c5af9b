"""The database: connections, transactions and migration, alike on SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, select
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError, StatementError
from sqlalchemy.pool import QueuePool

from bot.store.errors import StoreError, StoreUnavailable

SECONDS_TO_WAIT_FOR_A_LOCK = 10
MIGRATION_LOCK = 0x6261636B  # any constant that the servers of one database agree on
_BEGIN = "backplan_begin"
_one_migration_at_a_time = threading.Lock()


class Database:
    """One database by its URL: `sqlite:///file` or `postgresql://...`.

    Making one opens nothing. Every failure inside `reading` and `writing` comes out as a
    `StoreError` without row contents, so it may be logged. ValueError for SQLite without a file,
    which threads cannot share.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._engine = self._sqlite() if self.is_sqlite else self._postgresql()
        if self.is_sqlite:
            self._writer = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
            self._reader = self._engine
        else:
            self._writer = self._engine
            # A reader of several tables sees them all as of one moment.
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def is_sqlite(self) -> bool:
        return str(self._url.get_backend_name()) == "sqlite"

    @property
    def engine(self) -> Engine:
        """The engine itself, for tests that watch or disturb statements."""
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction over one snapshot."""
        with _our_errors(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction: all of it is durable when the block ends, or none of it happened."""
        with _our_errors(), self._writer.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the newest version, at once or not at all.

        Safe when several processes or threads start together: one migrates, the others wait for it.
        """
        if self.is_sqlite:
            Path(str(self._url.database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = _alembic_config()
        # Alembic keeps the running migration in a module-wide place, hence the lock for threads;
        # for processes, BEGIN IMMEDIATE is the guard on SQLite and an advisory lock on PostgreSQL.
        with _one_migration_at_a_time, self.writing() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def is_current(self) -> bool:
        """Whether the tables are at the newest version; False for an empty database."""
        with self.reading() as connection:
            applied = MigrationContext.configure(connection).get_current_heads()
        return set(applied) == set(ScriptDirectory.from_config(_alembic_config()).get_heads())

    def ping(self) -> bool:
        """Whether the database answers."""
        try:
            with self.reading() as connection:
                connection.execute(select(1))
        except StoreError:
            return False
        return True

    def forget_deleted_pages(self) -> bool:
        """After an erasure: rewrite SQLite's files, so that no byte of a deleted row is left in them.

        Deleted rows are overwritten at once, but copies of them stay where SQLite has moved rows from
        page to page. Writers wait meanwhile (about a second for 100 MB). False when somebody was in the
        way for too long; the next call makes up for it. PostgreSQL reuses its pages in its own time.
        """
        if not self.is_sqlite:
            return True
        with _our_errors():
            raw = self._engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("VACUUM")
                blocked, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                cursor.close()
            except sqlite3.OperationalError:
                return False
            finally:
                raw.close()
        return not blocked

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _sqlite(self) -> Engine:
        if (self._url.database or ":memory:") == ":memory:":
            raise ValueError("an SQLite database needs a file, such as sqlite:///var/backplan.db")
        engine = create_engine(
            self._url,
            future=True,
            # Parameters are what patients wrote.
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=8,
            max_overflow=56,
            connect_args={"check_same_thread": False, "timeout": SECONDS_TO_WAIT_FOR_A_LOCK},
        )
        event.listen(engine, "do_connect", _make_private_file)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _postgresql(self) -> Engine:
        arguments: dict[str, Any] = {"connect_timeout": SECONDS_TO_WAIT_FOR_A_LOCK}
        if "options" not in self._url.query:
            arguments["options"] = f"-c lock_timeout={SECONDS_TO_WAIT_FOR_A_LOCK}s"
        return create_engine(
            self._url,
            future=True,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=24,
            connect_args=arguments,
        )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's driver would begin transactions by its own rules; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SECONDS_TO_WAIT_FOR_A_LOCK * 1000}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    _switch_to_wal(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _switch_to_wal(cursor: Any) -> None:
    # The busy timeout does not cover this switch, so two processes on a fresh file must take turns here.
    give_up = time.monotonic() + SECONDS_TO_WAIT_FOR_A_LOCK
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def _make_private_file(_dialect: object, _record: object, arguments: list[Any], _options: object) -> None:
    # Without a file SQLite would make one that others may read; its journals copy the permissions. A
    # file that exists is not opened here: closing it would drop the locks this process has on it.
    with contextlib.suppress(OSError):
        os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))


def _alembic_config() -> Config:
    config = Config()
    # ConfigParser reads % as the start of a substitution.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


@contextmanager
def _our_errors() -> Iterator[None]:
    """Turn SQLAlchemy's errors into ours: PostgreSQL quotes the failing row in its message."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _ours(error) from None
    except UnicodeError as error:
        raise StoreUnavailable(type(error).__name__) from None


def _ours(error: SQLAlchemyError) -> StoreError:
    cause = error.orig if isinstance(error, StatementError) else None
    if isinstance(cause, StoreError):
        return cause
    if isinstance(cause, sqlite3.OperationalError):
        return StoreUnavailable(type(error).__name__, str(cause))
    return StoreUnavailable(type(error).__name__, getattr(cause, "pgcode", None))
