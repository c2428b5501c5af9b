"""The bot's name for links: asked of Telegram once, and no error of it holds the token."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.telegram_name import BotName
from tests.telegram.bot_api import BOT, TOKEN, BotApi


def settings(api_url: str, token: str = TOKEN) -> Settings:
    return dataclasses.replace(Settings(home=Path("var")), telegram_token=token, telegram_api_url=api_url)


async def test_telegram_is_asked_once(api: BotApi, api_url: str) -> None:
    before, name = api.calls["getMe"], BotName(settings(api_url))
    assert await asyncio.to_thread(name) == await asyncio.to_thread(name) == BOT["username"]
    assert api.calls["getMe"] - before == 1


async def test_a_token_that_telegram_does_not_know_gives_no_name(api: BotApi, api_url: str) -> None:
    before = api.calls["getMe"]
    assert await asyncio.to_thread(BotName(settings(api_url, "1:wrong"))) is None
    # Refused for its token, not unheard.
    assert api.calls["getMe"] == before


def test_while_nobody_answers_there_is_no_name_and_no_token_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert BotName(settings("http://127.0.0.1:9"), patience=1)() is None
    assert "AAHdqTcv" not in caplog.text
