"""The chat goes on on another device, or in Telegram, by a link that works once."""

from __future__ import annotations

from playwright.async_api import expect
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.web import chat_app
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenChat
from tests.browser.scripts import GREETING, SITE
from tests.channels.fakes import FakeConversations
from tests.channels.serving import serving

WHOLE = (GREETING.text, SITE.text, "mine", "You said: mine")


async def link_of(chat: ChatPage) -> str:
    await chat.button("Chat options").click()
    await chat.button("Continue on another device").click()
    await expect(chat.page.get_by_role("img", name="The link as a picture for a camera")).to_be_visible()
    return str(
        await chat.page.get_by_role("link", name="The link for the other device").get_attribute("href")
    )


async def test_the_chat_goes_on_on_another_device_and_leaves_this_one(open_chat: OpenChat, url: str) -> None:
    here, there = await open_chat(url), await open_chat(url)
    here.loses_connection = True
    await here.say("mine")
    await here.shows(*WHOLE)
    await there.page.goto("about:blank")
    await there.page.goto(await link_of(here))
    await there.button("Yes, go on here").click()
    await there.shows(*WHOLE)
    assert "#" not in there.page.url
    await expect(here.page.get_by_role("heading", name="This chat cannot be opened")).to_be_visible()
    await there.say("more")
    await there.hears("You said: more")


async def test_nobody_is_moved_into_a_chat_by_a_link_alone(
    open_chat: OpenChat, url: str, dialogue: FakeConversations
) -> None:
    """A link that was slipped to somebody would let its sender read what they answer."""
    other, victim = await open_chat(url), await open_chat(url)
    link = await link_of(other)
    await victim.say("mine")
    await victim.shows(*WHOLE)
    await victim.page.goto("about:blank")
    await victim.page.goto(link)
    await victim.button("No").click()
    await victim.shows(*WHOLE)
    assert [heard.words for heard in dialogue.heard("conversation-2")] == ["mine"]


async def test_a_link_that_is_over_says_so_and_leaves_the_way_on(open_chat: OpenChat, url: str) -> None:
    chat = await open_chat(url)
    chat.loses_connection = True
    await chat.page.goto("about:blank")
    await chat.page.goto(f"{url}/#move={'x' * 43}")
    await chat.button("Yes, go on here").click()
    await expect(chat.page.get_by_role("heading", name="This link is over")).to_be_focused()
    await chat.button("Go on here").click()
    await chat.shows(GREETING.text, SITE.text)


async def test_telegram_is_offered_where_the_server_has_it(
    open_chat: OpenChat, dialogue: FakeConversations
) -> None:
    asked: list[str] = []

    async def telegram(request: Request) -> Response:
        asked.append(request.headers["authorization"])
        return JSONResponse({"url": "https://t.me/backplan_bot?start=secret", "minutes": 15}, 201)

    more = [Route("/chat/telegram", telegram, methods=["POST"])]
    async with serving(chat_app(dialogue, more_routes=more, telegram=True)) as url:
        chat = await open_chat(url)
        chat.loses_connection = True
        await chat.button("Chat options").click()
        await chat.button("Continue in Telegram").click()
        link = chat.page.get_by_role("link", name="Open Telegram")
        await expect(link).to_have_attribute("href", "https://t.me/backplan_bot?start=secret")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
        await expect(chat.page.get_by_text("This link works once, for 15 minutes.")).to_be_visible()
    assert asked[0].startswith("Bearer ")


async def test_telegram_is_not_offered_elsewhere(chat: ChatPage) -> None:
    await chat.button("Chat options").click()
    await expect(chat.button("Continue on another device")).to_be_visible()
    await expect(chat.button("Continue in Telegram")).to_have_count(0)


async def test_everything_that_is_stored_can_be_saved_as_a_file(
    open_chat: OpenChat, dialogue: FakeConversations
) -> None:
    async with serving(chat_app(dialogue, copies=lambda conversation: conversation.encode())) as url:
        chat = await open_chat(url)
        chat.loses_connection = True
        await chat.shows(GREETING.text, SITE.text)
        await chat.button("Chat options").click()
        await chat.button("Save my data").click()
        async with chat.page.expect_download() as saving:
            await chat.page.get_by_role("link", name="Save my data").click()
        saved = await saving.value
        assert saved.suggested_filename == "my-data.json"
        content = (await saved.path()).read_text(encoding="utf-8")
        assert content.startswith("conversation-")
