"""A process that is killed at any moment loses nothing it acknowledged and leaves nothing half done."""

from __future__ import annotations

import signal

import pytest

from bot.store import Database, Store
from tests.store.turn_writer import answer_what_waits, start_writer, whole_turns


def messages_of_the_patient(store: Store, conversation_id: str) -> int:
    lines = store.messages_after(conversation_id, 0, limit=10_000)
    return sum(line.sender == "patient" for line in lines)


def assert_sound(database: Database) -> None:
    if database.is_sqlite:
        with database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_a_process_killed_again_and_again_leaves_whole_turns(
    url: str, database: Database, store: Store
) -> None:
    conversation, _ = store.open_conversation("web")
    acknowledged = {"accepted": 0, "answered": 0}
    for run, lines_to_live in enumerate((9, 20, 14)):
        with start_writer(url, conversation.id, f"run {run}", "1000000") as process:
            assert process.stdout is not None
            for number, line in enumerate(process.stdout, start=1):
                acknowledged[line.split()[0]] += 1
                if number == lines_to_live:
                    process.kill()
        assert process.returncode == -signal.SIGKILL

        # One more of each may be durable than the process had time to say.
        answered = whole_turns(database, conversation.id)
        assert acknowledged["answered"] <= answered <= acknowledged["answered"] + run + 1
        accepted = messages_of_the_patient(store, conversation.id)
        assert acknowledged["accepted"] <= accepted <= acknowledged["accepted"] + run + 1
    assert_sound(database)
    answer_what_waits(store, conversation.id)
    assert whole_turns(database, conversation.id) == messages_of_the_patient(store, conversation.id)


@pytest.mark.parametrize(
    "statement", ["INSERT INTO plan_reasons", "INSERT INTO tracker_events", "UPDATE conversations", "COMMIT"]
)
def test_a_process_killed_in_the_middle_of_a_commit_leaves_nothing_of_it(
    url: str, database: Database, store: Store, statement: str
) -> None:
    conversation, _ = store.open_conversation("web")
    # Accepting a message updates the conversation too, so there the second time is the first turn.
    turns_before = 0 if statement == "UPDATE conversations" else 1
    process = start_writer(url, conversation.id, "run", "5", statement)
    output, errors = process.communicate()
    assert process.returncode == -signal.SIGKILL, errors
    assert output.split().count("accepted") == turns_before + 1
    assert whole_turns(database, conversation.id) == turns_before
    waiting = store.next_inbound(conversation.id)
    assert waiting is not None
    assert waiting.text == f"message {turns_before} of run"
    answer_what_waits(store, conversation.id)
    assert whole_turns(database, conversation.id) == turns_before + 1
    assert_sound(database)
