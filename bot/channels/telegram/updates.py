"""What each kind of update means: words, corrections, taps, commands, and what is kindly declined."""

from __future__ import annotations

import asyncio
import logging
import re
from weakref import WeakValueDictionary

from telegram import ChatMemberUpdated, Message, Update
from telegram.constants import ChatType

from bot.channels.inbound import UnusableText, clean
from bot.channels.telegram import texts
from bot.channels.telegram.interface import CHANNEL, Dialogue, Outbox
from bot.channels.telegram.replies import Replies
from bot.channels.telegram.seen import Recent
from bot.channels.telegram.sender import BLOCKED
from bot.channels.telegram.taps import Taps
from bot.store.errors import ChatInUse, ClientIdReused, ConversationUnknown, MoveTokenInvalid
from bot.store.records import Told

logger = logging.getLogger(__name__)

#: The kinds of updates that Telegram is asked for.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?:\s+([^\0]*))?\Z", re.DOTALL)
_MOVE_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_GONE_FROM_CHAT = frozenset({"kicked", "left"})
#: An edited message shorter than this says nothing without the question it answered.
_WORDS_THAT_STAND_ALONE = 3
_UPDATES_REMEMBERED = 10_000
#: How far back the question is looked for that a message answered.
_MESSAGES_BEFORE = 60


