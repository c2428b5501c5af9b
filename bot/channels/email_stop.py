"""The page behind the link that stops the e-mails: no sign-in, one button, and the mail program's own button."""

from __future__ import annotations

import asyncio
from importlib import resources
from typing import Protocol

from jinja2 import Environment, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.api import store_problems
from bot.mail.letters import STOP_PATH
from bot.mail.texts import mail_texts

_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class Stops(Protocol):
    """The part of the store that the page uses."""

    def knows_stop_token(self, token: str) -> bool: ...
    def stop_emails(self, token: str) -> bool: ...


def email_routes(store: Stops) -> list[BaseRoute]:
    """The page and its style."""
    pages = resources.files("bot.mail") / "pages"
    page = _StopPage(store, (pages / "stop.html").read_text(encoding="utf-8"))
    style = (pages / "page.css").read_bytes()

    async def email_style(_request: Request) -> Response:
        return Response(style, media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    return [
        Route(f"{STOP_PATH}{{token}}", page.stop, methods=["GET", "POST"]),
        Route("/email/page.css", email_style, methods=["GET"]),
    ]


class _StopPage:
    def __init__(self, store: Stops, template: str) -> None:
        self._store = store
        self._page = Environment(autoescape=True, undefined=StrictUndefined).from_string(template)

    async def stop(self, request: Request) -> Response:
        """GET asks, POST stops (RFC 8058): programs that look at every link in a mail only ever GET.

        A token that is used or unknown is answered like one that was stopped just now.
        """
        token = request.path_params["token"]
        with store_problems():
            if request.method == "POST":
                await asyncio.to_thread(self._store.stop_emails, token)
            elif await asyncio.to_thread(self._store.knows_stop_token, token):
                return self._answer("stop_title", "stop_words", "stop_button")
        return self._answer("stopped_title", "stopped_words", None)

    def _answer(self, title: str, words: str, button: str | None) -> Response:
        texts = mail_texts()
        page = self._page.render(
            title=texts[title], words=texts[words], button=texts[button] if button else None
        )
        return Response(page, media_type="text/html", headers={"Content-Security-Policy": _POLICY})
