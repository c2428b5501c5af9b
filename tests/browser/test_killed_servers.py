"""Ten servers die in one conversation, in the middle of it, and nothing is lost or said twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenChat
from tests.browser.mortal_chat import SECONDS_TO_ANSWER, MortalChat

KILLS = 10


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[MortalChat]:
    """A server that this test may kill."""
    server = MortalChat(tmp_path).start()
    yield server
    server.kill()


async def test_ten_killed_servers_in_one_conversation_lose_and_double_nothing(
    open_chat: OpenChat, mortal: MortalChat
) -> None:
    chance = random.Random(20261125)
    chat = await open_chat(mortal.url)
    chat.loses_connection = True
    expected = ["Hello."]
    for number in range(KILLS):
        # Every third message is written while the server is dead; the others have a server that dies on them.
        written_while_dead = number % 3 == 2
        if written_while_dead:
            mortal.kill()
        await chat.say(f"message {number}")
        if not written_while_dead:
            await asyncio.sleep(chance.uniform(0, 2 * SECONDS_TO_ANSWER))
            mortal.kill()
        mortal.start()
        # Saves the wait for the next try, which other tests sit out.
        await chat.page.evaluate("dispatchEvent(new Event('online'))")
        expected += [f"message {number}", f"You said: message {number}", "What else?"]
        await expect(chat.messages).to_have_count(len(expected), timeout=40_000)
        await chat.shows(*expected)
    await expect(chat.notice).to_be_empty()
    await chat.page.reload()
    await chat.shows(*expected)