class Updates:
    """Takes updates in, each once, in order in each chat."""

    def __init__(
        self,
        dialogue: Dialogue,
        outbox: Outbox,
        replies: Replies,
        web_chat: str | None,
    ) -> None:
        self._dialogue = dialogue
        self._outbox = outbox
        self._replies = replies
        self._web_chat = web_chat
        self._taps = Taps(dialogue, replies)
        self._done: Recent[int, bool] = Recent(_UPDATES_REMEMBERED)
        self._edited: Recent[tuple[int, int], bool] = Recent(_UPDATES_REMEMBERED)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def take(self, update: Update) -> None:
        """Make everything in the update durable, or raise; then it must come again.

        An update that was taken before changes nothing. Raises StoreError.
        """
        chat = update.effective_chat
        if chat is None:
            return
        lock = self._locks.setdefault(chat.id, asyncio.Lock())
        async with lock:
            if update.update_id in self._done:
                return
            if chat.type == ChatType.PRIVATE:
                await self._private(update, chat.id)
            else:
                self._elsewhere(update, chat.id)
            self._done.put(update.update_id, value=True)

    def _elsewhere(self, update: Update, chat: int) -> None:
        """A group or a channel. Nothing that is said there is read."""
        changed = update.my_chat_member
        if changed is not None and changed.new_chat_member.status in _GONE_FROM_CHAT:
            return
        if update.callback_query is None:
            self._replies.leave(chat, texts.PRIVATE_ONLY)

    async def _private(self, update: Update, chat: int) -> None:
        if update.my_chat_member is not None:
            await self._membership(update.my_chat_member, chat)
        elif update.callback_query is not None:
            conversation_id = await self._conversation(chat)
            await self._back(conversation_id)
            await self._taps.take(update.callback_query, conversation_id, f"telegram:{update.update_id}:tap")
            self._show_typing(chat, conversation_id)
        elif update.edited_message is not None:
            await self._edit(update.edited_message, chat, update.update_id)
        elif update.message is not None and (chat, update.message.message_id) not in self._edited:
            # A message that comes after its own correction is out of date.
            await self._message(update.message, chat, update.update_id)

    async def _message(self, message: Message, chat: int, update_id: int) -> None:
        said = message.text or message.caption
        declined = _declined(message)
        if said is None and declined is None:
            return  # Telegram tells about pins, timers and the like.
        command = _COMMAND.match(said) if said is not None else None
        name, rest = (command[1].lower(), (command[2] or "").strip()) if command else ("", "")
        if name == "start":
            await self._start(chat, update_id, message.message_id, rest)
            return
        conversation_id = await self._conversation(chat)
        await self._back(conversation_id)
        if name in texts.WORDS and not rest:
            said = texts.WORDS[name]
        if said is not None:
            await self._submit(chat, conversation_id, _client_id(update_id, message.message_id), said)
        if declined is not None:
            self._replies.say(chat, declined)

    async def _start(self, chat: int, update_id: int, message_id: int, payload: str) -> None:
        if _MOVE_TOKEN.fullmatch(payload):
            try:
                entered = await self._dialogue.move(
                    payload,
                    CHANNEL,
                    str(chat),
                    texts.moved(self._web_chat),
                    texts.MOVED_KEY,
                    Told(texts.privacy(self._web_chat), texts.PRIVACY_KEY),
                )
            except (MoveTokenInvalid, ChatInUse) as error:
                refusal = texts.CHAT_IN_USE if isinstance(error, ChatInUse) else texts.LINK_OVER
                self._replies.say(chat, refusal)
                await self._conversation(chat)
                return
        else:
            entered = await self._dialogue.enter(
                CHANNEL, str(chat), texts.privacy(self._web_chat), texts.PRIVACY_KEY
            )
        if entered.is_new:
            return
        await self._back(entered.conversation_id)
        await self._submit(chat, entered.conversation_id, _client_id(update_id, message_id), texts.GREETING)

    async def _edit(self, message: Message, chat: int, update_id: int) -> None:
        said = message.text or message.caption
        if said is None:
            return  # A live location that moves, a picture that was replaced.
        conversation_id = await self._conversation(chat)
        self._edited.put((chat, message.message_id), value=True)
        of_newest, open_still = await self._place_of(message, conversation_id)
        if not of_newest and len(said.split()) < _WORDS_THAT_STAND_ALONE:
            # "4" would be taken as the answer to whatever is being asked now.
            self._replies.say(chat, texts.WHICH_ANSWER)
            return
        text = texts.correction(said) if of_newest and not open_still else said
        # The correction stands for the same message: it may be corrected once more.
        await self._submit(chat, conversation_id, _client_id(update_id, message.message_id), text)

    async def _place_of(self, message: Message, conversation_id: str) -> tuple[bool, bool]:
        """Whether this was the patient's newest message, and whether its question is being asked again."""
        newest = await asyncio.to_thread(self._outbox.newest_inbound, conversation_id)
        if newest is None or not newest[0].endswith(f":{message.message_id}"):
            return False, False
        seq = newest[1]
        near = await self._dialogue.messages(conversation_id, max(0, seq - _MESSAGES_BEFORE))
        before = [each.asks for each in near if each.kind == "question" and each.seq < seq]
        after = [each.asks for each in near if each.kind == "question" and each.seq > seq]
        return True, bool(before and after and before[-1] == after[-1])

    async def _submit(self, chat: int, conversation_id: str, client_id: str, said: str) -> None:
        try:
            text = clean(said)
        except UnusableText as error:
            self._replies.say(chat, error.advice)
            return
        try:
            await self._dialogue.submit(conversation_id, client_id, text=text)
        except ClientIdReused:
            logger.warning("an update came again with other words; the first ones count")
        self._show_typing(chat, conversation_id)

    async def _conversation(self, chat: int) -> str:
        entered = await self._dialogue.enter(
            CHANNEL, str(chat), texts.privacy(self._web_chat), texts.PRIVACY_KEY
        )
        return entered.conversation_id

    async def _membership(self, changed: ChatMemberUpdated, chat: int) -> None:
        known = await asyncio.to_thread(self._outbox.conversation_for_external, CHANNEL, str(chat))
        if known is None:
            return
        if changed.new_chat_member.status in _GONE_FROM_CHAT:
            await asyncio.to_thread(self._outbox.mark_unreachable, known.id, BLOCKED)
        else:
            await self._back(known.id)

    async def _back(self, conversation_id: str) -> None:
        """Whoever writes can be reached again."""
        if not await asyncio.to_thread(self._outbox.is_reachable, conversation_id):
            await asyncio.to_thread(self._outbox.mark_reachable, conversation_id)

    def _show_typing(self, chat: int, conversation_id: str) -> None:
        def still() -> bool:
            try:
                return self._dialogue.typing(conversation_id)
            except ConversationUnknown:
                return False

        if still():
            self._replies.typing(chat, still)


def _client_id(update_id: int, message_id: int) -> str:
    return f"telegram:{update_id}:{message_id}"


def _declined(message: Message) -> str | None:
    """What to say about something that cannot be read; None for words and for Telegram's own notes."""
    if message.voice or message.audio or message.video_note:
        return texts.NO_VOICE
    if message.location or message.venue:
        return texts.NO_PLACE
    if message.contact:
        return texts.NO_CONTACT
    if message.text is None and message.effective_attachment is not None:
        return texts.NO_FILES
    return None
