"""A whole intake with the real dialogue: by keyboard, by touch on the smallest phone, through ten killed servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenChat
from tests.browser.hands import Intake, Keyboard, Touch
from tests.chat_server import ChatServer
from tests.dialogue.answers import ACUTE_UNCOMPLICATED

SMALLEST = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
KILLS = 10


async def a_plan_at_the_end_of(intake: Intake) -> None:
    whole = await intake.to_the_end()
    assert [message for message in whole if message["kind"] == "plan"]
    await expect(intake.chat.log.locator("li.plan").first).to_be_visible()
    said = [message["text"] for message in whole if message["from"] == "patient"]
    assert await intake.chat.log.locator(".patient .words").all_text_contents() == said


async def test_a_whole_intake_by_keyboard_alone(open_chat: OpenChat, server: ChatServer) -> None:
    chat = await open_chat(server.url)
    await a_plan_at_the_end_of(Intake(chat, server.url, ACUTE_UNCOMPLICATED, Keyboard()))


async def test_a_whole_intake_by_touch_on_the_smallest_phone(open_chat: OpenChat, server: ChatServer) -> None:
    chat = await open_chat(server.url, **SMALLEST)
    await a_plan_at_the_end_of(Intake(chat, server.url, ACUTE_UNCOMPLICATED, Touch()))
    assert await chat.page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.fixture
def mortal(models: Path, tmp_path: Path) -> Iterator[ChatServer]:
    """A server that this test may kill."""
    server = ChatServer(tmp_path / "home", models).start()
    yield server
    server.stop()


async def test_ten_killed_servers_in_one_conversation_lose_and_double_nothing(
    open_chat: OpenChat, mortal: ChatServer
) -> None:
    chat = await open_chat(mortal.url)
    chat.loses_connection = True
    intake = Intake(chat, mortal.url, ACUTE_UNCOMPLICATED, Keyboard())
    answered: list[str] = []
    for _ in range(KILLS):
        question = (await intake.settled())[-1]
        await intake.answer(question)
        # Some of the servers die with the answer taken in and unanswered, some before it came.
        mortal.kill()
        answered.append(question["asks"])
        mortal.start()
        await expect(chat.notice).to_be_empty(timeout=40_000)
    whole = await intake.settled()
    asked = [message["asks"] for message in whole if message["kind"] == "question"]
    assert asked[:KILLS] == answered
    assert len(set(asked)) == len(asked)
    said = [message["text"] for message in whole if message["from"] == "patient"]
    assert len(said) == KILLS
    shown = await chat.messages.locator(".words").all_text_contents()
    assert len(shown) == len(whole)
    await chat.page.reload()
    await expect(chat.messages).to_have_count(len(whole))
    assert await chat.messages.locator(".words").all_text_contents() == [message["text"] for message in whole]
