"""The second step of signing in: an authenticator app set up once, a code each time, and recovery codes."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from bot.review.console import SecondFactors, clinician_link, console_app
from bot.review.console.lockout import TRIES_PER_NAME
from bot.review.console.second_factor import SecretUnreadable, as_recovery_code, new_recovery_codes
from tests.review.authenticator import HALF_A_MINUTE, Authenticator
from tests.review.browser import HOME, PASSWORD, QUICK, Browser
from tests.review.cases import STARTED
from tests.review.clinics import Clinic
from tests.review.fakes import FakeClock

KEY = b"a key of these tests, 32 bytes.."


@pytest.fixture
def factors(clinic: Clinic) -> SecondFactors:
    return SecondFactors(KEY, clinic.clock)


@pytest.fixture
def app(clinic: Clinic, factors: SecondFactors) -> Starlette:
    return console_app(
        clinic.store,
        clinic.clock,
        b"a secret of these tests, 32 bytes",
        passwords=QUICK,
        second_factors=factors,
    )


def link_for(clinic: Clinic, name: str = "clinician") -> str:
    return clinician_link(clinic.store, HOME, clinic.clock(), name)


async def enrolled(clinic: Clinic, app: Starlette) -> tuple[Authenticator, list[str]]:
    """The clinician's phone after the first sign-in, and the recovery codes; half a minute has passed."""
    browser = Browser(app)
    phone = Authenticator.reading(await browser.set_up(link_for(clinic)), clinic.clock)
    page = await browser.submit("/signin/enrol", code=phone.code())
    clinic.clock.pass_(HALF_A_MINUTE)
    return phone, codes_on(page)


def codes_on(page: httpx.Response) -> list[str]:
    return re.findall(r"<code>([a-z2-7-]{19})</code>", page.text)


async def test_the_first_link_leads_over_password_and_app_to_the_list(
    clinic: Clinic, browser: Browser
) -> None:
    page = await browser.open(link_for(clinic).removeprefix(HOME))
    assert "have your phone at hand" in page.text
    page = await browser.set_up(link_for(clinic))
    assert browser.title == "Set up the second step"
    assert "<svg viewBox=" in page.text
    assert "style=" not in page.text
    phone = Authenticator.reading(page, clinic.clock)
    page = await browser.submit("/signin/enrol", code=phone.code())
    assert browser.title == "Recovery codes"
    assert len(set(codes_on(page))) == 10
    await browser.open("/")
    assert browser.title == "Episodes by urgency"
    assert [row[:2] for row in clinic.audit()] == [
        ("clinician", "set password"),
        ("clinician", "set second factor"),
        ("clinician", "sign in"),
        ("clinician", "read list"),
    ]


async def test_a_page_read_again_shows_the_same_key_and_a_new_sign_in_another(
    clinic: Clinic, browser: Browser, app: Starlette
) -> None:
    first = Authenticator.reading(await browser.set_up(link_for(clinic)), clinic.clock)
    again = Authenticator.reading(await browser.open("/signin/enrol"), clinic.clock)
    assert again.key == first.key
    elsewhere = Browser(app)
    other = Authenticator.reading(await elsewhere.sign_in(), clinic.clock)
    assert other.key != first.key


async def test_the_key_is_never_shown_again_nor_kept_readable(clinic: Clinic, app: Starlette) -> None:
    phone, codes = await enrolled(clinic, app)
    browser = Browser(app)
    pages = [
        await browser.sign_in(),
        await browser.open("/signin/enrol"),
        await browser.open("/signin/code"),
        await browser.submit("/signin/code", code=phone.code()),
        await browser.open("/account"),
    ]
    text = "".join(page.text.replace(" ", "") for page in pages)
    assert browser.title == "Your account"
    assert phone.key not in text
    assert not any(code in text for code in codes)
    account = clinic.store.clinician("clinician")
    assert account is not None
    sealed = clinic.store.second_factor(account.id)
    assert sealed is not None
    assert phone.key not in sealed


async def test_a_password_alone_opens_nothing(clinic: Clinic, app: Starlette) -> None:
    await enrolled(clinic, app)
    browser = Browser(app)
    await browser.sign_in()
    assert browser.title == "Second step"
    for address in ("/", "/account", f"/episodes/{clinic.episodes['numb']}"):
        await browser.open(address)
        assert browser.title == "Sign in"
    assert (await browser.http.get("/queue/state")).status_code == 401


async def test_who_has_no_second_factor_yet_sets_one_up_and_gets_no_further(
    clinic: Clinic, browser: Browser, app: Starlette
) -> None:
    await browser.set_up(link_for(clinic))
    await browser.open("/")
    assert browser.title == "Sign in"
    await browser.sign_in()
    assert browser.title == "Set up the second step"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "0" * 12])
