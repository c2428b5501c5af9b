"""The conversations that the chat server holds: accept, play in order, store, wake who waits.

A message is acknowledged when its row is durable. It is then played on the agent, and everything
the turn did is committed at once, or nothing is and the message is played again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.store import (
    Accepted,
    ConversationBusy,
    Message,
    MoveTokenInvalid,
    PendingInbound,
    Store,
    StoreError,
    Told,
    Turn,
)

logger = logging.getLogger(__name__)

TRIES = 3
SECONDS_BETWEEN_LOOKS = 1.0
LINK_VALID = timedelta(minutes=15)


class Player(Protocol):
    """What plays a turn: the Rasa agent, or a fake in tests."""

    async def play(self, turn: Turn) -> None: ...

    async def begin(self, turn: Turn, intent: str) -> None: ...


@dataclass(frozen=True)
class Opened:
    """A new conversation and the secret that continues it."""

    conversation_id: str
    token: str


@dataclass(frozen=True)
class Link:
    """A one-time link's secret, and for how many minutes it works."""

    token: str
    minutes: int


@dataclass(frozen=True)
class Entered:
    """The conversation of a chat on another service; `is_new` when it was greeted just now."""

    conversation_id: str
    is_new: bool


class Conversations:
    """The dialogue's public face for every channel. One per chat server."""

    def __init__(
        self,
        store: Store,
        player: Player,
        apologise: Callable[[Turn], None],
        observe: Callable[[float, bool], None] = lambda seconds, failed: None,
        *,
        emails: bool = False,
    ) -> None:
        self._store = store
        self._player = player
        self._apologise = apologise
        self._observe = observe
        self._emails = emails
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._waiting: dict[str, asyncio.Event] = {}
        self._listeners: list[Callable[[str], None]] = []
        #: what goes on in place of a conversation whose patient had everything deleted
        self._anew: dict[str, str] = {}

    async def start(self) -> None:
        """Take up what an earlier run accepted and did not finish."""
        for conversation_id in await asyncio.to_thread(self._store.pending_conversations):
            self._wake_worker(conversation_id)

    async def stop(self) -> None:
        """Let running turns end; what is still unplayed is taken up at the next start."""
        workers = list(self._workers.values())
        if workers:
            await asyncio.wait(workers, timeout=10)

    async def open(
        self,
        channel: str,
        timezone: str | None = None,
        locale: str | None = None,
        external_id: str | None = None,
    ) -> Opened:
        """A new conversation, greeted."""
        conversation, token = await asyncio.to_thread(
            self._store.open_conversation, channel, external_id, timezone, locale
        )
        await self._play(conversation.id, None)
        return Opened(conversation.id, token)

    async def enter(self, channel: str, external_id: str, foreword: str, key: str) -> Entered:
        """The conversation with this address; if it is new, opened with `foreword` and greeted.

        An opening that an earlier run did not finish is finished first.
        """
        found = await asyncio.to_thread(self._store.conversation_for_external, channel, external_id)
        if found is not None and found.version:
            return Entered(found.id, is_new=False)
        conversation, _ = await asyncio.to_thread(self._store.open_conversation, channel, external_id)
        await self._play(conversation.id, None, lambda turn: turn.say(foreword, key=key))
        return Entered(conversation.id, is_new=True)

    async def move(
        self,
        token: str,
        channel: str,
        external_id: str,
        foreword: str,
        key: str,
        welcome: Told | None = None,
    ) -> Entered:
        """Take the conversation of a move token to this address.

        Where no word was spoken yet, as after an invitation, `welcome` is said instead of the foreword, and
        the patient is greeted. Raises MoveTokenInvalid, or ChatInUse.
        """
        moved = await asyncio.to_thread(
            self._store.move_conversation, token, channel, external_id, foreword, key, welcome
        )
        is_new = moved.version == 1
        if is_new:
            await self._play(moved.id, None)
        self._wake_readers(moved.id)
        return Entered(moved.id, is_new)

    async def leave(self, conversation_id: str) -> Link:
        """A one-time link that continues this conversation on another device."""
        token = await asyncio.to_thread(self._store.issue_move_token, conversation_id, LINK_VALID)
        return Link(token, int(LINK_VALID.total_seconds() // 60))

    async def arrive(self, move: str, timezone: str | None = None) -> Opened | None:
        """The conversation of a one-time link with a new token; None when the link is over.

        Who comes by an invitation, so that no word was spoken yet, is greeted.
        """
        try:
            conversation, token = await asyncio.to_thread(self._store.renew_token, move, timezone)
        except MoveTokenInvalid:
            return None
        if not conversation.version:
            await self._play(conversation.id, None)
        self._wake_readers(conversation.id)
        return Opened(conversation.id, token)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the conversation's id whenever something new stands in one."""
        self._listeners.append(listener)

    async def authenticate(self, token: str) -> str | None:
        conversation = await asyncio.to_thread(self._store.conversation_for_token, token)
        return conversation.id if conversation else None

    async def submit(
        self,
        conversation_id: str,
        client_id: str,
        text: str | None = None,
        choices: list[str] | None = None,
    ) -> Accepted:
        """Make the message durable, then play it behind the caller's back, in order."""
        conversation_id = self._here(conversation_id)
        accepted = await asyncio.to_thread(self._store.accept, conversation_id, client_id, text, choices)
        self._wake_readers(conversation_id)
        self._wake_worker(conversation_id)
        return accepted

    async def contact(self, conversation_id: str, prepare: Callable[[Turn], str | None]) -> bool:
        """A turn that no message of the patient started; False when it failed and nothing of it was kept.

        `prepare` says what happens on the turn and names the dialogue to start in it, if any. It is called
        again when another turn was stored in between. Raises what the commit raises, such as LeaseLost.
        """
        for attempt in range(1, TRIES + 1):
            turn = await asyncio.to_thread(self._store.begin_turn, conversation_id, None)
            intent = prepare(turn)
            if intent is not None:
                try:
                    await self._player.begin(turn, intent)
                except Exception as error:
                    logger.error(
                        "contact failed in conversation %s, try %d: %s",
                        conversation_id, attempt, type(error).__name__,
                    )  # fmt: skip
                    continue
            try:
                await asyncio.to_thread(self._store.commit_turn, turn)
            except ConversationBusy:
                continue
            self._wake_readers(conversation_id)
            return True
        return False

    async def messages(self, conversation_id: str, after: int) -> list[Message]:
        here = self._here(conversation_id)
        return await asyncio.to_thread(self._store.messages_after, here, after)

    async def shown(self, conversation_id: str, seq: int) -> None:
        """A page has the conversation up to this message: nobody needs an e-mail about it."""
        if not self._emails:
            return
        try:
            await asyncio.to_thread(self._store.note_shown, self._here(conversation_id), seq)
        except StoreError as error:
            # At worst somebody gets a mail about what they have read.
            logger.warning("conversation %s: not noted as shown: %s", conversation_id, type(error).__name__)

    async def wait_for_messages(self, conversation_id: str, after: int, timeout: float) -> bool:
        """True as soon as a message newer than `after` stands; False after `timeout` seconds.

        Another process may write too (console, check-ins), so the store is looked at once a second.
        """
        end = time.monotonic() + timeout
        while True:
            here = self._here(conversation_id)
            event = self._waiting.setdefault(here, asyncio.Event())
            if await asyncio.to_thread(self._store.messages_after, here, after, 1):
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            try:
                await asyncio.wait_for(event.wait(), min(left, SECONDS_BETWEEN_LOOKS))
            except asyncio.TimeoutError:
                continue

    def typing(self, conversation_id: str) -> bool:
        return self._here(conversation_id) in self._workers

    async def settled(self, conversation_id: str) -> None:
        """Wait until everything accepted so far in this process has been played."""
        while worker := self._workers.get(self._here(conversation_id)):
            await asyncio.wait([worker])

    async def ready(self) -> bool:
        return await asyncio.to_thread(self._store.ping)

    def _wake_readers(self, conversation_id: str) -> None:
        event = self._waiting.pop(conversation_id, None)
        if event is not None:
            event.set()
        for listener in self._listeners:
            listener(conversation_id)

    def _wake_worker(self, conversation_id: str) -> None:
        self._woken.add(conversation_id)
        if conversation_id not in self._workers:
            self._workers[conversation_id] = asyncio.create_task(self._work(conversation_id))

    async def _work(self, conversation_id: str) -> None:
        try:
            while conversation_id in self._woken:
                self._woken.discard(conversation_id)
                while inbound := await asyncio.to_thread(self._store.next_inbound, conversation_id):
                    await self._play(conversation_id, inbound)
        except Exception as error:
            logger.error("conversation %s stands still: %s", conversation_id, type(error).__name__)
        finally:
            del self._workers[conversation_id]
            self._wake_readers(conversation_id)

    async def _play(
        self,
        conversation_id: str,
        inbound: PendingInbound | None,
        before: Callable[[Turn], None] | None = None,
    ) -> None:
        started = time.perf_counter()
        for attempt in range(1, TRIES + 1):
            turn = await asyncio.to_thread(self._store.begin_turn, conversation_id, inbound)
            if before is not None:
                if turn.conversation.version:
                    return  # Another server has opened it in the meantime.
                before(turn)
            try:
                await self._player.play(turn)
            except Exception as error:
                # The type only: a message may carry what the patient wrote.
                logger.error(
                    "turn failed in conversation %s, try %d: %s <- %s",
                    conversation_id, attempt, type(error).__name__, type(error.__cause__).__name__,
                )  # fmt: skip
                continue
            try:
                await asyncio.to_thread(self._store.commit_turn, turn)
            except ConversationBusy:
                if inbound is not None and await self._is_played(conversation_id, inbound):
                    return
                continue
            self._observe(time.perf_counter() - started, False)
            if turn.begun_anew is not None:
                self._begin_anew(conversation_id, turn.begun_anew)
            self._wake_readers(conversation_id)
            return
        turn = await asyncio.to_thread(self._store.begin_turn, conversation_id, inbound)
        if before is not None:
            before(turn)
        self._apologise(turn)
        await asyncio.to_thread(self._store.commit_turn, turn)
        self._observe(time.perf_counter() - started, True)
        self._wake_readers(conversation_id)

    def _here(self, conversation_id: str) -> str:
        """Where a conversation goes on: a reader that waits in a deleted one still gets the last word."""
        return self._anew.get(conversation_id, conversation_id)

    def _begin_anew(self, conversation_id: str, anew: str) -> None:
        self._anew[conversation_id] = anew
        self._wake_worker(anew)
        self._wake_readers(anew)

    async def _is_played(self, conversation_id: str, inbound: PendingInbound) -> bool:
        pending = await asyncio.to_thread(self._store.next_inbound, conversation_id)
        return pending is None or pending.seq > inbound.seq
