"""The check-in runner: claims what is due, has it asked, reminds, gives up. Any number may run at once."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from bot.checkins.contact import Contact, Reminder, contact, remind
from bot.clinical.rulebook import Rulebook
from bot.store import CheckIn, ConversationUnknown, LeaseLost, Store, StoreError, Turn

logger = logging.getLogger(__name__)

START = "EXTERNAL_check_in"  #: the intent that starts the dialogue
LEASE = timedelta(minutes=2)
AT_ONCE = 50  #: claimed in one go


class Contacts(Protocol):
    """The part of the dialogue's public face that the runner uses."""

    async def contact(self, conversation_id: str, prepare: Callable[[Turn], str | None]) -> bool: ...


class CheckInRunner:
    """One of these runs in each chat server; leases and turns keep them from doing anything twice."""

    def __init__(
        self,
        store: Store,
        conversations: Contacts,
        rulebook: Rulebook,
        worker: str,
        seconds: float,
        lease: timedelta = LEASE,
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._rulebook = rulebook
        self._worker = worker
        self._seconds = seconds
        self._lease = lease

    async def run(self) -> None:
        """Look every `seconds` until cancelled. An error ends a look, not the runner."""
        while True:
            try:
                await self.run_once()
            except Exception as error:
                logger.error("check-ins: a look failed: %s", type(error).__name__)
            await asyncio.sleep(self._seconds)

    async def run_once(self) -> Counter[str]:
        """Do everything that is due now; counts what was done, by kind."""
        done: Counter[str] = Counter()
        while claimed := await asyncio.to_thread(
            self._store.claim_check_ins, self._worker, AT_ONCE, self._lease
        ):
            for check_in in claimed:
                done[await self._contact(check_in)] += 1
        seen: set[str] = set()
        while found := [
            one
            for one in await asyncio.to_thread(self._store.check_ins_to_look_at, AT_ONCE)
            if one.id not in seen
        ]:
            for check_in in found:
                seen.add(check_in.id)
                done[await self._remind(check_in)] += 1
        return done

    async def _contact(self, claimed: CheckIn) -> str:
        outcome = "failed"

        def prepare(turn: Turn) -> str | None:
            nonlocal outcome
            made = contact(turn, claimed, self._rulebook)
            outcome = made.value
            return START if made is Contact.ASK else None

        return outcome if await self._in_turn(claimed, prepare) else "failed"

    async def _remind(self, check_in: CheckIn) -> str:
        outcome = Reminder.NOTHING.value

        def prepare(turn: Turn) -> str | None:
            nonlocal outcome
            outcome = remind(turn, check_in.id, self._rulebook).value
            return None

        return outcome if await self._in_turn(check_in, prepare) else "failed"

    async def _in_turn(self, check_in: CheckIn, prepare: Callable[[Turn], str | None]) -> bool:
        try:
            return await self._conversations.contact(check_in.conversation_id, prepare)
        except (LeaseLost, ConversationUnknown):
            # Another worker has it, or the patient was erased.
            return False
        except StoreError as error:
            logger.error("check-in %s failed: %s", check_in.id, type(error).__name__)
            return False
