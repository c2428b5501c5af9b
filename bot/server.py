"""The chat server: the one place where everything that runs in it is wired together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette

from actions import all_actions
from actions.apology import RESPONSE, apologise
from actions.base import Services
from bot.channels.metrics import ChatMetrics
from bot.channels.web import chat_app
from bot.clinical.rulebook import default_rulebook
from bot.dialogue import AmbientTurns, Conversations, TurnPlayer, load_agent
from bot.settings import Settings
from bot.store import Database, Store, system_clock


def build_conversations(
    settings: Settings, store: Store, model: Path, metrics: ChatMetrics | None = None
) -> Conversations:
    """The dialogue on its trained model, ready to be used by any channel."""
    services = Services(
        turns=AmbientTurns(),
        rulebook=default_rulebook(),
        guideline_profile=settings.guideline_profile,
        country=settings.country,
    )
    player = TurnPlayer(load_agent(model, all_actions(services)))
    sorry = apologise(services, player.response_text(RESPONSE))
    observe = (metrics or ChatMetrics()).observe_turn
    return Conversations(store, player, apologise=sorry, observe=observe)


def chat_server(settings: Settings, model: Path) -> Starlette:
    """The ASGI application of the chat server."""
    store = Store(Database(settings.database_url), clock=system_clock)
    metrics = ChatMetrics()
    conversations = build_conversations(settings, store, model, metrics)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await conversations.start()
        yield
        await conversations.stop()
        store.close()

    return chat_app(conversations, lifespan=lifespan, metrics=metrics)
