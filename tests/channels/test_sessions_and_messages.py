"""The web chat as any client uses it: start, say, tap, read, wait."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.channels.conftest import Patient, new_patient
from tests.channels.fakes import FakeConversations, Line


async def test_a_session_gives_a_token_and_a_greeted_conversation(client: httpx.AsyncClient) -> None:
    answer = await client.post("/chat/sessions", json={"timezone": "Europe/London", "locale": "en-GB"})
    assert answer.status_code == 201
    assert set(answer.json()) == {"token", "conversation"}
    patient = Patient(client, answer.json()["conversation"], answer.json()["token"])
    first, second = (await patient.read()).json()["messages"]
    assert first == {
        "seq": 1,
        "from": "bot",
        "at": "2026-11-23T09:00:00+00:00",
        "text": "Hello, I am a computer program.",
        "asks": None,
        "input": None,
        "choices": [],
        "kind": "info",
    }
    assert (second["asks"], second["input"], second["kind"]) == ("pain_site", "choice", "question")
    assert [choice["label"] for choice in second["choices"]] == ["Lower back", "Leg", "Not sure"]


async def test_a_session_needs_no_body_at_all(client: httpx.AsyncClient) -> None:
    assert (await client.post("/chat/sessions")).status_code == 201


async def test_the_zone_and_the_language_reach_the_dialogue(
    client: httpx.AsyncClient, dialogue: FakeConversations
) -> None:
    await client.post("/chat/sessions", json={"timezone": "Pacific/Auckland", "locale": "en-NZ"})
    assert dialogue.opened_with == [("web", "Pacific/Auckland", "en-NZ")]


async def test_a_text_is_accepted_and_answered(patient: Patient) -> None:
    accepted = await patient.send(text="my back hurts", client_id="one")
    assert (accepted.status_code, accepted.json()) == (202, {"seq": 3})
    answer = (await patient.read(after=3, wait=5)).json()
    assert [message["text"] for message in answer["messages"]] == ["You said: my back hurts"]


async def test_the_patients_own_words_are_in_the_conversation(patient: Patient) -> None:
    await patient.send(text="since monday", client_id="one")
    own = (await patient.read(after=2)).json()["messages"][0]
    assert (own["from"], own["text"], own["seq"]) == ("patient", "since monday", 3)


async def test_a_tapped_choice_reaches_the_dialogue(patient: Patient, dialogue: FakeConversations) -> None:
    choices = await patient.newest_choices()
    assert (await patient.send(choices=[choices["Leg"]], client_id="tap")).status_code == 202
    assert dialogue.heard(patient.conversation)[0].labels == ("Leg",)


async def test_a_choice_listed_twice_counts_once(patient: Patient, dialogue: FakeConversations) -> None:
    leg = (await patient.newest_choices())["Leg"]
    await patient.send(choices=[leg, leg], client_id="tap")
    assert dialogue.heard(patient.conversation)[0].labels == ("Leg",)


async def test_an_older_choice_is_taken_as_a_correction(
    patient: Patient, dialogue: FakeConversations
) -> None:
    choices = await patient.newest_choices()
    await patient.send(choices=[choices["Leg"]], client_id="first")
    assert (await patient.send(choices=[choices["Lower back"]], client_id="second")).status_code == 202
    assert [heard.labels for heard in dialogue.heard(patient.conversation)] == [("Leg",), ("Lower back",)]


async def test_a_choice_of_another_conversation_is_refused(
    client: httpx.AsyncClient, patient: Patient
) -> None:
    stranger = await new_patient(client)
    foreign = (await stranger.newest_choices())["Leg"]
    refused = await patient.send(choices=[foreign], client_id="tap")
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:backplan:problem:unknown-choice")


async def test_the_same_message_sent_twice_is_played_once(
    patient: Patient, dialogue: FakeConversations
) -> None:
    answers = [await patient.send(text="it hurts", client_id="same") for _ in range(3)]
    assert [(answer.status_code, answer.json()["seq"]) for answer in answers] == [(202, 3)] * 3
    await dialogue.settled()
    assert len(dialogue.heard(patient.conversation)) == 1


async def test_a_client_id_used_for_another_message_is_a_conflict(patient: Patient) -> None:
    await patient.send(text="it hurts", client_id="same")
    refused = await patient.send(text="it does not hurt", client_id="same")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:backplan:problem:client-id-reused")


async def test_two_patients_may_use_the_same_client_id(client: httpx.AsyncClient, patient: Patient) -> None:
    other = await new_patient(client)
    assert (await patient.send(text="mine", client_id="1")).status_code == 202
    assert (await other.send(text="theirs", client_id="1")).status_code == 202
    assert "mine" not in (await other.read()).text


async def test_a_long_poll_ends_as_soon_as_there_is_news(
    patient: Patient, dialogue: FakeConversations
) -> None:
    waiting = asyncio.create_task(patient.read(after=2, wait=20))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    dialogue.say(patient.conversation, Line("How is your back today?", "question"))
    answer = await asyncio.wait_for(waiting, 15)
    assert [message["text"] for message in answer.json()["messages"]] == ["How is your back today?"]


async def test_a_long_poll_without_news_comes_back_empty(patient: Patient) -> None:
    assert (await patient.read(after=2, wait=0.05)).json() == {"messages": [], "typing": False}


async def test_typing_shows_while_the_bot_thinks(patient: Patient, dialogue: FakeConversations) -> None:
    dialogue.may_answer.clear()
    await patient.send(text="hello", client_id="one")
    assert (await patient.read()).json()["typing"] is True
    dialogue.may_answer.set()
    await dialogue.settled()
    assert (await patient.read()).json()["typing"] is False


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Basic abc", "Bearer nobody", "Bearer " + "x" * 5000]
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/chat/messages"), ("GET", "/chat/messages"), ("GET", "/chat/events")]
)
async def test_without_a_token_that_opens_a_conversation_nothing_is_told(
    client: httpx.AsyncClient, patient: Patient, authorization: str | None, method: str, path: str
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = await client.request(method, path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_erased_conversation_lets_nobody_in(patient: Patient, dialogue: FakeConversations) -> None:
    dialogue.erase(patient.conversation)
    assert (await patient.read()).status_code == 401
    assert (await patient.send(text="hello", client_id="one")).status_code == 401
