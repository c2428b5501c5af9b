"""A message of one megabyte is refused at once, while everybody else keeps being answered."""

from __future__ import annotations

import asyncio
import sys
import time

import httpx

from tests.channels.conftest import Patient, new_patient, problem_of

MEGABYTE = b'{"client_id": "big", "text": "' + b"a" * 1_000_000 + b'"}'


async def test_a_megabyte_is_refused_while_another_conversation_keeps_answering(
    client: httpx.AsyncClient, patient: Patient
) -> None:
    other = await new_patient(client)
    refusals: list[float] = []
    replies: list[float] = []

    async def send_megabytes() -> None:
        for _ in range(10):
            started = time.perf_counter()
            refused = await patient.send_raw(MEGABYTE)
            refusals.append(time.perf_counter() - started)
            assert problem_of(refused) == (413, "body-too-large")

    async def converse() -> None:
        for number in range(20):
            started = time.perf_counter()
            sent = await other.send(text=f"message {number}", client_id=str(number))
            seq = sent.json()["seq"]
            answer = (await other.read(after=seq, wait=20)).json()["messages"][0]
            replies.append(time.perf_counter() - started)
            assert answer["text"] == f"You said: message {number}"

    await asyncio.gather(send_megabytes(), send_megabytes(), converse())
    assert (await patient.send(text="a short one", client_id="small")).status_code == 202
    sys.stdout.write(
        f"1 MB refused after {1000 * max(refusals):.1f} ms at most; "
        f"meanwhile the slowest reply to the other patient took {1000 * max(replies):.1f} ms\n"
    )


async def test_refusing_a_megabyte_leaves_nothing_behind(client: httpx.AsyncClient, patient: Patient) -> None:
    await patient.send_raw(MEGABYTE)
    assert [message["seq"] for message in (await patient.read()).json()["messages"]] == [1, 2]
