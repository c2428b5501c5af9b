"""Small things said at once and not kept: kind refusals, answers to taps, "typing", collapsed keyboards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ChatAction, ParseMode
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram.ending import end
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.sender import backoff, seconds_of

logger = logging.getLogger(__name__)

_TRIES = 4
_SECONDS_OF_TYPING = 4.0
_LONGEST_TYPING = 60.0


class Replies:
    """Does each thing behind the caller's back, so that no update waits for Telegram; failures are dropped."""

    def __init__(
        self, bot: Bot, pace: Pace, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._bot = bot
        self._pace = pace
        self._sleep = sleep
        self._tasks: set[asyncio.Task[None]] = set()
        self._typing: set[int] = set()

    def say(self, chat: int, text: str) -> None:
        self._start("reply", chat, lambda: self._bot.send_message(chat, text))

    def leave(self, chat: int, text: str) -> None:
        """Say a last word in a group or channel, if that is allowed, and leave it."""

        async def last_word() -> None:
            try:
                await self._bot.send_message(chat, text)
            except RetryAfter:
                raise
            except TelegramError:
                pass  # A channel lets only its owners write.
            await self._bot.leave_chat(chat)

        self._start("leaving", chat, last_word)

    def answer_tap(self, query_id: str, text: str | None = None) -> None:
        """End the waiting sign on a button. Telegram forgets a tap after some minutes: then nobody waits."""
        self._start(
            "tap", None, lambda: self._bot.answer_callback_query(query_id, text, show_alert=bool(text))
        )

    def set_keyboard(self, chat: int, message: int, markup: InlineKeyboardMarkup) -> None:
        self._start(
            "keyboard",
            None,
            lambda: self._bot.edit_message_reply_markup(chat, message, reply_markup=markup),
        )

    def collapse(self, chat: int, message: int, text: str | None) -> None:
        """Put the answered question in place of the open one; without a text only the keyboard goes."""
        if text is None:
            self._start("collapse", None, lambda: self._bot.edit_message_reply_markup(chat, message))
        else:
            self._start(
                "collapse",
                None,
                lambda: self._bot.edit_message_text(text, chat, message, parse_mode=ParseMode.HTML),
            )

    def typing(self, chat: int, still: Callable[[], bool]) -> None:
        """Show "typing" for as long as `still` says so."""
        if chat in self._typing:
            return
        self._typing.add(chat)

        async def show() -> None:
            try:
                for _ in range(int(_LONGEST_TYPING / _SECONDS_OF_TYPING)):
                    if not still():
                        return
                    await self._bot.send_chat_action(chat, ChatAction.TYPING)
                    await asyncio.sleep(_SECONDS_OF_TYPING)
            finally:
                self._typing.discard(chat)

        self._start("typing", None, show, tries=1)

    async def settled(self) -> None:
        """Wait until everything asked for so far is done or dropped."""
        while others := {task for task in self._tasks if task.get_name() != "typing"}:
            await asyncio.wait(others)

    async def stop(self) -> None:
        await end(self._tasks)

    def _start(
        self, name: str, chat: int | None, call: Callable[[], Awaitable[object]], tries: int = _TRIES
    ) -> None:
        task = asyncio.create_task(self._try(name, chat, call, tries), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(
        self, name: str, chat: int | None, call: Callable[[], Awaitable[object]], tries: int
    ) -> None:
        for attempt in range(1, tries + 1):
            try:
                if chat is not None:
                    await self._pace.turn(str(chat))
                await call()
                return
            except RetryAfter as error:
                await self._sleep(seconds_of(error))
            except TelegramError as error:
                if type(error).__name__ not in {"NetworkError", "TimedOut"} or attempt == tries:
                    logger.info("%s dropped: %s", name, type(error).__name__)
                    return
                await self._sleep(backoff(attempt))
