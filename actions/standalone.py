"""Actions under `rasa run actions`: each call is a turn of its own, committed when the action ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from actions.base import Services
from bot.clinical.rulebook import default_rulebook
from bot.settings import Settings
from bot.store import Database, Store, Turn, system_clock

CHANNEL = "rasa"


class StoredTurns:
    """Opens a turn for a Rasa sender, and commits it: there is no agent of ours around the action."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def of(self, conversation_id: str) -> Iterator[Turn]:
        conversation = self._store.conversation_for_external(CHANNEL, conversation_id)
        if conversation is None:
            conversation, _ = self._store.open_conversation(CHANNEL, external_id=conversation_id)
        turn = self._store.begin_turn(conversation.id, None)
        yield turn
        self._store.commit_turn(turn)


def services_from_environment() -> Services:
    """Services on the store that the settings name; the database is brought up to date first."""
    settings = Settings.from_env(os.environ)
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    database.migrate()
    return Services(
        turns=StoredTurns(Store(database, clock=system_clock)),
        rulebook=default_rulebook(),
        guideline_profile=settings.guideline_profile,
        country=settings.country,
        emails=settings.smtp is not None,
    )
