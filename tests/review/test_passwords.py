"""How passwords are kept and checked."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from bot.review.console import clinician_link, console_app
from bot.review.console.passwords import Passwords
from tests.review.browser import HOME, QUICK, Browser
from tests.review.fakes import FakeClock, FakeStore

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=timezone.utc)


class CountingHasher(PasswordHasher):
    """A hasher that counts how often it did the work."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.verified += 1
        return bool(super().verify(hash, password))


def test_passwords_are_kept_as_argon2id_with_at_least_the_work_of_rfc_9106() -> None:
    parameters = extract_parameters(Passwords().hash("correct horse battery"))
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 64 * 1024
    assert parameters.time_cost >= 3


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert QUICK.hash("correct horse battery") != QUICK.hash("correct horse battery")


@pytest.mark.parametrize(
    ("password", "stored", "fits"),
    [
        ("correct horse battery", QUICK.hash("correct horse battery"), True),
        ("correct horse batter", QUICK.hash("correct horse battery"), False),
        ("", QUICK.hash("correct horse battery"), False),
        ("correct horse battery", None, False),
        ("correct horse battery", "not a hash", False),
    ],
)
def test_only_the_right_password_fits(password: str, stored: str | None, fits: bool) -> None:
    assert QUICK.fits(password, stored) is fits


async def test_every_failed_sign_in_costs_the_same_work() -> None:
    clock = FakeClock(NOON)
    store, hasher = FakeStore(clock), CountingHasher()
    browser = Browser(console_app(store, clock, passwords=Passwords(hasher)))
    for name in ("anna", "gone"):
        await browser.set_up(clinician_link(store, HOME, clock(), name))
    store.disable_clinician("gone")
    store.issue_setup_token("new")
    for name in ("anna", "gone", "new", "nobody"):
        before = hasher.verified
        assert (await browser.sign_in(name=name, password="wrong password here")).status_code == 401
        assert hasher.verified == before + 1
