"""Accounts in the console: what a lead may do, and what nobody may do to their own account."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette

from bot.review.console import clinician_link
from bot.review.console.lockout import TRIES_PER_NAME
from tests.review.browser import HOME, Browser
from tests.review.clinics import Clinic


@pytest.fixture
async def lead(clinician: Browser) -> Browser:
    """The first clinician, who is a lead."""
    await clinician.open("/accounts")
    assert clinician.title == "Accounts"
    return clinician


async def add(clinic: Clinic, app: Starlette, name: str, role: str = "clinician") -> Browser:
    """Somebody else, signed in."""
    browser = Browser(app)
    await browser.set_up(clinician_link(clinic.store, HOME, clinic.clock(), name, role))
    await browser.sign_in(name)
    return browser


def account_of(clinic: Clinic, name: str) -> str:
    found = clinic.store.clinician(name)
    assert found is not None
    return f"/accounts/{found.id}"


async def test_a_lead_invites_an_auditor_who_gets_in_by_the_link(
    clinic: Clinic, lead: Browser, app: Starlette
) -> None:
    page = await lead.submit("/accounts", name="Ada Auditor", role="auditor")
    link = re.search(rf"{HOME}/setup/[\w-]+", page.text)
    assert link is not None
    assert link[0] not in (await lead.open("/accounts")).text
    browser = Browser(app)
    await browser.set_up(link[0])
    await browser.sign_in("Ada Auditor")
    assert browser.title == "Audit log"
    assert ("clinician", "invite auditor", "Ada Auditor") in clinic.audit()


@pytest.mark.parametrize(
    ("name", "role", "told"),
    [
        ("", "clinician", "give the account a name"),
        ("   ", "clinician", "give the account a name"),
        ("x" * 81, "clinician", "at most 80 characters"),
        ("dr\u202eissor", "clinician", "hidden characters"),
        ("Nobody", "clinician", "uses this name for something else"),
        ("command line", "clinician", "uses this name for something else"),
        ("clinician", "clinician", "There is an account of this name already"),
        ("dr.rossi", "god", "choose a role"),
    ],
)
async def test_an_account_that_cannot_be_made_is_refused_with_what_to_do(
    clinic: Clinic, lead: Browser, name: str, role: str, told: str
) -> None:
    before = len(clinic.store.clinicians())
    page = await lead.submit("/accounts", name=name, role=role)
    assert page.status_code == 422
    assert told in page.text
    assert len(clinic.store.clinicians()) == before


async def test_a_changed_role_counts_from_the_next_click_on(
    clinic: Clinic, lead: Browser, app: Starlette
) -> None:
    other = await add(clinic, app, "dr.rossi")
    path = account_of(clinic, "dr.rossi")
    await lead.open("/accounts")
    await lead.submit(path, step="role", role="auditor")
    page = await other.open(f"/episodes/{clinic.episodes['numb']}")
    assert page.status_code == 403
    assert "Your account is that of an auditor" in page.text
    assert ("clinician", "set role auditor", "dr.rossi") in clinic.audit()


async def test_a_disabled_account_is_out_and_a_reset_brings_it_back(
    clinic: Clinic, lead: Browser, app: Starlette
) -> None:
    other = await add(clinic, app, "dr.rossi")
    path = account_of(clinic, "dr.rossi")
    await lead.open("/accounts")
    await lead.submit(path, step="disable")
    await other.open("/")
    assert other.title == "Sign in"
    page = await lead.submit(path, step="reset")
    link = re.search(rf"{HOME}/setup/[\w-]+", page.text)
    assert link is not None
    await other.set_up(link[0], "an entirely new password")
    await other.sign_in("dr.rossi", "an entirely new password")
    assert other.title == "Episodes by urgency"


async def test_a_lead_ends_the_wait_after_wrong_passwords(
    clinic: Clinic, lead: Browser, app: Starlette
) -> None:
    await add(clinic, app, "dr.rossi")
    stuck = Browser(app, address="127.0.0.9")
    for _ in range(TRIES_PER_NAME):
        await stuck.sign_in("dr.rossi", "wrong password here")
    assert (await stuck.sign_in("dr.rossi")).status_code == 429
    page = await lead.open("/accounts")
    assert "waits after wrong tries" in page.text
    await lead.submit(account_of(clinic, "dr.rossi"), step="unlock")
    await stuck.sign_in("dr.rossi")
    assert stuck.title == "Episodes by urgency"
    assert ("clinician", "unlock clinician", "dr.rossi") in clinic.audit()


async def test_a_lead_signs_somebody_out_everywhere(clinic: Clinic, lead: Browser, app: Starlette) -> None:
    other = await add(clinic, app, "dr.rossi")
    await lead.open("/accounts")
    await lead.submit(account_of(clinic, "dr.rossi"), step="sign_out")
    await other.open("/")
    assert other.title == "Sign in"


@pytest.mark.parametrize("step", ["role", "disable", "reset"])
async def test_nobody_shuts_themselves_out(clinic: Clinic, lead: Browser, step: str) -> None:
    page = await lead.http.post(
        account_of(clinic, "clinician"), data={"csrf": csrf_of(lead), "step": step, "role": "auditor"}
    )
    assert page.status_code == 422
    assert "ask another lead" in page.text
    kept = clinic.store.clinician("clinician")
    assert kept is not None
    assert (kept.role, kept.disabled) == ("lead", False)


async def test_a_step_that_there_is_not_changes_nothing(
    clinic: Clinic, lead: Browser, app: Starlette
) -> None:
    await add(clinic, app, "dr.rossi")
    path = account_of(clinic, "dr.rossi")
    for fields, status in (({"step": "promote"}, 400), ({"step": "role", "role": "god"}, 400), ({}, 400)):
        answer = await lead.http.post(path, data={"csrf": csrf_of(lead), **fields})
        assert answer.status_code == status
    answer = await lead.http.post("/accounts/nobody", data={"csrf": csrf_of(lead), "step": "disable"})
    assert answer.status_code == 404


async def test_a_name_that_looks_like_markup_is_shown_as_it_is(
    clinic: Clinic, lead: Browser, app: Starlette
) -> None:
    name = "<script>alert(1)</script>\"'><b>"
    await lead.submit("/accounts", name=name, role="clinician")
    page = await lead.open("/accounts")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def csrf_of(browser: Browser) -> str:
    assert browser.page is not None
    return browser.page.text.partition('name="csrf" value="')[2].partition('"')[0]
