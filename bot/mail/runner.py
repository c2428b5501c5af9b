"""The mail runner: claims e-mails that are due, writes them, hands them over. Any number may run at once."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.clinical.schedule import daytime
from bot.mail.letters import LINK_VALID, Letters
from bot.mail.post import Fate, Posted
from bot.mail.texts import mail_texts
from bot.store import ConversationUnknown, EmailJob, EmailKind, Store, StoreError, Turn
from bot.store.records import EMAIL_ADDRESS

logger = logging.getLogger(__name__)

SECONDS = 2.0
LEASE = timedelta(minutes=5)
AT_ONCE = 1  #: a slow mail server must not keep a claim longer than its lease
#: Pauses before the next tries; the last one is repeated until the mail is of no use any more.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))


class Mailbox(Protocol):
    """The part of `bot.mail.post.Post` that the runner uses."""

    def deliver(self, letter: EmailMessage) -> Posted: ...


class Contacts(Protocol):
    """The part of the dialogue's public face that the runner uses."""

    async def contact(self, conversation_id: str, prepare: Callable[[Turn], str | None]) -> bool: ...


class MailRunner:
    """One of these runs in each chat server; leases keep them from sending anything twice."""

    def __init__(
        self,
        store: Store,
        conversations: Contacts,
        post: Mailbox,
        letters: Letters,
        worker: str,
        wait: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._post = post
        self._letters = letters
        self._worker = worker
        self._wait = wait
        self._clock = clock

    async def run(self) -> None:
        """Look every other second until cancelled. An error ends a look, not the runner."""
        while True:
            try:
                await self.run_once()
            except Exception as error:
                logger.error("e-mails: a look failed: %s", type(error).__name__)
            await asyncio.sleep(SECONDS)

    async def run_once(self) -> Counter[str]:
        """Send everything that is due now; counts what was done, by kind."""
        done: Counter[str] = Counter()
        while jobs := await asyncio.to_thread(
            self._store.claim_emails, self._worker, AT_ONCE, LEASE, self._wait
        ):
            for job in jobs:
                done[await self._send(job)] += 1
        return done

    async def _send(self, job: EmailJob) -> str:
        try:
            decent = self._decent_time(job)
            if decent > self._clock():
                await asyncio.to_thread(self._store.email_later, job, decent, "quiet_hours")
                return "quiet_hours"
            posted = await asyncio.to_thread(self._hand_over, job)
            await self._settle(job, posted)
        except ConversationUnknown:
            return "erased"
        except StoreError as error:
            # The lease runs out, and somebody tries again.
            logger.error("e-mail %s failed: %s", job.id, type(error).__name__)
            return "failed"
        return posted.fate.value

    def _decent_time(self, job: EmailJob) -> datetime:
        """Now, or the first moment of the patient's day. Who is asked for a code is awake and waits for it."""
        now = self._clock()
        return now if job.kind is EmailKind.CODE else daytime(now, ZoneInfo(job.timezone or "UTC"))

    def _hand_over(self, job: EmailJob) -> Posted:
        token = None
        if job.kind is not EmailKind.CODE:
            token = self._store.issue_move_token(job.conversation_id, LINK_VALID)
        return self._post.deliver(self._letters.write(job, token, self._clock()))

    async def _settle(self, job: EmailJob, posted: Posted) -> None:
        if posted.fate is Fate.SENT:
            await asyncio.to_thread(self._store.email_sent, job)
            return
        logger.warning("e-mail %s, try %d: %s %s", job.id, job.attempts, posted.fate.value, posted.why)
        if posted.fate is Fate.LATER:
            at = self._clock() + PAUSES[min(job.attempts, len(PAUSES)) - 1]
            await asyncio.to_thread(self._store.email_later, job, at, posted.why)
            return
        refused = posted.fate is Fate.REFUSED
        given_up = await asyncio.to_thread(self._store.email_failed, job, posted.why, address_fails=refused)
        if given_up and refused and job.kind is EmailKind.CODE:
            await self._conversations.contact(job.conversation_id, _ask_again)


def _ask_again(turn: Turn) -> None:
    """The patient waits for a code that cannot come: ask for the address once more."""
    if turn.email is None or turn.email.failed_at is None:
        return
    words = mail_texts()
    no = (words["refused_no"], {"field": EMAIL_ADDRESS, "value": "no"})
    turn.say(words["refused"], "question", EMAIL_ADDRESS, "choice", [no], key="email_refused")
