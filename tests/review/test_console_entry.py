"""The console's own process: its key, its store, its first link."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

import pytest

from bot.console import build_console, first_link, private_key
from bot.settings import Settings
from bot.store import Database, system_clock
from tests.review.authenticator import HALF_A_MINUTE, Authenticator
from tests.review.browser import PASSWORD, Browser


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings.from_env({"BACKPLAN_HOME": str(tmp_path / "home")})
    Database(made.database_url).migrate()
    return made


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "home" / "console.key"
    key = private_key(file)
    assert len(key) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert private_key(file) == key
    assert list(file.parent.iterdir()) == [file]


def test_two_homes_have_two_keys(tmp_path: Path) -> None:
    assert private_key(tmp_path / "a" / "console.key") != private_key(tmp_path / "b" / "console.key")


def test_a_key_that_is_cut_short_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "console.key"
    file.write_bytes(b"short")
    with pytest.raises(ValueError, match="delete it"):
        private_key(file)


async def test_the_first_start_prints_a_link_that_lets_the_first_clinician_in(settings: Settings) -> None:
    app, store = build_console(settings)
    link = first_link(settings, store)
    assert link is not None
    assert link.startswith(settings.console_url)
    browser = Browser(app)
    page = await browser.set_up(link)
    assert browser.title == "Set up the second step"
    code = Authenticator.reading(page, system_clock).code()
    page = await browser.submit("/signin/enrol", code=code)
    assert browser.title == "Recovery codes"
    page = await browser.open("/")
    assert "There are no episodes yet." in page.text
    assert {one.name for one in store.clinicians() if one.role == "lead"} == {"clinician"}
    assert first_link(settings, store) is None
    store.close()


async def test_a_second_factor_outlives_a_restart_and_its_key_only_the_owner_may_read(
    settings: Settings,
) -> None:
    app, store = build_console(settings)
    browser = Browser(app)
    page = await browser.set_up(first_link(settings, store) or "")
    phone = Authenticator.reading(page, system_clock)
    await browser.submit("/signin/enrol", code=phone.code(-HALF_A_MINUTE))
    store.close()
    assert stat.S_IMODE((settings.home / "second-factor.key").stat().st_mode) == 0o600
    restarted_app, restarted_store = build_console(settings)
    again = Browser(restarted_app)
    await again.sign_in()
    await again.submit("/signin/code", code=phone.code())
    assert again.title == "Episodes by urgency"
    restarted_store.close()


async def test_a_trial_may_go_without_a_second_factor(settings: Settings) -> None:
    app, store = build_console(dataclasses.replace(settings, console_second_factor=False))
    browser = Browser(app)
    await browser.set_up(first_link(settings, store) or "")
    await browser.sign_in()
    assert browser.title == "Episodes by urgency"
    assert (await browser.open("/signin/code")).status_code == 404
    store.close()


async def test_the_console_answers_under_its_public_name_and_those_that_are_set(settings: Settings) -> None:
    public = dataclasses.replace(
        settings, console_public_url="https://console.example.org", console_hosts=("intern.example",)
    )
    app, store = build_console(public)
    for host, status in (
        ("console.example.org", 200),
        ("intern.example:8081", 200),
        ("127.0.0.1:8081", 200),
        ("evil.test", 400),
    ):
        answer = await Browser(app).http.get("/signin", headers={"Host": host})
        assert answer.status_code == status
    assert (first_link(public, store) or "").startswith("https://console.example.org/setup/")
    over_https = await Browser(app, home="https://console.example.org").open("/signin")
    assert over_https.headers["strict-transport-security"].startswith("max-age=")
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
    assert page.url.path == "/signin/enrol"
    restarted_store.close()
