"""Erasure: everything about one patient, gone from every table and from the database's own files."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import delete, select

from bot.store.leaving import forget_who_left
from bot.store.repository import Repository
from bot.store.tables import conversations, patients

logger = logging.getLogger(__name__)


class Erasure(Repository):
    """Forgets patients."""

    def erase_patient(self, patient_id: str) -> bool:
        """Delete the patient with all conversations, episodes and what belongs to them.

        False when there is no such patient. Audit rows stay; they hold ids and nothing a patient said.
        """
        with self._database.writing() as connection:
            # The order in which turns lock, so that neither waits for the other for ever.
            connection.execute(
                select(conversations.c.id)
                .where(conversations.c.patient_id == patient_id)
                .order_by(conversations.c.id)
                .with_for_update()
            ).all()
            erased = connection.execute(delete(patients).where(patients.c.id == patient_id))
        if not erased.rowcount:
            return False
        self._forget_pages()
        return True

    def forget_who_left(self, before: datetime) -> int:
        """Delete what is left of patients who deleted their data before then: a chat's address, and the last word.

        Those who wrote again, or still have the last word to come, stay. Gives how many went.
        """
        with self._database.writing() as connection:
            gone = forget_who_left(connection, before)
        if gone:
            self._forget_pages()
        return gone

    def _forget_pages(self) -> None:
        if not self._database.forget_deleted_pages():
            logger.warning("an erased patient's rows are gone; the file is rewritten at the next erasure")
