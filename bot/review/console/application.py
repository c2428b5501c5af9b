"""The console as an application: its addresses, and what stands around them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection
from datetime import datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clinical.rulebook import default_rulebook
from bot.review.console import pages
from bot.review.console.deciding import Deciding
from bot.review.console.errors import PLAIN, PageError
from bot.review.console.exporting import Exporting
from bot.review.console.forms import Forms
from bot.review.console.guard import LOOPBACK, Guard
from bot.review.console.interface import ConsoleStore
from bot.review.console.passwords import Passwords
from bot.review.console.reading import Reading
from bot.review.console.signing_in import SigningIn
from bot.review.rendering import page_file

_STATIC = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "queue.js": "text/javascript; charset=utf-8",
}


def console_app(
    store: ConsoleStore,
    clock: Callable[[], datetime],
    secret: bytes | None = None,
    allowed_hosts: Collection[str] = LOOPBACK,
    passwords: Passwords | None = None,
) -> Starlette:
    """The clinician console.

    `secret` signs forms; without one it is made up, so that forms opened before a restart are refused.
    `allowed_hosts` are the names under which the console answers, without port. `passwords` may do less
    work in tests.
    """
    forms = Forms(secret or secrets.token_bytes(32))
    signing_in = SigningIn(store, clock, forms, passwords or Passwords())
    reading = Reading(store, clock, forms, default_rulebook())
    exporting = Exporting(store, default_rulebook())
    deciding = Deciding(store, clock, forms, default_rulebook())
    return Starlette(
        routes=[
            Route("/healthz", healthz, methods=["GET"]),
            Route("/static/{name}", static, methods=["GET"]),
            Route("/setup/{token}", signing_in.setup, methods=["GET", "POST"]),
            Route("/signin", signing_in.sign_in, methods=["GET", "POST"]),
            Route("/signout", signing_in.sign_out, methods=["POST"]),
            Route("/", reading.episodes, methods=["GET"]),
            Route("/queue/state", reading.queue_state, methods=["GET"]),
            Route("/episodes.csv", exporting.cohort, methods=["GET"]),
            Route("/episodes/{episode}.json", reading.episode_json, methods=["GET"]),
            Route("/episodes/{episode}.{form:str}", exporting.one, methods=["GET"]),
            Route("/episodes/{episode}", reading.episode, methods=["GET"]),
            Route("/episodes/{episode}/decision", deciding.decide, methods=["POST"]),
            Route("/episodes/{episode}/options", deciding.options, methods=["GET", "POST"]),
            Route("/episodes/{episode}/tell", deciding.tell, methods=["POST"]),
            Route("/episodes/{episode}/notes", deciding.note, methods=["POST"]),
            Route("/episodes/{episode}/flags/{flag}", deciding.flag, methods=["POST"]),
        ],
        middleware=[Middleware(Guard, allowed_hosts=allowed_hosts)],
        exception_handlers={HTTPException: refused},
    )


async def healthz(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "alive"})


async def static(request: Request) -> Response:
    """The stylesheet, the script and the icon; the same for everyone, so a browser may keep them."""
    name = request.path_params["name"]
    if name not in _STATIC:
        raise HTTPException(404)
    content = page_file(name)
    headers = {
        "Cache-Control": "no-cache",
        "ETag": f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"',
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_STATIC[name], headers=headers)


async def refused(_request: Request, error: Exception) -> Response:
    """A page for an address that is not there, or a request that cannot be met."""
    if not isinstance(error, HTTPException):
        raise error
    title, detail = PLAIN.get(error.status_code, PLAIN[400])
    if isinstance(error, PageError):
        title, detail = error.title, error.detail
    response = pages.problem(error.status_code, title, detail)
    response.headers.update(error.headers or {})
    return response
