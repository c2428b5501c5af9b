"""How often somebody tried to sign in, counted for all processes, with a wait that grows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.store.repository import Repository, hash_of_token
from bot.store.tables import sign_in_tries

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
#: Tries are forgotten when none followed for this long.
REMEMBERED = timedelta(hours=24)


class SignInTries(Repository):
    """Counts by key (a name that was typed, an address). A try counts from the moment it begins."""

    def begin_try(self, allowed: Mapping[str, int]) -> timedelta | None:
        """Count a try for each key. None when it may go on, else how long to wait.

        `allowed` says how many tries a key has before it must wait: one minute first, twice as long
        after each try that follows, an hour at most. A try that was told to wait is not counted.
        """
        now = self._clock()
        keys = {hash_of_token(key): most for key, most in allowed.items()}
        with self._database.writing() as connection:
            connection.execute(delete(sign_in_tries).where(sign_in_tries.c.last_at <= now - REMEMBERED))
            for key in sorted(keys):
                _add_if_missing(connection, key, now)
            rows = connection.execute(
                select(sign_in_tries)
                .where(sign_in_tries.c.key_hash.in_(keys))
                .order_by(sign_in_tries.c.key_hash)
                .with_for_update()
            ).all()
            locks = [row.locked_until for row in rows if row.locked_until and row.locked_until > now]
            if locks:
                return max(locks) - now
            for row in rows:
                tries = row.tries + 1
                until = now + wait_after(tries, keys[row.key_hash])
                connection.execute(
                    update(sign_in_tries)
                    .where(sign_in_tries.c.key_hash == row.key_hash)
                    .values(tries=tries, last_at=now, locked_until=until if until > now else None)
                )
        return None

    def forgive_try(self, key: str) -> None:
        """The newest try was a good one: it does not count, and nobody waits for it."""
        with self._database.writing() as connection:
            connection.execute(
                update(sign_in_tries)
                .where(sign_in_tries.c.key_hash == hash_of_token(key))
                .where(sign_in_tries.c.tries > 0)
                .values(tries=sign_in_tries.c.tries - 1, locked_until=None)
            )

    def forget_tries(self, key: str) -> bool:
        """Count from nothing again; False when nothing was counted."""
        with self._database.writing() as connection:
            gone = connection.execute(
                delete(sign_in_tries).where(sign_in_tries.c.key_hash == hash_of_token(key))
            )
        return bool(gone.rowcount)

    def locked_for(self, key: str) -> timedelta | None:
        """How long the key still has to wait; None when it need not."""
        now = self._clock()
        with self._database.reading() as connection:
            until = connection.execute(
                select(sign_in_tries.c.locked_until).where(sign_in_tries.c.key_hash == hash_of_token(key))
            ).scalar_one_or_none()
        return until - now if until is not None and until > now else None


def wait_after(tries: int, allowed: int) -> timedelta:
    """How long to wait after this many tries."""
    if tries < allowed:
        return timedelta(0)
    # 2 ** 6 minutes is past the longest wait already.
    return min(FIRST_WAIT * 2 ** min(tries - allowed, 6), LONGEST_WAIT)


def _add_if_missing(connection: Connection, key: str, now: datetime) -> None:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"key_hash": key, "tries": 0, "last_at": now, "locked_until": None}
    connection.execute(dialect.insert(sign_in_tries).values(values).on_conflict_do_nothing())
