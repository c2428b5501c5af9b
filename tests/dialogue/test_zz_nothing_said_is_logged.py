"""After all the conversations of the run: nothing that a patient typed stands in the server's log."""

from __future__ import annotations

from bot.store import Database, Store, system_clock
from tests.chat_server import ChatServer
from tests.dialogue.patient import Patient

MARKER = "zanzibar-marker-words"


def test_no_typed_word_and_no_token_is_in_the_log(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.say(f"yes {MARKER}")
    patient.say(f"/{MARKER} " + "x" * 3000)
    store = Store(Database(server.database_url), clock=system_clock)
    typed = [
        message.text
        for row in store.episodes()
        for message in store.messages_after(row.conversation, 0, limit=1000)
        if message.sender == "patient" and len(message.text) > 15
    ]
    store.close()
    log = server.log.read_text(encoding="utf-8")
    assert typed
    assert not [text for text in [*typed, MARKER, patient.token] if text in log]
