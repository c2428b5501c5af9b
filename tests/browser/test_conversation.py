"""A patient's conversation in the page: by keyboard, by touch, over a reload, with every kind of question."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenChat
from tests.browser.scripts import DANGER, GREETING, PLAN, SITE, WORSE, WORST
from tests.channels.fakes import FakeConversations, Heard, Line

FIRST = "conversation-1"
WHOLE = (
    GREETING.text,
    SITE.text,
    "Lower back",
    "Thank you.",
    WORSE.text,
    "Sitting, Bending",
    WORST.text,
    "4",
    *(line.text for line in PLAN),
)


async def tab_to(page: Page, chat: ChatPage, name: str) -> None:
    """Press Tab until the element called `name` has the focus."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await chat.focused() == name:
            return
    raise AssertionError(f"{name} cannot be reached with the Tab key")


async def test_a_whole_conversation_by_keyboard_alone(chat: ChatPage, dialogue: FakeConversations) -> None:
    page, keys = chat.page, chat.page.keyboard
    await expect(chat.answers.get_by_role("button")).to_have_count(3)
    await tab_to(page, chat, "Lower back")
    await keys.press("Enter")
    await chat.hears(WORSE.text)
    await expect(chat.answers.get_by_role("checkbox")).to_have_count(4)
    # The focus stayed where answers appear, so the next Tab is the first tick.
    await keys.press("Tab")
    await keys.press("Space")
    await keys.press("Tab")
    await keys.press("Space")
    await tab_to(page, chat, "Done")
    await keys.press("Enter")
    await chat.hears(WORST.text)
    await tab_to(page, chat, "4")
    await keys.press("Space")
    await chat.shows(*WHOLE)
    await tab_to(page, chat, "text")
    await keys.type("thank you")
    await keys.press("Enter")
    await chat.shows(*WHOLE, "thank you", "You said: thank you")
    assert await chat.focused() == "text"
    assert [heard.words for heard in dialogue.heard(FIRST)] == [
        "Lower back",
        "Sitting, Bending",
        "4",
        "thank you",
    ]


async def test_a_whole_conversation_by_touch_on_the_smallest_phone(open_chat: OpenChat, url: str) -> None:
    chat = await open_chat(url, viewport={"width": 320, "height": 568}, has_touch=True, is_mobile=True)
    await chat.answers.get_by_role("button", name="Lower back").tap()
    for label in ("Sitting", "Bending"):
        await chat.answers.get_by_text(label).tap()
    await chat.answers.get_by_role("button", name="Done").tap()
    await chat.answers.get_by_role("button", name="4", exact=True).tap()
    await chat.shows(*WHOLE)
    assert await chat.page.evaluate("document.documentElement.scrollWidth") == 320


async def test_the_first_tab_leads_past_everything_to_the_message_box(chat: ChatPage) -> None:
    await chat.page.keyboard.press("Tab")
    assert await chat.focused() == "Skip to the message box"
    await chat.page.keyboard.press("Enter")
    assert await chat.focused() == "text"


