"""A conversation in a terminal: the same dialogue and the same store as the web chat."""

from __future__ import annotations

import asyncio
import contextlib
import os
import textwrap
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from bot.channels.answers import answer_to
from bot.channels.inbound import UnusableText
from bot.channels.interface import Conversations
from bot.store.errors import StoreError
from bot.store.records import Message

_WIDTH = 78
_SECONDS_BETWEEN_LOOKS = 20.0
_SECONDS_AFTER_FAILURE = 2.0
_QUIT = frozenset({"/quit", "/exit"})
_PROMPT = "> "


async def run_terminal(
    conversations: Conversations,
    source: TextIO,
    output: TextIO,
    *,
    token_file: Path,
    new: bool = False,
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
) -> None:
    """Talk until `/quit` or the end of `source`. The token in `token_file` resumes unless `new`.

    Lines may be piped in: each is sent when the turn before it is over.
    """
    token = None if new else _saved_token(token_file)
    conversation_id = await conversations.authenticate(token) if token else None
    if conversation_id is None:
        opened = await conversations.open("terminal")
        _save(token_file, opened.token)
        conversation_id = opened.conversation_id
    terminal = _Terminal(conversations, conversation_id, output, new_id)
    await terminal.talk(_Lines(source))


class _Terminal:
    def __init__(
        self, conversations: Conversations, conversation_id: str, output: TextIO, new_id: Callable[[], str]
    ) -> None:
        self._conversations = conversations
        self._id = conversation_id
        self._output = output
        self._new_id = new_id
        self._seen = 0
        self._question: Message | None = None

    async def talk(self, lines: _Lines) -> None:
        self._write("Type an answer, or the number of a choice. /quit leaves; your answers are kept.\n")
        await self._show_news()
        line = asyncio.ensure_future(lines.next())
        news = asyncio.ensure_future(self._news())
        try:
            while True:
                self._prompt()
                await asyncio.wait({line, news}, return_when=asyncio.FIRST_COMPLETED)
                if line.done():
                    typed = line.result()
                    if typed is None or typed.strip().lower() in _QUIT:
                        break
                    await self._send(typed)
                    line = asyncio.ensure_future(lines.next())
                else:
                    self._write("\n")
                if news.done():
                    news.result()
                    await self._show_news()
                    news = asyncio.ensure_future(self._news())
        finally:
            for task in (line, news):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, StoreError):
                    await task
        self._write("\nYour answers are kept. Start again to go on from here.\n")

    async def _news(self) -> None:
        while True:
            try:
                if await self._conversations.wait_for_messages(self._id, self._seen, _SECONDS_BETWEEN_LOOKS):
                    return
            except StoreError:
                await asyncio.sleep(_SECONDS_AFTER_FAILURE)

    async def _send(self, typed: str) -> None:
        if not typed.strip():
            return
        try:
            text, choices = answer_to(self._question, typed)
            await self._conversations.submit(self._id, self._new_id(), text=text, choices=choices)
        except UnusableText as error:
            self._write(f"{error.advice}\n")
            return
        except StoreError:
            self._write("That could not be saved. Please send it again in a moment.\n")
            return
        # A number typed later must not change this answer behind the patient's back.
        self._question = None
        await self._show_turn()

    async def _show_turn(self) -> None:
        """Show everything up to the end of the turn that the message just sent has started."""
        while True:
            await self._show_news(own_lines=False)
            if not self._conversations.typing(self._id):
                break
            await self._conversations.wait_for_messages(self._id, self._seen, timeout=0.1)
        await self._show_news(own_lines=False)

    async def _show_news(self, *, own_lines: bool = True) -> None:
        while messages := await self._conversations.messages(self._id, self._seen):
            for message in messages:
                self._seen = message.seq
                if message.sender == "bot":
                    self._show(message)
                elif own_lines:
                    self._write(_indented(message.text, _PROMPT) + "\n")

    def _show(self, message: Message) -> None:
        if message.kind == "safety":
            self._write(
                f"\n{'=' * _WIDTH}\nIMPORTANT FOR YOUR SAFETY\n{_indented(message.text)}\n{'=' * _WIDTH}\n"
            )
        else:
            self._write(f"\n{_indented(message.text)}\n")
        if message.choices:
            self._question = message
            self._write(_menu(message))
        elif message.kind == "question":
            self._question = None

    def _prompt(self) -> None:
        self._output.write(_PROMPT)
        self._output.flush()

    def _write(self, text: str) -> None:
        self._output.write(text)
        self._output.flush()


class _Lines:
    """Lines of a stream, read on a thread that may be left behind while it waits for a key."""

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._loop = asyncio.get_running_loop()
        self._read: asyncio.Queue[str | None] = asyncio.Queue()
        threading.Thread(target=self._pump, name="terminal-input", daemon=True).start()

    async def next(self) -> str | None:
        """The next line, or None at the end of the stream."""
        return await self._read.get()

    def _pump(self) -> None:
        # The loop may be gone by the time a line comes; then nobody wants it.
        with contextlib.suppress(RuntimeError):
            for line in self._source:
                self._loop.call_soon_threadsafe(self._read.put_nowait, line.rstrip("\r\n"))
            self._loop.call_soon_threadsafe(self._read.put_nowait, None)


def _menu(message: Message) -> str:
    if message.input == "scale":
        labels = [choice.label for choice in message.choices]
        return f"  Type a number: {labels[0]} ... {labels[-1]}\n"
    lines = [f"  {number}. {choice.label}" for number, choice in enumerate(message.choices, start=1)]
    if message.input == "multi_choice":
        lines.append("  (several: 1,3)")
    return "\n".join(lines) + "\n"


def _indented(text: str, first: str = "") -> str:
    return "\n".join(
        textwrap.fill(line, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
        for line in text.splitlines()
    )


def _saved_token(token_file: Path) -> str | None:
    try:
        return token_file.read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):
        return None


def _save(token_file: Path, token: str) -> None:
    """Keep the token where only this user can read it."""
    token_file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(token_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token + "\n")
