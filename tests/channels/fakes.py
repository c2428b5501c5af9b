"""A dialogue that behaves like the real one to a channel, in memory and with a scripted bot."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from bot.store.errors import ClientIdReused, ConversationUnknown, UnknownChoice
from bot.store.records import Accepted, IssuedChoice, Message

STARTED = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Opened:
    conversation_id: str
    token: str


@dataclass(frozen=True)
class Link:
    token: str
    minutes: int


@dataclass(frozen=True)
class Line:
    """One thing the scripted bot says."""

    text: str
    kind: str = "info"
    asks: str | None = None
    input: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heard:
    """One thing that reached the dialogue from a patient."""

    text: str | None
    labels: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return self.text if self.text is not None else ", ".join(self.labels)


Script = Callable[[Heard | None], Sequence[Line]]


def pain_script(heard: Heard | None) -> Sequence[Line]:
    """Greets with one question, then repeats what it heard."""
    if heard is None:
        return (
            Line("Hello, I am a computer program."),
            Line("Where is the pain?", "question", "pain_site", "choice", ("Lower back", "Leg", "Not sure")),
        )
    return (Line(f"You said: {heard.words}"),)


@dataclass
class _Thread:
    messages: list[Message] = field(default_factory=list)
    accepted: dict[str, tuple[tuple[str | None, tuple[str, ...] | None], int]] = field(default_factory=dict)
    choices: dict[str, IssuedChoice] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    unplayed: list[Heard] = field(default_factory=list)
    worker: asyncio.Task[None] | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)


class FakeConversations:
    """Fits `bot.channels.interface.Conversations`.

    `fails_with` makes every call raise it. The bot thinks for as long as `may_answer` is not set.
    """

    def __init__(self, script: Script = pain_script) -> None:
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.fails_with: Exception | None = None
        self.is_ready = True
        self.arrived_with: list[str | None] = []
        self.opened_with: list[tuple[str, str | None, str | None]] = []
        self.shown_up_to: dict[str, int] = {}
        self._script = script
        self._tokens: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._threads: dict[str, _Thread] = {}

    async def open(
        self,
        channel: str,
        timezone: str | None = None,
        locale: str | None = None,
        external_id: str | None = None,
    ) -> Opened:
        self._fail()
        opened = Opened(f"conversation-{len(self._threads) + 1}", secrets.token_urlsafe(32))
        self._tokens[opened.token] = opened.conversation_id
        self._threads[opened.conversation_id] = _Thread()
        self.opened_with.append((channel, timezone, locale))
        self.say(opened.conversation_id, *self._script(None))
        return opened

    async def authenticate(self, token: str) -> str | None:
        self._fail()
        return self._tokens.get(token)

    async def leave(self, conversation_id: str) -> Link:
        self._fail()
        link = Link(secrets.token_urlsafe(32), 15)
        self._links[link.token] = conversation_id
        return link

    async def arrive(self, move: str, timezone: str | None = None) -> Opened | None:
        self._fail()
        conversation_id = self._links.pop(move, None)
        if conversation_id is None:
            return None
        self.arrived_with.append(timezone)
        arrived = Opened(conversation_id, secrets.token_urlsafe(32))
        self._tokens = {token: id_ for token, id_ in self._tokens.items() if id_ != conversation_id}
        self._tokens[arrived.token] = conversation_id
        thread = self._thread(conversation_id)
        thread.news.set()
        thread.news = asyncio.Event()
        return arrived

    async def submit(
        self,
        conversation_id: str,
        client_id: str,
        text: str | None = None,
        choices: list[str] | None = None,
    ) -> Accepted:
        self._fail()
        thread = self._thread(conversation_id)
        body = (text, tuple(choices) if choices is not None else None)
        if client_id in thread.accepted:
            before, seq = thread.accepted[client_id]
            if before != body:
                raise ClientIdReused
            return Accepted(seq, duplicate=True)
        if any(choice not in thread.choices for choice in choices or ()):
            raise UnknownChoice
        heard = Heard(text, tuple(thread.choices[choice].label for choice in choices or ()))
        message = self._append(conversation_id, "patient", Line(heard.words))
        thread.accepted[client_id] = (body, message.seq)
        thread.heard.append(heard)
        thread.unplayed.append(heard)
        if thread.worker is None:
            thread.worker = asyncio.create_task(self._work(conversation_id))
        return Accepted(message.seq, duplicate=False)

    async def messages(self, conversation_id: str, after: int) -> list[Message]:
        self._fail()
        return [message for message in self._thread(conversation_id).messages if message.seq > after][:200]

    async def shown(self, conversation_id: str, seq: int) -> None:
        self.shown_up_to[conversation_id] = seq

    async def wait_for_messages(self, conversation_id: str, after: int, timeout: float) -> bool:
        self._fail()
        thread = self._thread(conversation_id)
        if not thread.messages or thread.messages[-1].seq <= after:
            try:
                await asyncio.wait_for(thread.news.wait(), timeout)
            except asyncio.TimeoutError:
                return False
        return bool(thread.messages) and thread.messages[-1].seq > after

    def typing(self, conversation_id: str) -> bool:
        return self._thread(conversation_id).worker is not None

    async def ready(self) -> bool:
        self._fail()
        return self.is_ready

    def say(self, conversation_id: str, *lines: Line) -> None:
        """Let the bot speak, as an answer or on its own like a check-in."""
        for line in lines:
            self._append(conversation_id, "bot", line)

    def heard(self, conversation_id: str) -> list[Heard]:
        """What reached the dialogue, in order."""
        return self._thread(conversation_id).heard

    def texts(self, conversation_id: str) -> list[str]:
        return [message.text for message in self._thread(conversation_id).messages]

    def erase(self, conversation_id: str) -> None:
        """Forget the conversation, as an erasure by the clinic does."""
        self._tokens = {token: id_ for token, id_ in self._tokens.items() if id_ != conversation_id}
        self._threads.pop(conversation_id).news.set()

    async def settled(self) -> None:
        """Wait until nothing is left to be played."""
        workers = [thread.worker for thread in self._threads.values() if thread.worker is not None]
        if workers:
            await asyncio.wait(workers)

    async def _work(self, conversation_id: str) -> None:
        thread = self._thread(conversation_id)
        while thread.unplayed:
            await asyncio.sleep(0)
            await self.may_answer.wait()
            self.say(conversation_id, *self._script(thread.unplayed.pop(0)))
        thread.worker = None

    def _append(self, conversation_id: str, sender: str, line: Line) -> Message:
        thread = self._thread(conversation_id)
        issued = tuple(IssuedChoice(secrets.token_urlsafe(16), label) for label in line.labels)
        thread.choices.update({choice.id: choice for choice in issued})
        message = Message(
            conversation_id=conversation_id,
            seq=len(thread.messages) + 1,
            sender=sender,
            at=STARTED + timedelta(seconds=len(thread.messages)),
            text=line.text,
            asks=line.asks,
            input=line.input,
            choices=issued,
            kind=line.kind,
        )
        thread.messages.append(message)
        thread.news.set()
        thread.news = asyncio.Event()
        return message

    def _thread(self, conversation_id: str) -> _Thread:
        if conversation_id not in self._threads:
            raise ConversationUnknown
        return self._threads[conversation_id]

    def _fail(self) -> None:
        if self.fails_with is not None:
            raise self.fails_with
