"""A real Chromium, and patients who use the chat page in it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from bot.channels.web import chat_app
from tests.browser.chat_page import ChatPage
from tests.browser.scripts import intake_script
from tests.channels.fakes import FakeConversations
from tests.channels.serving import serving

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

OpenChat = Callable[..., Awaitable[ChatPage]]


def chromium() -> str:
    """The browser to test with. There is no test without one, and no skipping either."""
    candidates = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    candidates.append(shutil.which("chromium", path=ROOT / ".tools" / "chromium"))
    for found in filter(None, candidates):
        return found
    raise RuntimeError("The browser tests need Chromium. Run tools/browser.sh, then run them again.")


# A busy machine is slow, not wrong.
expect.set_options(timeout=40_000)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
def dialogue() -> FakeConversations:
    return FakeConversations(intake_script)


@pytest_asyncio.fixture
async def url(dialogue: FakeConversations) -> AsyncIterator[str]:
    async with serving(chat_app(dialogue)) as url:
        yield url


@pytest_asyncio.fixture
async def open_chat(browser: Browser, url: str) -> AsyncIterator[OpenChat]:
    """Opens the page of any chat server in a browser profile of its own; at the end no page may have complained.

    `await open_chat(url)`, with any option of Playwright's `new_context`. Asks for the fixture `url` only so
    that the pages are closed before that server is.
    """
    opened: list[ChatPage] = []

    async def open_one(url: str, **options: Any) -> ChatPage:
        context = await browser.new_context(**{"locale": "en-GB", "timezone_id": "Europe/London", **options})
        context.set_default_timeout(15_000)
        chat = await ChatPage.open(await context.new_page(), url)
        opened.append(chat)
        return chat

    yield open_one
    for chat in opened:
        complaints = chat.complaints
        await chat.page.context.close()
        assert complaints == []


@pytest_asyncio.fixture
async def chat(open_chat: OpenChat, url: str) -> ChatPage:
    """A patient at a desk who has just opened the page."""
    return await open_chat(url)
