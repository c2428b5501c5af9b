"""The page for everybody: screen reader, keyboard, small screens, zoom, dark, high contrast, less motion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.chat_page import ChatPage, announced_politeness
from tests.browser.conftest import OpenChat
from tests.browser.scripts import DANGER, PLAN, WORSE, WORST
from tests.channels.fakes import FakeConversations

AUDIT = Path(__file__).with_name("audit.js").read_text(encoding="utf-8")

WAYS_TO_LOOK: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "wide": {"viewport": {"width": 2560, "height": 1300}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 568}, "is_mobile": True, "has_touch": True},
    "dark phone": {"viewport": {"width": 320, "height": 568}, "color_scheme": "dark"},
    # A browser window of 1280 by 800 at 200 % and at 400 % zoom has this much room for the page.
    "zoom 200 %": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "zoom 400 %": {"viewport": {"width": 320, "height": 200}, "device_scale_factor": 4},
    "more contrast": {"contrast": "more"},
    "more contrast, dark": {"contrast": "more", "color_scheme": "dark"},
}


@pytest.mark.parametrize("way", WAYS_TO_LOOK)
async def test_everything_can_be_read_and_reached_however_one_looks(
    open_chat: OpenChat, url: str, way: str
) -> None:
    chat = await open_chat(url, **WAYS_TO_LOOK[way])
    audits = [await chat.page.evaluate(AUDIT)]
    await chat.tap("Leg")
    await chat.hears(WORSE.text)
    await chat.tap("Done")
    audits.append(await chat.page.evaluate(AUDIT))
    await chat.tick("Sitting")
    await chat.hears(WORST.text)
    audits.append(await chat.page.evaluate(AUDIT))
    await chat.tap("4")
    await chat.hears(PLAN[-1].text)
    await chat.say("numb")
    await chat.hears(DANGER.text)
    await chat.box.fill("x" * 4001)
    audits.append(await chat.page.evaluate(AUDIT))
    await chat.button("Chat options").click()
    audits.append(await chat.page.evaluate(AUDIT))
    await chat.button("Start a new chat on this device").click()
    audits.append(await chat.page.evaluate(AUDIT))
    assert audits == [[]] * 6


async def test_a_screen_reader_finds_the_parts_of_the_page(chat: ChatPage) -> None:
    await expect(chat.page.locator("body")).to_match_aria_snapshot("""
        - main:
          - region "Chat about your back pain":
            - button "Skip to the message box"
            - heading "Backplan" [level=1]
            - button "Chat options"
            - status
            - paragraph: A computer program that asks about your back pain. Nobody reads this chat live.
            - log "Conversation":
              - list:
                - listitem:
                  - time: Monday 23 November
                - listitem:
                  - text: "Assistant:"
                  - paragraph: Hello, I am a computer program. I ask about your back pain.
                - listitem:
                  - text: "Assistant:"
                  - paragraph: Where is the pain?
                  - text: "Answers to choose from: Lower back; Leg; Not sure."
                  - time: 09:00
            - region "Answers to choose":
              - group "Where is the pain?":
                - button "Lower back"
                - button "Leg"
                - button "Not sure"
            - form "Write a message":
              - textbox "Your message"
              - button "Send"
    """)


async def test_a_screen_reader_knows_who_said_what(chat: ChatPage) -> None:
    await chat.say("my back hurts")
    await chat.hears("You said: my back hurts")
    said = [" ".join(words.split()) for words in await chat.messages.all_text_contents()]
    assert said[2].startswith("You: my back hurts")
    assert said[3].startswith("Assistant: You said: my back hurts")


async def test_new_messages_are_read_out_politely_and_old_ones_not_again(chat: ChatPage) -> None:
    assert await announced_politeness(chat, "log") == ["polite"]
    await chat.say("my back hurts")
    await chat.hears("You said: my back hurts")
    await chat.page.add_init_script("""
        const note = (node, log) => {
          if (log && node.matches?.("li.bubble")) (window.readOut ??= []).push([log.ariaLive, node.textContent]);
        };
        const observer = new MutationObserver((changes) => changes.forEach(({ addedNodes, target }) =>
          addedNodes.forEach((node) => note(node, target.closest?.("[role=log]")))));
        const attach = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function (how) {
          const root = attach.call(this, how);
          observer.observe(root, { childList: true, subtree: true });
          return root;
        };
    """)
    await chat.page.reload()
    await chat.hears("You said: my back hurts")
    read_out = await chat.page.evaluate(
        "() => window.readOut.map(([live, words]) => [live, words.slice(0, 16)])"
    )
    assert [live for live, _ in read_out] == ["off", "off", "off", "polite"]


async def test_the_focus_stays_where_answers_appear(chat: ChatPage) -> None:
    await chat.answers.get_by_role("button", name="Leg").focus()
    await chat.page.keyboard.press("Enter")
    await chat.hears(WORSE.text)
    await expect(chat.answers).to_be_focused()


async def test_new_messages_do_not_take_the_focus(chat: ChatPage, dialogue: FakeConversations) -> None:
    await chat.box.focus()
    dialogue.say("conversation-1", *PLAN, DANGER)
    await chat.hears(DANGER.text)
    await expect(chat.box).to_be_focused()


async def test_what_has_the_focus_can_be_seen(chat: ChatPage) -> None:
    for control in (chat.answers.get_by_role("button").first, chat.box, chat.button("Chat options")):
        await chat.page.keyboard.press("Tab")
        await control.focus()
        outline = await control.evaluate(
            "element => [getComputedStyle(element).outlineStyle, getComputedStyle(element).outlineWidth]"
        )
        assert outline == ["solid", "3px"]


async def test_a_focused_answer_is_not_hidden_behind_the_message_box(open_chat: OpenChat, url: str) -> None:
    chat = await open_chat(url, viewport={"width": 320, "height": 480})
    await chat.tap("Leg")
    await chat.hears(WORSE.text)
    await chat.scroll_to(0)
    for name in ("Sitting", "Bending", "Coughing or sneezing", "None of these", "Done"):
        await chat.page.keyboard.press("Tab")
        box = await chat.answers.locator(":focus").bounding_box()
        composer = await chat.page.locator("#composer").bounding_box()
        assert box
        assert composer
        assert box["y"] + box["height"] <= composer["y"], name


async def test_the_dialog_keeps_the_focus_and_gives_it_back(chat: ChatPage) -> None:
    await chat.button("Chat options").focus()
    await chat.page.keyboard.press("Enter")
    await expect(chat.page.get_by_role("dialog", name="Chat options")).to_be_visible()
    await chat.page.keyboard.press("Escape")
    await expect(chat.button("Chat options")).to_be_focused()


async def test_who_wants_less_motion_gets_none(open_chat: OpenChat, url: str) -> None:
    chat = await open_chat(url, reduced_motion="reduce")
    moving = await chat.page.locator("#typing i").first.evaluate("dot => getComputedStyle(dot).animationName")
    assert moving == "none"


async def test_forced_colours_keep_the_edges_of_everything(open_chat: OpenChat, url: str) -> None:
    chat = await open_chat(url, forced_colors="active")
    await chat.tap("Leg")
    await chat.tick("Sitting")
    await chat.hears(WORST.text)
    for element in (chat.messages.nth(0), chat.messages.nth(2), chat.answers.get_by_role("button").first):
        style = await element.evaluate(
            "element => [getComputedStyle(element).borderStyle, getComputedStyle(element).borderColor]"
        )
        assert style[0].startswith("solid")
        assert style[1] != "rgba(0, 0, 0, 0)"
