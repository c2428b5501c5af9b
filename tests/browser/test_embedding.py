"""The widget on a page of another site: served from another origin, under that page's own strict policy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Browser, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.channels.web import chat_app
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenChat
from tests.browser.scripts import DANGER, GREETING, SITE, WORSE
from tests.channels.fakes import FakeConversations
from tests.channels.serving import serving

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A clinic</title>
<link rel="stylesheet" href="/site.css"><link rel="icon" href="data:,">
<script type="module" src="{chat}/backplan-chat.js"></script></head>
<body><header>A clinic</header><main><h1>Your back</h1><p id="log">Ours</p>
<backplan-chat></backplan-chat></main></body></html>"""
_STYLES = (
    "button, p, li { display: none !important; color: red !important; } #log { display: block !important; }"
)


@asynccontextmanager
async def clinic_site(chat_url: str) -> AsyncIterator[str]:
    """A site of its own origin that embeds the chat of `chat_url` with one script tag."""
    policy = (
        f"default-src 'none'; script-src {chat_url}; connect-src {chat_url}; style-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )

    async def page(_request: Request) -> Response:
        return HTMLResponse(_PAGE.format(chat=chat_url), headers={"Content-Security-Policy": policy})

    async def styles(_request: Request) -> Response:
        return Response(_STYLES, media_type="text/css")

    async with serving(Starlette(routes=[Route("/", page), Route("/site.css", styles)])) as url:
        yield url


@asynccontextmanager
async def chat_server(dialogue: FakeConversations, allowed: Sequence[str], port: int) -> AsyncIterator[str]:
    async with serving(chat_app(dialogue, allowed_origins=allowed), port) as url:
        yield url


@asynccontextmanager
async def clinic_with_chat(dialogue: FakeConversations, *, listed: bool) -> AsyncIterator[tuple[str, str]]:
    """The addresses of a clinic's site and of the chat server that has it on its list, or not."""
    async with serving(Starlette()) as reserved:
        port = urlsplit(reserved).port or 0
    async with clinic_site(f"http://127.0.0.1:{port}") as site:
        allowed = (site,) if listed else ("http://127.0.0.1:1",)
        async with chat_server(dialogue, allowed, port) as chat:
            yield site, chat


async def test_a_whole_talk_on_a_page_of_a_listed_site(
    open_chat: OpenChat, dialogue: FakeConversations
) -> None:
    async with clinic_with_chat(dialogue, listed=True) as (site, _):
        chat = await open_chat(site)
        chat.loses_connection = True
        await chat.shows(GREETING.text, SITE.text)
        async with chat.page.expect_response("**/chat/messages"):
            await chat.tap("Leg")
        await chat.hears(WORSE.text)
        dialogue.say("conversation-1", DANGER)
        await chat.hears(DANGER.text)
        await chat.page.reload()
        await chat.hears(DANGER.text)
        assert len(dialogue.opened_with) == 1
        # The heading fits below the page's own, and the page's styles stay outside.
        await expect(chat.page.get_by_role("heading", name="Backplan", level=2)).to_be_visible()
        await expect(chat.page.get_by_text("Ours")).to_be_visible()
        await expect(chat.button("Send")).to_be_visible()


async def test_messages_reach_a_foreign_page_as_a_stream(
    open_chat: OpenChat, dialogue: FakeConversations
) -> None:
    async with clinic_with_chat(dialogue, listed=True) as (site, _):
        chat = await open_chat(site)
        chat.loses_connection = True
        async with chat.page.expect_response("**/chat/events") as streamed:
            await chat.page.reload()
        assert (await streamed.value).headers["content-type"].startswith("text/event-stream")
        await chat.page.context.close()


async def test_a_site_that_is_not_listed_gets_no_conversation(
    browser: Browser, dialogue: FakeConversations
) -> None:
    async with clinic_with_chat(dialogue, listed=False) as (site, _):
        page = await browser.new_page()
        await page.goto(site)
        await expect(page.locator("#notice")).to_contain_text("The chat cannot be reached.")
        assert dialogue.opened_with == []
        await page.context.close()


async def test_no_request_goes_anywhere_but_to_the_chat_and_no_cookie_is_set(
    browser: Browser, dialogue: FakeConversations
) -> None:
    async with clinic_with_chat(dialogue, listed=True) as (site, chat_url):
        page = await browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await ChatPage.open(page, site)
        hosts = {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in asked if url != "data:,"}
        assert hosts == {site, chat_url}
        assert await page.context.cookies() == []
        await page.context.close()