async def test_what_is_no_code_does_not_set_up_the_second_step(
    clinic: Clinic, browser: Browser, code: str
) -> None:
    await browser.set_up(link_for(clinic))
    page = await browser.submit("/signin/enrol", code=code)
    assert page.status_code == 422
    assert "This code does not fit" in page.text


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_a_clock_may_be_half_a_minute_off_and_no_more(
    clinic: Clinic, app: Starlette, steps: int, fits: bool
) -> None:
    phone, _ = await enrolled(clinic, app)
    clinic.clock.pass_(timedelta(minutes=5))
    browser = Browser(app)
    await browser.sign_in()
    page = await browser.submit("/signin/code", code=phone.code(HALF_A_MINUTE * steps))
    assert (browser.title == "Episodes by urgency") is fits
    assert page.status_code == (200 if fits else 401)


async def test_a_code_may_be_typed_with_a_space(clinic: Clinic, app: Starlette) -> None:
    phone, _ = await enrolled(clinic, app)
    browser = Browser(app)
    await browser.sign_in()
    await browser.submit("/signin/code", code=f" {phone.code()[:3]} {phone.code()[3:]}")
    assert browser.title == "Episodes by urgency"


async def test_a_code_works_once_even_in_its_own_half_minute(clinic: Clinic, app: Starlette) -> None:
    phone, _ = await enrolled(clinic, app)
    code = phone.code()
    for browser, title in ((Browser(app), "Episodes by urgency"), (Browser(app), "Second step")):
        await browser.sign_in()
        page = await browser.submit("/signin/code", code=code)
        assert browser.title == title
    assert "it was used before" in page.text
    assert clinic.audit()[-1] == ("clinician", "failed second factor", "console")


async def test_the_code_of_the_set_up_does_not_open_a_second_session(clinic: Clinic, app: Starlette) -> None:
    phone, _ = await enrolled(clinic, app)
    browser = Browser(app)
    await browser.sign_in()
    await browser.submit("/signin/code", code=phone.code(-HALF_A_MINUTE))
    assert browser.title == "Second step"


async def test_a_recovery_code_lets_in_once_and_leads_to_the_account(clinic: Clinic, app: Starlette) -> None:
    _, codes = await enrolled(clinic, app)
    browser, second = Browser(app), Browser(app)
    await browser.sign_in()
    page = await browser.submit("/signin/code", code=codes[0].upper().replace("-", " "))
    assert browser.title == "Your account"
    assert "9 of 10" in page.text
    assert clinic.audit()[-1] == ("clinician", "sign in by recovery code", "console")
    await second.sign_in()
    await second.submit("/signin/code", code=codes[0])
    assert second.title == "Second step"


async def test_new_recovery_codes_need_a_fresh_code_and_end_the_old_ones(
    clinic: Clinic, app: Starlette
) -> None:
    phone, codes = await enrolled(clinic, app)
    browser = Browser(app)
    await browser.sign_in()
    await browser.submit("/signin/code", code=phone.code())
    await browser.open("/account")
    refused = await browser.submit("/account/recovery", code=phone.code())
    assert refused.status_code == 422
    clinic.clock.pass_(HALF_A_MINUTE)
    page = await browser.submit("/account/recovery", code=phone.code())
    fresh = codes_on(page)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    for code, title in ((codes[0], "Second step"), (fresh[0], "Your account")):
        other = Browser(app)
        await other.sign_in()
        await other.submit("/signin/code", code=code)
        assert other.title == title


async def test_guessing_codes_is_stopped_and_a_right_password_gives_no_more_tries(
    clinic: Clinic, app: Starlette
) -> None:
    phone, _ = await enrolled(clinic, app)
    refused = 0
    for _ in range(TRIES_PER_NAME * 3):
        browser = Browser(app)
        if (await browser.sign_in()).status_code == 429:
            refused += 1
            continue
        refused += (await browser.submit("/signin/code", code=phone.wrong_code())).status_code == 429
    assert refused == TRIES_PER_NAME * 3 - TRIES_PER_NAME
    assert (await Browser(app).sign_in()).status_code == 429
    assert ("clinician", "refused sign in", "console") in clinic.audit()
    clinic.clock.pass_(timedelta(minutes=1))
    good = Browser(app)
    await good.sign_in()
    await good.submit("/signin/code", code=phone.code())
    assert good.title == "Episodes by urgency"


