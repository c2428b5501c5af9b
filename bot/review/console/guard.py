"""The outermost layer of the console: strict headers on every answer, known hosts only, no error leaks."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.review.console import pages
from bot.review.console.errors import PLAIN
from bot.store.errors import StoreUnavailable

logger = logging.getLogger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d+)?")

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
#: for the one page that has a script, which is a file of ours and may ask the console only
WITH_OUR_SCRIPT = f"{_POLICY}; script-src 'self'; connect-src 'self'"

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_ONLY_HTTPS = "max-age=31536000"


class Guard:
    """Answers only to the hosts it knows, so that a foreign name that resolves to us reads nothing.

    An unexpected error becomes a plain page here: further out, the server would log its wording.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: Collection[str]) -> None:
        self._app = app
        self._allowed_hosts = frozenset(host.lower() for host in allowed_hosts)

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
                if scope.get("scheme") == "https":
                    headers.setdefault("Strict-Transport-Security", _ONLY_HTTPS)
            await send(message)

        if host_of(Headers(scope=scope).get("host", "")) not in self._allowed_hosts:
            page = pages.problem(400, "Unknown address", "The console does not answer under this name.")
            await page(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:
            logger.error("%s failed: %s", _call(scope), type(error).__name__)
            if not started:
                status = 503 if isinstance(error, StoreUnavailable) else 500
                await pages.problem(status, *PLAIN[status])(scope, receive, send_guarded)


def host_of(header: str) -> str:
    """The name in a Host header, without its port; "" when it is not a name with a port."""
    found = _HOST.fullmatch(header)
    return (found["six"] or found["name"]).lower() if found else ""


def _call(scope: Scope) -> str:
    """The name of what answers; never the path, which holds ids and one-time tokens."""
    return str(getattr(scope.get("endpoint"), "__name__", "none"))
