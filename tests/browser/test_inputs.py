"""The inputs beyond plain buttons: the body map, stretches of time, the read-back; plan cards, print, languages."""

from __future__ import annotations

import json

from playwright.async_api import Locator, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenChat
from tests.browser.scripts import AREAS, CARDS, LASTED, READ_BACK, SITE
from tests.channels.fakes import FakeConversations, Heard, Line

FIRST = "conversation-1"


async def ask(chat: ChatPage, dialogue: FakeConversations, line: Line) -> None:
    dialogue.say(FIRST, line)
    await chat.hears(line.text)
    await expect(chat.answers.get_by_role("group").first).to_have_accessible_name(line.text)


def places(chat: ChatPage) -> Locator:
    return chat.answers.locator(".map .place")


async def lit(chat: ChatPage) -> int:
    return await chat.answers.locator(".map .ticked").count()


def box(chat: ChatPage, name: str) -> Locator:
    return chat.answers.get_by_role("checkbox", name=name, exact=True)


async def test_places_on_the_body_are_tapped_and_ticked_in_the_list_at_once(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await ask(chat, dialogue, AREAS)
    # Lower back; both buttocks; thigh, calf and foot of both legs from the front and from the back; the upper
    # and the middle of the back, which only "The whole back" means.
    await expect(places(chat)).to_have_count(1 + 2 + 12 + 2)
    lower_back = await places(chat).evaluate_all(
        "places => places.findIndex((place) => place.getAttribute('y') === '77')"
    )
    await places(chat).nth(lower_back).click()
    await expect(box(chat, "Lower back")).to_be_checked()
    assert await lit(chat) == 1
    await box(chat, "Left leg").check()
    assert await lit(chat) == 1 + 6
    await chat.tap("Done")
    await chat.hears("You said: Lower back, Left leg")
    assert dialogue.heard(FIRST)[-1] == Heard(None, ("Lower back", "Left leg"))


async def test_left_is_the_patients_own_left_in_both_pictures(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await ask(chat, dialogue, AREAS)
    await box(chat, "Left leg").check()
    middles = await chat.answers.locator(".ticked").evaluate_all(
        "places => places.map((place) => Number(place.getAttribute('x')) + place.getAttribute('width') / 2)"
    )
    front, back = 45, 125
    # A front is seen as in a mirror that does not swap sides: the patient's left is on the right of the picture.
    assert sorted(x > front for x in middles if x < 85) == [True] * 3
    assert sorted(x < back for x in middles if x > 85) == [True] * 3


async def test_the_whole_back_lights_its_parts_and_none_puts_out_all(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await ask(chat, dialogue, AREAS)
    await box(chat, "The whole back").check()
    assert await lit(chat) == 3
    await box(chat, "None of these").check()
    await expect(box(chat, "The whole back")).not_to_be_checked()
    assert await lit(chat) == 0


async def test_the_keyboard_shows_on_the_body_where_it_is(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await ask(chat, dialogue, AREAS)
    await chat.answers.focus()
    await chat.page.keyboard.press("Tab")
    assert await chat.focused() == "Lower back"
    await expect(chat.answers.locator(".place.near")).to_have_count(1)
    await chat.page.keyboard.press("Space")
    assert await lit(chat) == 1


async def test_the_drawing_is_left_out_for_a_screen_reader_which_has_the_list(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await ask(chat, dialogue, AREAS)
    await expect(chat.answers).to_match_aria_snapshot("""
        - region "Answers to choose":
          - group "Where does it go?":
            - checkbox "Lower back"
            - text: Lower back
            - checkbox "The whole back"
            - text: The whole back
            - checkbox "Left buttock"
            - text: Left buttock
            - checkbox "Right buttock"
            - text: Right buttock
            - checkbox "Left leg"
            - text: Left leg
            - checkbox "Right leg"
            - text: Right leg
            - checkbox "None of these"
            - text: None of these
            - button "Done"
    """)


async def test_a_stretch_of_time_is_a_number_and_its_unit(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await ask(chat, dialogue, LASTED)
    await chat.answers.get_by_role("spinbutton", name="How much?").fill("3")
    await chat.answers.get_by_role("combobox", name="Counted in").select_option("weeks")
    await chat.button("Send this answer").click()
    await chat.hears("You said: 3 weeks")


async def test_a_stretch_of_time_may_be_the_day_it_began(chat: ChatPage, dialogue: FakeConversations) -> None:
    await ask(chat, dialogue, LASTED)
    await chat.answers.get_by_label("Or the day it began").fill("2025-11-03")
    await chat.button("Send this answer").click()
    await chat.hears("You said: It began on 3 November 2025")


async def test_a_stretch_of_time_can_still_be_tapped(chat: ChatPage, dialogue: FakeConversations) -> None:
    await ask(chat, dialogue, LASTED)
    await chat.tap("1 to 2 weeks")
    await chat.hears("You said: 1 to 2 weeks")


async def test_no_number_at_all_is_not_sent(chat: ChatPage, dialogue: FakeConversations) -> None:
    await ask(chat, dialogue, LASTED)
    await chat.button("Send this answer").click()
    await expect(chat.answers.get_by_role("spinbutton")).to_be_focused()
    assert dialogue.heard(FIRST) == []


async def test_each_line_of_the_read_back_is_a_button_that_changes_it(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await ask(chat, dialogue, READ_BACK)
    pen = await chat.answers.get_by_role("button", name="Pain 5 out of 10").evaluate(
        "button => getComputedStyle(button, '::after').content"
    )
    assert "\u270e" in pen
    await chat.tap("Pain 5 out of 10")
    await chat.hears("You said: Pain 5 out of 10")


async def test_why_something_was_left_out_is_folded_away(chat: ChatPage, dialogue: FakeConversations) -> None:
    dialogue.say(FIRST, *CARDS)
    await chat.hears(CARDS[-1].text)
    why = chat.log.get_by_text("You told us that you do not want any.")
    await expect(why).to_be_hidden()
    await expect(chat.log.get_by_text("Left out: Pills")).to_be_visible()
    await chat.log.get_by_text("Why it was left out").click()
    await expect(why).to_be_visible()
    await expect(chat.log.get_by_text("Heat", exact=True)).to_be_visible()


async def test_a_print_holds_the_whole_chat_with_its_reasons_and_no_controls(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    dialogue.say(FIRST, *CARDS, *(Line(f"line {number}") for number in range(60)))
    await chat.hears("line 59")
    await chat.page.emulate_media(media="print")
    await chat.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    await expect(chat.log.get_by_text("You told us that you do not want any.")).to_be_visible()
    for gone in (chat.box, chat.button("Chat options"), chat.answers):
        await expect(gone).to_be_hidden()
    cut_off = await chat.page.locator("#frame").evaluate(
        "frame => frame.scrollHeight > frame.clientHeight + 1"
    )
    assert not cut_off
    assert await chat.page.evaluate("document.body.scrollHeight > 2 * innerHeight")


async def test_print_is_asked_of_the_browser(chat: ChatPage) -> None:
    await chat.page.evaluate("window.print = () => { window.printed = true; }")
    await chat.button("Chat options").click()
    await chat.button("Print this chat").click()
    assert await chat.page.evaluate("window.printed")


async def test_right_to_left_mirrors_the_chat(chat: ChatPage, dialogue: FakeConversations) -> None:
    await chat.page.locator("backplan-chat").evaluate("chat => chat.setAttribute('dir', 'rtl')")
    await chat.say("\u0638\u0647\u0631\u064a \u064a\u0624\u0644\u0645\u0646\u064a")
    await expect(chat.messages).to_have_count(4)
    mine, theirs = await chat.messages.nth(2).bounding_box(), await chat.messages.nth(0).bounding_box()
    assert mine
    assert theirs
    assert mine["x"] < theirs["x"]
    assert await chat.messages.nth(2).locator(".words").evaluate("words => words.matches(':dir(rtl)')")
    assert await chat.messages.nth(0).locator(".words").evaluate("words => words.matches(':dir(ltr)')")
    wide = await chat.page.locator("#frame").evaluate("frame => frame.scrollWidth > frame.clientWidth")
    assert not wide


async def test_a_clinics_own_words_replace_the_widgets(chat: ChatPage) -> None:
    words = json.dumps({"send": "Senden", "message": "<b>Ihre</b> Nachricht", "options": "Mehr"})
    await chat.page.locator("backplan-chat").evaluate(
        "(chat, words) => { chat.setAttribute('strings', words); document.body.append(chat); }", words
    )
    await expect(chat.button("Senden")).to_be_visible()
    await expect(chat.button("Mehr")).to_be_visible()
    await expect(chat.page.get_by_role("textbox", name="<b>Ihre</b> Nachricht")).to_be_visible()
    # What is not translated stays in English, and an attribute that is no JSON changes nothing.
    await expect(chat.page.get_by_text("A computer program that asks about your back pain.")).to_be_visible()
    await chat.page.locator("backplan-chat").evaluate(
        "chat => { chat.setAttribute('strings', '{oops'); document.body.append(chat); }"
    )
    await expect(chat.button("Send")).to_be_visible()
    await chat.shows("Hello, I am a computer program. I ask about your back pain.", SITE.text)


async def test_wide_letters_and_lines_do_not_cut_anything_off(open_chat: OpenChat, url: str) -> None:
    """WCAG 1.4.12: line height 1.5, letters .12 em and words .16 em apart, on the smallest screen."""
    chat = await open_chat(url, viewport={"width": 320, "height": 640})
    await chat.page.locator("backplan-chat").evaluate("""chat => {
        const wide = new CSSStyleSheet();
        wide.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; "
            + "word-spacing: .16em !important; }");
        chat.shadowRoot.adoptedStyleSheets.push(wide);
    }""")
    cut_off = await chat.page.locator("backplan-chat").evaluate("""chat =>
        [...chat.shadowRoot.querySelectorAll("button, p, label")]
          .filter((each) => !each.matches(".hidden-words") && each.checkVisibility())
          .filter((each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
          .map((each) => each.textContent)""")
    assert cut_off == []


async def test_progress_counts_down_with_every_answer(chat: ChatPage, dialogue: FakeConversations) -> None:
    progress = chat.page.get_by_role("progressbar")
    await expect(progress).to_be_hidden()
    dialogue.say(FIRST, Line("About 8 questions to go."), SITE)
    await expect(progress).to_have_accessible_name("About 7 questions to go")
    await chat.tap("Leg")
    await expect(progress).to_have_accessible_name("About 6 questions to go")
    dialogue.say(FIRST, *CARDS)
    await expect(progress).to_be_hidden()


async def test_a_phone_shows_the_keys_for_an_address_and_for_a_code_and_then_letters_again(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    await ask(chat, dialogue, Line("Your e-mail?", "question", "email_address", "choice", ("No, thank you",)))
    await expect(chat.box).to_have_attribute("inputmode", "email")
    await ask(chat, dialogue, Line("The six digits?", "question", "email_code", "choice", ("No code came",)))
    await expect(chat.box).to_have_attribute("inputmode", "numeric")
    await ask(chat, dialogue, SITE)
    await expect(chat.box).to_have_attribute("inputmode", "")


async def test_pain_in_the_back_and_in_a_leg_is_drawn_as_spreading_down_that_leg(
    chat: ChatPage, dialogue: FakeConversations
) -> None:
    labels = ("Lower back", "Left leg", "Right leg", "None of these")
    await ask(chat, dialogue, Line("Where is it?", "question", "pain_site", "body_map", labels))
    lines = chat.answers.locator(".map .way:visible")
    await box(chat, "Left leg").check()
    await expect(lines).to_have_count(0)
    await box(chat, "Lower back").check()
    await expect(lines).to_have_count(1)
    # From behind, one's left leg is on the left.
    middle = await chat.answers.locator(".map svg").bounding_box()
    line = await lines.bounding_box()
    assert middle is not None
    assert line is not None
    back = middle["x"] + middle["width"] * 125 / 170
    assert line["x"] + line["width"] < back
    await box(chat, "Right leg").check()
    await expect(lines).to_have_count(2)
    await box(chat, "None of these").check()
    await expect(lines).to_have_count(0)
