"""How fast we may send: Telegram's limits for all chats together and for each of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.channels.limits import Buckets, Rate

#: Telegram asks for at most about 30 messages a second in all, and one a second in a chat after a short burst.
EVERYWHERE = Rate(burst=25, per_second=25.0)
IN_A_CHAT = Rate(burst=5, per_second=1.0)


class Pace:
    """Lets senders wait for their turn."""

    def __init__(
        self,
        everywhere: Rate = EVERYWHERE,
        in_a_chat: Rate = IN_A_CHAT,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._everywhere = Buckets(everywhere, clock)
        self._chats = Buckets(in_a_chat, clock)
        self._sleep = sleep

    async def turn(self, chat: str) -> None:
        """Wait until one more message may go to `chat`."""
        for buckets, key in ((self._chats, chat), (self._everywhere, "all")):
            while seconds := buckets.take(key):
                await self._sleep(seconds)
