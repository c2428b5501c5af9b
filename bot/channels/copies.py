"""A copy of one's own data: the file, for whoever has the token of the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.api import ChatApi, store_problems

FILE_NAME = "my-data.json"


class Copies:
    """The call that gives the file. `make` makes it of a conversation's id; it blocks."""

    def __init__(self, api: ChatApi, make: Callable[[str], bytes]) -> None:
        self._api = api
        self._make = make

    async def file(self, request: Request) -> Response:
        """GET /chat/copy: everything that is stored about the patient, as it is at that moment."""
        conversation_id = await self._api.conversation(request)
        with store_problems():
            content = await asyncio.to_thread(self._make, conversation_id)
        headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"', "Cache-Control": "no-store"}
        return Response(content, media_type="application/json", headers=headers)
