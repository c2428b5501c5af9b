"""Signing in to the console, from the first one-time link on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from starlette.applications import Starlette

from bot.review.console import clinician_link, console_app, first_clinician_link
from bot.review.console.lockout import TRIES_PER_ADDRESS, TRIES_PER_NAME
from tests.review.browser import HOME, PASSWORD, QUICK, Browser
from tests.review.clinics import Clinic


def link_for(clinic: Clinic, name: str = "clinician") -> str:
    return clinician_link(clinic.store, HOME, clinic.clock(), name)


async def account(clinic: Clinic, browser: Browser, name: str = "clinician") -> None:
    await browser.set_up(link_for(clinic, name))


async def test_the_first_link_sets_a_password_and_leads_to_the_list(clinic: Clinic, browser: Browser) -> None:
    link = first_clinician_link(clinic.store, HOME + "/", clinic.clock())
    assert link is not None
    assert link.startswith(f"{HOME}/setup/")
    await browser.open(link.removeprefix(HOME))
    assert browser.title == "Choose a password"
    page = await browser.set_up(link)
    assert browser.title == "Sign in"
    assert "Your password is set" in page.text
    assert 'value="clinician"' in page.text
    await browser.sign_in()
    assert browser.title == "Episodes by urgency"


async def test_there_is_no_first_link_once_somebody_can_sign_in(clinic: Clinic, browser: Browser) -> None:
    await account(clinic, browser)
    assert first_clinician_link(clinic.store, HOME, clinic.clock()) is None


async def test_there_is_a_first_link_again_when_the_only_clinician_was_disabled(
    clinic: Clinic, browser: Browser
) -> None:
    await account(clinic, browser)
    clinic.disable("clinician")
    assert first_clinician_link(clinic.store, HOME, clinic.clock()) is not None


def test_a_link_needs_a_name_and_an_aware_time(clinic: Clinic) -> None:
    with pytest.raises(ValueError, match="name"):
        clinician_link(clinic.store, HOME, clinic.clock(), "  ")
    with pytest.raises(ValueError, match="zone"):
        clinician_link(clinic.store, HOME, datetime(2026, 11, 25), "anna")  # noqa: DTZ001


async def test_a_link_works_once(clinic: Clinic, browser: Browser) -> None:
    link = link_for(clinic)
    await browser.set_up(link)
    page = await browser.open(link.removeprefix(HOME))
    assert page.status_code == 410
    assert browser.title == "This link does not work any more"
    assert "backplan clinicians add" in page.text


async def test_two_people_with_one_link_make_one_password(clinic: Clinic, app: Starlette) -> None:
    path = link_for(clinic).removeprefix(HOME)
    first, second = Browser(app), Browser(app)
    await first.open(path)
    await second.open(path)
    await first.submit(path, password=PASSWORD, again=PASSWORD)
    late = await second.submit(path, password="another long password", again="another long password")
    assert late.status_code == 410
    await first.sign_in()
    assert first.title == "Episodes by urgency"


async def test_a_link_ends_after_a_day(clinic: Clinic, browser: Browser) -> None:
    path = link_for(clinic).removeprefix(HOME)
    clinic.clock.pass_(timedelta(hours=24))
    assert (await browser.open(path)).status_code == 410


async def test_a_newer_link_ends_the_older_one(clinic: Clinic, browser: Browser) -> None:
    older = link_for(clinic).removeprefix(HOME)
    link_for(clinic)
    assert (await browser.open(older)).status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("too short", "too short", "at least 12 characters"),
        ("x" * 201, "x" * 201, "at most 200 characters"),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "different characters"),
        ("clinicianclinician", "clinicianclinician", "not made of your name"),
        (PASSWORD, "correct horse battery stable", "are not the same"),
        ("", "", "at least 12 characters"),
    ],
)
async def test_a_weak_password_is_refused_kindly_and_the_link_still_works(
    clinic: Clinic, browser: Browser, password: str, again: str, told: str
) -> None:
    link = link_for(clinic)
    path = link.removeprefix(HOME)
    await browser.open(path)
    page = await browser.submit(path, password=password, again=again)
    assert page.status_code == 422
    assert told in page.text
    assert not password or f'value="{password}"' not in page.text
    await browser.set_up(link)
    assert browser.title == "Sign in"


async def test_the_longest_password_and_any_script_work(clinic: Clinic, browser: Browser) -> None:
    password = "Rücken 背中 🙂 " * 10
    await browser.set_up(link_for(clinic), password)
    await browser.sign_in(password=password)
    assert browser.title == "Episodes by urgency"


async def test_the_same_letter_typed_in_two_ways_is_the_same_password(
    clinic: Clinic, browser: Browser
) -> None:
    await browser.set_up(link_for(clinic), "r\u00fccken und beine")
    await browser.sign_in(password="ru\u0308cken und beine")
    assert browser.title == "Episodes by urgency"


async def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(
    clinic: Clinic, browser: Browser
) -> None:
    await account(clinic, browser)
    wrong = await browser.sign_in(password="wrong password here")
    unknown = await browser.sign_in(name="clinicia", password="wrong password here")
    assert wrong.status_code == unknown.status_code == 401
    assert "The name or the password is not right" in wrong.text
    assert _without_secrets(wrong.text) == _without_secrets(unknown.text.replace('"clinicia"', '"clinician"'))


async def test_an_account_without_a_password_cannot_sign_in(clinic: Clinic, browser: Browser) -> None:
    link_for(clinic)
    assert (await browser.sign_in(password="")).status_code == 401


async def test_a_disabled_clinician_is_out_at_once_and_cannot_come_back(
    clinic: Clinic, clinician: Browser
) -> None:
    clinic.disable("clinician")
    await clinician.open("/")
    assert clinician.title == "Sign in"
    assert (await clinician.sign_in()).status_code == 401
    assert clinic.audit()[-1] == ("clinician", "failed sign in", "console")


async def test_signing_out_ends_the_session_itself(
    clinic: Clinic, clinician: Browser, app: Starlette
) -> None:
    stolen = Browser(app)
    stolen.http.cookies.set("backplan_session", clinician.http.cookies["backplan_session"])
    await stolen.open("/")
    assert stolen.title == "Episodes by urgency"
    await clinician.open("/")
    await clinician.submit("/signout")
    assert clinician.title == "Sign in"
    await stolen.open("/")
    assert stolen.title == "Sign in"


async def test_signing_in_again_ends_the_session_before(
    clinic: Clinic, clinician: Browser, app: Starlette
) -> None:
    earlier = Browser(app)
    earlier.http.cookies.set("backplan_session", clinician.http.cookies["backplan_session"])
    page = await clinician.open("/")
    token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    again = {"csrf": token, "name": "clinician", "password": PASSWORD}
    assert (await clinician.http.post("/signin", data=again)).status_code == 303
    await earlier.open("/")
    assert earlier.title == "Sign in"
    await clinician.open("/")
    assert clinician.title == "Episodes by urgency"


async def test_a_session_in_use_ends_after_twelve_hours(clinic: Clinic, clinician: Browser) -> None:
    for _ in range(12 * 4 - 1):
        clinic.clock.pass_(timedelta(minutes=15))
        await clinician.open("/account")
        assert clinician.title == "Your account"
    clinic.clock.pass_(timedelta(minutes=15))
    await clinician.open("/account")
    assert clinician.title == "Sign in"


async def test_a_session_that_nobody_uses_ends_after_half_an_hour_though_the_list_keeps_looking(
    clinic: Clinic, clinician: Browser
) -> None:
    for _ in range(30):
        answer = await clinician.http.get("/queue/state", headers={"X-Backplan": "live"})
        assert answer.status_code == 200
        clinic.clock.pass_(timedelta(minutes=1))
    assert (await clinician.http.get("/queue/state", headers={"X-Backplan": "live"})).status_code == 401
    await clinician.open("/")
    assert clinician.title == "Sign in"


async def test_signing_out_everywhere_ends_the_sessions_of_other_browsers(
    clinic: Clinic, clinician: Browser, app: Starlette
) -> None:
    elsewhere = Browser(app)
    await elsewhere.sign_in()
    await clinician.open("/account")
    await clinician.submit("/signout/everywhere")
    assert clinician.title == "Sign in"
    await elsewhere.open("/")
    assert elsewhere.title == "Sign in"
    assert ("clinician", "sign out everywhere", "console") in clinic.audit()


async def test_a_session_that_was_planted_before_signing_in_opens_nothing(
    clinic: Clinic, browser: Browser, app: Starlette
) -> None:
    await account(clinic, browser)
    planted = "planted-by-somebody-else"
    browser.http.cookies.set("backplan_session", planted)
    await browser.sign_in()
    assert browser.title == "Episodes by urgency"
    held = [one.value for one in browser.http.cookies.jar if one.name == "backplan_session"]
    assert len(set(held) - {planted}) == 1
    thief = Browser(app)
    thief.http.cookies.set("backplan_session", planted)
    await thief.open("/")
    assert thief.title == "Sign in"


async def test_choosing_a_new_password_ends_every_session(
    clinic: Clinic, clinician: Browser, app: Starlette
) -> None:
    elsewhere = Browser(app)
    await elsewhere.set_up(link_for(clinic), "an entirely new password")
    await clinician.open("/")
    assert clinician.title == "Sign in"
    await clinician.sign_in(password="an entirely new password")
    assert clinician.title == "Episodes by urgency"


async def test_who_is_signed_in_is_led_past_the_sign_in_page(clinician: Browser) -> None:
    await clinician.open("/signin")
    assert clinician.title == "Episodes by urgency"


async def test_signing_in_leads_back_to_the_page_that_was_wanted(
    clinic: Clinic, browser: Browser, app: Starlette
) -> None:
    await account(clinic, browser)
    wanted = f"/episodes/{clinic.episodes['numb']}"
    await browser.open(wanted)
    assert browser.title == "Sign in"
    await browser.submit("/signin", name="clinician", password=PASSWORD)
    assert browser.title == "Back pain summary"


@pytest.mark.parametrize(
    "next_page", ["https://evil.test/", "//evil.test/", "/episodes/../signout", "/episodes/x?y", "/setup/abc"]
)
async def test_signing_in_never_leads_to_another_site(
    clinic: Clinic, browser: Browser, next_page: str
) -> None:
    await account(clinic, browser)
    await browser.open("/signin")
    page = await browser.submit("/signin", name="clinician", password=PASSWORD, next=next_page)
    assert str(page.url) == f"{HOME}/"


async def test_too_many_wrong_passwords_for_one_name_must_wait(
    clinic: Clinic, browser: Browser, app: Starlette
) -> None:
    await account(clinic, browser)
    for _ in range(TRIES_PER_NAME):
        assert (await browser.sign_in(password="wrong password here")).status_code == 401
    refused = await Browser(app, address="127.0.0.9").sign_in()
    assert refused.status_code == 429
    assert "Please wait 1 minute, then try again" in refused.text
    assert refused.headers["retry-after"] == "60"
    clinic.clock.pass_(timedelta(minutes=1))
    assert (await browser.sign_in(password="wrong password here")).status_code == 401
    again = await browser.sign_in()
    assert again.status_code == 429
    assert "Please wait 2 minutes, then try again" in again.text
    assert clinic.audit()[-1] == ("clinician", "refused sign in", "console")
    clinic.clock.pass_(timedelta(minutes=2))
    await browser.sign_in()
    assert browser.title == "Episodes by urgency"


async def test_a_name_that_nobody_has_is_slowed_down_like_any_other(clinic: Clinic, browser: Browser) -> None:
    for _ in range(TRIES_PER_NAME):
        assert (await browser.sign_in(name="nobody", password="guess")).status_code == 401
    assert (await browser.sign_in(name="nobody", password="guess")).status_code == 429


async def test_one_address_cannot_try_many_names(clinic: Clinic, browser: Browser, app: Starlette) -> None:
    for number in range(TRIES_PER_ADDRESS):
        assert (await browser.sign_in(name=f"name{number}", password="guess")).status_code == 401
    assert (await browser.sign_in(name="one more", password="guess")).status_code == 429
    elsewhere = await Browser(app, address="127.0.0.9").sign_in(name="one more", password="guess")
    assert elsewhere.status_code == 401


async def test_good_sign_ins_never_add_up_to_a_wait(clinic: Clinic, browser: Browser, app: Starlette) -> None:
    await account(clinic, browser)
    for _ in range(TRIES_PER_NAME * 2):
        await Browser(app).sign_in()
        await browser.sign_in(password="wrong password here")
    await browser.sign_in()
    assert browser.title == "Episodes by urgency"


async def test_a_form_of_another_browser_is_refused(clinic: Clinic, browser: Browser, app: Starlette) -> None:
    await account(clinic, browser)
    await browser.open("/signin")
    other = Browser(app)
    other.page = browser.page
    page = await other.submit("/signin", name="clinician", password=PASSWORD)
    assert page.status_code == 403
    assert "Please go back and try again" in page.text


async def test_a_form_without_its_token_is_refused(clinic: Clinic, browser: Browser) -> None:
    await account(clinic, browser)
    await browser.open("/signin")
    page = await browser.http.post("/signin", data={"name": "clinician", "password": PASSWORD})
    assert page.status_code == 403


async def test_signing_out_needs_the_token_too(clinician: Browser) -> None:
    assert (await clinician.http.post("/signout", data={"csrf": ""})).status_code == 403
    await clinician.open("/")
    assert clinician.title == "Episodes by urgency"


async def test_a_form_made_under_another_key_is_refused(clinic: Clinic, browser: Browser) -> None:
    await account(clinic, browser)
    await browser.open("/signin")
    restarted = Browser(
        console_app(clinic.store, clinic.clock, secret=b"another secret of 32 bytes or so", passwords=QUICK)
    )
    restarted.http.cookies = browser.http.cookies
    restarted.page = browser.page
    assert (await restarted.submit("/signin", name="clinician", password=PASSWORD)).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": HOME}, 403),
        ({"Origin": HOME}, 303),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "null"}, 303),
        ({}, 303),
    ],
)
async def test_a_form_must_come_from_our_own_page(
    clinic: Clinic, browser: Browser, headers: dict[str, str], status: int
) -> None:
    await account(clinic, browser)
    page = await browser.open("/signin")
    token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    answer = await browser.http.post(
        "/signin", data={"csrf": token, "name": "clinician", "password": PASSWORD}, headers=headers
    )
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"name=" + b"a" * 10_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (b"\xff\xfe=1", "application/x-www-form-urlencoded", 400),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"f%d=1" % n for n in range(50)), "application/x-www-form-urlencoded", 400),
    ],
    ids=["too large", "not a form", "not text", "not utf-8", "too many fields"],
)
async def test_a_strange_form_gets_a_clear_answer(
    browser: Browser, body: bytes, content_type: str, status: int
) -> None:
    answer = await browser.http.post("/signin", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == status
    assert "<h1>" in answer.text


@pytest.mark.parametrize(("home", "name"), [(HOME, ""), ("https://127.0.0.1:8081", "__Host-")])
async def test_the_session_cookie_is_as_strict_as_the_connection_allows(
    clinic: Clinic, app: Starlette, home: str, name: str
) -> None:
    browser = Browser(app, home=home)
    await browser.set_up(link_for(clinic))
    page = await browser.open("/signin")
    token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    answer = await browser.http.post(
        "/signin", data={"csrf": token, "name": "clinician", "password": PASSWORD}
    )
    cookie = next(one for one in answer.headers.get_list("set-cookie") if "backplan_session=" in one)
    assert cookie.startswith(f"{name}backplan_session=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "path=/", "samesite=strict", "max-age=43200"} <= parts
    assert ("secure" in parts) == bool(name)
    assert not any(part.startswith("domain") for part in parts)


async def test_every_step_is_in_the_audit_log_and_no_mistyped_name(clinic: Clinic, browser: Browser) -> None:
    await account(clinic, browser)
    await browser.sign_in(password="wrong password here")
    await browser.sign_in(name="my password by mistake", password="x")
    await browser.sign_in()
    await browser.submit("/signout")
    assert clinic.audit() == [
        ("clinician", "set password", "console"),
        ("clinician", "failed sign in", "console"),
        ("nobody", "failed sign in", "console"),
        ("clinician", "sign in", "console"),
        ("clinician", "read list", "episodes"),
        ("clinician", "sign out", "console"),
    ]


def _without_secrets(page: str) -> str:
    before, _, rest = page.partition('name="csrf" value="')
    return before + rest.partition('"')[2]
