"""Turns: begun from one snapshot, stored in one transaction."""

from __future__ import annotations

import logging

from bot.store.commits import write_turn
from bot.store.leaving import erase_and_begin_anew
from bot.store.records import PendingInbound
from bot.store.repository import Repository
from bot.store.snapshots import read_snapshot
from bot.store.turn import Turn

logger = logging.getLogger(__name__)


class Turns(Repository):
    """Begins turns and commits them."""

    def begin_turn(self, conversation_id: str, inbound: PendingInbound | None = None) -> Turn:
        """A turn over everything known as of now, answering `inbound`, or opening when that is None.

        Nothing is locked and nothing is written until `commit_turn`. Raises ConversationUnknown.
        """
        if inbound is not None and inbound.conversation_id != conversation_id:
            raise ValueError("the message belongs to another conversation")
        now = self._clock()
        with self._database.reading() as connection:
            snapshot = read_snapshot(connection, conversation_id, inbound, now)
        return Turn(snapshot, self._new_id, self._new_choice_id)

    def commit_turn(self, turn: Turn) -> None:
        """Store everything that the turn did, or nothing of it.

        A turn that erases leaves a conversation with nobody's past in it, in `turn.begun_anew`.
        Raises ConversationBusy when another turn or a review was stored since this one began, or when
        its message has been answered already; ConversationUnknown after an erasure; LeaseLost when the
        check-in that it asks is no longer claimed. A turn that could not be stored may be tried again.
        """
        with self._database.writing() as connection:
            if turn.erases:
                turn.begun_anew = erase_and_begin_anew(connection, turn, self._new_id, self._clock())
            else:
                write_turn(connection, turn, self._new_id)
        if turn.erases and not self._database.forget_deleted_pages():
            logger.warning("an erased patient's rows are gone; the file is rewritten at the next erasure")
