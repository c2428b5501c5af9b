"""A fake dialogue behind the real web chat on a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

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

    async def read(self, after: int = 0, wait: float = 0) -> httpx.Response:
        return await self.client.get(
            "/chat/messages", params={"after": after, "wait": wait}, headers=self.headers
        )

    async def newest_choices(self) -> dict[str, str]:
        """Label to id, for the last question that offers choices."""
        messages = (await self.read()).json()["messages"]
        asked = [message for message in messages if message["choices"]][-1]
        return {choice["label"]: choice["id"] for choice in asked["choices"]}


@pytest.fixture
def dialogue() -> FakeConversations:
    return FakeConversations()


@pytest_asyncio.fixture
async def client(dialogue: FakeConversations) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(chat_app(dialogue)) as url, httpx.AsyncClient(base_url=url, timeout=20) as client:
        yield client


async def new_patient(client: httpx.AsyncClient) -> Patient:
    opened = (await client.post("/chat/sessions", json={})).json()
    return Patient(client, opened["conversation"], opened["token"])


@pytest_asyncio.fixture
async def patient(client: httpx.AsyncClient) -> Patient:
    return await new_patient(client)
