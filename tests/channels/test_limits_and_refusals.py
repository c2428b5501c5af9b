"""What the web chat refuses, and the clear words that it refuses it with."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from bot.channels.limits import ChatLimits, Rate
from bot.store.errors import MessageRefused, StoreUnavailable, TextTooLong
from tests.channels.conftest import Clock, Patient, chat, new_patient, problem_of
from tests.channels.fakes import FakeConversations
from tests.channels.raw import connected, request_head


async def test_a_message_of_4000_characters_is_taken(patient: Patient, dialogue: FakeConversations) -> None:
    assert (await patient.send(text="a" * 4000, client_id="long")).status_code == 202
    assert dialogue.heard(patient.conversation)[0].text == "a" * 4000


async def test_4000_characters_outside_the_basic_plane_fit_into_a_body(patient: Patient) -> None:
    # httpx writes UTF-8; a client that escapes everything sends twelve bytes a character.
    escaped = b'{"client_id": "long", "text": "' + b"\\ud83d\\ude00" * 4000 + b'"}'
    assert (await patient.send_raw(escaped)).status_code == 202


async def test_a_message_of_4001_characters_is_refused_with_advice(
    patient: Patient, dialogue: FakeConversations
) -> None:
    refused = await patient.send(text="a" * 4001, client_id="long")
    assert problem_of(refused) == (422, "invalid-request")
    assert refused.json()["field"] == "text"
    assert "4,000 characters" in refused.json()["detail"]
    assert "smaller parts" in refused.json()["detail"]
    assert dialogue.heard(patient.conversation) == []


async def test_ten_thousand_emoji_are_too_long(patient: Patient) -> None:
    assert problem_of(await patient.send(text="😀" * 10_000, client_id="emoji")) == (422, "invalid-request")


async def test_a_body_of_64_kib_is_read_and_one_byte_more_is_not(patient: Patient) -> None:
    body = b'{"client_id": "one", "text": "hello"}'
    assert (await patient.send_raw(body.ljust(64 * 1024))).status_code == 202
    refused = await patient.send_raw(body.ljust(64 * 1024 + 1))
    assert problem_of(refused) == (413, "body-too-large")
    assert "64 KiB" in refused.json()["detail"]
    assert "shorter message" in refused.json()["detail"]


async def test_a_large_body_is_refused_before_any_of_it_has_come(client: httpx.AsyncClient) -> None:
    async with connected(str(client.base_url)) as raw:
        await raw.send(request_head("POST", "/chat/messages", content_length="1000000"))
        assert (await raw.answer()).startswith("HTTP/1.1 413 ")


async def test_a_client_that_asks_first_is_not_told_to_go_on_with_a_large_body(
    client: httpx.AsyncClient,
) -> None:
    async with connected(str(client.base_url)) as raw:
        await raw.send(
            request_head("POST", "/chat/messages", content_length="1000000", expect="100-continue")
        )
        assert (await raw.head()).startswith("HTTP/1.1 413 ")


async def test_a_body_that_hides_its_length_is_cut_off_when_it_grows_too_large(patient: Patient) -> None:
    async def endless() -> Any:
        for _ in range(64):
            yield b" " * 16 * 1024

    headers = {**patient.headers, "Content-Type": "application/json"}
    refused = await patient.client.post("/chat/messages", content=endless(), headers=headers)
    assert problem_of(refused) == (413, "body-too-large")


async def test_a_body_that_never_ends_is_given_up(dialogue: FakeConversations) -> None:
    limits = ChatLimits(seconds_to_send_a_body=0.05)
    async with chat(dialogue, limits) as client, connected(str(client.base_url)) as raw:
        await raw.send(request_head("POST", "/chat/sessions", content_length="100") + b'{"timezone"')
        assert (await raw.answer()).startswith("HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "hello"},
        {"client_id": "one"},
        {"client_id": "one", "text": None},
        {"client_id": "one", "text": "hello", "choices": ["c"]},
        {"client_id": "one", "text": ["hello"]},
        {"client_id": "one", "text": 7},
        {"client_id": "one", "text": ""},
        {"client_id": "one", "text": " \n\t "},
        {"client_id": "one", "text": "hello", "sender": "somebody else"},
        {"client_id": "", "text": "hello"},
        {"client_id": 1, "text": "hello"},
        {"client_id": "x" * 101, "text": "hello"},
        {"client_id": "line\nbreak", "text": "hello"},
        {"client_id": "one", "choices": []},
        {"client_id": "one", "choices": "c"},
        {"client_id": "one", "choices": [1]},
        {"client_id": "one", "choices": [["c"]]},
        {"client_id": "one", "choices": ["c"] * 65},
    ],
)
async def test_a_message_that_is_not_one_is_refused(
    patient: Patient, dialogue: FakeConversations, body: dict[str, object]
) -> None:
    assert problem_of(await patient.send(**body)) == (422, "invalid-request")
    assert dialogue.heard(patient.conversation) == []


@pytest.mark.parametrize(
    "body",
    [
        b"hello",
        b'{"client_id": "one", "text": "hello"',
        b'{"client_id": "one", "text": NaN}',
        b'["client_id", "one"]',
        b"null",
        b'"/restart"',
        b"\xff\xfe{}",
        '{"client_id": "one", "text": "hello"}'.encode("utf-16"),
        b"[" * 60_000,
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(patient: Patient, body: bytes) -> None:
    assert problem_of(await patient.send_raw(body)) == (422, "invalid-request")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
async def test_only_json_is_taken_so_that_no_form_of_another_site_can_send(
    patient: Patient, media_type: str
) -> None:
    refused = await patient.send_raw(b'{"client_id": "one", "text": "hello"}', media_type)
    assert problem_of(refused) == (415, "not-json")


@pytest.mark.parametrize("text", ["it\x00hurts", "it \ud800hurts", "\udfff"])
async def test_what_is_not_text_is_refused_kindly(patient: Patient, text: str) -> None:
    escaped = "".join(f"\\u{ord(character):04x}" for character in text)
    refused = await patient.send_raw(f'{{"client_id": "one", "text": "{escaped}"}}'.encode())
    assert problem_of(refused) == (422, "invalid-request")
    assert "type it again" in refused.json()["detail"]


@pytest.mark.parametrize("choice", ["0", "a-choice-that-never-was", "é", "", "x" * 201, '/greet{"a": 1}'])
async def test_a_choice_that_was_never_offered_is_refused(patient: Patient, choice: str) -> None:
    refused = await patient.send(choices=[choice], client_id="tap")
    assert problem_of(refused) == (422, "unknown-choice")
    assert "type the answer" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("name", "value"), [("after", "-1"), ("after", "x"), ("after", "1e3"), ("wait", "-1"), ("wait", "inf")]
)
async def test_a_query_that_makes_no_sense_is_refused(patient: Patient, name: str, value: str) -> None:
    refused = await patient.read(**{name: value})
    assert problem_of(refused) == (422, "invalid-request")
    assert refused.json()["field"] == name


async def test_a_wait_beyond_the_longest_is_shortened_and_not_refused(dialogue: FakeConversations) -> None:
    async with chat(dialogue, ChatLimits(longest_wait=0.05)) as client:
        answer = await (await new_patient(client)).read(after=2, wait=9999)
        assert (answer.status_code, answer.json()["messages"]) == (200, [])


@pytest.mark.parametrize(
    "body", [{"timezone": "Mars/Olympus"}, {"timezone": 1}, {"locale": "<script>"}, {"sender": "me"}]
)
async def test_a_session_with_unusable_particulars_is_refused(
    client: httpx.AsyncClient, dialogue: FakeConversations, body: dict[str, object]
) -> None:
    assert problem_of(await client.post("/chat/sessions", json=body)) == (422, "invalid-request")
    assert dialogue.opened_with == []


async def test_unknown_addresses_and_methods_are_problems_too(client: httpx.AsyncClient) -> None:
    assert problem_of(await client.get("/webhooks/rest/webhook")) == (404, "not-found")
    assert problem_of(await client.get("/chat/messages/")) == (404, "not-found")
    refused = await client.delete("/chat/messages")
    assert problem_of(refused) == (405, "method-not-allowed")
    assert set(refused.headers["allow"].split(", ")) >= {"GET", "POST"}


async def test_a_conversation_that_floods_waits_while_another_is_served(dialogue: FakeConversations) -> None:
    clock = Clock()
    async with chat(dialogue, ChatLimits(messages=Rate(burst=3, per_second=0.5)), clock) as client:
        loud, calm = await new_patient(client), await new_patient(client)
        for number in range(3):
            assert (await loud.send(text="hello", client_id=str(number))).status_code == 202
        refused = await loud.send(text="hello", client_id="3")
        assert problem_of(refused) == (429, "too-many-requests")
        assert int(refused.headers["retry-after"]) >= 2
        assert (await calm.send(text="hello", client_id="0")).status_code == 202
        clock.now += 2
        assert (await loud.send(text="hello", client_id="3")).status_code == 202


async def test_one_address_cannot_open_chats_without_end(dialogue: FakeConversations) -> None:
    clock = Clock()
    async with chat(dialogue, ChatLimits(sessions=Rate(burst=2, per_second=1)), clock) as client:
        opened = [(await client.post("/chat/sessions")).status_code for _ in range(3)]
        assert opened == [201, 201, 429]
        clock.now += 1
        assert (await client.post("/chat/sessions")).status_code == 201


async def test_guessing_tokens_ends_in_a_429_but_never_locks_a_patient_out(
    dialogue: FakeConversations,
) -> None:
    async with chat(dialogue, ChatLimits(unknown_tokens=Rate(burst=5, per_second=1))) as client:
        patient = await new_patient(client)
        guesses = [
            (await client.get("/chat/messages", headers={"Authorization": f"Bearer guess-{number}"}))
            for number in range(6)
        ]
        assert [guess.status_code for guess in guesses] == [401] * 5 + [429]
        assert (await patient.read()).status_code == 200


async def test_one_conversation_cannot_hold_open_any_number_of_long_polls(
    dialogue: FakeConversations,
) -> None:
    async with chat(dialogue, ChatLimits(waiting=2)) as client:
        patient = await new_patient(client)
        waiting = [asyncio.create_task(patient.read(after=2, wait=20)) for _ in range(3)]
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert problem_of(done.pop().result()) == (429, "too-many-requests")
        await patient.send(text="hello", client_id="one")
        answers = [task.result().status_code for task in waiting if await asyncio.wait([task])]
        assert sorted(answers) == [200, 200, 429]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StoreUnavailable("OperationalError", "locked"), 503, "unavailable"),
        (TextTooLong(4000), 422, "invalid-request"),
        (MessageRefused("empty"), 422, "invalid-request"),
        (RuntimeError("a bug"), 500, "unexpected"),
    ],
)
async def test_a_failing_store_is_told_in_the_patients_words(
    patient: Patient, dialogue: FakeConversations, error: Exception, status: int, code: str
) -> None:
    dialogue.fails_with = error
    refused = await patient.send(text="hello", client_id="one")
    assert problem_of(refused) == (status, code)
    assert str(error) not in refused.text
    dialogue.fails_with = None
    assert (await patient.send(text="hello", client_id="one")).json() == {"seq": 3}
