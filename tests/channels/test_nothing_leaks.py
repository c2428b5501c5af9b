"""What a patient wrote reaches no log and no error, at any level, on any path that fails."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from bot.store.errors import ClientIdReused, ConversationUnknown, StoreUnavailable, UnknownChoice
from tests.channels.conftest import Patient
from tests.channels.fakes import FakeConversations, Line
from tests.channels.raw import connected, request_head

MARKER = "numb-between-the-legs-7261"


class Everything(logging.Handler):
    """Keeps all that is logged on the server's side, tracebacks and arguments included."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(("httpx", "httpcore")):
            return  # The patient's own side of the connection.
        self.lines.append(f"{record.name}: {record.getMessage()} {record.args!r}")
        if record.exc_info:
            self.lines += traceback.format_exception(*record.exc_info)


@pytest.fixture
def logged(client: httpx.AsyncClient) -> Iterator[Everything]:
    everything = Everything()
    # The access log is off, as in the chat server: it would hold addresses that a client can fill.
    loggers = [logging.getLogger(name) for name in ("", "uvicorn", "uvicorn.error")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(everything)
        logger.setLevel(1)
    yield everything
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(everything)
        logger.setLevel(level)


def assert_silent(logged: Everything, capfd: pytest.CaptureFixture[str]) -> None:
    printed = capfd.readouterr()
    assert not [line for line in [*logged.lines, printed.out, printed.err] if MARKER in line]


def bug(error: Exception) -> Exception:
    """An error of a library: it quotes what it was given, and so does its cause."""
    error.__cause__ = ValueError(f"could not handle {MARKER}")
    return error


async def test_refused_messages_are_quoted_nowhere(
    client: httpx.AsyncClient, patient: Patient, logged: Everything, capfd: pytest.CaptureFixture[str]
) -> None:
    refused = [
        await patient.send(text=MARKER),
        await patient.send(text=MARKER, client_id=""),
        await patient.send(text=f"{MARKER}\x00", client_id="one"),
        await patient.send(text=MARKER * 400, client_id="two"),
        await patient.send(text=MARKER, client_id="three", **{MARKER: MARKER}),
        await patient.send(text=[MARKER], client_id=MARKER),
        await patient.send(choices=[MARKER], client_id="four"),
        await patient.send_raw(f'{{"text": "{MARKER}'.encode()),
        await patient.send_raw(f'["{MARKER}"]'.encode()),
        await patient.send_raw(f'{{"text": "{MARKER}"}}'.encode(), "text/plain"),
        await patient.send_raw(MARKER.encode() * 4000),
        await patient.read(after=MARKER),
        await client.post("/chat/sessions", json={"timezone": MARKER}),
        await client.get(f"/chat/{MARKER}"),
        await client.get("/chat/messages", headers={"Authorization": f"Bearer {MARKER}"}),
        await client.get("/chat/events", headers={**patient.headers, "Last-Event-ID": MARKER}),
    ]
    assert all(400 <= answer.status_code < 500 for answer in refused)
    assert not [answer.text for answer in refused if MARKER in answer.text]
    assert_silent(logged, capfd)


@pytest.mark.parametrize(
    "error",
    [
        bug(RuntimeError(f"while reading {MARKER}")),
        bug(KeyError(MARKER)),
        bug(StoreUnavailable("OperationalError", "locked")),
        bug(ConversationUnknown(MARKER)),
        bug(ClientIdReused(MARKER)),
        bug(UnknownChoice(MARKER)),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_failures_behind_the_channel_are_quoted_nowhere(
    client: httpx.AsyncClient,
    patient: Patient,
    dialogue: FakeConversations,
    logged: Everything,
    capfd: pytest.CaptureFixture[str],
    error: Exception,
) -> None:
    dialogue.fails_with = error
    answers = [
        await patient.send(text=MARKER, client_id=MARKER),
        await patient.read(),
        await client.post("/chat/sessions"),
        await client.get("/chat/events", headers=patient.headers),
        await client.get("/readyz"),
    ]
    assert all(answer.status_code >= 400 for answer in answers)
    assert not [answer.text for answer in answers if MARKER in answer.text]
    assert_silent(logged, capfd)


async def test_a_stream_that_fails_in_the_middle_says_only_that(
    patient: Patient,
    dialogue: FakeConversations,
    logged: Everything,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async with patient.client.stream("GET", "/chat/events", headers=patient.headers) as response:
        lines = response.aiter_lines()
        assert await lines.__anext__() == "retry: 2000"
        dialogue.fails_with = bug(RuntimeError(f"while reading {MARKER}"))
        dialogue.say(patient.conversation, Line(MARKER))
        with pytest.raises(httpx.RemoteProtocolError):
            await asyncio.wait_for(_read_all(lines), 10)
    assert any("events failed: RuntimeError" in line for line in logged.lines)
    assert_silent(logged, capfd)


async def _read_all(lines: AsyncIterator[str]) -> None:
    async for _ in lines:
        pass


async def test_requests_that_are_no_http_are_quoted_nowhere(
    client: httpx.AsyncClient, logged: Everything, capfd: pytest.CaptureFixture[str]
) -> None:
    for line in (
        f"{MARKER}\r\n\r\n",
        f"POST /{MARKER} HTTP/9.9\r\n\r\n",
        f"GET / HTTP/1.1\r\n{MARKER}\r\n\r\n",
    ):
        async with connected(str(client.base_url)) as raw:
            await raw.send(line.encode())
            assert await asyncio.wait_for(raw.reader.read(), 10)
    assert_silent(logged, capfd)


async def test_a_client_that_leaves_in_the_middle_of_a_message_is_no_error(
    client: httpx.AsyncClient, patient: Patient, logged: Everything, capfd: pytest.CaptureFixture[str]
) -> None:
    head = request_head(
        "POST",
        "/chat/messages",
        content_length="1000",
        content_type="application/json",
        authorization=f"Bearer {patient.token}",
    )
    async with connected(str(client.base_url)) as raw:
        await raw.send(head + f'{{"text": "{MARKER}'.encode())
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.05)
    assert (await patient.read()).status_code == 200
    assert not [line for line in logged.lines if "failed" in line]
    assert 'status="500"' not in (await client.get("/metrics")).text
    assert_silent(logged, capfd)


async def test_the_secret_of_a_conversation_is_logged_nowhere(
    patient: Patient, dialogue: FakeConversations, logged: Everything, capfd: pytest.CaptureFixture[str]
) -> None:
    await patient.read()
    await patient.send(text="hello", client_id="one")
    dialogue.fails_with = RuntimeError(patient.token)
    assert (await patient.read()).status_code == 500
    assert not [line for line in [*logged.lines, *capfd.readouterr()] if patient.token in line]
