"""How updates come in: by long polling, or by a webhook that only Telegram can call."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels import problems
from bot.channels.telegram.seen import Recent
from bot.channels.telegram.sender import backoff, seconds_of
from bot.channels.telegram.updates import ALLOWED, Updates
from bot.store.errors import StoreError

logger = logging.getLogger(__name__)

SECONDS_OF_A_LONG_POLL = 25
_SECONDS_AFTER_A_CONFLICT = 5.0
_SECONDS_AFTER_A_REFUSED_TOKEN = 60.0
_TRIES_OF_A_BROKEN_UPDATE = 3
_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header


class Gate:
    """Lets updates through to `Updates`, and gives up on one that breaks it again and again."""

    def __init__(self, bot: Bot, updates: Updates) -> None:
        self._bot = bot
        self._updates = updates
        self._broken: Recent[int, int] = Recent(1000)

    async def take(self, content: object) -> bool:
        """True when the update is dealt with; False when it must come again."""
        update_id = content.get("update_id") if isinstance(content, dict) else None
        if not isinstance(content, dict) or not isinstance(update_id, int):
            logger.warning("an update without a number was dropped")
            return True
        try:
            await self._updates.take(Update.de_json(content, self._bot))
        except StoreError as error:
            logger.warning("update %d waits: %s", update_id, type(error).__name__)
            return False
        except Exception as error:
            # One update that cannot be read must not keep every other patient waiting.
            tries = (self._broken.get(update_id) or 0) + 1
            self._broken.put(update_id, tries)
            logger.error("update %d failed, try %d: %s", update_id, tries, type(error).__name__)
            return tries >= _TRIES_OF_A_BROKEN_UPDATE
        return True


class Polling:
    """Asks for updates, and confirms each batch only when all of it is durable."""

    def __init__(
        self, bot: Bot, gate: Gate, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._bot = bot
        self._gate = gate
        self._sleep = sleep
        self._offset = 0

    async def run(self) -> None:
        await patiently("removing the webhook", self._bot.delete_webhook, self._sleep)
        failures = 0
        while True:
            try:
                batch = await self._next()
                failures = 0
            except RetryAfter as error:
                await self._sleep(seconds_of(error))
                continue
            except Conflict:
                logger.error("another process polls with the same bot token; only one may")
                await self._sleep(_SECONDS_AFTER_A_CONFLICT)
                continue
            except InvalidToken:
                logger.error("Telegram refuses the bot token; set BACKPLAN_TELEGRAM_TOKEN right")
                await self._sleep(_SECONDS_AFTER_A_REFUSED_TOKEN)
                continue
            except TelegramError as error:
                failures += 1
                logger.warning("polling failed, try %d: %s", failures, type(error).__name__)
                await self._sleep(backoff(failures))
                continue
            await self._take(batch)

    async def _next(self) -> list[dict[str, Any]]:
        # The raw answer: one update that this version of the library cannot read must not stop the rest.
        # Names of methods may be written in any case; in this one the library does not ask for its own method.
        batch: Any = await self._bot.do_api_request(
            "getupdates",
            {"offset": self._offset, "timeout": SECONDS_OF_A_LONG_POLL, "allowed_updates": list(ALLOWED)},
            read_timeout=SECONDS_OF_A_LONG_POLL + 5,
        )
        return sorted(batch, key=lambda update: int(update["update_id"]))

    async def _take(self, batch: list[dict[str, Any]]) -> None:
        for content in batch:
            failures = 0
            while not await self._gate.take(content):
                failures += 1
                await self._sleep(backoff(failures))
            self._offset = int(content["update_id"]) + 1


class Webhook:
    """Takes the updates that Telegram posts. Whoever does not know the secret gets 403."""

    def __init__(
        self,
        bot: Bot,
        gate: Gate,
        url: str,
        token: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._gate = gate
        self._url = url
        self._secret = secret_for(token)
        self._sleep = sleep

    async def run(self) -> None:
        async def register() -> None:
            await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=ALLOWED)

        await patiently("setting the webhook", register, self._sleep)

    async def telegram_webhook(self, request: Request) -> Response:
        """POST: one update. It is answered when the update is durable; otherwise Telegram sends it again."""
        told = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(told, self._secret.encode()):
            raise problems.forbidden("Only Telegram may call this address.")
        try:
            content = json.loads(await request.body())
        except (ValueError, RecursionError):
            logger.warning("an update that is not JSON was dropped")
            return Response()
        if not await self._gate.take(content):
            raise problems.unavailable("The update cannot be stored yet. Please send it again.")
        return Response()


def secret_for(token: str) -> str:
    """The webhook's secret: the same on every server and after every start, and no way back to the token."""
    return hmac.new(token.encode(), b"backplan telegram webhook", hashlib.sha256).hexdigest()


async def patiently(
    what: str, call: Callable[[], Awaitable[object]], sleep: Callable[[float], Awaitable[None]]
) -> None:
    """Call until it works, however long Telegram is away."""
    failures = 0
    while True:
        try:
            with contextlib.suppress(RetryAfter):
                await call()
                return
        except InvalidToken:
            logger.error("Telegram refuses the bot token; set BACKPLAN_TELEGRAM_TOKEN right")
            failures = max(failures, 6)
        except TelegramError as error:
            logger.warning("%s failed: %s", what, type(error).__name__)
        failures += 1
        await sleep(backoff(failures))
