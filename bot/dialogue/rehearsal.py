"""A conversation in this process, without a channel: the agent, the store and nothing in between.

What is played here takes the same way through the dialogue as a message to the chat server. Only errors
differ: they are raised, and no turn is tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.dialogue.conversations import Player
from bot.store import IssuedChoice, Message, Store


class NoSuchChoice(LookupError):
    """The open question offers no choice with that label."""


class Rehearsal:
    """One patient and the bot, each turn played to its end before the next begins."""

    def __init__(
        self, store: Store, player: Player, channel: str = "rehearsal", timezone: str = "Europe/London"
    ):
        self._store = store
        self._player = player
        self._sent = 0
        conversation, _ = store.open_conversation(channel, timezone=timezone)
        self.conversation: str = conversation.id
        self.messages: list[Message] = []

    async def open(self) -> Sequence[Message]:
        """Let the bot speak first; return what it says."""
        return await self._play()

    async def say(self, text: str) -> Sequence[Message]:
        """Type something; return the bot's answer."""
        return await self._send(text=text)

    async def tap(self, labels: Sequence[str]) -> Sequence[Message]:
        """Tap choices of the newest question by (the beginning of) their labels; return the bot's answer.

        Raises NoSuchChoice.
        """
        return await self._send(choices=[self.choice(label).id for label in labels])

    def choice(self, label: str) -> IssuedChoice:
        """The choice of the newest question that is labelled so, or begins so."""
        offered = self.question.choices
        wanted = label.lower()
        fitting = [each for each in offered if each.label.lower().startswith(wanted)]
        if not fitting:
            raise NoSuchChoice(f"{label!r} is not among {[each.label for each in offered]}")
        return next((each for each in fitting if each.label.lower() == wanted), fitting[0])

    @property
    def question(self) -> Message:
        """The newest question of the bot."""
        return next(one for one in reversed(self.messages) if one.kind == "question")

    @property
    def asks(self) -> str | None:
        """The field that is being asked, or None when the bot's last word was no question."""
        return self.messages[-1].asks if self.messages else None

    async def _send(self, text: str | None = None, choices: Sequence[str] | None = None) -> Sequence[Message]:
        self._sent += 1
        self._store.accept(self.conversation, f"r{self._sent}", text, choices)
        return await self._play()

    async def _play(self) -> Sequence[Message]:
        inbound = self._store.next_inbound(self.conversation)
        turn = self._store.begin_turn(self.conversation, inbound)
        await self._player.play(turn)
        self._store.commit_turn(turn)
        seen = self.messages[-1].seq if self.messages else 0
        new = self._store.messages_after(self.conversation, seen)
        self.messages += new
        # Other tasks of the process, if any, get their turn too.
        await asyncio.sleep(0)
        return [message for message in new if message.sender == "bot"]
