"""A clinic with an in-memory store and one with the real store: every console test runs in both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bot.review.console import console_app, first_clinician_link
from bot.review.console.interface import ConsoleStore
from tests.review import patients
from tests.review.browser import HOME, QUICK, Browser
from tests.review.cases import STARTED
from tests.review.clinics import Clinic, KeptClinic, in_memory, keep_clinic, on_sqlite
from tests.review.desk import Desk, desk_for, keep_desk
from tests.review.fakes import FakeStore


@pytest.fixture(scope="session")
def kept_clinic(tmp_path_factory: pytest.TempPathFactory) -> KeptClinic:
    return keep_clinic(tmp_path_factory.mktemp("clinic"))


@pytest.fixture(params=["memory", "sqlite"])
def clinic(request: pytest.FixtureRequest, kept_clinic: KeptClinic, tmp_path: Path) -> Iterator[Clinic]:
    made = in_memory() if request.param == "memory" else on_sqlite(kept_clinic, tmp_path)
    yield made
    made.close()


@pytest.fixture
def app(clinic: Clinic) -> Starlette:
    return console_app(
        clinic.store, clinic.clock, secret=b"a secret of these tests, 32 bytes", passwords=QUICK
    )


@pytest.fixture
def browser(app: Starlette) -> Browser:
    return Browser(app)


@pytest.fixture
def fake() -> FakeStore:
    """The in-memory store of a clinic, for tests that change what is in it."""
    store = in_memory().store
    assert isinstance(store, FakeStore)
    return store


@pytest.fixture
async def reader(fake: FakeStore) -> Browser:
    """A browser in which the first clinician of `fake` is signed in."""
    return await signed_in(Browser(console_app(fake, fake.clock, passwords=QUICK)), fake)


@pytest.fixture(scope="session")
def kept_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
async def desk(kept_desk: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    """dr.rossi at the console, and a patient on a blood thinner at the web chat."""
    made = await desk_for(kept_desk, tmp_path, patients.on_a_blood_thinner())
    yield made
    await made.chat.aclose()
    made.store.close()


@pytest.fixture
async def clinician(clinic: Clinic, browser: Browser) -> Browser:
    """A browser in which the first clinician is signed in."""
    return await signed_in(browser, clinic.store)


async def signed_in(browser: Browser, store: ConsoleStore) -> Browser:
    """Set the first clinician's password, and sign in with it."""
    link = first_clinician_link(store, HOME, STARTED)
    assert link is not None
    await browser.set_up(link)
    await browser.sign_in()
    return browser
