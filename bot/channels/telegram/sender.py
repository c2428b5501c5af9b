"""Sends what waits in the outbox: in order in each chat, at Telegram's pace, until it is out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import rendering, texts
from bot.channels.telegram.ending import end
from bot.channels.telegram.interface import CHANNEL, Outbox
from bot.channels.telegram.pace import Pace
from bot.store.errors import ConversationUnknown, StoreError
from bot.store.records import COPY_KEY, DOCUMENT_KEYS, Delivery

logger = logging.getLogger(__name__)

#: A request ends before the lease under which it was sent, so that two servers never send at once.
LEASE = timedelta(seconds=10)
SECONDS_FOR_A_REQUEST = 8.0
SECONDS_BETWEEN_LOOKS = 1.0
CHATS_AT_ONCE = 50
_LONGEST_BACKOFF = 60.0
_SECONDS_AFTER_A_REFUSED_TOKEN = 60.0

BLOCKED = "Telegram: the patient has blocked the bot."
GONE = "Telegram: the patient's account or chat does not exist any more."
MIGRATED = "Telegram: the patient's chat has become a group. Nothing is sent to groups."
REFUSED = "Telegram: a message to the patient was refused and could not be delivered."

#: How Telegram's 400 says that there is nobody to send to.
_NOBODY = ("chat not found", "user not found", "deactivated", "peer_id_invalid", "have no rights")


#: One way to send something.
Way = Callable[[], Awaitable[object]]


class _Unreachable(Exception):
    """Nothing can be sent to this chat any more; `reason` is for the clinician."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class _LostChat(Exception):
    """Another server sends into this chat now."""


