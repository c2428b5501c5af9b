"""Whatever comes in, the answer is a success or a problem that the client can mend; never a failure of ours."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.limits import ChatLimits, Rate
from tests.channels.conftest import Patient, chat, new_patient, problem_of
from tests.channels.fakes import FakeConversations

UNLIMITED = Rate(burst=10**9, per_second=1)
GENEROUS = ChatLimits(sessions=UNLIMITED, messages=UNLIMITED, unknown_tokens=UNLIMITED)
MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
any_json = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
message_like = st.dictionaries(
    st.sampled_from(["text", "choices", "client_id", "sender", "metadata", ""]), any_json, max_size=5
)
session_like = st.dictionaries(st.sampled_from(["timezone", "locale", "sender"]), any_json, max_size=3)
header_text = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def anyone() -> AsyncIterator[Patient]:
    async with chat(FakeConversations(), GENEROUS) as client:
        yield await new_patient(client)


def assert_taken_or_refused(answer: httpx.Response, *successes: int) -> None:
    if answer.status_code not in successes:
        assert 400 <= problem_of(answer)[0] < 500


@MANY
@given(body=st.binary(max_size=300))
async def test_bytes_of_any_kind_never_fail(anyone: Patient, body: bytes) -> None:
    assert_taken_or_refused(await anyone.send_raw(body), 202)


@MANY
@given(body=any_json | message_like)
async def test_messages_of_any_shape_never_fail(anyone: Patient, body: object) -> None:
    assert_taken_or_refused(await anyone.send_raw(json.dumps(body).encode()), 202)


@MANY
@given(text=st.text(max_size=200))
async def test_texts_of_any_characters_never_fail(anyone: Patient, text: str) -> None:
    body = json.dumps({"text": text, "client_id": json.dumps(text)[:100]}).encode()
    assert_taken_or_refused(await anyone.send_raw(body), 202)


@MANY
@given(body=any_json | session_like)
async def test_sessions_of_any_shape_never_fail(anyone: Patient, body: object) -> None:
    answer = await anyone.client.post(
        "/chat/sessions", content=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    assert_taken_or_refused(answer, 201)


@MANY
@given(cut=st.integers(0, 60), junk=st.binary(max_size=5))
async def test_json_broken_anywhere_never_fails(anyone: Patient, cut: int, junk: bytes) -> None:
    whole = json.dumps({"client_id": "one", "text": "my back hurts \ud83d"}).encode()
    assert_taken_or_refused(await anyone.send_raw(whole[:cut] + junk + whole[cut + 1 :]), 202)


@MANY
@given(after=st.text(max_size=20), authorization=header_text, last_seen=header_text, media_type=header_text)
async def test_queries_and_headers_of_any_kind_never_fail(
    anyone: Patient, after: str, authorization: str, last_seen: str, media_type: str
) -> None:
    client = anyone.client
    assert_taken_or_refused(await anyone.read(after=after.encode("utf-8", "replace").decode()), 200)
    assert_taken_or_refused(
        await client.get("/chat/messages", headers={"Authorization": f"Bearer {authorization}"}), 200
    )
    assert_taken_or_refused(
        await client.head("/chat/events", headers={**anyone.headers, "Last-Event-ID": last_seen}), 200, 422
    )
    assert_taken_or_refused(
        await client.post(
            "/chat/messages", content=b"{}", headers={**anyone.headers, "Content-Type": media_type}
        )
    )
