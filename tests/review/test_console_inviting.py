"""Inviting a patient from the console: the link and its picture once, what waits, and taking it back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.review.console import console_app
from bot.review.console.inviting import MOST_DAYS
from bot.review.console.qr import picture_of
from bot.review.invitations import ChatAddresses
from bot.store import MoveTokenInvalid
from tests.review.browser import QUICK, Browser, FormReader
from tests.review.clinics import Clinic
from tests.review.conftest import signed_in
from tests.review.desk import Desk
from tests.review.documents import Document

OUTSIDE = ChatAddresses("https://chat.example", bot_name=lambda: "back_bot")


async def inviting(clinic: Clinic, chat: ChatAddresses = OUTSIDE) -> Browser:
    browser = await signed_in(
        Browser(console_app(clinic.store, clinic.clock, passwords=QUICK, chat=chat)), clinic.store
    )
    await browser.open("/invitations")
    return browser


async def invite(browser: Browser, reference: str = "MRN 0042", days: str = "14") -> Document:
    answer = await browser.submit("/invitations", reference=reference, days=days)
    return Document.of(answer.text)


def links(page: Document) -> list[str]:
    return [one.words for one in page.all("code")]


async def test_an_invitation_is_a_link_for_the_web_and_one_for_telegram_each_with_its_picture(
    clinic: Clinic,
) -> None:
    browser = await inviting(clinic)
    page = await invite(browser)
    assert browser.title == "Invitation for MRN 0042"
    web, telegram = links(page)
    token = web.removeprefix("https://chat.example/#move=")
    assert re.fullmatch(r"[\w-]{43}", token)
    assert telegram == f"https://t.me/back_bot?start={token}"
    assert len(page.all("svg")) == 2
    assert "works once" in page.words
    until = clinic.clock() + timedelta(days=14)
    assert f"{until:%d %b %Y, %H:%M} UTC" in page.words
    assert "this machine only" not in page.words


async def test_each_picture_is_that_of_its_link(clinic: Clinic) -> None:
    browser = await inviting(clinic)
    page = await invite(browser)
    assert browser.page is not None
    for link in links(page):
        assert str(picture_of(link)) in browser.page.text


async def test_where_no_bot_is_set_up_there_is_one_link_and_no_word_of_telegram(clinic: Clinic) -> None:
    page = await invite(await inviting(clinic, ChatAddresses("https://chat.example")))
    assert len(links(page)) == len(page.all("svg")) == 1
    assert "Telegram" not in page.words


async def test_while_telegram_is_away_the_web_link_is_there_and_the_page_says_so(clinic: Clinic) -> None:
    page = await invite(await inviting(clinic, ChatAddresses("https://chat.example", bot_name=lambda: None)))
    assert len(links(page)) == 1
    assert "Telegram does not answer" in page.words


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost:8080"])
async def test_an_address_that_patients_cannot_reach_is_named_as_one(clinic: Clinic, address: str) -> None:
    page = await invite(await inviting(clinic, ChatAddresses(address)))
    assert "BACKPLAN_PUBLIC_URL" in page.words


async def test_what_waits_is_listed_without_its_link_and_can_be_withdrawn(clinic: Clinic) -> None:
    browser = await inviting(clinic)
    web, _ = links(await invite(browser, "A 17"))
    clinic.clock.pass_(timedelta(minutes=1))
    await browser.open("/invitations")
    await invite(browser, "B 18", "3")
    listed = await browser.open("/invitations")
    rows = [row.words for row in Document.of(listed.text).all("tr")[1:]]
    assert [row.split()[:2] for row in rows] == [["B", "18"], ["A", "17"]]
    assert web.partition("=")[2] not in listed.text
    assert await withdrawn(browser, clinic, "A 17") == (
        "The invitation is withdrawn. Its link opens nothing any more."
    )
    assert [one.reference for one in clinic.store.waiting_invitations()] == ["B 18"]


async def withdrawn(browser: Browser, clinic: Clinic, reference: str) -> str:
    """Withdraw the one with this reference; what the page says then."""
    (one,) = [one for one in clinic.store.waiting_invitations() if one.reference == reference]
    answer = await browser.submit(f"/invitations/{one.conversation}/withdraw")
    (told,) = [part for part in Document.of(answer.text).all("p") if part.attributes.get("role") == "status"]
    return told.words


async def test_one_whose_time_is_over_is_marked_and_can_be_removed(clinic: Clinic) -> None:
    browser = await inviting(clinic)
    await invite(browser, "A 17", "1")
    clinic.clock.pass_(timedelta(days=1, minutes=1))
    await browser.sign_in()
    page = await browser.open("/invitations")
    assert "its time is over" in page.text
    assert "Remove the invitation for A 17" in Document.of(page.text).words
    await withdrawn(browser, clinic, "A 17")
    assert clinic.store.waiting_invitations() == []


async def test_each_step_is_in_the_audit_log_and_the_reference_is_not(clinic: Clinic) -> None:
    browser = await inviting(clinic)
    before = len(clinic.audit())
    await invite(browser, "MRN 0042")
    (waiting,) = clinic.store.waiting_invitations()
    await browser.open("/invitations")
    await withdrawn(browser, clinic, "MRN 0042")
    assert clinic.audit()[before:] == [
        ("clinician", "invite patient", waiting.conversation),
        ("clinician", "read invitations", "invitations"),
        ("clinician", "withdraw invitation", waiting.conversation),
        ("clinician", "read invitations", "invitations"),
    ]


@pytest.mark.parametrize("reference", ["", "   ", "x" * 65, "two\nlines\x00", "turned \u202e around"])
async def test_what_is_no_reference_is_said_kindly_and_invites_nobody(clinic: Clinic, reference: str) -> None:
    browser = await inviting(clinic)
    page = await invite(browser, reference)
    assert "1 to 64 characters" in page.words
    assert clinic.store.waiting_invitations() == []


@pytest.mark.parametrize("days", ["", "0", "-1", str(MOST_DAYS + 1), "1.5", "\u0664", "9" * 30])
async def test_what_is_no_number_of_days_keeps_what_was_typed(clinic: Clinic, days: str) -> None:
    browser = await inviting(clinic)
    page = await invite(browser, "A 17", days)
    assert "from 1 to 90" in page.words
    assert [
        one.attributes["value"] for one in page.all("input") if one.attributes["name"] == "reference"
    ] == ["A 17"]
    assert clinic.store.waiting_invitations() == []


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' x='"])
async def test_a_reference_is_never_markup(clinic: Clinic, text: str) -> None:
    browser = await inviting(clinic)
    made = await invite(browser, text)
    listed = Document.of((await browser.open("/invitations")).text)
    for page in (made, listed):
        assert text in page.words
        assert not page.all("script", "img")
        assert page.unclosed == []


async def test_who_comes_by_the_link_arrives_under_the_reference_and_waits_no_more(desk: Desk) -> None:
    await desk.browser.open("/invitations")
    answer = await desk.browser.submit("/invitations", reference="MRN 0042", days="14")
    (link, *_) = links(Document.of(answer.text))
    conversation, _ = desk.store.renew_token(link.partition("#move=")[2])
    turn = desk.store.begin_turn(conversation.id, None)
    episode = turn.open_episode("intake")
    desk.store.commit_turn(turn)
    page = await desk.browser.open(f"/episodes/{episode.id}")
    assert "MRN 0042" in page.text
    assert "No invitation waits" in (await desk.browser.open("/invitations")).text
    refused = await desk.browser.http.post(
        f"/invitations/{conversation.id}/withdraw", data={"csrf": csrf(desk.browser)}
    )
    assert refused.status_code == 404
    assert "the patient has used it" in refused.text


async def test_a_withdrawn_link_opens_nothing(desk: Desk) -> None:
    await desk.browser.open("/invitations")
    answer = await desk.browser.submit("/invitations", reference="MRN 0042", days="14")
    (link, *_) = links(Document.of(answer.text))
    (waiting,) = desk.store.waiting_invitations()
    await desk.browser.open("/invitations")
    await desk.browser.submit(f"/invitations/{waiting.conversation}/withdraw")
    with pytest.raises(MoveTokenInvalid):
        desk.store.renew_token(link.partition("#move=")[2])


def csrf(browser: Browser) -> str:
    assert browser.page is not None
    return FormReader.of(browser.page.text)[0].hidden["csrf"]


async def test_the_pages_can_be_read_without_seeing_them(clinic: Clinic) -> None:
    browser = await inviting(clinic)
    pages = [await invite(browser), Document.of((await browser.open("/invitations")).text)]
    pages.append(await invite(browser, ""))
    for page in pages:
        assert page.unclosed == []
        assert len(page.all("h1")) == len(page.all("main")) == 1
        assert len(page.ids) == len(set(page.ids))
        labelled = {label.attributes["for"] for label in page.all("label")}
        for field in page.all("input"):
            assert field.attributes.get("type") == "hidden" or field.attributes["id"] in labelled
            for described in field.attributes.get("aria-describedby", "").split():
                assert described in page.ids
        assert not page.all("style", "script")
        assert not any("style" in element.attributes for element in page.elements)
        assert all(button.words.strip() for button in page.all("button"))
