"""The whole chat server in a process of its own, with Telegram's pace lifted so that tests need not wait.

`python -m tests.telegram.served` is `backplan serve` but for that; with `scripted` it plays the script of
`tests.telegram.player` instead of the trained model, which starts within a second. With `scripted STEP` it kills
itself the first time it gets there: a STEP is a method of the store and "before" or "after", as in `accept:after`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot.observability import configure_logging
from bot.settings import Settings
from tests.telegram.clinic import fast


def die_at(store: object, step: str) -> None:
    """SIGKILL this process when the step is reached: nothing gets a chance to finish."""
    name, _, when = step.partition(":")
    real = getattr(store, name)

    def call(*arguments: Any, **more: Any) -> Any:
        result = real(*arguments, **more) if when == "after" else None
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(store, name, call)


def scripted(settings: Settings, step: str | None = None) -> Starlette:
    from bot.channels.telegram import TelegramChannel, TelegramOptions
    from bot.channels.web import chat_app
    from bot.dialogue import Conversations
    from bot.store import Database, Store
    from tests.telegram.player import ScriptedPlayer, apologise

    store = Store(Database(settings.database_url))
    if step is not None:
        die_at(store, step)
    conversations = Conversations(store, ScriptedPlayer(), apologise)
    options = TelegramOptions(settings.telegram_token or "", api_url=settings.telegram_api_url)
    channel = TelegramChannel(conversations, store, options, fast(), lease=timedelta(seconds=1))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await conversations.start()
        await channel.start()
        yield
        await channel.stop()
        await conversations.stop()

    return chat_app(conversations, lifespan=lifespan, more_routes=channel.routes())


def trained(settings: Settings) -> Starlette:
    from bot.commands.common import trained_model
    from bot.server import chat_server

    return chat_server(settings, trained_model(settings), telegram_pace=fast())


if __name__ == "__main__":
    configure_logging()
    found = Settings.from_env(os.environ)
    app = scripted(found, *sys.argv[2:]) if sys.argv[1:2] == ["scripted"] else trained(found)
    uvicorn.run(app, host=found.host, port=found.port, ws="none", log_level="warning", access_log=False)
