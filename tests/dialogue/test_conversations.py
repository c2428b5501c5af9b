"""The dialogue's public face on a real store: in order, exactly once, and whole or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.dialogue.conversations import TRIES, Conversations
from bot.store import Database, Store, Turn, UnknownChoice, system_clock

SECRET = "xylophone-secret-words"
FORGET_ME = "forget me"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    database = Database(f"sqlite:///{tmp_path / 'backplan.db'}")
    database.migrate()
    opened = Store(database, clock=system_clock)
    yield opened
    opened.close()


@dataclass
class Echo:
    """Plays a turn by repeating the message; fails as often as it was told to."""

    failures: int = 0
    played: list[str] = field(default_factory=list)

    async def play(self, turn: Turn) -> None:
        await asyncio.sleep(0)
        if turn.inbound is None:
            turn.say(
                "hello",
                kind="question",
                asks="age",
                input="choice",
                choices=[("yes", {"field": "age", "value": 1})],
            )
            return
        self.played.append(turn.inbound.text or "tap")
        if turn.inbound.text == FORGET_ME:
            turn.erase()
            turn.say("all is deleted", key="utter_data_deleted")
            return
        turn.say(f"half an answer to {turn.inbound.text}")
        if self.failures:
            self.failures -= 1
            raise RuntimeError(SECRET)
        turn.say(f"you said {turn.inbound.text}")


def sorry(turn: Turn) -> None:
    turn.say("sorry", kind="safety", key="utter_technical_problem")


def conversations(store: Store, player: Echo) -> Conversations:
    return Conversations(store, player, apologise=sorry)


def said_by_bot(store: Store, conversation_id: str) -> list[str]:
    return [m.text for m in store.messages_after(conversation_id, 0) if m.sender == "bot"]


async def test_two_messages_at_once_are_answered_one_after_the_other(store: Store) -> None:
    face = conversations(store, Echo())
    opened = await face.open("web")
    await asyncio.gather(
        face.submit(opened.conversation_id, "1", text="first"),
        face.submit(opened.conversation_id, "2", text="second"),
    )
    await face.settled(opened.conversation_id)
    answers = [text for text in said_by_bot(store, opened.conversation_id) if text.startswith("you said")]
    assert sorted(answers) == ["you said first", "you said second"]
    said = said_by_bot(store, opened.conversation_id)
    assert said.index("you said first") == said.index("half an answer to first") + 1


async def test_a_message_sent_twice_is_answered_once(store: Store) -> None:
    face = conversations(store, Echo())
    opened = await face.open("web")
    first = await face.submit(opened.conversation_id, "same", text="hello there")
    again = await face.submit(opened.conversation_id, "same", text="hello there")
    await face.settled(opened.conversation_id)
    assert (first.seq, again.seq, again.duplicate) == (first.seq, first.seq, True)
    assert said_by_bot(store, opened.conversation_id).count("you said hello there") == 1


async def test_a_turn_that_fails_leaves_nothing_behind_and_is_played_again(store: Store) -> None:
    face = conversations(store, Echo(failures=1))
    opened = await face.open("web")
    await face.submit(opened.conversation_id, "1", text="again please")
    await face.settled(opened.conversation_id)
    assert said_by_bot(store, opened.conversation_id)[1:] == [
        "half an answer to again please",
        "you said again please",
    ]


async def test_a_turn_that_keeps_failing_ends_in_an_apology_and_the_next_message_is_answered(
    store: Store,
) -> None:
    face = conversations(store, Echo(failures=TRIES))
    opened = await face.open("web")
    await face.submit(opened.conversation_id, "1", text="poison")
    await face.submit(opened.conversation_id, "2", text="fine")
    await face.settled(opened.conversation_id)
    assert said_by_bot(store, opened.conversation_id)[1:] == [
        "sorry",
        "half an answer to fine",
        "you said fine",
    ]


async def test_a_failing_turn_logs_no_word_of_it(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    face = conversations(store, Echo(failures=TRIES))
    opened = await face.open("web")
    with caplog.at_level(logging.DEBUG):
        await face.submit(opened.conversation_id, "1", text=SECRET)
        await face.settled(opened.conversation_id)
    assert "turn failed" in caplog.text
    assert SECRET not in caplog.text


async def test_what_was_accepted_before_a_stop_is_answered_after_the_next_start(store: Store) -> None:
    opened = await conversations(store, Echo()).open("web")
    store.accept(opened.conversation_id, "1", "are you there", None)
    later = conversations(store, Echo())
    await later.start()
    await later.settled(opened.conversation_id)
    assert said_by_bot(store, opened.conversation_id)[-1] == "you said are you there"


async def test_two_servers_on_one_store_answer_a_message_once(store: Store) -> None:
    opened = await conversations(store, Echo()).open("web")
    store.accept(opened.conversation_id, "1", "once only", None)
    servers = [conversations(store, Echo()) for _ in range(3)]
    await asyncio.gather(*(server.start() for server in servers))
    await asyncio.gather(*(server.settled(opened.conversation_id) for server in servers))
    assert said_by_bot(store, opened.conversation_id).count("you said once only") == 1


async def test_a_tap_of_another_conversation_is_refused(store: Store) -> None:
    face = conversations(store, Echo())
    mine, theirs = await face.open("web"), await face.open("web")
    [question] = await face.messages(theirs.conversation_id, 0)
    with pytest.raises(UnknownChoice):
        await face.submit(mine.conversation_id, "1", choices=[question.choices[0].id])
    assert len(await face.messages(mine.conversation_id, 0)) == 1


async def test_who_waits_is_woken_by_the_answer_and_not_only_by_time(store: Store) -> None:
    face = conversations(store, Echo())
    opened = await face.open("web")
    waiting = asyncio.create_task(face.wait_for_messages(opened.conversation_id, 2, timeout=30))
    await asyncio.sleep(0)
    await face.submit(opened.conversation_id, "1", text="hi")
    assert await asyncio.wait_for(waiting, 30) is True


async def test_nobody_is_let_in_with_a_token_that_opens_nothing(store: Store) -> None:
    face = conversations(store, Echo())
    opened = await face.open("web")
    assert await face.authenticate(opened.token) == opened.conversation_id
    assert await face.authenticate(opened.token + "x") is None


async def test_a_link_to_another_device_ends_the_token_before_it(store: Store) -> None:
    dialogue = conversations(store, Echo())
    await dialogue.start()
    opened = await dialogue.open("web")
    link = await dialogue.leave(opened.conversation_id)
    arrived = await dialogue.arrive(link.token)
    assert arrived is not None
    assert arrived.conversation_id == opened.conversation_id
    assert await dialogue.authenticate(opened.token) is None
    assert await dialogue.authenticate(arrived.token) == opened.conversation_id
    assert await dialogue.arrive(link.token) is None
    await dialogue.stop()


async def test_who_has_everything_deleted_still_hears_so_and_goes_on_in_the_same_chat(store: Store) -> None:
    face = conversations(store, Echo())
    opened = await face.open("web")
    old = opened.conversation_id
    await face.submit(old, "1", text=SECRET)
    await face.settled(old)
    waiting = asyncio.create_task(face.wait_for_messages(old, 4, timeout=20))
    await asyncio.sleep(0.05)
    await face.submit(old, "2", text=FORGET_ME)
    await face.submit(old, "3", text="one more thing")
    assert await asyncio.wait_for(waiting, 30)
    await face.settled(old)
    new = await face.authenticate(opened.token)
    assert new not in (None, old)
    assert store.messages_after(old, 0) == []
    assert {"all is deleted", "you said one more thing"} <= {m.text for m in await face.messages(old, 0)}
    assert SECRET not in repr([m.text for m in await face.messages(old, 0)])
    await face.submit(old, "4", text="hello again")
    await face.settled(old)
    assert said_by_bot(store, str(new))[-1] == "you said hello again"


async def test_who_comes_by_an_invitation_is_greeted_once_on_the_patients_own_clock(store: Store) -> None:
    dialogue = conversations(store, Echo())
    invitation = store.invite("MRN 0042")
    arrived = await dialogue.arrive(invitation.token, "Europe/London")
    assert arrived is not None
    assert [one.text for one in await dialogue.messages(arrived.conversation_id, 0)] == ["hello"]
    assert store.conversation(arrived.conversation_id).timezone == "Europe/London"
    # On the way to another device nobody is greeted again, and the clock stays the first one.
    link = await dialogue.leave(arrived.conversation_id)
    there = await dialogue.arrive(link.token, "Asia/Tokyo")
    assert there is not None
    assert [one.text for one in await dialogue.messages(there.conversation_id, 0)] == ["hello"]
    assert store.conversation(there.conversation_id).timezone == "Europe/London"
