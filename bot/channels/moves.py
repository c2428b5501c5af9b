"""Going on elsewhere: a one-time link, also as a picture for a camera, that takes the chat to another device."""

from __future__ import annotations

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels import problems, requests
from bot.channels.api import ChatApi, store_problems
from bot.channels.interface import Conversations

_QUIET_ZONE = 2  # modules; the widget draws the rest of it as a white border


class Moves:
    """The calls that make a link and take it."""

    def __init__(
        self, api: ChatApi, conversations: Conversations, *, public_url: str | None, telegram: bool
    ) -> None:
        self._api = api
        self._conversations = conversations
        self._public_url = public_url
        self._telegram = telegram

    async def offers(self, _request: Request) -> Response:
        """GET /chat/offers: where a chat on this server can go on."""
        return JSONResponse({"telegram": self._telegram, "device": True})

    async def leave(self, request: Request) -> Response:
        """POST /chat/moves: a link that continues this conversation on another device, once."""
        conversation_id = await self._api.conversation(request)
        await self._api.body(request)
        with store_problems():
            link = await self._conversations.leave(conversation_id)
        # After the sign # nothing is sent to a server or written into its log.
        url = f"{self._public_url or str(request.base_url).rstrip('/')}/#move={link.token}"
        return JSONResponse({"url": url, "minutes": link.minutes, "qr": _picture(url)}, 201)

    async def arrive(self, request: Request) -> Response:
        """POST /chat/arrivals: the link is used up; the token before it stops working."""
        move, zone = requests.arrival(await self._api.body(request))
        with store_problems():
            arrived = await self._conversations.arrive(move, zone)
        if arrived is None:
            self._api.count_unknown(request)
            raise problems.link_over()
        return JSONResponse({"token": arrived.token, "conversation": arrived.conversation_id}, 201)


def _picture(url: str) -> dict[str, object]:
    """The QR code as a side length and a path of strokes one unit wide, for an SVG."""
    code = segno.make(url, error="l", micro=False)
    rows = [list(row) for row in code.matrix]
    strokes = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            width = next((n for n, dark in enumerate(row[x:]) if not dark), len(row) - x)
            if width:
                strokes.append(f"M{x + _QUIET_ZONE} {y + _QUIET_ZONE}.5h{width}")
            x += width or 1
    return {"size": len(rows) + 2 * _QUIET_ZONE, "path": "".join(strokes)}
