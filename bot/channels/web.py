"""The web chat: the API that any client may use, and the page at `/`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan

from bot.channels.api import ChatApi
from bot.channels.copies import Copies
from bot.channels.cors import AllowedOrigins
from bot.channels.guard import BodyLimit, Guard
from bot.channels.interface import Conversations
from bot.channels.limits import ChatLimits
from bot.channels.metrics import ChatMetrics
from bot.channels.moves import Moves
from bot.channels.page import page_routes
from bot.channels.problems import Problem, http_exception_handler, problem_handler


def chat_routes(
    conversations: Conversations,
    limits: ChatLimits | None = None,
    metrics: ChatMetrics | None = None,
    clock: Callable[[], float] = time.monotonic,
    public_url: str | None = None,
    telegram: bool = False,
    copies: Callable[[str], bytes] | None = None,
) -> list[BaseRoute]:
    """Everything that the web chat answers. `clock` gives seconds for the rate limits."""
    limits = limits or ChatLimits()
    api = ChatApi(conversations, limits, metrics or ChatMetrics(), clock)
    moves = Moves(api, conversations, public_url=public_url, telegram=telegram)
    return [
        Route("/chat/sessions", api.open_session, methods=["POST"]),
        Route("/chat/messages", api.messages, methods=["GET", "POST"]),
        Route("/chat/events", api.events, methods=["GET"]),
        Route("/chat/offers", moves.offers, methods=["GET"]),
        Route("/chat/moves", moves.leave, methods=["POST"]),
        Route("/chat/arrivals", moves.arrive, methods=["POST"]),
        Route("/healthz", api.healthz, methods=["GET"]),
        Route("/readyz", api.readyz, methods=["GET"]),
        Route("/metrics", api.metrics, methods=["GET"]),
        *([Route("/chat/copy", Copies(api, copies).file, methods=["GET"])] if copies is not None else []),
        *page_routes(),
    ]


def chat_app(
    conversations: Conversations,
    *,
    lifespan: Lifespan[Starlette] | None = None,
    limits: ChatLimits | None = None,
    metrics: ChatMetrics | None = None,
    clock: Callable[[], float] = time.monotonic,
    more_routes: Sequence[BaseRoute] = (),
    public_url: str | None = None,
    telegram: bool = False,
    copies: Callable[[str], bytes] | None = None,
    allowed_origins: Sequence[str] = (),
) -> Starlette:
    """The web chat as a whole application: routes, middlewares, and a problem for every error.

    `more_routes` are those of other channels that want to be called over HTTP too; `telegram` tells that one
    of them makes links to Telegram. `public_url` is where patients reach this server, and `allowed_origins`
    are the sites whose pages may embed the widget. `copies` makes the file with a patient's own data, of the
    id of a conversation; it blocks.
    """
    limits = limits or ChatLimits()
    metrics = metrics or ChatMetrics()
    handlers: dict[Any, Any] = {Problem: problem_handler, HTTPException: http_exception_handler}
    app = Starlette(
        routes=[
            *chat_routes(conversations, limits, metrics, clock, public_url, telegram, copies),
            *more_routes,
        ],
        middleware=[
            Middleware(Guard, metrics=metrics),
            Middleware(AllowedOrigins, origins=allowed_origins),
            Middleware(BodyLimit, limit=limits.body_bytes),
        ],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app
