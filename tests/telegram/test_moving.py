"""A web conversation goes on in Telegram by a link that works once."""

from __future__ import annotations

import httpx

from bot.channels.telegram import texts
from tests.telegram.clinic import Clinic
from tests.telegram.phone import Phone, until


async def web_patient(running: Clinic, said: str) -> tuple[str, dict[str, str]]:
    """The conversation's id, and the header that continues it on the web, once what was said is answered.

    A conversation that is moved while a turn is being played plays that turn again.
    """
    async with httpx.AsyncClient(base_url=running.url) as web:
        opened = (await web.post("/chat/sessions", json={})).json()
        headers = {"Authorization": f"Bearer {opened['token']}"}
        sent = await web.post("/chat/messages", json={"text": said, "client_id": "one"}, headers=headers)
        after = {"after": str(sent.json()["seq"]), "wait": "20"}
        assert (await web.get("/chat/messages", params=after, headers=headers)).json()["messages"]
    return opened["conversation"], headers


async def link(running: Clinic, headers: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient(base_url=running.url) as web:
        return await web.post("/chat/telegram", headers=headers)


async def test_a_link_from_the_web_chat_continues_it_in_telegram(polling: Clinic, phone: Phone) -> None:
    await until(lambda: polling.api.commands)
    conversation, headers = await web_patient(polling, "fever")
    answer = await link(polling, headers)
    assert answer.status_code == 201
    url = answer.json()["url"]
    assert url.startswith("https://t.me/backplan_test_bot?start=")
    token = url.partition("start=")[2]
    await phone.say(f"/start {token}")
    await phone.sees("You said: hello")
    assert phone.screen[0] == texts.moved("https://chat.example.org")
    assert "not end-to-end encrypted" in phone.screen[0]
    assert polling.id_of(phone) == conversation
    assert polling.player.heard[conversation] == ["fever", "hello"]

    await Phone(polling.api, 666).say(f"/start {token}")
    await Phone(polling.api, 666).sees(texts.LINK_OVER, "Hello")
    assert polling.id_of(Phone(polling.api, 666)) != conversation


async def test_a_chat_with_answers_of_its_own_keeps_them(polling: Clinic, phone: Phone) -> None:
    await until(lambda: polling.api.commands)
    await phone.say("/start")
    await phone.sees("Hello")
    here = polling.id_of(phone)
    turn = polling.store.begin_turn(here)
    turn.set_status("intake")
    polling.store.commit_turn(turn)
    _, headers = await web_patient(polling, "fever")
    token = (await link(polling, headers)).json()["url"].partition("start=")[2]
    await phone.say(f"/start {token}")
    await phone.sees(texts.CHAT_IN_USE)
    assert polling.id_of(phone) == here


async def test_who_comes_by_a_clinics_invitation_is_greeted_and_nothing_is_said_of_answers_so_far(
    polling: Clinic, phone: Phone
) -> None:
    await until(lambda: polling.api.commands)
    invitation = polling.store.invite("MRN 0042")
    await phone.say(f"/start {invitation.token}")
    await phone.sees("Hello")
    assert phone.screen[0] == texts.privacy("https://chat.example.org")
    assert polling.id_of(phone) == invitation.conversation
    assert polling.heard(phone) == []
    await phone.say("it hurts")
    await phone.sees("You said: it hurts")


async def test_any_other_payload_simply_starts(polling: Clinic, phone: Phone) -> None:
    await phone.say("/start from-the-poster-in-the-waiting-room")
    await phone.sees("Hello, I am a computer program.")
    assert polling.heard(phone) == []


async def test_only_the_patient_gets_a_link(polling: Clinic) -> None:
    await until(lambda: polling.api.commands)
    assert (await link(polling, {})).status_code == 401
    assert (await link(polling, {"Authorization": "Bearer nobody"})).status_code == 401
