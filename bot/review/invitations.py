"""Where an invited patient arrives: the addresses that a one-time token is put into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


def web_link(chat: str, token: str) -> str:
    """The web chat at this address, opened by the token. It stands after #, which no server ever sees."""
    return f"{chat.rstrip('/')}/#move={token}"


def telegram_link(bot_name: str, token: str) -> str:
    """The bot in Telegram, opened by the token."""
    return f"https://t.me/{bot_name.removeprefix('@')}?start={token}"


@dataclass(frozen=True)
class ChatAddresses:
    """The page of the web chat and the bot in Telegram.

    `bot_name` is None where no bot is set up; it gives None while Telegram does not answer.
    """

    chat: str = "http://127.0.0.1:8080"
    bot_name: Callable[[], str | None] | None = None

    @property
    def only_here(self) -> bool:
        """Whether the chat's address works on this machine and nowhere else."""
        return urlsplit(self.chat).hostname in _THIS_MACHINE
