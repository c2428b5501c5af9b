"""The full-page chat at `/` and the widget that other sites embed, served from memory with a strict policy."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
#: The one script that any page may load. It holds no secret; what it may ask for is decided call by call.
WIDGET = "/backplan-chat.js"
_FOR_EVERY_SITE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)


class _PageFile:
    """One file of the page and the endpoint that serves it."""

    def __init__(self, content: bytes, media_type: str, more: Mapping[str, str] | None = None) -> None:
        self._content = content
        self._packed = gzip.compress(content, mtime=0)
        self._headers = {
            "Content-Type": media_type,
            "Content-Security-Policy": _POLICY,
            "Cache-Control": "no-cache",
            "ETag": f'W/"{hashlib.sha256(content).hexdigest()[:32]}"',
            "Vary": "Accept-Encoding",
            **(more or {}),
        }

    async def page(self, request: Request) -> Response:
        if request.headers.get("if-none-match") == self._headers["ETag"]:
            return Response(status_code=304, headers=self._headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self._packed, headers={**self._headers, "Content-Encoding": "gzip"})
        return Response(self._content, headers=self._headers)


def page_routes() -> list[BaseRoute]:
    """`/`, the files it loads from `/page/`, and the widget."""
    built = resources.files("bot.widget") / "dist" / "backplan-chat.js"
    widget = _PageFile(built.read_bytes(), _TYPES[".js"], _FOR_EVERY_SITE)
    routes: list[BaseRoute] = [Route(WIDGET, widget.page, methods=["GET"])]
    for file in sorted(resources.files("bot.widget.page").iterdir(), key=lambda file: file.name):
        media_type = _TYPES.get(file.name[file.name.rfind(".") :])
        if media_type is None:
            continue
        path = "/" if file.name == "index.html" else f"/page/{file.name}"
        routes.append(Route(path, _PageFile(file.read_bytes(), media_type).page, methods=["GET"]))
    return routes
