"""Tries are counted for everybody at once, and the wait after them grows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.store import Database, Store
from bot.store.sign_in_tries import LONGEST_WAIT, REMEMBERED, wait_after
from tests.store.clinic import Clock, everything_in

MINUTE = timedelta(minutes=1)


def fail(store: Store, times: int, key: str = "anna", allowed: int = 3) -> list[timedelta | None]:
    return [store.begin_try({key: allowed}) for _ in range(times)]


def test_the_wait_doubles_from_a_minute_to_an_hour() -> None:
    minutes = [wait_after(tries, 5) / MINUTE for tries in range(1, 14)]
    assert minutes == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert wait_after(10**9, 5) == LONGEST_WAIT


def test_after_the_tries_allowed_one_waits_and_then_has_one_more(store: Store, clock: Clock) -> None:
    assert fail(store, 3) == [None, None, None]
    assert fail(store, 2) == [MINUTE, MINUTE]
    clock.move(seconds=59)
    assert store.begin_try({"anna": 3}) == timedelta(seconds=1)
    clock.move(seconds=1)
    assert store.begin_try({"anna": 3}) is None
    assert store.begin_try({"anna": 3}) == 2 * MINUTE


def test_whoever_is_told_to_wait_is_told_of_the_longest_wait(store: Store, clock: Clock) -> None:
    fail(store, 3)
    clock.move(minutes=1)
    fail(store, 1)
    fail(store, 3, "from 10.0.0.1")
    assert store.begin_try({"anna": 3, "from 10.0.0.1": 3}) == 2 * MINUTE
    assert store.begin_try({"another": 3}) is None


def test_a_good_try_does_not_count(store: Store) -> None:
    for _ in range(10):
        assert store.begin_try({"anna": 3}) is None
        store.forgive_try("anna")
    assert store.locked_for("anna") is None


def test_a_good_try_does_not_wipe_out_the_bad_ones(store: Store) -> None:
    fail(store, 2)
    store.begin_try({"anna": 3})
    store.forgive_try("anna")
    assert store.begin_try({"anna": 3}) is None
    assert store.begin_try({"anna": 3}) == MINUTE


def test_forgetting_ends_the_wait(store: Store) -> None:
    fail(store, 3)
    assert store.locked_for("anna") == MINUTE
    assert store.forget_tries("anna")
    assert not store.forget_tries("anna")
    assert fail(store, 3) == [None, None, None]


def test_tries_of_yesterday_are_swept_away(store: Store, clock: Clock, database: Database) -> None:
    fail(store, 3)
    clock.now += REMEMBERED
    assert store.begin_try({"bert": 3}) is None
    assert len(everything_in(database)["sign_in_tries"]) == 1


@pytest.mark.parametrize("key", ["a password in the wrong box", "\x00", "\ud800", "x" * 10_000])
def test_what_was_typed_is_not_kept(store: Store, database: Database, key: str) -> None:
    assert fail(store, 2, key) == [None, None]
    assert key not in repr(everything_in(database))


def test_many_at_once_get_no_more_tries_than_one(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: store.begin_try({"anna": 5, "from here": 30}), range(24)))
    assert waits.count(None) == 5
