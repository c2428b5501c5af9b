"""The page that stops the e-mails: looking at it stops nothing, and one press of its button is enough."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from bot.channels.email_stop import email_routes
from bot.channels.web import chat_app
from tests.channels.conftest import Clock, Patient, Stage
from tests.channels.fakes import FakeConversations, Line

KNOWN = "k" * 43


class FakeStops:
    """Fits `bot.channels.email_stop.Stops`."""

    def __init__(self) -> None:
        self.known = {KNOWN}

    def knows_stop_token(self, token: str) -> bool:
        return token in self.known

    def stop_emails(self, token: str) -> bool:
        found = token in self.known
        self.known.discard(token)
        return found


@pytest_asyncio.fixture
async def stops(stage: tuple[Stage, str], dialogue: FakeConversations) -> AsyncIterator[FakeStops]:
    fake = FakeStops()
    stage[0].app = chat_app(dialogue, clock=Clock(), more_routes=email_routes(fake))
    yield fake


@pytest_asyncio.fixture
async def browser(stage: tuple[Stage, str], stops: FakeStops) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stage[1], timeout=20) as client:
        yield client


async def test_programs_that_follow_every_link_of_a_mail_stop_nothing(
    browser: httpx.AsyncClient, stops: FakeStops
) -> None:
    for method in ("GET", "HEAD"):
        assert (await browser.request(method, f"/email/stop/{KNOWN}")).status_code == 200
    assert stops.known == {KNOWN}


async def test_the_button_and_the_mail_program_post_to_the_same_address(
    browser: httpx.AsyncClient, stops: FakeStops
) -> None:
    page = await browser.get(f"/email/stop/{KNOWN}")
    assert re.search(r'<form method="post"><button>Yes, stop the e-mails</button></form>', page.text)
    done = await browser.post(f"/email/stop/{KNOWN}", data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert "The e-mails are stopped" in done.text
    assert stops.known == set()


async def test_a_link_that_was_used_or_never_given_is_answered_alike(
    browser: httpx.AsyncClient, stops: FakeStops
) -> None:
    pages = [await browser.get(f"/email/stop/{token}") for token in ("x" * 43, "%00", "a b<script>")]
    assert {page.status_code for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert "<script" not in pages[0].text


async def test_the_page_runs_nothing_and_says_nothing_about_health(
    browser: httpx.AsyncClient, stops: FakeStops
) -> None:
    page = await browser.get(f"/email/stop/{KNOWN}")
    policy = page.headers["content-security-policy"]
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert not re.search(r"back|pain|plan|health|clinic", page.text, re.IGNORECASE)
    for style in re.findall(r'href="([^"]+)"', page.text):
        assert (await browser.get(style)).headers["content-type"].startswith("text/css")


async def test_what_a_page_fetched_counts_as_shown(
    client: httpx.AsyncClient, patient: Patient, dialogue: FakeConversations
) -> None:
    assert dialogue.shown_up_to == {}
    messages = (await patient.read()).json()["messages"]
    assert dialogue.shown_up_to == {patient.conversation: messages[-1]["seq"]}
    await patient.read(after=messages[-1]["seq"])
    dialogue.say(patient.conversation, Line("One more."))
    async with client.stream(
        "GET", "/chat/events", headers={**patient.headers, "Last-Event-ID": str(messages[-1]["seq"])}
    ) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data:"):
                break
        await client.get("/healthz")
        assert dialogue.shown_up_to == {patient.conversation: messages[-1]["seq"] + 1}
