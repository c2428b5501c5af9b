"""The connection breaks in every way it can, and nothing is lost or said twice."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from playwright.async_api import Route, expect

from bot.channels.web import chat_app
from bot.store.errors import StoreUnavailable
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenChat
from tests.browser.scripts import GREETING, SITE
from tests.channels.fakes import FakeConversations, Line
from tests.channels.serving import serving

FIRST = "conversation-1"
OPENING = (GREETING.text, SITE.text)


def heard_words(dialogue: FakeConversations) -> list[str]:
    return [heard.words for heard in dialogue.heard(FIRST)]


async def test_a_server_restart_in_the_middle_loses_and_doubles_nothing(
    open_chat: OpenChat, dialogue: FakeConversations
) -> None:
    async with serving(chat_app(dialogue), graceful_seconds=0) as url:
        chat = await open_chat(url)
        chat.loses_connection = True
        await chat.say("before")
        await chat.hears("You said: before")
    await chat.say("while it was down")
    await chat.say("and once more")
    await expect(chat.notice).to_contain_text("What you write is kept here and sent later.")
    await expect(chat.on_their_way.locator(".state")).to_have_text(["Waiting to be sent"] * 2)
    async with serving(chat_app(dialogue), urlsplit(url).port or 0, graceful_seconds=0):
        await expect(chat.notice).to_be_empty(timeout=30_000)
        await expect(chat.messages).to_have_count(8)
        assert heard_words(dialogue) == ["before", "while it was down", "and once more"]
        assert sorted(await chat.transcript()) == sorted(dialogue.texts(FIRST))
        await chat.say("after")
        await chat.hears("You said: after")
        await chat.page.reload()
        await chat.shows(*dialogue.texts(FIRST))
    assert heard_words(dialogue) == ["before", "while it was down", "and once more", "after"]


async def test_what_the_bot_says_during_a_restart_comes_afterwards(
    open_chat: OpenChat, dialogue: FakeConversations
) -> None:
    async with serving(chat_app(dialogue), graceful_seconds=0) as url:
        chat = await open_chat(url)
        chat.loses_connection = True
    dialogue.say(FIRST, Line("one"), Line("two"))
    async with serving(chat_app(dialogue), urlsplit(url).port or 0, graceful_seconds=0):
        await expect(chat.messages.last).to_contain_text("two", timeout=30_000)
        await chat.shows(*OPENING, "one", "two")


async def test_a_message_whose_receipt_got_lost_is_played_once(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    chat.loses_connection = True
    lost: list[str | None] = []

    async def lose_the_receipt(route: Route) -> None:
        if route.request.method != "POST" or len(lost) == 2:
            await route.fallback()
            return
        await route.fetch()
        lost.append(route.request.post_data)
        await route.abort()

    await chat.page.route("**/chat/messages*", lose_the_receipt)
    await chat.say("my back hurts")
    await chat.shows(*OPENING, "my back hurts", "You said: my back hurts")
    await expect(chat.notice).to_be_empty()
    assert len(lost) == 2
    assert lost[0] == lost[1]
    assert heard_words(dialogue) == ["my back hurts"]


async def test_a_message_that_waits_is_still_sent_after_a_reload(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    chat.loses_connection = True

    async def refuse(route: Route) -> None:
        await (route.abort() if route.request.method == "POST" else route.fallback())

    await chat.page.route("**/chat/messages*", refuse)
    await chat.say("one")
    await chat.say("two")
    await expect(chat.on_their_way).to_have_count(2)
    await chat.page.reload()
    await expect(chat.on_their_way.locator(".words")).to_have_text(["one", "two"])
    assert heard_words(dialogue) == []
    await chat.page.unroute("**/chat/messages*")
    await expect(chat.messages).to_have_count(6)
    assert heard_words(dialogue) == ["one", "two"]
    await expect(chat.on_their_way).to_have_count(0)


async def test_a_tap_is_kept_for_later_too(chat: ChatPage, dialogue: FakeConversations) -> None:
    chat.loses_connection = True
    await chat.page.context.set_offline(True)
    await expect(chat.notice).to_contain_text("You are offline.")
    await expect(chat.notice).to_contain_text("In an emergency, call your local emergency number.")
    await chat.tap("Leg")
    await expect(chat.on_their_way).to_have_text(["You: LegWaiting to be sent"])
    await expect(chat.page.locator("#typing")).to_be_hidden()
    await chat.page.context.set_offline(False)
    await expect(chat.messages).to_have_count(5)
    await expect(chat.notice).to_be_empty()
    assert dialogue.heard(FIRST)[0].labels == ("Leg",)


async def test_without_streams_the_page_asks_again_and_again_instead(
    open_chat: OpenChat, url: str, dialogue: FakeConversations
) -> None:
    chat = await open_chat(url)
    chat.loses_connection = True
    await chat.page.route("**/chat/events", lambda route: route.abort())
    async with chat.page.expect_request(lambda request: "wait=25" in request.url):
        await chat.page.reload()
        await chat.say("hello")
        await chat.hears("You said: hello")
    dialogue.say(FIRST, Line("news"))
    await chat.shows(*OPENING, "hello", "You said: hello", "news")
    await expect(chat.notice).to_be_empty()


async def test_a_stream_that_is_held_back_on_the_way_is_given_up(
    open_chat: OpenChat, url: str, dialogue: FakeConversations
) -> None:
    chat = await open_chat(url)
    chat.loses_connection = True

    async def answer_with_a_page(route: Route) -> None:
        await route.fulfill(status=200, content_type="text/html", body="<p>Please log in to the network</p>")

    await chat.page.route("**/chat/events", answer_with_a_page)
    await chat.page.reload()
    await chat.say("hello")
    await chat.hears("You said: hello")
    dialogue.say(FIRST, Line("news"))
    await chat.hears("news")


async def test_a_server_that_cannot_store_is_told_kindly_and_tried_again(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    chat.loses_connection = True
    dialogue.fails_with = StoreUnavailable("OperationalError")
    await chat.say("my back hurts")
    await expect(chat.notice).to_have_text("Nothing was lost or half saved. Please try again in a moment.")
    dialogue.fails_with = None
    await chat.shows(*OPENING, "my back hurts", "You said: my back hurts")
    await expect(chat.notice).to_be_empty()


async def test_a_chat_that_is_gone_is_told_and_a_new_one_offered(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    chat.loses_connection = True
    dialogue.erase(FIRST)
    await expect(chat.page.get_by_role("heading", name="This chat cannot be opened")).to_be_focused()
    await expect(chat.box).to_be_hidden()
    await chat.button("Start a new chat").click()
    await chat.shows(*OPENING)
    assert len(dialogue.opened_with) == 2


async def test_a_message_to_a_chat_that_is_erased_meanwhile_does_not_open_the_new_one(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    chat.loses_connection = True

    async def erase_on_the_way(route: Route) -> None:
        if route.request.method == "POST":
            dialogue.erase(FIRST)
        await route.fallback()

    await chat.page.route("**/chat/messages*", erase_on_the_way, times=1)
    await chat.say("hello")
    heading = chat.page.get_by_role("heading", name="This chat cannot be opened")
    await expect(heading).to_be_focused()
    await expect(chat.box).to_be_hidden()
    await chat.button("Start a new chat").click()
    await chat.shows(*OPENING)
    assert len(dialogue.opened_with) == 2
    assert dialogue.heard("conversation-1") == []


async def test_a_token_that_was_never_any_good_ends_in_a_new_chat(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    chat.loses_connection = True
    await chat.page.evaluate("() => localStorage.setItem('backplan.chat', 'forged')")
    await chat.page.reload()
    await chat.button("Start a new chat").click()
    await chat.shows(*OPENING)


async def test_the_chat_can_be_cleared_from_a_device_that_is_not_ones_own(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await chat.say("a secret")
    await chat.hears("You said: a secret")
    await chat.box.fill("another secret")
    await chat.button("Chat options").click()
    await chat.button("This is not my device: clear the chat").click()
    await expect(chat.page.get_by_role("heading", name="Clear this chat from the device?")).to_be_focused()
    await chat.button("No, keep the chat").click()
    await expect(chat.messages).to_have_count(4)
    await chat.button("Chat options").click()
    await chat.button("This is not my device: clear the chat").click()
    await chat.button("Yes, clear it").click()
    await expect(chat.page.get_by_role("heading", name="The chat is cleared")).to_be_focused()
    await expect(chat.page.get_by_text("secret")).to_have_count(0)
    kept = await chat.page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kept == "[{},{}]"
    assert len(dialogue.opened_with) == 1


async def test_a_new_chat_can_be_started_on_the_same_device(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await chat.say("an old story")
    await chat.hears("You said: an old story")
    await chat.button("Chat options").click()
    await chat.button("Start a new chat on this device").click()
    await chat.button("Yes, start a new chat").click()
    await chat.shows(*OPENING)
    assert len(dialogue.opened_with) == 2


async def test_clearing_in_one_tab_clears_every_tab(chat: ChatPage) -> None:
    other = await chat.page.context.new_page()
    await other.goto(chat.page.url)
    await expect(other.get_by_role("log").locator("li.bubble")).to_have_count(2)
    await chat.button("Chat options").click()
    await chat.button("This is not my device: clear the chat").click()
    await chat.button("Yes, clear it").click()
    await expect(other.get_by_role("heading", name="The chat is cleared")).to_be_visible()
    await expect(other.get_by_role("log").locator("li")).to_have_count(0)


async def test_a_zone_that_the_server_does_not_know_does_not_keep_a_patient_out(
    open_chat: OpenChat, dialogue: FakeConversations, url: str
) -> None:
    chat = await open_chat(url)
    chat.loses_connection = True
    await chat.page.add_init_script(
        "Intl.DateTimeFormat.prototype.resolvedOptions = () => ({timeZone: 'Mars/Olympus'})"
    )
    await chat.page.evaluate("() => localStorage.clear()")
    await chat.page.reload()
    await chat.shows(*OPENING)
    assert dialogue.opened_with[-1] == ("web", None, None)


async def test_the_page_works_where_the_browser_forbids_storage(open_chat: OpenChat, url: str) -> None:
    chat = await open_chat(url)
    await chat.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    await chat.page.reload()
    await chat.say("hello")
    await chat.shows(*OPENING, "hello", "You said: hello")


async def test_a_chat_that_was_cleared_before_it_opened_stays_cleared(
    open_chat: OpenChat, dialogue: FakeConversations, url: str
) -> None:
    chat = await open_chat(url)
    cleared = asyncio.Event()

    async def answer_late(route: Route) -> None:
        await cleared.wait()
        await route.continue_()

    await chat.page.evaluate("() => localStorage.clear()")
    await chat.page.route("**/chat/sessions", answer_late)
    await chat.page.reload()
    await chat.button("Chat options").click()
    await chat.button("This is not my device: clear the chat").click()
    await chat.button("Yes, clear it").click()
    async with chat.page.expect_response("**/chat/sessions") as answered:
        cleared.set()
    await (await answered.value).finished()
    assert len(dialogue.opened_with) == 2
    assert await chat.page.evaluate("() => localStorage.length") == 0
    await expect(chat.messages).to_have_count(0)


async def test_a_message_that_another_tab_has_sent_meanwhile_does_not_stay_on_its_way(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await chat.page.evaluate("""() => ["one", "two"].forEach((words, order) => localStorage.setItem(
        `backplan.outbox.${words}`, JSON.stringify({client_id: words, order, text: words, words})))""")

    async def lose_the_second(route: Route) -> None:
        # While this tab sends the first message, the other tab gets the second one through.
        if route.request.method == "POST":
            await dialogue.submit(FIRST, "two", text="two")
            await chat.page.evaluate("() => localStorage.removeItem('backplan.outbox.two')")
        await route.fallback()

    await chat.page.route("**/chat/messages*", lose_the_second)
    await chat.page.reload()
    await chat.shows(*OPENING, "two", "You said: two", "one", "You said: one")


async def test_two_tabs_show_one_chat_and_send_what_waited_once(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    chat.loses_connection = True
    other = ChatPage(await chat.page.context.new_page())
    await other.page.goto(chat.page.url)
    await other.shows(*OPENING)
    await chat.page.context.set_offline(True)
    await chat.say("one")
    await expect(chat.on_their_way).to_have_count(1)
    await chat.page.context.set_offline(False)
    for tab in (chat, other):
        await tab.shows(*OPENING, "one", "You said: one")
    await other.say("two")
    for tab in (chat, other):
        await tab.shows(*OPENING, "one", "You said: one", "two", "You said: two")
    assert heard_words(dialogue) == ["one", "two"]
    assert len(dialogue.opened_with) == 1


async def test_a_stream_goes_on_after_the_last_message_seen(
    open_chat: OpenChat, dialogue: FakeConversations
) -> None:
    async with serving(chat_app(dialogue), graceful_seconds=0) as url:
        chat = await open_chat(url)
        chat.loses_connection = True
        await chat.say("before")
        await chat.hears("You said: before")
    async with serving(chat_app(dialogue), urlsplit(url).port or 0, graceful_seconds=0):
        async with chat.page.expect_response("**/chat/events", timeout=30_000) as streamed:
            resumed = await (await streamed.value).request.header_value("last-event-id")
        dialogue.say(FIRST, Line("news"))
        await chat.shows(*dialogue.texts(FIRST))
    assert resumed == str((await dialogue.messages(FIRST, 0))[-2].seq)
