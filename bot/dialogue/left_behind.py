"""What deletions leave behind: a chat's address with one last word in it, deleted in its turn after a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store import Store, system_clock

logger = logging.getLogger(__name__)

#: So long a patient may read on the web that everything is deleted, and begin anew in the same chat.
KEPT_FOR = timedelta(hours=1)
SECONDS_BETWEEN_LOOKS = 600.0


class LeftBehind:
    """One of these runs in each chat server; they do not mind each other."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] = system_clock,
        seconds: float = SECONDS_BETWEEN_LOOKS,
    ) -> None:
        self._store = store
        self._clock = clock
        self._seconds = seconds

    async def run(self) -> None:
        """Look every `seconds` until cancelled. An error ends a look, not the runner."""
        while True:
            try:
                await asyncio.to_thread(self._store.forget_who_left, self._clock() - KEPT_FOR)
            except Exception as error:
                logger.error("what deletions left behind: a look failed: %s", type(error).__name__)
            await asyncio.sleep(self._seconds)
