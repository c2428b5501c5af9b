"""The Telegram channel as a whole: what the chat server starts, stops and routes to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from telegram import Bot, BotCommand
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels import problems
from bot.channels.telegram import texts
from bot.channels.telegram.ending import end
from bot.channels.telegram.incoming import Gate, Polling, Webhook, patiently
from bot.channels.telegram.interface import Dialogue, Outbox
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.replies import Replies
from bot.channels.telegram.sender import LEASE, SECONDS_FOR_A_REQUEST, Sender
from bot.channels.telegram.updates import Updates
from bot.store.errors import StoreError

logger = logging.getLogger(__name__)

TELEGRAM = "https://api.telegram.org"
WEBHOOK_PATH = "/telegram/webhook"
LINK_VALID = timedelta(minutes=15)


@dataclass(frozen=True)
class TelegramOptions:
    """What the operator set. `webhook_url` None means long polling; a bare host gets the usual path."""

    token: str = field(repr=False)
    webhook_url: str | None = None
    api_url: str = TELEGRAM
    web_chat: str | None = None

    @property
    def webhook_path(self) -> str:
        return urlsplit(self.webhook_url or "").path.rstrip("/") or WEBHOOK_PATH

    @property
    def webhook_address(self) -> str:
        parts = urlsplit(self.webhook_url or "")
        return f"{parts.scheme}://{parts.netloc}{self.webhook_path}"


class TelegramChannel:
    """One per chat server. Whatever happens to it, the web chat goes on."""

    def __init__(
        self,
        dialogue: Dialogue,
        outbox: Outbox,
        options: TelegramOptions,
        pace: Pace | None = None,
        lease: timedelta = LEASE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        documents: Callable[[str], bytes] | None = None,
        copies: Callable[[str], bytes] | None = None,
    ) -> None:
        """`documents` makes the PDF of the patient of a conversation, `copies` all the data; both block."""
        self._dialogue = dialogue
        self._outbox = outbox
        self._sleep = sleep
        self._bot = _bot(options)
        pace = pace or Pace()
        self._sender = Sender(self._bot, outbox, pace, uuid.uuid4().hex, lease, sleep, documents, copies)
        self.replies = Replies(self._bot, pace, sleep)
        updates = Updates(dialogue, outbox, self.replies, options.web_chat)
        gate = Gate(self._bot, updates)
        self._polling = None if options.webhook_url else Polling(self._bot, gate, sleep)
        self._webhook = (
            Webhook(self._bot, gate, options.webhook_address, options.token, sleep)
            if options.webhook_url
            else None
        )
        self._path = options.webhook_path
        self._username: str | None = None
        self._tasks: list[asyncio.Task[None]] = []
        dialogue.listen(self._sender.wake)

    def routes(self) -> list[BaseRoute]:
        """The webhook, if there is one, and the call that makes a link from the web chat to Telegram."""
        routes: list[BaseRoute] = [Route("/chat/telegram", self.telegram_link, methods=["POST"])]
        if self._webhook is not None:
            routes.append(Route(self._path, self._webhook.telegram_webhook, methods=["POST"]))
        return routes

    async def start(self) -> None:
        """Begin in the background: Telegram may be away for now."""
        self._tasks = [
            asyncio.create_task(self._for_ever("sending", self._sender.run)),
            asyncio.create_task(self._for_ever("receiving", self._receive)),
        ]

    async def stop(self) -> None:
        await end(self._tasks)
        await self.replies.stop()
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._bot.shutdown()

    async def telegram_link(self, request: Request) -> Response:
        """POST /chat/telegram: a link that continues this conversation in Telegram, once, for 15 minutes."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise problems.token_missing()
        if self._username is None:
            raise problems.unavailable("Telegram cannot be reached right now. Please go on here.")
        try:
            conversation_id = await self._dialogue.authenticate(token.strip())
            if conversation_id is None:
                raise problems.token_unknown()
            move_token = await asyncio.to_thread(self._outbox.issue_move_token, conversation_id, LINK_VALID)
        except StoreError:
            raise problems.unavailable() from None
        url = f"https://t.me/{self._username}?start={move_token}"
        return JSONResponse({"url": url, "minutes": int(LINK_VALID.total_seconds() // 60)}, 201)

    async def _receive(self) -> None:
        await patiently("saying hello to Telegram", self._hello, self._sleep)
        if self._polling is not None:
            await self._polling.run()
        elif self._webhook is not None:
            await self._webhook.run()
            await asyncio.Event().wait()

    async def _hello(self) -> None:
        await self._bot.initialize()
        self._username = self._bot.username
        await self._bot.set_my_commands([BotCommand(name, what) for name, what in texts.MENU])

    async def _for_ever(self, what: str, run: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await run()
            except Exception as error:
                logger.error("%s stopped and starts again: %s", what, type(error).__name__)
            await asyncio.sleep(1)


def _bot(options: TelegramOptions) -> Bot:
    def requests() -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=64,
            connect_timeout=3,
            read_timeout=SECONDS_FOR_A_REQUEST,
            write_timeout=5,
            pool_timeout=5,
        )

    return Bot(
        options.token,
        base_url=f"{options.api_url}/bot",
        base_file_url=f"{options.api_url}/file/bot",
        request=requests(),
        get_updates_request=requests(),
    )
