"""The chat server dies in the middle of a turn: no acknowledged answer is lost, no plan stands twice."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.chat_server import ChatServer
from tests.dialogue.answers import ACUTE_UNCOMPLICATED
from tests.dialogue.patient import Patient
from tests.dialogue.stored import stored_case

ROUNDS = 4


@pytest.fixture
def mortal(models: Path, tmp_path: Path) -> Iterator[ChatServer]:
    """A server of its own, to be killed."""
    server = ChatServer(tmp_path / "home", models).start()
    yield server
    server.stop()


def _killed_after(server: ChatServer, seconds: float) -> None:
    timer = threading.Timer(seconds, server.kill)
    timer.start()
    timer.join()


def _answer_once(patient: Patient) -> str | None:
    """Send the next answer; the client id is returned when the server acknowledged it."""
    body, client_id = patient.body_for(ACUTE_UNCOMPLICATED), patient.new_client_id()
    try:
        answer = patient.http.post("/chat/messages", json={**body, "client_id": client_id}, timeout=5)
    except httpx.TransportError:
        return None
    return client_id if answer.status_code == 202 else None


def test_killed_in_the_middle_of_turns_nothing_acknowledged_is_lost_and_one_plan_stands(
    mortal: ChatServer,
) -> None:
    chance = random.Random(20261125)
    patient = Patient(mortal.url)
    acknowledged = 0
    for _ in range(ROUNDS):
        patient.answer_all(ACUTE_UNCOMPLICATED, limit=chance.randrange(3, 7), partly=True)
        killer = threading.Thread(target=_killed_after, args=(mortal, chance.uniform(0.0, 0.06)))
        killer.start()
        acknowledged += _answer_once(patient) is not None
        killer.join()
        mortal.start()
        patient.listen_until_settled()
    patient.answer_all(ACUTE_UNCOMPLICATED)

    case = stored_case(mortal, patient.conversation)
    numbers = [message.seq for message in case.messages]
    assert numbers == list(range(1, len(numbers) + 1))
    typed_by_patient = [m for m in case.messages if m.sender == "patient"]
    assert len(typed_by_patient) == len([m for m in patient.transcript if m["from"] == "patient"])
    assert [plan.version for plan in case.plans] == [1]
    assert len({check_in.kind for check_in in case.check_ins}) == len(case.check_ins)


def test_killed_while_the_plan_is_made_the_plan_stands_once(mortal: ChatServer) -> None:
    patient = Patient(mortal.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="read_back")
    for delay in (0.005, 0.02, 0.05):
        killer = threading.Thread(target=_killed_after, args=(mortal, delay))
        killer.start()
        if patient.asks == "read_back":
            _answer_once(patient)
        killer.join()
        mortal.start()
        time.sleep(0.2)
        patient.listen_until_settled()
    if patient.asks == "read_back":
        patient.answer_all(ACUTE_UNCOMPLICATED)
    case = stored_case(mortal, patient.conversation)
    assert [(plan.version, plan.status) for plan in case.plans] == [(1, "draft")]
    assert case.episode.status == "planned"
    assert sum(message.key == "utter_plan_intro" for message in case.messages) == 1
