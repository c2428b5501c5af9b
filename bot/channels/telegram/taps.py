"""Taps on buttons: a choice, ticks that are set and taken away in place, and the end of ticking."""

from __future__ import annotations

from telegram import CallbackQuery, InlineKeyboardMarkup, Message

from bot.channels.telegram import rendering, texts
from bot.channels.telegram.interface import Dialogue
from bot.channels.telegram.replies import Replies
from bot.channels.telegram.seen import Recent
from bot.store.errors import ClientIdReused, UnknownChoice

#: How long our own last edit counts for more than the keyboard that a tap brings along: a second tap
#: may have been sent before the first one's tick was on the screen.
_SECONDS_OF_OWN_EDIT = 5.0


class Taps:
    """What a tap does. The ticks themselves live in the keyboard, so a restart loses none."""

    def __init__(self, dialogue: Dialogue, replies: Replies) -> None:
        self._dialogue = dialogue
        self._replies = replies
        self._edits: Recent[tuple[int, int], tuple[str, ...]] = Recent(1000, _SECONDS_OF_OWN_EDIT)

    async def take(self, query: CallbackQuery, conversation_id: str, client_id: str) -> None:
        """Raises StoreError when an answer could not be made durable."""
        data = query.data or ""
        if data.startswith(rendering.CHOOSE):
            await self._choose(query, conversation_id, client_id, [data.removeprefix(rendering.CHOOSE)])
        elif data.startswith(rendering.TICK) and _keyboard(query) is not None:
            self._tick(query, data.removeprefix(rendering.TICK))
        elif data == rendering.DONE and (markup := _keyboard(query)) is not None:
            chosen = self._ticks(query, markup)
            if chosen:
                await self._choose(query, conversation_id, client_id, chosen)
            else:
                self._replies.answer_tap(query.id, texts.TICK_FIRST)
        else:
            self._replies.answer_tap(query.id, texts.BUTTON_OVER)

    async def _choose(
        self, query: CallbackQuery, conversation_id: str, client_id: str, ids: list[str]
    ) -> None:
        try:
            await self._dialogue.submit(conversation_id, client_id, choices=ids)
        except UnknownChoice:
            self._replies.answer_tap(query.id, texts.BUTTON_OVER)
            return
        except ClientIdReused:
            pass  # The same update again, with the keyboard as it looks by now.
        self._replies.answer_tap(query.id)
        message = query.message
        if message is not None:
            self._replies.collapse(message.chat.id, message.message_id, _collapsed(query, ids))

    def _tick(self, query: CallbackQuery, choice: str) -> None:
        message, markup = query.message, _keyboard(query)
        if message is None or markup is None:
            return
        before = self._ticks(query, markup)
        after = [each for each in before if each != choice] if choice in before else [*before, choice]
        self._edits.put((message.chat.id, message.message_id), tuple(after))
        self._replies.answer_tap(query.id)
        self._replies.set_keyboard(message.chat.id, message.message_id, rendering.with_ticks(markup, after))

    def _ticks(self, query: CallbackQuery, markup: InlineKeyboardMarkup) -> list[str]:
        message = query.message
        own = self._edits.get((message.chat.id, message.message_id)) if message is not None else None
        return list(own) if own is not None else rendering.ticked(markup)


def _keyboard(query: CallbackQuery) -> InlineKeyboardMarkup | None:
    return query.message.reply_markup if isinstance(query.message, Message) else None


def _collapsed(query: CallbackQuery, ids: list[str]) -> str | None:
    message, markup = query.message, _keyboard(query)
    if not isinstance(message, Message) or markup is None or not message.text:
        return None
    return rendering.answered(message.text_html, rendering.labels(markup, ids))
