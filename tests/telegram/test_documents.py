"""The patient's document in Telegram: sent in its place in the order, whatever happens on the way."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.channels.telegram import sender, texts
from tests.telegram.bot_api import BotApi, Refused, script
from tests.telegram.clinic import clinic
from tests.telegram.phone import Phone

PDF = b"%PDF-1.7 not really"


async def no_wait(_seconds: float) -> None:
    await asyncio.sleep(0.01)


async def test_the_document_comes_in_its_place_with_the_words_as_its_caption(
    database_url: str, api: BotApi, api_url: str, phone: Phone
) -> None:
    made_for: list[str] = []

    def make(conversation_id: str) -> bytes:
        made_for.append(conversation_id)
        return PDF

    async with clinic(database_url, api, api_url, documents=make) as running:
        for said in ("one", "pdf", "two"):
            await phone.say(said)
        await phone.sees("You said: two")
        assert phone.screen[2:] == ["You said: one", "Here is your plan.", "You said: two"]
        assert made_for == [running.id_of(phone)]
    [document] = phone.chat.documents
    assert (document["file_name"], document["mime_type"]) == (texts.FILE_NAME, "application/pdf")
    assert api.files[document["file_id"]] == PDF


async def test_faults_on_the_way_are_borne_and_it_comes_once(
    database_url: str, api: BotApi, api_url: str, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SECONDS_FOR_A_REQUEST", 0.4)
    api.faults_of = ("sendDocument",)
    api.faults.extend(script("429:1", "500", "reset", "timeout:0.6", "502"))
    async with clinic(database_url, api, api_url, documents=lambda _: PDF, sleep=no_wait):
        await phone.say("pdf")
        await phone.sees("Here is your plan.")
        await phone.say("after")
        await phone.sees("You said: after")
    assert phone.screen[2:] == ["Here is your plan.", "You said: after"]
    assert not api.faults


async def test_what_cannot_be_made_is_said_and_no_word_of_the_reason_is_logged(
    database_url: str, api: BotApi, api_url: str, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_conversation_id: str) -> bytes:
        raise RuntimeError("my back hurts")

    with caplog.at_level(logging.DEBUG, "bot"):
        async with clinic(database_url, api, api_url, documents=fails):
            await phone.say("pdf")
            await phone.sees(texts.NO_DOCUMENT)
    assert phone.chat.documents == []
    assert "RuntimeError" in caplog.text
    assert "my back hurts" not in caplog.text


async def test_a_document_that_telegram_refuses_is_said_too(
    database_url: str, api: BotApi, api_url: str, phone: Phone
) -> None:
    async with clinic(database_url, api, api_url, documents=lambda _: b"") as running:
        await phone.say("pdf")
        await phone.sees(texts.NO_DOCUMENT)
        assert running.store.is_reachable(running.id_of(phone))


async def test_somebody_who_blocked_the_bot_gets_none_and_is_flagged(
    database_url: str, api: BotApi, api_url: str, phone: Phone
) -> None:
    async with clinic(database_url, api, api_url, documents=lambda _: PDF) as running:
        await phone.say("/start")
        await phone.sees("Hello")
        phone.chat.refusal = Refused(403, "Forbidden: bot was blocked by the user")
        await phone.say("pdf")
        await running.settled()
        assert not running.store.is_reachable(running.id_of(phone))
