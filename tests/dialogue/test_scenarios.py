"""Every YAML scenario, played against the trained model through the public web API."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.review.decisions import told_of_question
from bot.store import Database, Message, Store, system_clock
from tests.chat_server import ChatServer
from tests.dialogue.passing_time import let_pass
from tests.dialogue.patient import Patient
from tests.dialogue.scenario import (
    THE_END,
    Scenario,
    Step,
    check_answer,
    check_end,
    scenarios,
    tap_on_older,
)

ALL = tuple(scenarios())


@pytest.fixture(scope="module")
def database(server: ChatServer) -> Iterator[Database]:
    opened = Database(server.database_url)
    yield opened
    opened.dispose()


@pytest.mark.parametrize("scenario", ALL, ids=[scenario.name for scenario in ALL])
def test_scenario(scenario: Scenario, server: ChatServer, database: Database) -> None:
    store = Store(database, clock=system_clock)
    patient = Patient(server.url, timezone=scenario.zone)
    for step in scenario.steps:
        before = patient.seen
        play(step, scenario, patient, database)
        check_answer(step, bot_messages(store, patient, before))
    here = conversation_of(store, patient)
    assert (here != patient.conversation) is scenario.then.get("erased", False)
    mine = [row.episode for row in store.episodes() if row.conversation == here]
    if here != patient.conversation:
        assert store.messages_after(patient.conversation, 0) == []
    if mine or not scenario.then.get("erased", False):
        check_end(scenario.then, store.case(mine[0]), len(mine))


def test_there_are_enough_scenarios_each_with_a_name_of_its_own() -> None:
    names = [scenario.name for scenario in ALL]
    assert len(set(names)) == len(names) >= 60


def play(step: Step, scenario: Scenario, patient: Patient, database: Database) -> None:
    if step.does == "until":
        until = None if step.what == THE_END else step.what
        patient.answer_all(scenario.answers, until=until, limit=60)
        assert until is None or patient.asks == until, f"{until} is never asked: {patient.questions_asked}"
    elif step.does == "patient":
        patient.say(step.what)
    elif step.does == "tap":
        patient.tap(*step.what)
    elif step.does == "tap_on":
        [(field, labels)] = step.what.items()
        tap_on_older(patient, field, labels)
    elif step.does == "together":
        for text in step.what:
            body = {"text": text, "client_id": uuid.uuid4().hex}
            assert patient.http.post("/chat/messages", json=body).status_code == 202
        patient.listen()
        patient.listen_until_settled()
    elif step.does == "clinician":
        ask_as_a_clinician(database, patient, step.what)
    else:
        let_pass(database, patient.conversation, timedelta(**step.what))


def ask_as_a_clinician(database: Database, patient: Patient, question: str) -> None:
    """As the console does it."""
    store = Store(database, clock=system_clock)
    doctor = store.clinician("dr.rossi") or store.set_password(
        store.issue_setup_token("dr.rossi"), "$argon2id$a-hash"
    )
    [episode] = [row.episode for row in store.episodes() if row.conversation == patient.conversation]
    told = told_of_question(doctor.name, question)
    store.add_remark(episode, doctor.id, "question", question, told)
    patient.listen()


def bot_messages(store: Store, patient: Patient, after: int) -> list[Message]:
    said = store.messages_after(conversation_of(store, patient), after)
    return [message for message in said if message.sender == "bot"]


def conversation_of(store: Store, patient: Patient) -> str:
    """Where the patient is now: who has everything deleted goes on in a conversation with no past."""
    found = store.conversation_for_token(patient.token)
    assert found is not None
    return found.id
