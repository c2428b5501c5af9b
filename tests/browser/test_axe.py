"""axe-core finds nothing to complain of in any state of the chat, light and dark."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenChat
from tests.browser.scripts import AREAS, CARDS, DANGER, LASTED, READ_BACK, SITE, WORSE, WORST
from tests.channels.fakes import FakeConversations, Line

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "bot/widget/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
FIRST = "conversation-1"

#: Everything that axe knows, not only what a law asks for.
_RUN = """async () => {
  const { violations, passes } = await axe.run(document, { resultTypes: ["violations", "passes"] });
  const told = violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${help} ${JSON.stringify(target)} ${failureSummary}`));
  return { told, passes: passes.map(({ id }) => id) };
}"""

State = Callable[[ChatPage, FakeConversations], Awaitable[None]]


def asked(line: Line) -> State:
    async def state(chat: ChatPage, dialogue: FakeConversations) -> None:
        dialogue.say(FIRST, line)
        await chat.hears(line.text)
        await expect(chat.answers.get_by_role("group").first).to_be_visible()

    return state


async def a_plan(chat: ChatPage, dialogue: FakeConversations) -> None:
    dialogue.say(FIRST, *CARDS)
    await chat.hears(CARDS[-1].text)
    await chat.log.get_by_text("Why it was left out").click()


async def danger(chat: ChatPage, dialogue: FakeConversations) -> None:
    dialogue.say(FIRST, DANGER)
    await chat.hears(DANGER.text)


async def thinking(chat: ChatPage, dialogue: FakeConversations) -> None:
    dialogue.may_answer.clear()
    await chat.say("hello")
    await expect(chat.page.locator("#typing")).to_be_visible()


async def changing_an_answer(chat: ChatPage, dialogue: FakeConversations) -> None:
    await chat.tap("Leg")
    await chat.hears(WORSE.text)
    await chat.messages.nth(1).get_by_text("Change this answer").click()


async def too_long(chat: ChatPage, dialogue: FakeConversations) -> None:
    await chat.box.fill("x" * 4001)
    await chat.button("Send").click()


async def refused(chat: ChatPage, dialogue: FakeConversations) -> None:
    chat.loses_connection = True
    await chat.say("///")
    await expect(chat.page.get_by_role("alert")).to_contain_text("This was not sent.")


async def offline(chat: ChatPage, dialogue: FakeConversations) -> None:
    chat.loses_connection = True
    await chat.page.context.set_offline(True)
    await chat.tap("Leg")
    await expect(chat.on_their_way).to_have_count(1)


async def options(chat: ChatPage, dialogue: FakeConversations) -> None:
    await chat.button("Chat options").click()
    await expect(chat.button("Continue on another device")).to_be_visible()


async def another_device(chat: ChatPage, dialogue: FakeConversations) -> None:
    await options(chat, dialogue)
    await chat.button("Continue on another device").click()
    await expect(chat.page.get_by_role("img")).to_be_visible()


async def sure(chat: ChatPage, dialogue: FakeConversations) -> None:
    await options(chat, dialogue)
    await chat.button("This is not my device: clear the chat").click()


async def cleared(chat: ChatPage, dialogue: FakeConversations) -> None:
    await sure(chat, dialogue)
    await chat.button("Yes, clear it").click()
    await expect(chat.page.get_by_role("heading", name="The chat is cleared")).to_be_visible()


async def gone(chat: ChatPage, dialogue: FakeConversations) -> None:
    chat.loses_connection = True
    dialogue.erase(FIRST)
    await chat.say("hello")
    await expect(chat.page.get_by_role("heading", name="This chat cannot be opened")).to_be_visible()


STATES: dict[str, State] = {
    "choice": asked(SITE),
    "several choices": asked(WORSE),
    "scale": asked(WORST),
    "body map": asked(AREAS),
    "duration": asked(LASTED),
    "read-back": asked(READ_BACK),
    "plan": a_plan,
    "safety": danger,
    "typing": thinking,
    "changing an answer": changing_an_answer,
    "too long": too_long,
    "refused": refused,
    "offline": offline,
    "options": options,
    "another device": another_device,
    "are you sure": sure,
    "cleared": cleared,
    "gone": gone,
}


@pytest.mark.parametrize("state", STATES)
async def test_axe_finds_nothing(
    open_chat: OpenChat, url: str, dialogue: FakeConversations, state: str
) -> None:
    chat = await open_chat(url, viewport={"width": 412, "height": 800})
    await STATES[state](chat, dialogue)
    await chat.page.evaluate(AXE)
    for scheme in ("light", "dark"):
        await chat.page.emulate_media(color_scheme=scheme)
        found = await chat.page.evaluate(_RUN)
        assert found["told"] == []
        # What axe looked at lies in the shadow tree; had it not looked in, these rules would not apply.
        assert {"color-contrast", "button-name"} <= set(found["passes"])
    dialogue.may_answer.set()


async def test_axe_would_find_a_button_without_a_name(chat: ChatPage) -> None:
    await chat.button("Chat options").evaluate("button => button.replaceChildren()")
    await chat.page.evaluate(AXE)
    assert "button-name" in str((await chat.page.evaluate(_RUN))["told"])
