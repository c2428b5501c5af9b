"""A conversation in a terminal, piped in and read back."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.channels.terminal import run_terminal
from bot.store.errors import StoreUnavailable
from tests.channels.fakes import FakeConversations, Heard, Line


async def talk(dialogue: FakeConversations, token_file: Path, *lines: str, new: bool = False) -> str:
    """What the terminal shows for the typed lines."""
    output = io.StringIO()
    typed = io.StringIO("".join(f"{line}\n" for line in lines))
    await run_terminal(dialogue, typed, output, token_file=token_file, new=new)
    return output.getvalue()


def read(token_file: Path) -> tuple[int, str]:
    """Who may read the file, and the token in it."""
    return token_file.stat().st_mode & 0o777, token_file.read_text().strip()


def break_it(token_file: Path) -> None:
    token_file.parent.mkdir()
    token_file.write_bytes(b"\xff\xfe broken")


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "terminal.token"


async def test_a_greeting_a_menu_and_an_answer(dialogue: FakeConversations, token_file: Path) -> None:
    shown = await talk(dialogue, token_file, "2")
    assert "Hello, I am a computer program." in shown
    assert "  2. Leg\n" in shown
    assert "You said: Leg" in shown
    assert dialogue.heard("conversation-1") == [Heard(None, ("Leg",))]
    assert dialogue.opened_with == [("terminal", None, None)]


async def test_every_piped_line_is_answered_before_the_next_is_sent(
    dialogue: FakeConversations, token_file: Path
) -> None:
    dialogue.may_answer.clear()
    talking = asyncio.create_task(talk(dialogue, token_file, "one thing", "another thing", "a third"))
    await asyncio.sleep(0.05)
    assert [heard.text for heard in dialogue.heard("conversation-1")] == ["one thing"]
    dialogue.may_answer.set()
    shown = await talking
    positions = [shown.index(f"You said: {words}") for words in ("one thing", "another thing", "a third")]
    assert positions == sorted(positions)


async def test_the_same_conversation_goes_on_the_next_time(
    dialogue: FakeConversations, token_file: Path
) -> None:
    await talk(dialogue, token_file, "it hurts")
    shown = await talk(dialogue, token_file, "still")
    assert "> it hurts" in shown
    assert dialogue.texts("conversation-1")[-1] == "You said: still"
    assert len(dialogue.opened_with) == 1


async def test_a_new_conversation_can_be_asked_for(dialogue: FakeConversations, token_file: Path) -> None:
    await talk(dialogue, token_file, "it hurts")
    assert "it hurts" not in await talk(dialogue, token_file, new=True)
    assert len(dialogue.opened_with) == 2


async def test_the_token_is_kept_for_this_user_only(dialogue: FakeConversations, token_file: Path) -> None:
    await talk(dialogue, token_file)
    mode, token = read(token_file)
    assert mode == 0o600
    assert await dialogue.authenticate(token) == "conversation-1"


async def test_a_token_that_is_no_use_any_more_opens_a_new_conversation(
    dialogue: FakeConversations, token_file: Path
) -> None:
    break_it(token_file)
    assert "Hello" in await talk(dialogue, token_file)
    dialogue.erase("conversation-1")
    assert "Hello" in await talk(dialogue, token_file)


@pytest.mark.parametrize("leaving", ["/quit", "/EXIT", " /quit "])
async def test_leaving_keeps_the_answers(dialogue: FakeConversations, token_file: Path, leaving: str) -> None:
    shown = await talk(dialogue, token_file, leaving, "never sent")
    assert shown.endswith("Your answers are kept. Start again to go on from here.\n")
    assert dialogue.heard("conversation-1") == []


async def test_a_command_of_rasa_is_only_words(dialogue: FakeConversations, token_file: Path) -> None:
    await talk(dialogue, token_file, "/restart")
    assert dialogue.heard("conversation-1") == [Heard("restart")]


async def test_what_cannot_be_sent_is_answered_with_advice(
    dialogue: FakeConversations, token_file: Path
) -> None:
    shown = await talk(dialogue, token_file, "a" * 4001, "   ", "it hurts")
    assert "smaller parts" in shown
    assert dialogue.heard("conversation-1") == [Heard("it hurts")]


async def test_a_number_after_an_answer_does_not_change_it(
    dialogue: FakeConversations, token_file: Path
) -> None:
    await talk(dialogue, token_file, "2", "1")
    assert dialogue.heard("conversation-1") == [Heard(None, ("Leg",)), Heard("1")]


async def test_a_safety_message_stands_out(token_file: Path) -> None:
    def script(heard: Heard | None) -> Sequence[Line]:
        return (Line("Please call 999 now.", "safety"),) if heard else ()

    shown = await talk(FakeConversations(script), token_file, "numb")
    assert "IMPORTANT FOR YOUR SAFETY\nPlease call 999 now.\n=====" in shown


async def test_a_scale_asks_for_a_number(token_file: Path) -> None:
    def script(heard: Heard | None) -> Sequence[Line]:
        labels = ("0 no pain", *map(str, range(1, 10)), "10 worst pain")
        return (
            (Line(f"You said: {heard.words}"),)
            if heard
            else (Line("How bad?", "question", "p", "scale", labels),)
        )

    shown = await talk(FakeConversations(script), token_file, "10")
    assert "Type a number: 0 no pain ... 10 worst pain" in shown
    assert "You said: 10 worst pain" in shown


async def test_a_failing_store_is_told_and_the_terminal_goes_on(
    dialogue: FakeConversations, token_file: Path
) -> None:
    class Failing(FakeConversations):
        async def submit(self, *args: object, **kwargs: object) -> None:  # type: ignore[override]
            raise StoreUnavailable("OperationalError")

    shown = await talk(Failing(), token_file, "it hurts")
    assert "That could not be saved. Please send it again in a moment." in shown
