"""What must not be missed, and what a plan looks like."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.chat_page import ChatPage, announced_politeness
from tests.browser.scripts import DANGER, PLAN
from tests.channels.fakes import FakeConversations, Line

FIRST = "conversation-1"


async def test_a_safety_message_is_on_the_screen_and_announced_at_once(chat: ChatPage) -> None:
    await chat.say("it went numb between my legs")
    await chat.hears(DANGER.text)
    message = chat.messages.last
    await expect(message).to_be_in_viewport(ratio=1)
    alert = message.get_by_role("alert")
    await expect(alert).to_contain_text("Important for your safety")
    await expect(alert).to_contain_text(DANGER.text)
    assert await announced_politeness(chat, "alert") == ["assertive"]


async def test_the_numbers_of_a_safety_message_can_be_called_with_a_tap(chat: ChatPage) -> None:
    await chat.say("numb")
    await chat.hears(DANGER.text)
    links = chat.messages.last.get_by_role("link")
    assert [await link.get_attribute("href") for link in await links.all()] == ["tel:999", "tel:111"]
    assert await links.all_text_contents() == ["999", "111"]


async def test_a_safety_message_finds_a_reader_who_has_scrolled_away(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await long_conversation(chat, dialogue)
    await chat.scroll_to(0)
    dialogue.say(FIRST, DANGER)
    await expect(chat.messages.last).to_be_in_viewport(ratio=1)


async def test_a_safety_message_is_called_out_until_it_was_on_the_screen(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await long_conversation(chat, dialogue)
    frame = chat.page.locator("#frame")
    called_out = chat.button("There is a safety message for you. Read it now.")
    # As where scrolling is kept from happening, by a dialog for example.
    await chat.scroll_to(0)
    await frame.evaluate(
        "frame => Object.defineProperty(frame, 'scrollTop', {get: () => 0, set() {}, configurable: true})"
    )
    dialogue.say(FIRST, DANGER)
    await expect(called_out).to_be_visible()
    await frame.evaluate("frame => { delete frame.scrollTop; }")
    await called_out.click()
    await expect(chat.messages.last).to_be_in_viewport(ratio=1)
    await expect(chat.messages.last).to_be_focused()
    await expect(called_out).to_be_hidden()


async def test_an_unanswered_safety_message_is_announced_again_after_a_reload(chat: ChatPage) -> None:
    await chat.say("numb")
    await chat.hears(DANGER.text)
    await chat.page.reload()
    await expect(chat.messages.last.get_by_role("alert")).to_contain_text(DANGER.text)
    await expect(chat.messages.last).to_be_in_viewport(ratio=1)
    await chat.say("thank you")
    await chat.hears("You said: thank you")
    await chat.page.reload()
    await chat.hears("You said: thank you")
    await expect(chat.log.get_by_role("alert")).to_have_count(0)
    await expect(chat.log.get_by_text("Important for your safety")).to_be_visible()


async def test_a_plan_is_a_card_that_says_what_it_is(chat: ChatPage) -> None:
    await chat.tap("Leg")
    await chat.tick("Sitting")
    await chat.tap("4")
    await chat.hears(PLAN[-1].text)
    cards = chat.log.locator("li.plan")
    await expect(cards).to_have_count(len(PLAN))
    await expect(cards.first).to_contain_text("Ideas to talk over with your clinician. Not a diagnosis.")
    await expect(cards.first).to_be_in_viewport(ratio=1)


async def test_a_long_plan_is_read_from_its_beginning_and_its_safety_net_called_out(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    called_out = chat.button("There is a safety message for you. Read it now.")
    net = Line("Get help right away if you have numbness between your legs.", "safety")
    dialogue.say(FIRST, Line("Thank you."), *PLAN * 10, net)
    await chat.hears(net.text)
    await expect(chat.log.locator("li.plan").first).to_be_in_viewport(ratio=1)
    await expect(called_out).to_be_visible()
    await chat.messages.last.scroll_into_view_if_needed()
    await expect(called_out).to_be_hidden()


async def test_of_several_safety_messages_the_first_is_read_first(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    dialogue.say(FIRST, Line("Thank you."), DANGER, *PLAN * 10, DANGER)
    await expect(chat.messages).to_have_count(2 + 3 + 10 * len(PLAN))
    await expect(chat.log.locator("li.safety").first).to_be_in_viewport(ratio=1)


async def test_who_reads_further_up_is_told_of_news_and_not_dragged_down(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await long_conversation(chat, dialogue)
    await chat.scroll_to(0)
    dialogue.say(FIRST, Line("news"))
    await expect(chat.button("New messages below")).to_be_visible()
    assert await chat.page.locator("#frame").evaluate("frame => frame.scrollTop") == 0
    await chat.button("New messages below").click()
    await expect(chat.messages.last).to_be_in_viewport(ratio=1)
    await expect(chat.button("New messages below")).to_be_hidden()


PHONES = (
    ("Please call 999 now.", ["999"]),
    ("call 112 or 999", ["112", "999"]),
    ("If you feel in danger now, call 911.", ["911"]),
    ("You can talk to someone now on Samaritans 116 123, or NHS 111.", ["116123", "111"]),
    ("You can talk to someone now on 988 (call or text).", ["988"]),
    ("You can talk to someone now on 9-8-8 (call or text).", ["988"]),
    ("call 111. You can talk to someone now on 1737, or the Suicide Crisis Helpline 0508 828 865.",
     ["111", "1737", "0508828865"]),
    ("Please call Poison Help 1-800-222-1222.", ["18002221222"]),
    ("Please call the public poisons line 01 809 2166 (08:00 to 22:00).", ["018092166"]),
    ("Please call 000, or Lifeline 13 11 14.", ["000", "131114"]),
    ("Call +44 20 7946 0000 today.", ["+442079460000"]),
    ("Please call your local emergency number.", []),
    ("Call your doctor within 24 hours, and rest for 2 to 3 days.", []),
    ("You said pain 4 out of 10 since 2026-11-23.", []),
    ("On 23 November 2026 you were 45. Call if it gets worse in 120 minutes.", []),
    ("Your plan of 2026 is kept for 12 months. Walk 300 steps.", []),
)  # fmt: skip


async def test_phone_numbers_are_found_and_other_numbers_are_left_alone(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    for text, numbers in PHONES:
        dialogue.say(FIRST, Line(text))
        await chat.hears(text)
        links = await chat.messages.last.get_by_role("link").all()
        assert [await link.get_attribute("href") for link in links] == [f"tel:{number}" for number in numbers]


async def long_conversation(chat: ChatPage, dialogue: FakeConversations) -> None:
    dialogue.say(FIRST, *(Line(f"line {number}") for number in range(60)))
    await chat.hears("line 59")
