"""Reading in the console: the list, a summary, its JSON, and what is never shown."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from bot.review.console import console_app
from bot.review.console.reading import ROWS_ON_A_PAGE
from bot.store.case_codes import case_code
from bot.store.errors import StoreUnavailable
from tests.review.browser import QUICK, Browser
from tests.review.cases import CaseBuilder
from tests.review.clinics import Clinic
from tests.review.documents import Document
from tests.review.fakes import FakeStore


async def test_nobody_reads_without_signing_in(clinic: Clinic, browser: Browser) -> None:
    for address in ("/", *(f"/episodes/{episode}" for episode in clinic.episodes.values())):
        await browser.open(address)
        assert browser.title == "Sign in"
    refused = await browser.open(f"/episodes/{clinic.episodes['numb']}.json")
    assert refused.status_code == 401
    assert clinic.audit() == []


async def test_the_list_shows_the_most_urgent_first_in_words(clinic: Clinic, clinician: Browser) -> None:
    page = await clinician.open("/")
    rows = [row.words.split() for row in Document.of(page.text).all("tr")[1:]]
    words = [" ".join(row) for row in rows]
    assert rows[0][0] == case_code(clinic.episodes["numb"])
    assert {row[0] for row in rows[1:]} == {case_code(clinic.episodes[name]) for name in ("well", "private")}
    assert "Emergency now Ended by an emergency Suspected cauda equina" in words[0]
    assert "Telegram" in words[0]
    for line in words[1:]:
        assert "Self-manage Draft plan, not reviewed none Web chat" in line
        assert "2 hours since" in line or "3 hours since" in line
    assert "3 episodes, the most urgent first" in page.text


async def test_an_empty_clinic_says_when_something_will_be_there(fake: FakeStore, reader: Browser) -> None:
    fake.cases.clear()
    page = await reader.open("/")
    assert "There are no episodes yet." in page.text


async def test_a_long_list_comes_in_pages(fake: FakeStore, reader: Browser) -> None:
    for number in range(ROWS_ON_A_PAGE):
        fake.add(CaseBuilder(f"episode-{number}").build())
    first = await reader.open("/")
    assert len(Document.of(first.text).all("tr")) == ROWS_ON_A_PAGE + 1
    assert "Page 1 of 2" in first.text
    second = await reader.open("/?page=2")
    assert len(Document.of(second.text).all("tr")) == 3 + 1
    assert (await reader.open("/?page=999999999")).status_code == 200
    assert (await reader.open("/?page=-1")).text == (await reader.open("/")).text


async def test_the_list_leads_to_the_summary(clinic: Clinic, clinician: Browser) -> None:
    page = await clinician.open("/")
    first = next(one for one in Document.of(page.text).all("a") if "/episodes/" in one.attributes["href"])
    summary = await clinician.open(first.attributes["href"])
    assert clinician.title == "Back pain summary"
    assert "cant really feel when i wipe" in summary.text
    assert "rule A1" in summary.text


async def test_the_json_is_the_same_summary(clinic: Clinic, clinician: Browser) -> None:
    answer = await clinician.open(f"/episodes/{clinic.episodes['numb']}.json")
    document = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert document["episode"] == clinic.episodes["numb"]
    assert document["triage"] == "emergency_now"
    assert document["facts"]["saddle_numbness"]["value"] == "new"


async def test_an_episode_that_is_not_there_is_a_kind_404(clinician: Browser, clinic: Clinic) -> None:
    for address in ("/episodes/nothing", "/episodes/nothing.json"):
        page = await clinician.open(address)
        assert page.status_code == 404
        assert "The list shows those that are there." in page.text
    assert not [row for row in clinic.audit() if row[1] in {"read case", "export json"}]


async def test_every_look_is_in_the_audit_log(clinic: Clinic, clinician: Browser) -> None:
    before = len(clinic.audit())
    numb = clinic.episodes["numb"]
    await clinician.open("/")
    await clinician.open(f"/episodes/{numb}")
    await clinician.open(f"/episodes/{numb}.json")
    assert clinic.audit()[before:] == [
        ("clinician", "read list", "episodes"),
        ("clinician", "read case", numb),
        ("clinician", "export json", numb),
    ]


async def test_what_a_patient_does_not_share_stays_hidden_but_its_class_does_not(
    clinic: Clinic, clinician: Browser
) -> None:
    private = clinic.episodes["private"]
    page = await clinician.open(f"/episodes/{private}")
    assert "did not agree to show the answers to a clinician" in page.text
    assert "Self-manage" in page.text
    assert "nobody is to know" not in page.text
    assert "Danger signs" not in page.text
    document = (await clinician.open(f"/episodes/{private}.json")).json()
    assert (document["sharing"], document["facts"], document["transcript"]) == ("refused", {}, [])


async def test_danger_is_shown_whatever_the_patient_agreed_to(fake: FakeStore, reader: Browser) -> None:
    secret = CaseBuilder("secret").agrees("keep_answers").patient("numb down there", saddle_numbness="new")
    fake.add(secret.triaged().ends("emergency").build())
    page = await reader.open("/episodes/secret")
    assert "numb down there" in page.text
    assert "did not agree to show the answers to a clinician" in page.text


async def test_before_consent_only_the_class_is_shown(fake: FakeStore, reader: Browser) -> None:
    fake.add(CaseBuilder("new", status="consent").patient("hi, my back hurts").build())
    page = await reader.open("/episodes/new")
    assert "has not yet said whether a clinician may see the answers" in page.text
    assert "my back hurts" not in page.text


ADDRESSES = ("/", "/signin", "/setup/x", "/nothing", "/static/style.css", "/static/nothing", "/healthz")


@pytest.mark.parametrize("address", ADDRESSES)
async def test_every_answer_has_strict_headers_errors_too(browser: Browser, address: str) -> None:
    for method in ("GET", "POST", "TRACE"):
        answer = await browser.http.request(method, address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "server" not in answer.headers


async def test_nothing_but_the_stylesheet_and_the_icon_may_be_kept(
    clinician: Browser, clinic: Clinic
) -> None:
    for address in ("/", f"/episodes/{clinic.episodes['numb']}", f"/episodes/{clinic.episodes['numb']}.json"):
        assert (await clinician.open(address)).headers["cache-control"] == "no-store"
    style = await clinician.open("/static/style.css")
    assert style.headers["cache-control"] == "no-cache"
    assert (await clinician.open("/static/style.css", If_None_Match=style.headers["etag"])).status_code == 304


@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:8081", "127.0.0.1.evil.test", "", "localhost:x", "[::2]"]
)
@pytest.mark.parametrize("address", ["/", "/healthz", "/signin"])
async def test_the_console_does_not_answer_under_another_name(
    browser: Browser, host: str, address: str
) -> None:
    answer = await browser.http.get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert "does not answer under this name" in answer.text


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8081", "localhost:8081", "LOCALHOST", "[::1]:8081", "[::1]"]
)
async def test_it_answers_on_loopback_by_any_of_its_names(browser: Browser, host: str) -> None:
    assert (await browser.http.get("/healthz", headers={"Host": host})).json() == {"status": "alive"}


async def test_an_operator_may_name_other_hosts(clinic: Clinic) -> None:
    browser = Browser(
        console_app(clinic.store, clinic.clock, allowed_hosts={"console.clinic.test"}, passwords=QUICK)
    )
    host = {"Host": "console.clinic.test"}
    assert (await browser.http.get("/healthz", headers=host)).status_code == 200
    assert (await browser.http.get("/healthz")).status_code == 400


async def test_wrong_methods_and_addresses_get_a_page(browser: Browser) -> None:
    missing = await browser.open("/nothing")
    assert (missing.status_code, browser.title) == (404, "Not found")
    wrong = await browser.http.post("/")
    assert wrong.status_code == 405
    assert wrong.headers["allow"] == "GET, HEAD" or set(wrong.headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize(
    ("error", "status"), [(StoreUnavailable("OperationalError"), 503), (RuntimeError("SECRET WORDS"), 500)]
)
async def test_a_failing_store_gives_a_plain_page_and_no_content_in_the_log(
    fake: FakeStore, reader: Browser, caplog: pytest.LogCaptureFixture, error: Exception, status: int
) -> None:
    fake.fails_with = error
    with caplog.at_level(logging.DEBUG):
        page = await reader.open("/episodes/numb")
    assert page.status_code == status
    assert "again" in page.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert ours == [f"episode failed: {type(error).__name__}"]
    assert "SECRET" not in page.text + caplog.text


async def test_a_case_is_not_shown_when_the_look_cannot_be_written_down(
    fake: FakeStore, reader: Browser
) -> None:
    fake.audit_fails_with = StoreUnavailable("OperationalError")
    page = await reader.open("/episodes/numb")
    assert page.status_code == 503
    assert "wipe" not in page.text


async def test_every_page_of_the_console_can_be_read_without_seeing_it(
    clinic: Clinic, clinician: Browser, app: Starlette
) -> None:
    stranger = Browser(app)
    addresses = ["/", *(f"/episodes/{episode}" for episode in clinic.episodes.values()), "/nothing"]
    pages = [await clinician.open(address) for address in addresses]
    pages.append(await stranger.open("/signin"))
    pages.append(await stranger.sign_in(password="wrong password here"))
    setup = clinic.store.issue_setup_token("anna", valid=timedelta(hours=1))
    pages.append(await stranger.open(f"/setup/{setup}"))
    for answer in pages:
        page = Document.of(answer.text)
        assert page.unclosed == []
        assert page.all("html")[0].attributes["lang"] == "en"
        assert len(page.all("h1")) == len(page.all("main")) == 1
        assert page.all("title")[0].words.endswith("Backplan")
        assert len(page.ids) == len(set(page.ids))
        labelled = {label.attributes["for"] for label in page.all("label")}
        for field in page.all("input"):
            assert field.attributes.get("type") == "hidden" or field.attributes["id"] in labelled
            for described in field.attributes.get("aria-describedby", "").split():
                assert described in page.ids
        assert all(header.attributes.get("scope") for header in page.all("th"))
        assert not page.all("style")
        assert all(one.attributes["src"].startswith("/static/") for one in page.all("script"))
        assert not any(one.words for one in page.all("script"))
        assert not any("style" in element.attributes for element in page.elements)
        assert all(button.words.strip() for button in page.all("button"))
