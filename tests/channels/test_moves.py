"""The chat goes on on another device by a link that works once."""

from __future__ import annotations

import httpx

from bot.channels.web import chat_app
from tests.channels.conftest import Patient, chat, new_patient, problem_of
from tests.channels.fakes import FakeConversations
from tests.channels.serving import serving


async def link(patient: Patient) -> dict[str, object]:
    answer = await patient.client.post("/chat/moves", json={}, headers=patient.headers)
    assert answer.status_code == 201
    return dict(answer.json())


def secret_of(offered: dict[str, object]) -> str:
    return str(offered["url"]).partition("#move=")[2]


async def arrive(client: httpx.AsyncClient, move: object) -> httpx.Response:
    return await client.post("/chat/arrivals", json={"move": move})


async def test_a_link_opens_the_same_conversation_and_closes_it_where_it_was(
    client: httpx.AsyncClient, patient: Patient
) -> None:
    arrived = await arrive(client, secret_of(await link(patient)))
    assert arrived.status_code == 201
    assert arrived.json()["conversation"] == patient.conversation
    there = Patient(client, patient.conversation, arrived.json()["token"])
    assert (await there.read()).status_code == 200
    assert problem_of(await patient.read()) == (401, "token-unknown")


async def test_the_time_zone_of_the_new_device_comes_along_and_an_unknown_one_is_no_obstacle(
    client: httpx.AsyncClient, patient: Patient, dialogue: FakeConversations
) -> None:
    for told, kept in (("Europe/London", "Europe/London"), ("Mars/Olympus", None), (7, None), (None, None)):
        body = {"move": secret_of(await link(patient)), "timezone": told}
        arrived = await client.post("/chat/arrivals", json=body)
        assert arrived.status_code == 201
        patient = Patient(client, patient.conversation, arrived.json()["token"])
        assert dialogue.arrived_with[-1] == kept


async def test_a_link_works_once(client: httpx.AsyncClient, patient: Patient) -> None:
    move = secret_of(await link(patient))
    await arrive(client, move)
    assert problem_of(await arrive(client, move)) == (410, "link-over")


async def test_a_link_is_made_only_for_whoever_holds_the_token(client: httpx.AsyncClient) -> None:
    assert problem_of(await client.post("/chat/moves", json={})) == (401, "token-missing")
    headers = {"Authorization": "Bearer made-up"}
    assert problem_of(await client.post("/chat/moves", json={}, headers=headers)) == (401, "token-unknown")


async def test_what_is_no_link_is_refused_without_repeating_it(client: httpx.AsyncClient) -> None:
    for move in ("", "a b", "x" * 101, 7, None, ["x"], "<script>"):
        answer = await arrive(client, move)
        assert problem_of(answer) == (422, "invalid-request")
        assert "<script>" not in answer.text


async def test_guessing_links_is_slowed_down(dialogue: FakeConversations) -> None:
    async with chat(dialogue) as client:
        statuses = {(await arrive(client, f"guess-{number}")).status_code for number in range(310)}
    assert statuses == {410, 429}


async def test_the_secret_of_a_link_never_reaches_a_server_log(patient: Patient) -> None:
    path, sign, _ = str((await link(patient))["url"]).partition("#move=")
    assert sign
    assert path == f"{str(patient.client.base_url).rstrip('/')}/"


async def test_a_link_names_the_address_that_patients_use(dialogue: FakeConversations) -> None:
    app = chat_app(dialogue, public_url="https://chat.example.org")
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        offered = await link(await new_patient(client))
    assert str(offered["url"]).startswith("https://chat.example.org/#move=")


async def test_the_picture_of_a_link_is_a_square_of_strokes(patient: Patient) -> None:
    picture = (await link(patient))["qr"]
    assert isinstance(picture, dict)
    # A code of 21 modules and more, with a quiet zone of two on each side; the finder pattern is its first stroke.
    assert (picture["size"] - 4 - 17) % 4 == 0
    assert picture["path"].startswith("M2 2.5h7M")


async def test_where_a_chat_can_go_on_is_told_by_the_server(
    client: httpx.AsyncClient, dialogue: FakeConversations
) -> None:
    assert (await client.get("/chat/offers")).json() == {"telegram": False, "device": True}
    async with serving(chat_app(dialogue, telegram=True)) as url, httpx.AsyncClient(base_url=url) as other:
        assert (await other.get("/chat/offers")).json() == {"telegram": True, "device": True}
