"""The console's own process: its key, its store, its first link."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.console import build_console, first_link, form_key
from bot.settings import Settings
from bot.store import Database
from tests.review.browser import HOME, PASSWORD, Browser


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings.from_env({"BACKPLAN_HOME": str(tmp_path / "home")})
    Database(made.database_url).migrate()
    return made


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "home" / "console.key"
    key = form_key(file)
    assert len(key) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert form_key(file) == key
    assert list(file.parent.iterdir()) == [file]


def test_two_homes_have_two_keys(tmp_path: Path) -> None:
    assert form_key(tmp_path / "a" / "console.key") != form_key(tmp_path / "b" / "console.key")


def test_a_key_that_is_cut_short_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "console.key"
    file.write_bytes(b"short")
    with pytest.raises(ValueError, match="delete it"):
        form_key(file)


async def test_the_first_start_prints_a_link_that_lets_the_first_clinician_in(settings: Settings) -> None:
    app, store = build_console(settings)
    link = first_link(settings, store)
    assert link is not None
    assert link.startswith(settings.console_url)
    browser = Browser(app)
    await browser.set_up(link)
    page = await browser.sign_in()
    assert "There are no episodes yet." in page.text
    assert first_link(settings, store) is None
    store.close()


async def test_a_form_that_was_open_during_a_restart_still_works(settings: Settings) -> None:
    app, store = build_console(settings)
    browser = Browser(app)
    await browser.set_up(first_link(settings, store) or "")
    await browser.open("/signin")
    store.close()
    restarted_app, restarted_store = build_console(settings)
    restarted = Browser(restarted_app)
    restarted.http.cookies, restarted.page = browser.http.cookies, browser.page
    page = await restarted.submit("/signin", name="clinician", password=PASSWORD)
    assert str(page.url) == f"{HOME}/"
    restarted_store.close()
