"""What a channel needs of the dialogue; `bot.dialogue.Conversations` provides it, a fake does in tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.store.records import Message


class Opened(Protocol):
    """A new conversation and the secret that continues it."""

    @property
    def conversation_id(self) -> str: ...
    @property
    def token(self) -> str: ...


class Link(Protocol):
    """A one-time link's secret, and for how many minutes it works."""

    @property
    def token(self) -> str: ...
    @property
    def minutes(self) -> int: ...


class Accepted(Protocol):
    """A patient's message that is durable; `duplicate` when it had been accepted before."""

    @property
    def seq(self) -> int: ...
    @property
    def duplicate(self) -> bool: ...


class Conversations(Protocol):
    """The dialogue as every channel sees it. Raises the errors of `bot.store.errors`."""

    async def open(
        self,
        channel: str,
        timezone: str | None = None,
        locale: str | None = None,
        external_id: str | None = None,
    ) -> Opened: ...

    async def authenticate(self, token: str) -> str | None: ...

    async def leave(self, conversation_id: str) -> Link: ...

    async def arrive(self, move: str, timezone: str | None = None) -> Opened | None: ...

    async def submit(
        self,
        conversation_id: str,
        client_id: str,
        text: str | None = None,
        choices: list[str] | None = None,
    ) -> Accepted: ...

    async def messages(self, conversation_id: str, after: int) -> Sequence[Message]: ...

    async def shown(self, conversation_id: str, seq: int) -> None: ...

    async def wait_for_messages(self, conversation_id: str, after: int, timeout: float) -> bool: ...

    def typing(self, conversation_id: str) -> bool: ...

    async def ready(self) -> bool: ...
