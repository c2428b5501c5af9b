"""The webhook: only Telegram may call it, and it says yes only to what is durable."""

from __future__ import annotations

import logging

import httpx
import pytest

from bot.channels.telegram.incoming import secret_for
from bot.store import StoreUnavailable
from tests.telegram.bot_api import TOKEN, BotApi
from tests.telegram.clinic import Clinic
from tests.telegram.phone import Phone


async def test_the_webhook_is_set_with_a_secret_that_does_not_hold_the_token(
    webhook: Clinic, api: BotApi
) -> None:
    assert api.webhook["url"] == f"{webhook.url}/telegram/webhook"
    assert api.webhook["secret_token"] == secret_for(TOKEN)
    assert TOKEN.split(":")[1] not in api.webhook["secret_token"]
    assert TOKEN not in api.webhook["url"]
    assert "message" in api.webhook["allowed_updates"]


async def test_updates_come_in_by_the_webhook(webhook: Clinic, phone: Phone) -> None:
    phone.posts = True
    await phone.say("my back hurts")
    await phone.sees("You said: my back hurts")
    assert webhook.api.calls["getUpdates"] == 0


@pytest.mark.parametrize("secret", ["", "wrong", secret_for(TOKEN)[:-1], secret_for(TOKEN) + "0"])
async def test_without_the_secret_there_is_no_turn(
    webhook: Clinic, phone: Phone, api: BotApi, secret: str
) -> None:
    update = api.new_update("message", api.message_from(phone.chat, "my back hurts"))
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    async with httpx.AsyncClient() as client:
        answer = await client.post(api.webhook["url"], json=update, headers=headers)
        strange = await client.post(
            api.webhook["url"], json=update, headers={b"X-Telegram-Bot-Api-Secret-Token": b"\xff\xfe"}
        )
    assert (answer.status_code, strange.status_code) == (403, 403)
    assert webhook.store.conversation_for_external("telegram", str(phone.id)) is None
    assert webhook.player.heard == {}
    assert phone.screen == []


async def test_an_update_that_cannot_be_stored_is_asked_for_again(
    webhook: Clinic, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.posts = True
    await phone.say("/start")
    await phone.sees("Hello")
    update = webhook.api.new_update("message", webhook.api.message_from(phone.chat, "my back hurts"))
    with monkeypatch.context() as broken:
        broken.setattr(webhook.store, "accept", _unavailable)
        assert (await webhook.api.post(update)).status_code == 503
    assert (await webhook.api.post(update)).status_code == 200
    await phone.sees("You said: my back hurts")
    assert webhook.heard(phone) == ["my back hurts"]


async def test_an_update_that_breaks_us_does_not_come_for_ever(
    webhook: Clinic, phone: Phone, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    phone.posts = True
    await phone.say("/start")
    await phone.sees("Hello")
    update = webhook.api.new_update("message", webhook.api.message_from(phone.chat, "secret words"))
    with monkeypatch.context() as broken, caplog.at_level(logging.DEBUG, "bot"):
        broken.setattr(webhook.store, "accept", _bug)
        codes = [(await webhook.api.post(update)).status_code for _ in range(3)]
    assert codes == [503, 503, 200]
    assert "secret words" not in caplog.text
    assert caplog.text.count("RuntimeError") == 3


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"update_id": "x"}', b'{"message": {}}', b"\xff"]
)
async def test_what_is_no_update_is_dropped(webhook: Clinic, body: bytes) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret_for(TOKEN)}
    async with httpx.AsyncClient() as client:
        answer = await client.post(webhook.api.webhook["url"], content=body, headers=headers)
    assert answer.status_code == 200
    assert webhook.player.greetings == 0


async def test_without_a_webhook_address_there_is_no_route(polling: Clinic) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{polling.url}/telegram/webhook",
            json={"update_id": 1},
            headers={"X-Telegram-Bot-Api-Secret-Token": secret_for(TOKEN)},
        )
    assert answer.status_code == 404


def _unavailable(*_: object) -> None:
    raise StoreUnavailable("OperationalError", "locked")


def _bug(*arguments: object) -> None:
    raise RuntimeError(f"cannot take {arguments}")
