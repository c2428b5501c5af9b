"""The outer middlewares of the web chat: nothing leaks out, and nothing too large gets in."""

from __future__ import annotations

import asyncio
import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels import problems
from bot.channels.metrics import ChatMetrics

logger = logging.getLogger(__name__)

#: How much of a refused body is thrown away after the answer, so that closing does not cut the answer off.
_DISCARDED_BYTES = 2 * 1024 * 1024
_DISCARDING_SECONDS = 2.0

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Guard:
    """Adds security headers, counts answers, and turns any error into a problem without its wording.

    Starlette's own handler would raise the error again for the server to log, wording and all.
    """

    def __init__(self, app: ASGIApp, metrics: ChatMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                self._metrics.responses.labels(_call(scope), str(message["status"])).inc()
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except ClientDisconnect:
            return  # The client left before it had said everything; there is nobody to answer.
        except Exception as error:
            logger.error("%s failed: %s", _call(scope), type(error).__name__)
            if not started:
                await problems.unexpected().response()(scope, receive, send_guarded)


class _TooLarge(Exception):
    """More of a body has come in than is allowed."""


class BodyLimit:
    """Refuses a body over `limit` bytes by its declared length, or as soon as it has grown past it."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self._limit:
            await self._refuse(receive, send)
            return
        taken = 0
        started = False

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > self._limit:
                    raise _TooLarge
            return message

        async def send_watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive_counted, send_watched)
        except _TooLarge:
            if not started:
                await self._refuse(receive, send)

    async def _refuse(self, receive: Receive, send: Send) -> None:
        response = problems.body_too_large(self._limit).response()
        await send(
            {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
        )
        # The whole answer is out now; it stays open until the client had a chance to read it.
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        await _discard(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _discard(receive: Receive) -> None:
    left = _DISCARDED_BYTES
    end = time.monotonic() + _DISCARDING_SECONDS
    while left > 0 and (seconds := end - time.monotonic()) > 0:
        try:
            message = await asyncio.wait_for(receive(), seconds)
        except asyncio.TimeoutError:
            return
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
        left -= len(message.get("body", b""))


def _call(scope: Scope) -> str:
    """The name of what answers; never the path, which a client can fill with anything."""
    return str(getattr(scope.get("endpoint"), "__name__", "none"))
