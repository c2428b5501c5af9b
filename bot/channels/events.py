"""The messages of one conversation as an endless stream of server-sent events."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

from bot.channels.interface import Conversations
from bot.channels.outbound import as_event
from bot.store.errors import StoreError

logger = logging.getLogger(__name__)

_CLIENT_COMES_BACK_AFTER_MS = 2000


async def event_stream(
    conversations: Conversations, token: str, conversation_id: str, after: int, heartbeat: float
) -> AsyncIterator[str]:
    """Everything newer than `after`, in order, each once; a comment every `heartbeat` seconds of silence.

    Ends when the token stops being valid or the store fails; the client then comes back and goes on
    from the last id it saw.
    """
    yield f"retry: {_CLIENT_COMES_BACK_AFTER_MS}\n\n"
    try:
        while True:
            messages = await conversations.messages(conversation_id, after)
            for message in messages:
                yield as_event(message)
                after = message.seq
            if messages:
                await conversations.shown(conversation_id, after)
                continue
            news = await conversations.wait_for_messages(conversation_id, after, heartbeat)
            # The conversation may have been erased, or taken to another device.
            if await conversations.authenticate(token) != conversation_id:
                return
            if not news:
                yield ": here\n\n"
    except StoreError as error:
        logger.warning("event stream of conversation %s ends: %s", conversation_id, type(error).__name__)