class Sender:
    """One per chat server. `owner` tells the servers apart."""

    def __init__(
        self,
        bot: Bot,
        outbox: Outbox,
        pace: Pace,
        owner: str,
        lease: timedelta = LEASE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        documents: Callable[[str], bytes] | None = None,
        copies: Callable[[str], bytes] | None = None,
    ) -> None:
        self._bot = bot
        self._files = {
            **dict.fromkeys(DOCUMENT_KEYS, (documents, texts.FILE_NAME)),
            COPY_KEY: (copies, texts.COPY_NAME),
        }
        self._outbox = outbox
        self._pace = pace
        self._owner = owner
        self._lease = lease
        self._sleep = sleep
        self._news = asyncio.Event()
        self._sending: dict[str, asyncio.Task[None]] = {}

    def wake(self, _conversation_id: str = "") -> None:
        """Look at the outbox now instead of at the next second."""
        self._news.set()

    async def run(self) -> None:
        """Send for ever."""
        try:
            while True:
                self._news.clear()
                for conversation_id in await self._waiting():
                    if conversation_id not in self._sending and len(self._sending) < CHATS_AT_ONCE:
                        self._sending[conversation_id] = asyncio.create_task(self._send(conversation_id))
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._news.wait(), SECONDS_BETWEEN_LOOKS)
        finally:
            await end(self._sending.values())

    async def _waiting(self) -> list[str]:
        try:
            return await asyncio.to_thread(self._outbox.waiting_chats, CHANNEL)
        except StoreError as error:
            logger.warning("the outbox cannot be read: %s", type(error).__name__)
            return []

    async def _send(self, conversation_id: str) -> None:
        """Send everything that waits for one chat."""
        try:
            await self._claim(conversation_id)
            while delivery := await asyncio.to_thread(self._outbox.next_delivery, conversation_id):
                await self._deliver(delivery)
        except _LostChat:
            pass
        except ConversationUnknown:
            pass  # The patient was erased in the meantime.
        except _Unreachable as error:
            await self._give_up(conversation_id, error.reason)
        except Exception as error:
            logger.error("sending in conversation %s stopped: %s", conversation_id, type(error).__name__)
            await self._sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            del self._sending[conversation_id]
            with contextlib.suppress(StoreError):
                await asyncio.to_thread(self._outbox.release_chat, conversation_id, self._owner)

    async def _claim(self, conversation_id: str) -> None:
        claimed = await asyncio.to_thread(self._outbox.claim_chat, conversation_id, self._owner, self._lease)
        if not claimed:
            raise _LostChat

    async def _deliver(self, delivery: Delivery) -> None:
        message = delivery.message
        parts = rendering.pieces(message)
        try:
            if message.key in self._files:
                await self._deliver_document(delivery)
                parts = []
            for number, text in enumerate(parts[delivery.parts_sent :], start=delivery.parts_sent + 1):
                last = number == len(parts)
                markup = rendering.keyboard(message) if last else None
                plain = rendering.plain_pieces(message)[number - 1]
                # Words without buttons are better than nothing: they may be about danger.
                chat = delivery.external_id
                await self._attempt(delivery, self._rich(chat, text, markup), self._plain(chat, plain))
                if not last:
                    await asyncio.to_thread(
                        self._outbox.note_part_sent, message.conversation_id, message.seq, number
                    )
        except BadRequest:
            logger.error("message %d of conversation %s is refused", message.seq, message.conversation_id)
            await asyncio.to_thread(
                self._outbox.mark_undeliverable, message.conversation_id, message.seq, REFUSED
            )
            return
        await asyncio.to_thread(self._outbox.mark_delivered, message.conversation_id, message.seq)

    async def _deliver_document(self, delivery: Delivery) -> None:
        """Send the patient's document with the message as its caption; if that cannot be, say so."""
        chat, caption = delivery.external_id, delivery.message.text
        make, name = self._files[delivery.message.key or ""]
        instead = self._plain(chat, texts.NO_DOCUMENT)
        content = await self._made(make, delivery.message.conversation_id)
        if content is None:
            await self._attempt(delivery, instead)
            return
        await self._attempt(
            delivery,
            lambda: self._bot.send_document(chat, content, caption=caption, filename=name),
            instead,
        )

    async def _made(self, make: Callable[[str], bytes] | None, conversation_id: str) -> bytes | None:
        if make is None:
            return None
        try:
            return await asyncio.to_thread(make, conversation_id)
        except ConversationUnknown:
            raise
        except Exception as error:
            logger.error("no document for conversation %s: %s", conversation_id, type(error).__name__)
            return None

    def _rich(self, chat: str, text: str, markup: InlineKeyboardMarkup | None) -> Way:
        return lambda: self._bot.send_message(chat, text, parse_mode=ParseMode.HTML, reply_markup=markup)

    def _plain(self, chat: str, text: str) -> Way:
        return lambda: self._bot.send_message(chat, text)

    async def _attempt(self, delivery: Delivery, *ways: Way) -> None:
        """Send one piece, as often as it takes; the next of `ways` when Telegram refuses one.

        BadRequest when it takes none of them.
        """
        chat, conversation_id = delivery.external_id, delivery.message.conversation_id
        send, *others = ways
        failures = 0
        while True:
            await self._pace.turn(chat)
            await self._claim(conversation_id)
            try:
                await asyncio.wait_for(send(), min(SECONDS_FOR_A_REQUEST, self._lease.total_seconds() * 0.8))
                return
            except RetryAfter as error:
                await self._sleep(seconds_of(error))
            except Forbidden as error:
                raise _Unreachable(GONE if "deactivated" in str(error).lower() else BLOCKED) from None
            except ChatMigrated:
                raise _Unreachable(MIGRATED) from None
            except BadRequest as error:
                if any(sign in str(error).lower() for sign in _NOBODY):
                    raise _Unreachable(GONE) from None
                if not others:
                    raise
                send, *others = others
            except InvalidToken:
                logger.error("Telegram refuses the bot token; messages wait until it is set right")
                await self._sleep(_SECONDS_AFTER_A_REFUSED_TOKEN)
            except (TelegramError, asyncio.TimeoutError) as error:
                failures += 1
                logger.warning(
                    "sending in conversation %s failed, try %d: %s",
                    conversation_id, failures, type(error).__name__,
                )  # fmt: skip
                await self._sleep(backoff(failures))

    async def _give_up(self, conversation_id: str, reason: str) -> None:
        logger.warning("the patient of conversation %s cannot be reached", conversation_id)
        with contextlib.suppress(StoreError):
            await asyncio.to_thread(self._outbox.mark_unreachable, conversation_id, reason)


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: 0.5, 1, 2 ... 60."""
    return min(_LONGEST_BACKOFF, 0.5 * float(2 ** min(failures - 1, 10)))


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
