"""The audit log in the console: what an auditor sees, finds and never sees."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bot.review.console import clinician_link
from bot.review.console.auditing import ROWS_ON_A_PAGE
from bot.store import AuditFilter
from tests.review.browser import HOME, Browser
from tests.review.clinics import Clinic, KeptClinic, on_sqlite
from tests.review.documents import Document


@pytest.fixture
def clinic(kept_clinic: KeptClinic, tmp_path: Path) -> Clinic:
    return on_sqlite(kept_clinic, tmp_path)


@pytest.fixture
async def auditor(clinic: Clinic, app: Starlette) -> Browser:
    browser = Browser(app)
    await browser.set_up(clinician_link(clinic.store, HOME, clinic.clock(), "ada", "auditor"))
    await browser.sign_in("ada")
    return browser


def rows_of(browser: Browser) -> list[str]:
    assert browser.page is not None
    return [" ".join(row.words.split()) for row in Document.of(browser.page.text).all("tr")[1:]]


async def test_an_auditor_begins_at_the_log_and_opens_no_case(clinic: Clinic, auditor: Browser) -> None:
    assert auditor.title == "Audit log"
    await auditor.open("/")
    assert auditor.title == "Audit log"
    for address in (
        f"/episodes/{clinic.episodes['numb']}",
        f"/episodes/{clinic.episodes['numb']}.json",
        f"/episodes/{clinic.episodes['numb']}.pdf",
        "/episodes.csv",
        "/queue/state",
        "/accounts",
    ):
        page = await auditor.open(address)
        assert page.status_code == 403
        assert "cant really feel" not in page.text
    assert ("ada", "refused page", "episode") in clinic.audit()


async def test_every_look_at_a_case_is_in_the_log_and_none_of_the_patients_words(
    clinic: Clinic, clinician: Browser, auditor: Browser
) -> None:
    case = clinic.episodes["numb"]
    for address in (f"/episodes/{case}", f"/episodes/{case}.json", f"/episodes/{case}.html", "/episodes.csv"):
        await clinician.open(address)
    page = await auditor.open(f"/audit?subject={case}")
    text = " ".join(rows_of(auditor))
    for action in ("read case", "export json", "export html", "export csv"):
        assert f"clinician {action} {case}" in text
    assert "cant really feel" not in page.text


async def test_the_log_is_shown_by_who_by_subject_and_by_day(
    clinic: Clinic, clinician: Browser, auditor: Browser
) -> None:
    await clinician.open("/")
    clinic.clock.pass_(timedelta(minutes=1))
    await auditor.open("/audit?actor=ada")
    assert all(" ada " in row for row in rows_of(auditor))
    await auditor.open("/audit?actor=clinician&subject=episodes")
    assert all("clinician read list episodes" in row for row in rows_of(auditor))
    assert rows_of(auditor)
    today = clinic.clock().date()
    await auditor.open(f"/audit?since={today}&until={today}")
    assert rows_of(auditor)
    page = await auditor.open(f"/audit?until={today - timedelta(days=1)}")
    assert "No row fits." in page.text


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "until=2026-13-40", "since=0001-01-01", "until=9999-12-31", "since=%00"],
)
async def test_a_day_that_is_none_gets_a_kind_answer(auditor: Browser, query: str) -> None:
    page = await auditor.open(f"/audit?{query}")
    assert page.status_code == 422
    assert "Please write a day as in 2026-11-25." in page.text


@pytest.mark.parametrize("before", ["-1", "x", "9" * 40, "", "%F0%9F%92%A9", "٣"])
async def test_a_page_number_that_is_none_counts_as_the_first(auditor: Browser, before: str) -> None:
    assert (await auditor.open(f"/audit?before={before}")).status_code == 200


async def test_a_long_log_comes_in_pages_that_lead_on_and_back(clinic: Clinic, auditor: Browser) -> None:
    for number in range(ROWS_ON_A_PAGE * 2):
        clinic.store.write_audit("dr.rossi", "read case", f"episode-{number}")
    page = await auditor.open("/audit?actor=dr.rossi")
    assert len(rows_of(auditor)) == ROWS_ON_A_PAGE
    older = Document.of(page.text).all("a")[-1].attributes["href"]
    page = await auditor.open(older)
    assert len(rows_of(auditor)) == ROWS_ON_A_PAGE
    assert rows_of(auditor)[-1].endswith("episode-0")
    assert ">Older<" not in page.text
    assert ">Newest<" in page.text


async def test_an_untouched_log_is_unbroken_and_a_changed_row_is_found(
    clinic: Clinic, clinician: Browser, auditor: Browser, tmp_path: Path
) -> None:
    await clinician.open(f"/episodes/{clinic.episodes['numb']}")
    page = await auditor.open("/audit?check=now")
    assert "Unbroken since" in page.text
    row = next(
        row.n
        for row in clinic.store.audit_page(AuditFilter(), 100)
        if (row.actor, row.action) == ("clinician", "read case")
    )
    connection = sqlite3.connect(tmp_path / "clinic.db")
    with connection:
        connection.execute("UPDATE audit SET actor = 'somebody else' WHERE n = ?", (row,))
    connection.close()
    page = await auditor.open("/audit?check=now")
    assert f"Row {row} does not fit the one before it." in page.text


async def test_a_check_is_done_anew_after_a_while(clinic: Clinic, auditor: Browser, tmp_path: Path) -> None:
    await auditor.open("/audit")
    connection = sqlite3.connect(tmp_path / "clinic.db")
    with connection:
        connection.execute("UPDATE audit SET action = 'something else' WHERE n = 1")
    connection.close()
    clinic.clock.pass_(timedelta(minutes=5))
    page = await auditor.open("/audit")
    assert "Row 1 does not fit" in page.text
