"""The conversation as server-sent events: in order, each once, resumed where the client stopped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.channels.limits import ChatLimits
from bot.store.errors import StoreUnavailable
from tests.channels.conftest import Patient, chat, new_patient, problem_of
from tests.channels.fakes import FakeConversations, Line


class Stream:
    """An open event stream, read as a browser reads it."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> tuple[int, dict[str, object]]:
        """The id and the message of the next event."""
        fields: dict[str, str] = {}
        while True:
            line = await asyncio.wait_for(anext_line(self._lines), 30)
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                return int(fields["id"]), json.loads(fields["data"])

    async def next_line(self) -> str:
        return await asyncio.wait_for(anext_line(self._lines), 30)

    async def rest(self) -> str:
        """What comes until the server ends the stream."""
        return "\n".join([line async for line in self._lines])


async def anext_line(lines: AsyncIterator[str]) -> str:
    return await lines.__anext__()


async def all_streams_closed(client: httpx.AsyncClient) -> None:
    while True:
        if "backplan_event_streams 0.0" in (await client.get("/metrics")).text:
            return


@asynccontextmanager
async def streaming(patient: Patient, **headers: str) -> AsyncIterator[Stream]:
    async with patient.client.stream(
        "GET", "/chat/events", headers={**patient.headers, **headers}
    ) as response:
        yield Stream(response)


async def test_a_stream_tells_the_whole_conversation_and_then_what_is_new(
    patient: Patient, dialogue: FakeConversations
) -> None:
    async with streaming(patient) as stream:
        assert stream.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.response.headers["cache-control"] == "no-store"
        assert [(await stream.next())[0] for _ in range(2)] == [1, 2]
        dialogue.say(patient.conversation, Line("How is your back today?", "question", "pain_now"))
        number, message = await stream.next()
        assert (number, message["text"], message["asks"]) == (3, "How is your back today?", "pain_now")


async def test_events_are_the_same_messages_as_the_long_poll_gives(patient: Patient) -> None:
    polled = (await patient.read()).json()["messages"]
    async with streaming(patient) as stream:
        assert [(await stream.next())[1] for _ in polled] == polled


async def test_a_stream_goes_on_after_the_last_event_that_the_client_saw(
    patient: Patient, dialogue: FakeConversations
) -> None:
    dialogue.say(patient.conversation, Line("three"), Line("four"))
    async with streaming(patient, **{"Last-Event-ID": "3"}) as stream:
        number, message = await stream.next()
        assert (number, message["text"]) == (4, "four")


async def test_a_first_stream_may_start_after_a_message_too(
    patient: Patient, dialogue: FakeConversations
) -> None:
    dialogue.say(patient.conversation, Line("three"))
    async with patient.client.stream("GET", "/chat/events?after=2", headers=patient.headers) as response:
        assert (await Stream(response).next())[0] == 3


async def test_nothing_is_lost_or_doubled_over_many_broken_streams(
    patient: Patient, dialogue: FakeConversations
) -> None:
    seen: list[int] = []
    for number in range(10):
        dialogue.say(patient.conversation, Line(f"news {number}"), Line(f"more {number}"))
        async with streaming(patient, **{"Last-Event-ID": str(seen[-1] if seen else 0)}) as stream:
            seen.append((await stream.next())[0])
    async with streaming(patient, **{"Last-Event-ID": str(seen[-1])}) as stream:
        seen += [(await stream.next())[0] for _ in range(22 - seen[-1])]
    assert seen == list(range(1, 23))


async def test_two_streams_of_one_conversation_tell_the_same(
    patient: Patient, dialogue: FakeConversations
) -> None:
    async with streaming(patient) as one, streaming(patient) as other:
        dialogue.say(patient.conversation, Line("three"))
        assert [await one.next() for _ in range(3)] == [await other.next() for _ in range(3)]


async def test_a_text_with_line_breaks_stays_one_event(patient: Patient) -> None:
    text = "it hurts\n\ndata: no event\nid: 99"
    await patient.send(text=text, client_id="one")
    async with streaming(patient, **{"Last-Event-ID": "2"}) as stream:
        number, message = await stream.next()
        assert (number, message["text"]) == (3, text)


async def test_a_quiet_stream_gives_signs_of_life(dialogue: FakeConversations) -> None:
    async with chat(dialogue, ChatLimits(heartbeat=0.05)) as client:
        async with streaming(await new_patient(client), **{"Last-Event-ID": "2"}) as stream:
            lines = [await stream.next_line() for _ in range(5)]
        assert lines[0] == "retry: 2000"
        assert lines.count(": here") >= 1


async def test_a_stream_ends_when_the_conversation_is_erased(dialogue: FakeConversations) -> None:
    async with chat(dialogue, ChatLimits(heartbeat=0.05)) as client:
        patient = await new_patient(client)
        async with streaming(patient) as stream:
            await stream.next()
            dialogue.erase(patient.conversation)
            await asyncio.wait_for(stream.rest(), 30)


async def test_a_stream_ends_when_the_store_fails_and_goes_on_from_there(
    patient: Patient, dialogue: FakeConversations
) -> None:
    async with streaming(patient) as stream:
        await stream.next()
        last, _ = await stream.next()
        dialogue.fails_with = StoreUnavailable("OperationalError")
        dialogue.say(patient.conversation, Line("three"))
        await asyncio.wait_for(stream.rest(), 30)
    dialogue.fails_with = None
    async with streaming(patient, **{"Last-Event-ID": str(last)}) as stream:
        assert (await stream.next())[1]["text"] == "three"


async def test_a_stream_that_the_client_left_gives_its_place_free(dialogue: FakeConversations) -> None:
    async with chat(dialogue, ChatLimits(waiting=1)) as client:
        patient = await new_patient(client)
        for _ in range(3):
            async with streaming(patient) as stream:
                await stream.next()
                assert problem_of(await client.get("/chat/events", headers=patient.headers))[0] == 429
            await asyncio.wait_for(all_streams_closed(client), 30)


@pytest.mark.parametrize("last_seen", ["x", "-1", "1.5", "9" * 16])
async def test_a_last_event_id_that_is_no_number_is_refused(patient: Patient, last_seen: str) -> None:
    headers = {**patient.headers, "Last-Event-ID": last_seen}
    refused = await patient.client.get("/chat/events", headers=headers)
    assert problem_of(refused) == (422, "invalid-request")


async def test_asking_for_the_head_of_a_stream_does_not_open_it(patient: Patient) -> None:
    answer = await patient.client.head("/chat/events", headers=patient.headers)
    assert (answer.status_code, answer.text) == (200, "")
    assert (await patient.read()).status_code == 200
