"""A chat server's Telegram side in the test's own loop: real store, real outbox, real python-telegram-bot."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.channels.limits import Rate
from bot.channels.telegram import Pace, TelegramChannel, TelegramOptions
from bot.channels.web import chat_app
from bot.dialogue import Conversations
from bot.store import Database, Store
from tests.channels.serving import serving
from tests.chat_server import free_port
from tests.telegram.bot_api import TOKEN, BotApi
from tests.telegram.phone import Phone, until
from tests.telegram.player import ScriptedPlayer, apologise

UNHURRIED = Rate(burst=10_000, per_second=10_000.0)


def fast() -> Pace:
    return Pace(everywhere=UNHURRIED, in_a_chat=UNHURRIED)


@dataclass
class Clinic:
    """One chat server and its bot."""

    store: Store
    player: ScriptedPlayer
    conversations: Conversations
    channel: TelegramChannel
    api: BotApi
    url: str

    def id_of(self, phone: Phone) -> str:
        found = self.store.conversation_for_external("telegram", str(phone.id))
        assert found is not None
        return found.id

    def heard(self, phone: Phone) -> list[str]:
        return self.player.heard.get(self.id_of(phone), [])

    async def settled(self) -> None:
        """Wait until every update is confirmed and everything that was said is out."""
        await until(lambda: not [each for each in self.api.waiting if each > self.api.confirmed])
        await until(lambda: not self.store.pending_conversations())
        await until(lambda: not self.store.waiting_chats("telegram"))
        await self.channel.replies.settled()


@asynccontextmanager
async def clinic(
    database: str,
    api: BotApi,
    api_url: str,
    *,
    webhook: bool = False,
    pace: Pace | None = None,
    lease: float = 10,
    web_chat: str | None = "https://chat.example.org",
    sleep: Callable[[float], Awaitable[None]] | None = None,
    documents: Callable[[str], bytes] | None = None,
) -> AsyncIterator[Clinic]:
    """A chat server that runs while the block runs."""
    store = Store(Database(database))
    player = ScriptedPlayer()
    conversations = Conversations(store, player, apologise)
    port = free_port()
    options = TelegramOptions(
        TOKEN, f"http://127.0.0.1:{port}" if webhook else None, api_url=api_url, web_chat=web_chat
    )
    more = {"sleep": sleep} if sleep is not None else {}
    channel = TelegramChannel(
        conversations, store, options, pace or fast(), timedelta(seconds=lease), documents=documents, **more
    )
    async with serving(chat_app(conversations, more_routes=channel.routes()), port) as url:
        await conversations.start()
        await channel.start()
        if webhook:
            await until(lambda: api.webhook["url"].startswith(url))
        yield Clinic(store, player, conversations, channel, api, url)
        await channel.stop()
        await conversations.stop()
    store.close()


def new_database(folder: Path, template: Path) -> str:
    file = folder / "backplan.db"
    shutil.copy(template, file)
    return f"sqlite:///{file}"
