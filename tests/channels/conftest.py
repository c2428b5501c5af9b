"""A fake dialogue behind the real web chat on a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.limits import ChatLimits
from bot.channels.web import chat_app
from tests.channels.fakes import FakeConversations
from tests.channels.serving import serving


@dataclass(frozen=True)
class Patient:
    """A client with a conversation of its own."""

    client: httpx.AsyncClient
    conversation: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def send(self, **body: object) -> httpx.Response:
        return await self.client.post("/chat/messages", json=body, headers=self.headers)

    async def send_raw(self, body: bytes, media_type: str = "application/json") -> httpx.Response:
        headers = {**self.headers, "Content-Type": media_type}
        return await self.client.post("/chat/messages", content=body, headers=headers)

    async def read(self, after: object = 0, wait: object = 0) -> httpx.Response:
        return await self.client.get(
            "/chat/messages", params={"after": str(after), "wait": str(wait)}, headers=self.headers
        )

    async def newest_choices(self) -> dict[str, str]:
        """Label to id, for the last question that offers choices."""
        messages = (await self.read()).json()["messages"]
        asked = [message for message in messages if message["choices"]][-1]
        return {choice["label"]: choice["id"] for choice in asked["choices"]}


@dataclass
class Clock:
    """Seconds that pass only when a test lets them."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def chat(
    dialogue: FakeConversations, limits: ChatLimits | None = None, clock: Clock | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the web chat around `dialogue`."""
    app = chat_app(dialogue, limits=limits, clock=clock or Clock())
    async with serving(app) as url, httpx.AsyncClient(base_url=url, timeout=20) as client:
        yield client


async def new_patient(client: httpx.AsyncClient) -> Patient:
    opened = (await client.post("/chat/sessions", json={})).json()
    return Patient(client, opened["conversation"], opened["token"])


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """The status and the kind of a refusal, after checking that it is a whole RFC 9457 problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert problem["detail"]
    return answer.status_code, problem["type"].removeprefix("urn:backplan:problem:")


@pytest.fixture
def dialogue() -> FakeConversations:
    return FakeConversations()


class Stage:
    """One server for all tests: it serves whichever application stands on it, since starting one takes time."""

    def __init__(self) -> None:
        self.app: ASGIApp = Starlette()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage() -> AsyncIterator[tuple[Stage, str]]:
    stage = Stage()
    async with serving(stage) as url:
        yield stage, url


@pytest_asyncio.fixture
async def client(dialogue: FakeConversations, stage: tuple[Stage, str]) -> AsyncIterator[httpx.AsyncClient]:
    stage[0].app = chat_app(dialogue, clock=Clock())
    async with httpx.AsyncClient(base_url=stage[1], timeout=20) as client:
        yield client


@pytest_asyncio.fixture
async def patient(client: httpx.AsyncClient) -> Patient:
    return await new_patient(client)
