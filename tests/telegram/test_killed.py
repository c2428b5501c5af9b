"""The server dies between any two steps: nothing is lost, and at most one message comes twice for each death."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

from bot.store import Database, Message, Store
from tests.telegram.bot_api import BotApi
from tests.telegram.phone import Phone, until
from tests.telegram.process import Served

DEATHS = 3

#: The bot's first words in a new chat: how private Telegram is, and who it is.
GREETING = 2

#: Every step from an update that comes in to an answer that is out and known to be out.
STEPS = (
    *("accept:before", "accept:after", "begin_turn:after", "commit_turn:before", "commit_turn:after"),
    *("claim_chat:before", "next_delivery:after", "mark_delivered:before", "mark_delivered:after"),
    "release_chat:before",
)


def kept_in(database_url: str, phone: Phone) -> list[Message]:
    """What the clinic's records hold of this chat."""
    store = Store(Database(database_url))
    conversation = store.conversation_for_external("telegram", str(phone.id))
    assert conversation is not None
    messages = store.messages_after(conversation.id, 0, 500)
    store.close()
    return messages


async def test_killed_at_each_step_every_answer_comes_in_order_and_at_most_one_twice_for_each_death(
    tmp_path: Path, database_url: str, api: BotApi, api_url: str
) -> None:
    phone = Phone(api)
    server = Served(tmp_path, api_url, database_url, ("scripted",))
    for step in STEPS:
        await phone.say(f"words at {step}")
        await server.die_at(step)
    await phone.say("the end")
    await server.start()
    await phone.sees("You said: the end", patience=60)
    await server.stop()
    answers = [f"You said: words at {step}" for step in STEPS] + ["You said: the end"]
    shown = [text for text in phone.screen if text.startswith("You said")]
    assert list(dict.fromkeys(shown)) == answers
    assert len(phone.screen) <= GREETING + len(answers) + len(STEPS)
    kept = kept_in(database_url, phone)
    assert len([m for m in kept if m.sender == "bot"]) == GREETING + len(answers)


async def test_killed_at_any_moment_nothing_is_lost_and_at_most_one_message_comes_twice(
    tmp_path: Path, database_url: str, api: BotApi, api_url: str
) -> None:
    chance = random.Random(20261125)
    phone = Phone(api)
    server = Served(tmp_path, api_url, database_url, ("scripted",))
    await server.start()
    said = []
    for death in range(DEATHS):
        for n in range(3):
            said.append(f"words {death}.{n}")
            await phone.say(said[-1])
        await phone.say("ten")
        await asyncio.sleep(chance.uniform(0.0, 0.35))
        await server.kill()
        await server.start()
    said.append("the end")
    await phone.say("the end")
    await phone.sees("You said: the end", patience=60)
    await server.stop()

    heard = Counter(phone.screen)
    lines = [text for text in phone.screen if text.startswith("You said")]
    first_of_each = list(dict.fromkeys(lines))
    assert first_of_each == [f"You said: {words}" for words in said]
    assert heard["Line 10."] >= DEATHS
    expected = GREETING + len(said) + 10 * DEATHS
    assert expected <= len(phone.screen) <= expected + DEATHS

    messages = kept_in(database_url, phone)
    assert [message.seq for message in messages] == list(range(1, len(messages) + 1))
    assert len([m for m in messages if m.sender == "patient"]) == len(said) + DEATHS
    assert len([m for m in messages if m.sender == "bot"]) == expected
    assert "words" not in server.log
    await until(lambda: api.confirmed)