async def test_a_reload_keeps_the_conversation_the_open_question_and_the_draft(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await chat.tap("Lower back")
    await chat.hears(WORSE.text)
    await chat.box.fill("half a sent")
    await chat.page.reload()
    await chat.shows(*WHOLE[:5])
    await expect(chat.answers.get_by_role("checkbox")).to_have_count(4)
    await expect(chat.box).to_have_value("half a sent")
    await chat.tick("Sitting", "Bending")
    await chat.shows(*WHOLE[:7])
    assert len(dialogue.opened_with) == 1


async def test_the_browsers_zone_and_language_reach_the_dialogue(
    open_chat: OpenChat, url: str, dialogue: FakeConversations
) -> None:
    await open_chat(url, timezone_id="Pacific/Auckland", locale="en-NZ")
    assert dialogue.opened_with == [("web", "Pacific/Auckland", "en-NZ")]


async def test_two_devices_have_two_conversations(open_chat: OpenChat, url: str) -> None:
    one, other = await open_chat(url), await open_chat(url)
    await one.say("mine")
    await one.hears("You said: mine")
    await other.shows(GREETING.text, SITE.text)


async def test_two_tabs_of_one_device_show_the_same_conversation(chat: ChatPage) -> None:
    other = ChatPage(await chat.page.context.new_page())
    await other.page.goto(chat.page.url)
    await chat.say("from the first tab")
    await other.shows(GREETING.text, SITE.text, "from the first tab", "You said: from the first tab")
    await other.say("from the second")
    await chat.hears("You said: from the second")
    assert await chat.transcript() == await other.transcript()


async def test_a_message_stands_on_the_screen_at_once_and_typing_shows(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    dialogue.may_answer.clear()
    await chat.say("my back hurts")
    await expect(chat.page.locator("#typing")).to_be_visible()
    await expect(chat.page.get_by_text("my back hurts")).to_have_count(1)
    await expect(chat.box).to_have_value("")
    await expect(chat.answers.get_by_role("button")).to_have_count(0)
    dialogue.may_answer.set()
    await chat.hears("You said: my back hurts")
    await expect(chat.page.locator("#typing")).to_be_hidden()
    # The question was not answered by that, so it is open again.
    await expect(chat.answers.get_by_role("button")).to_have_count(3)


async def test_the_bot_can_speak_first_as_in_a_check_in(chat: ChatPage, dialogue: FakeConversations) -> None:
    dialogue.say(FIRST, Line("How is your back today?", "question", "gpe", "choice", ("Better", "Worse")))
    await chat.hears("How is your back today?")
    await chat.tap("Better")
    await chat.hears("You said: Better")


async def test_a_body_map_takes_several_areas(chat: ChatPage, dialogue: FakeConversations) -> None:
    await chat.say("where does it go")
    await chat.tick("Left buttock", "Right buttock")
    await chat.hears("You said: Left buttock, Right buttock")
    assert dialogue.heard(FIRST)[-1] == Heard(None, ("Left buttock", "Right buttock"))


async def test_none_of_these_and_a_tick_exclude_each_other(chat: ChatPage) -> None:
    await chat.tap("Leg")
    ticks = chat.answers.get_by_role("checkbox")
    await ticks.nth(0).check()
    await ticks.nth(3).check()
    await expect(ticks.nth(0)).not_to_be_checked()
    await ticks.nth(1).check()
    await expect(ticks.nth(3)).not_to_be_checked()


async def test_done_without_a_tick_says_what_is_missing(chat: ChatPage, dialogue: FakeConversations) -> None:
    await chat.tap("Leg")
    await chat.tap("Done")
    await expect(chat.answers.get_by_role("alert")).to_have_text(
        "Tick an answer first, or type it."
    )
    assert len(dialogue.heard(FIRST)) == 1


async def test_a_scale_shows_what_its_ends_mean(chat: ChatPage) -> None:
    await chat.tap("Leg")
    await chat.tick("Sitting")
    await expect(chat.answers.locator(".ends")).to_have_text("0: no pain10: as bad as you can imagine")
    steps = chat.answers.get_by_role("button")
    assert await steps.all_text_contents() == [str(number) for number in range(11)]
    await expect(steps.last).to_have_accessible_name("10 (as bad as you can imagine)")


async def test_an_answered_question_has_no_buttons_but_can_be_changed(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await chat.tap("Leg")
    await chat.hears(WORSE.text)
    await expect(chat.log.get_by_role("button")).to_have_count(0)
    await chat.messages.nth(1).get_by_text("Change this answer").click()
    await chat.log.get_by_role("button", name="Lower back").click()
    await chat.hears(WORSE.text)
    assert [heard.labels for heard in dialogue.heard(FIRST)] == [("Leg",), ("Lower back",)]


async def test_a_typed_answer_leaves_no_open_buttons_behind(chat: ChatPage) -> None:
    await chat.say("numb between my legs")
    await chat.hears(DANGER.text)
    await expect(chat.answers.get_by_role("button")).to_have_count(0)


async def test_shift_enter_is_a_new_line(chat: ChatPage, dialogue: FakeConversations) -> None:
    await chat.box.focus()
    await chat.page.keyboard.type("two")
    await chat.page.keyboard.press("Shift+Enter")
    await chat.page.keyboard.type("lines")
    await chat.page.keyboard.press("Enter")
    await chat.hears("You said: two\nlines")
    assert dialogue.heard(FIRST) == [Heard("two\nlines")]


HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<script>document.title='owned'</script>",
    "</p></li></ol><button>Yes</button>",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; {{7*7}} ${7*7}",
    "=cmd|' /C calc'!A0",
    "\u202eright to left \u0628\u0638\u0647\u0631\u064a",
    "Z\u0335\u0321a\u0334l\u0337g\u0336o\u0338",
    "call 999 <a href='tel:1'>here</a>",
)


async def test_hostile_text_is_shown_as_it_was_typed(chat: ChatPage) -> None:
    for text in HOSTILE:
        words = text.replace("\u202e", "")
        await chat.say(text)
        await chat.hears(f"You said: {words}")
        own = chat.messages.nth(-2).locator(".words")
        await expect(own).to_have_text(words)
        assert await own.evaluate("words => words.children.length") == 0
        assert await chat.page.title() == "Backplan: chat about your back pain"


async def test_a_choice_with_a_hostile_label_is_only_a_label(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    label = "<img src=x onerror=alert(1)>"
    dialogue.say(FIRST, Line("Which?", "question", "x", "choice", (label, "Other")))
    await chat.tap(label)
    await chat.hears(f"You said: {label}")


async def test_a_message_that_is_too_long_is_counted_and_not_sent(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await chat.box.fill("😀" * 4003)
    await expect(chat.page.get_by_text("3 characters too long.")).to_be_visible()
    await chat.button("Send").click()
    await expect(chat.box).to_have_value("😀" * 4003)
    await chat.box.fill("😀" * 4000)
    await expect(chat.page.get_by_text("0 characters left")).to_be_visible()
    await chat.button("Send").click()
    await expect(chat.box).to_have_value("")
    await chat.hears("You said: " + "😀" * 4000)
    assert dialogue.heard(FIRST) == [Heard("😀" * 4000)]


async def test_nothing_typed_is_not_sent(chat: ChatPage, dialogue: FakeConversations) -> None:
    await chat.say("   ")
    await expect(chat.page.get_by_text("Type your message first.")).to_be_visible()
    assert dialogue.heard(FIRST) == []


async def test_a_refused_message_comes_back_with_the_servers_kind_words(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    chat.loses_connection = True
    await chat.say("///")
    await expect(chat.page.get_by_role("alert")).to_contain_text("This was not sent. The message is empty.")
    await expect(chat.box).to_have_value("///")
    await expect(chat.on_their_way).to_have_count(0)
    await chat.say("my back hurts")
    await chat.hears("You said: my back hurts")
    await expect(chat.page.locator("#error")).to_be_empty()
    assert dialogue.heard(FIRST) == [Heard("my back hurts")]
