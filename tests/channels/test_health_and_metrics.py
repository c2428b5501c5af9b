"""What the people and programs that look after the server can see, and what they can not."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.channels.metrics import ChatMetrics
from bot.store.errors import StoreUnavailable
from tests.channels.conftest import Patient, problem_of
from tests.channels.fakes import FakeConversations


async def value_of(client: httpx.AsyncClient, metric: str) -> float:
    metrics = (await client.get("/metrics")).text
    found = re.search(rf"^{re.escape(metric)} (\S+)$", metrics, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


async def test_the_process_is_alive_even_when_the_store_is_not(
    client: httpx.AsyncClient, dialogue: FakeConversations
) -> None:
    dialogue.fails_with = StoreUnavailable("OperationalError")
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    assert problem_of(await client.get("/readyz")) == (503, "unavailable")


async def test_the_server_is_ready_when_the_dialogue_says_so(
    client: httpx.AsyncClient, dialogue: FakeConversations
) -> None:
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    dialogue.is_ready = False
    assert problem_of(await client.get("/readyz")) == (503, "unavailable")


async def test_messages_taps_and_replays_are_counted_apart(
    client: httpx.AsyncClient, patient: Patient
) -> None:
    choice = (await patient.newest_choices())["Leg"]
    await patient.send(text="hello", client_id="one")
    await patient.send(text="hello", client_id="one")
    await patient.send(choices=[choice], client_id="two")
    await patient.send(text="", client_id="three")
    assert await value_of(client, "backplan_sessions_total") == 1
    assert await value_of(client, 'backplan_messages_total{form="text"}') == 1
    assert await value_of(client, 'backplan_messages_total{form="choices"}') == 1
    assert await value_of(client, "backplan_replayed_messages_total") == 1
    assert await value_of(client, 'backplan_responses_total{call="messages",status="422"}') == 1


async def test_turns_are_counted_with_their_seconds() -> None:
    metrics = ChatMetrics()
    metrics.observe_turn(0.03, failed=False)
    metrics.observe_turn(3, failed=True)
    shown = bytes(metrics.response().body).decode()
    assert 'backplan_turns_total{outcome="played"} 1.0' in shown
    assert 'backplan_turns_total{outcome="failed"} 1.0' in shown
    assert 'backplan_turn_seconds_bucket{le="0.05"} 1.0' in shown


@pytest.mark.parametrize("path", ["/secret-path", "/page/secret-path", "/chat/messages/secret-path"])
async def test_metrics_hold_nothing_that_a_patient_or_a_stranger_sent(
    client: httpx.AsyncClient, patient: Patient, path: str
) -> None:
    await patient.send(text="secret-words", client_id="secret-id")
    await patient.send(text="secret-words", client_id="secret-id", secret_field=1)
    await client.get(path)
    await client.request("SECRET-METHOD", "/chat/messages")
    await client.get("/chat/messages", headers={"Authorization": "Bearer secret-token"})
    metrics = (await client.get("/metrics")).text
    assert "secret" not in metrics.lower()
    assert patient.conversation not in metrics
    assert patient.token not in metrics
