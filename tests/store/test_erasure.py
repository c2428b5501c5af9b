"""An erased patient is in no table any more, and in no byte of SQLite's files."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from bot.store import ConversationUnknown, Database, Store, Told
from bot.store.email_turns import send_code
from bot.store.tables import patients
from tests.databases import SqliteFiles
from tests.store.clinic import Clinic, Clock, Patient, everything_in, option, plan, triaged


def live_through(patient: Patient, clinic: Clinic, word: str, turns: int = 3) -> None:
    """Leave `word` in every table that can hold something of a patient."""
    doctor = clinic.new_clinician()
    for number in range(turns):
        text = f"{word} {number} " + "back pain " * (number % 40)
        with patient.turn(patient.say(text)) as turn:
            if turn.episode is None:
                turn.open_episode("intake")
            turn.learn("goals", [text[:300]], text, "answer")
            turn.consent(word, True, word)
            turn.record_triage(triaged("same_day", word, rule=word))
            turn.store_plan(plan(option(word, "offered", {"rule": word, "text": word, "facts": {word: 1}})))
            turn.plan_check_ins([(f"{word} {number}", clinic.clock.now)])
            turn.raise_flag(word, "same_day", text)
            turn.say(text, choices=[(word, {"field": word, "value": word})], metadata={word: word})
            turn.append_events([{"event": "user", "text": text}])
            turn.locate(country=word)
    with patient.turn() as turn:
        turn.say(word, kind="question", asks="email_address")
    with patient.turn(patient.say(f"{word}@example.org")) as turn:
        send_code(turn, word)
    version = patient.case().plans[-1].version
    episode = patient.case().episode.id
    clinic.store.add_review(episode, doctor.id, "reject", version, word, told=[Told(word, word)])
    clinic.store.add_remark(episode, doctor.id, "question", word, [Told(word, word)])
    clinic.store.mark_seen(episode, doctor.id)
    clinic.store.claim_chat(patient.conversation.id, word, timedelta(seconds=10))
    clinic.store.issue_move_token(patient.conversation.id)


def test_nothing_of_an_erased_patient_is_left_in_any_table(
    clinic: Clinic, store: Store, database: Database
) -> None:
    patient = clinic.new_patient("telegram", external_id="word-of-the-patient")
    live_through(patient, clinic, "word-of-the-patient")
    rows = everything_in(database)
    of_nobody = {
        "clinicians",
        "clinician_sessions",
        "setup_tokens",
        "recovery_codes",
        "sign_in_tries",
        "audit",
    }
    only_ids = {"patients", "case_views", "move_tokens", "emails"}
    assert {table for table in rows if "word-of-the-patient" in repr(rows[table])} == (
        rows.keys() - of_nobody - only_ids
    )
    assert rows["move_tokens"]
    ids = [patient.id, patient.conversation.id, patient.case().episode.id]
    assert store.erase_patient(patient.id)
    left = everything_in(database)
    assert {table for table in left if left[table]} <= of_nobody
    assert not any(each in repr(left) for each in ("word-of-the-patient", *ids))


def test_erasing_leaves_every_other_patient_as_they_were(
    clinic: Clinic, store: Store, database: Database
) -> None:
    other = clinic.new_patient()
    live_through(other, clinic, "other-patient")
    before = everything_in(database)
    patient = clinic.new_patient()
    live_through(patient, clinic, "erased-patient")
    assert store.erase_patient(patient.id)
    after = everything_in(database)
    for table in before.keys() - {"setup_tokens", "clinicians"}:
        assert after[table] == before[table]


def test_an_erased_patient_is_not_let_in_again(clinic: Clinic, store: Store) -> None:
    patient = clinic.new_patient("telegram", external_id="4711")
    assert store.erase_patient(patient.id)
    assert store.conversation_for_token(patient.token) is None
    assert store.conversation_for_external("telegram", "4711") is None
    assert store.episodes() == []
    with pytest.raises(ConversationUnknown):
        store.accept(patient.conversation.id, "1", "hello?", None)


def test_erasing_twice_says_that_there_was_nobody(clinic: Clinic, store: Store) -> None:
    patient = clinic.new_patient()
    assert store.erase_patient(patient.id)
    assert not store.erase_patient(patient.id)
    assert not store.erase_patient("nobody")


def test_the_audit_log_outlives_an_erasure(clinic: Clinic, store: Store) -> None:
    patient = clinic.new_patient()
    store.write_audit("Dr Osei", "erased", patient.id)
    store.erase_patient(patient.id)
    assert [row.subject for row in store.audit_rows()] == [patient.id]
    assert store.check_audit().intact


@dataclass(frozen=True)
class Files:
    """A clinic on SQLite, and the bytes it leaves on the disk."""

    clinic: Clinic
    database: Database
    path: Path

    def count(self, word: str) -> int:
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(file.read_bytes().count(word.encode()) for file in files if file.exists())


@pytest.fixture
def files(sqlite: SqliteFiles, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    monkeypatch.setattr("bot.store.database.SECONDS_TO_WAIT_FOR_A_LOCK", 0)
    url, clock = sqlite.new(), Clock()
    database = Database(url)
    yield Files(Clinic(Store(database, clock=clock), clock), database, Path(str(make_url(url).database)))
    database.dispose()


def chat(clinic: Clinic, words: list[str]) -> list[Patient]:
    """Patients who talk in turn, at such lengths that SQLite moves their rows from page to page."""
    chatting = [clinic.new_patient() for _ in words]
    chance = random.Random(5)
    for _ in range(60):
        who = chance.randrange(len(words))
        text = words[who] + " back" * chance.choice([0, 2, 60, 600])
        with chatting[who].turn(chatting[who].say(text)) as turn:
            if turn.episode is None:
                turn.open_episode("intake")
            turn.learn("goals", [text[:250]], text, "answer")
            turn.say(text, choices=[(text, {"field": "goals", "value": text})])
            turn.append_events({"event": "user", "text": text} for _ in range(chance.randrange(6)))
            turn.store_plan(plan(option(text, "offered", {"rule": words[who], "text": text})))
            turn.raise_flag(words[who], "same_day", text)
    return chatting


def test_no_byte_of_an_erased_patient_is_left_in_the_files_of_sqlite(files: Files) -> None:
    words = ["alpaca", "badger", "cormorant", "dromedary"]
    chatting = chat(files.clinic, words)
    for erased in (2, 0):
        assert files.count(words[erased]) > 100
        assert files.clinic.store.erase_patient(chatting[erased].id)
        assert files.count(words[erased]) == 0
        assert files.count(chatting[erased].conversation.id) == 0
    assert files.count("badger") > 100
    assert files.count("dromedary") > 100
    assert chatting[1].look().latest_plan is not None


def test_what_a_reader_kept_from_being_overwritten_goes_at_the_next_erasure(
    files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    patient, next_patient, _ = chat(files.clinic, ["alpaca", "badger", "cormorant"])
    with files.database.reading() as connection:
        assert connection.execute(select(patients)).first() is not None
        assert files.clinic.store.erase_patient(patient.id)
    assert "at the next erasure" in caplog.text
    assert files.clinic.store.erase_patient(next_patient.id)
    assert files.count("alpaca") == files.count("badger") == 0
