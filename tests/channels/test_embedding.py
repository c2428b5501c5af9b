"""Which other sites a browser lets call the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from bot.channels.web import chat_app
from tests.channels.conftest import problem_of
from tests.channels.fakes import FakeConversations
from tests.channels.serving import serving

CLINIC = "https://clinic.example"
OTHERS = (
    "https://evil.example",
    "https://clinic.example.evil.example",
    "http://clinic.example",
    "https://clinic.example:8443",
    "https://CLINIC.example",
    "null",
)


@pytest_asyncio.fixture
async def embedded(dialogue: FakeConversations) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that lets one clinic's site embed the chat."""
    app = chat_app(dialogue, allowed_origins=(CLINIC,))
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


def preflight(client: httpx.AsyncClient, origin: str, path: str = "/chat/messages") -> httpx.Request:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    return client.build_request("OPTIONS", path, headers=headers)


async def test_a_site_on_the_list_may_call_the_chat(embedded: httpx.AsyncClient) -> None:
    allowed = await embedded.send(preflight(embedded, CLINIC))
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == CLINIC
    assert "POST" in allowed.headers["access-control-allow-methods"]
    for name in ("Authorization", "Content-Type", "Last-Event-ID"):
        assert name in allowed.headers["access-control-allow-headers"]
    opened = await embedded.post("/chat/sessions", json={}, headers={"Origin": CLINIC})
    assert opened.headers["access-control-allow-origin"] == CLINIC
    assert opened.headers["cross-origin-resource-policy"] == "cross-origin"
    assert opened.headers["vary"] == "Origin"


@pytest.mark.parametrize("origin", OTHERS)
async def test_a_site_that_is_not_on_the_list_may_not(embedded: httpx.AsyncClient, origin: str) -> None:
    refused = await embedded.send(preflight(embedded, origin))
    assert problem_of(refused) == (403, "forbidden")
    answer = await embedded.post("/chat/sessions", json={}, headers={"Origin": origin})
    for each in (refused, answer):
        assert "access-control-allow-origin" not in each.headers
        assert each.headers["cross-origin-resource-policy"] == "same-origin"


async def test_without_a_list_no_other_site_may(client: httpx.AsyncClient) -> None:
    assert problem_of(await client.send(preflight(client, CLINIC))) == (403, "forbidden")


async def test_an_error_can_be_read_by_a_site_on_the_list(embedded: httpx.AsyncClient) -> None:
    refused = await embedded.get("/chat/messages", headers={"Origin": CLINIC, "Authorization": "Bearer no"})
    assert problem_of(refused) == (401, "token-unknown")
    assert refused.headers["access-control-allow-origin"] == CLINIC
    assert refused.headers["access-control-expose-headers"] == "Retry-After"


async def test_cookies_are_never_asked_for_nor_set(embedded: httpx.AsyncClient) -> None:
    opened = await embedded.post("/chat/sessions", json={}, headers={"Origin": CLINIC})
    assert "access-control-allow-credentials" not in opened.headers
    assert "set-cookie" not in opened.headers


@pytest.mark.parametrize("path", ["/", "/metrics", "/healthz", "/page/page.css"])
async def test_nothing_but_the_chat_is_opened_to_other_sites(embedded: httpx.AsyncClient, path: str) -> None:
    answer = await embedded.get(path, headers={"Origin": CLINIC})
    assert "access-control-allow-origin" not in answer.headers
