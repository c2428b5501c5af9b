"""The page and the headers that keep it, and every other answer, from being misused."""

from __future__ import annotations

import re
from importlib import resources

import httpx
import pytest

from tests.channels.conftest import Patient
from tests.channels.fakes import FakeConversations

FILES = sorted(
    file.name
    for file in resources.files("bot.widget.page").iterdir()
    if file.name.endswith((".css", ".js", ".svg"))
)


async def test_the_page_is_at_the_root_and_loads_only_its_own_files(client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
    assert loaded
    for address in loaded:
        assert address.startswith("/page/") or address == "/backplan-chat.js"
        assert (await client.get(address)).status_code == 200


@pytest.mark.parametrize("name", FILES)
async def test_every_file_of_the_page_is_served_as_what_it_is(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/page/{name}")
    media_type = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}[name.rsplit(".")[-1]]
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_widget_is_one_file_that_any_site_may_load(client: httpx.AsyncClient) -> None:
    answer = await client.get("/backplan-chat.js", headers={"Origin": "https://clinic.example"})
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert not re.search(r"""\bfrom\s*["']|\bimport\s*[("']""", answer.text)


async def test_the_page_holds_no_inline_code_and_no_way_to_make_markup_of_text(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/")).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", page)
    for path in ("/backplan-chat.js", *(f"/page/{name}" for name in FILES)):
        source = (await client.get(path)).text
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source
        )


async def test_the_policy_of_the_page_allows_its_own_files_and_nothing_else(
    client: httpx.AsyncClient,
) -> None:
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in (await client.get("/")).headers["content-security-policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


async def test_a_page_file_that_did_not_change_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/backplan-chat.js")
    again = await client.get("/backplan-chat.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_page_file_comes_packed_to_whoever_can_unpack_it(client: httpx.AsyncClient) -> None:
    packed = await client.get("/backplan-chat.js", headers={"Accept-Encoding": "gzip"})
    plain = await client.get("/backplan-chat.js", headers={"Accept-Encoding": "identity"})
    assert (packed.headers["content-encoding"], plain.headers.get("content-encoding")) == ("gzip", None)
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])


async def test_the_whole_page_weighs_less_than_a_photograph(client: httpx.AsyncClient) -> None:
    sizes = [
        int((await client.get(path)).headers["content-length"])
        for path in ("/", "/backplan-chat.js", *(f"/page/{name}" for name in FILES))
    ]
    assert sum(sizes) < 17_000


async def test_nothing_but_the_files_of_the_page_is_served(client: httpx.AsyncClient) -> None:
    for path in (
        "/page/__init__.py",
        "/page/..%2f__init__.py",
        "/page/",
        "/page/../../settings.py",
        "/page/x.js",
    ):
        assert (await client.get(path)).status_code == 404


async def test_every_answer_carries_the_headers_that_guard_it(
    client: httpx.AsyncClient, patient: Patient, dialogue: FakeConversations
) -> None:
    answers = [
        await patient.read(),
        await patient.send(text="hello", client_id="one"),
        await patient.send(text="", client_id="two"),
        await patient.send_raw(b" " * 70_000),
        await client.get("/chat/messages"),
        await client.get("/nothing"),
        await client.delete("/chat/sessions"),
        await client.get("/healthz"),
        await client.get("/metrics"),
        await client.get("/"),
    ]
    dialogue.fails_with = RuntimeError()
    answers.append(await patient.read())
    assert [answer.status_code for answer in answers] == [
        200,
        202,
        422,
        413,
        401,
        404,
        405,
        200,
        200,
        200,
        500,
    ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers
    assert {answer.headers["cache-control"] for answer in answers[:-2]} == {"no-store"}