async def test_whoever_waits_at_the_code_is_told_for_how_long(clinic: Clinic, app: Starlette) -> None:
    phone, _ = await enrolled(clinic, app)
    browser = Browser(app)
    await browser.sign_in()
    for _ in range(TRIES_PER_NAME):
        await browser.submit("/signin/code", code=phone.wrong_code())
    page = await browser.submit("/signin/code", code=phone.code())
    assert page.status_code == 429
    assert "Please wait 1 minute" in page.text
    assert page.headers["retry-after"] == "60"


async def test_each_step_of_signing_in_has_a_session_of_its_own(clinic: Clinic, app: Starlette) -> None:
    phone, _ = await enrolled(clinic, app)
    browser = Browser(app)
    await browser.sign_in()
    half = browser.http.cookies["backplan_session"]
    await browser.submit("/signin/code", code=phone.code())
    assert browser.http.cookies["backplan_session"] != half
    thief = Browser(app)
    thief.http.cookies.set("backplan_session", half)
    await thief.open("/")
    assert thief.title == "Sign in"


async def test_a_half_done_sign_in_ends_after_a_quarter_of_an_hour(clinic: Clinic, app: Starlette) -> None:
    phone, _ = await enrolled(clinic, app)
    browser = Browser(app)
    await browser.sign_in()
    clinic.clock.pass_(timedelta(minutes=15))
    await browser.open("/signin/code")
    assert browser.title == "Sign in"
    assert phone.key


async def test_the_code_needs_the_token_of_its_own_page(clinic: Clinic, app: Starlette) -> None:
    phone, _ = await enrolled(clinic, app)
    browser = Browser(app)
    await browser.sign_in()
    answer = await browser.http.post("/signin/code", data={"code": phone.code()})
    assert answer.status_code == 403


async def test_a_new_link_for_an_account_changes_the_password_and_keeps_the_phone(
    clinic: Clinic, app: Starlette
) -> None:
    phone, _ = await enrolled(clinic, app)
    browser = Browser(app)
    await browser.set_up(link_for(clinic), "an entirely new password")
    assert browser.title == "Sign in"
    await browser.sign_in(password="an entirely new password")
    await browser.submit("/signin/code", code=phone.code())
    assert browser.title == "Episodes by urgency"


async def test_after_a_reset_nothing_of_before_opens_the_account(clinic: Clinic, app: Starlette) -> None:
    await enrolled(clinic, app)
    clinic.store.reset_clinician("clinician")
    browser = Browser(app)
    assert (await browser.sign_in()).status_code == 401
    await browser.set_up(link_for(clinic))
    assert browser.title == "Set up the second step"


async def test_signing_in_by_code_leads_back_to_the_page_that_was_wanted(
    clinic: Clinic, app: Starlette
) -> None:
    phone, _ = await enrolled(clinic, app)
    browser = Browser(app)
    await browser.open(f"/episodes/{clinic.episodes['numb']}")
    await browser.submit("/signin", name="clinician", password=PASSWORD)
    await browser.submit("/signin/code", code=phone.code())
    assert browser.title == "Back pain summary"


async def test_a_lost_key_locks_nobody_out_who_has_recovery_codes(clinic: Clinic, app: Starlette) -> None:
    phone, codes = await enrolled(clinic, app)
    other_key = SecondFactors(b"another key of 32 bytes, or more", clinic.clock)
    browser = Browser(console_app(clinic.store, clinic.clock, passwords=QUICK, second_factors=other_key))
    await browser.sign_in()
    assert (await browser.submit("/signin/code", code=phone.code())).status_code == 401
    assert ("clinician", "second factor unreadable", "console") in clinic.audit()
    await browser.submit("/signin/code", code=codes[0])
    assert browser.title == "Your account"


def test_a_sealed_secret_opens_for_its_own_account_and_key_only() -> None:
    clock = FakeClock(STARTED)
    factors = SecondFactors(KEY, clock)
    secret = factors.secret_for("session")
    sealed = factors.seal(secret, "anna")
    assert factors.unseal(sealed, "anna") == secret
    assert factors.seal(secret, "anna") != sealed
    for opener, account, text in (
        (factors, "bert", sealed),
        (SecondFactors(b"x" * 32, clock), "anna", sealed),
        (factors, "anna", "not base64"),
        (factors, "anna", ""),
        (factors, "anna", sealed[:-8] + "AAAAAAA="),
    ):
        with pytest.raises(SecretUnreadable):
            opener.unseal(text, account)


def test_recovery_codes_are_long_and_read_back_however_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len({*codes}) == 10
    for code in codes:
        assert re.fullmatch(r"([a-z2-7]{4}-){3}[a-z2-7]{4}", code)
        assert as_recovery_code(f"  {code.upper().replace('-', ' ')} ") == code
