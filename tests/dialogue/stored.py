"""What a conversation left in the store of a running server, read as an operator would."""

from __future__ import annotations

from typing import Any

from bot.store import Case, Database, Store, system_clock
from tests.chat_server import ChatServer


def stored_case(server: ChatServer, conversation: str) -> Case:
    """The newest episode of a conversation, from the server's own database."""
    database = Database(server.database_url)
    store = Store(database, clock=system_clock)
    try:
        [episode] = [row.episode for row in store.episodes() if row.conversation == conversation]
        return store.case(episode)
    finally:
        store.close()


def facts_of(case: Case) -> dict[str, Any]:
    """Field to value, the newest report that was not taken back."""
    return {fact.field: fact.value for fact in case.facts if not fact.retracted}


def words_of(case: Case) -> dict[str, str | None]:
    return {fact.field: fact.words for fact in case.facts if not fact.retracted}


def statuses_of(case: Case) -> dict[str, str]:
    """Option id to its status in the newest plan; empty without a plan."""
    return (
        {option["id"]: option["status"] for option in case.plans[-1].assessment["options"]}
        if case.plans
        else {}
    )
