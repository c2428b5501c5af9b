"""A fake Bot API on a real server, and a clinic whose bot talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from starlette.types import Receive, Scope, Send

from bot.store import Database
from tests.channels.serving import serving
from tests.telegram.bot_api import BotApi
from tests.telegram.clinic import Clinic, clinic, new_database
from tests.telegram.phone import Phone


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "backplan.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.dispose()
    return file


@pytest.fixture
def database_url(tmp_path: Path, template: Path) -> str:
    return new_database(tmp_path, template)


class _Stage:
    """One server for all tests; each test puts its own fake on it."""

    api: BotApi | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.api is not None
        await self.api.app(scope, receive, send)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _stage() -> AsyncIterator[tuple[_Stage, str]]:
    stage = _Stage()
    async with serving(stage) as url:
        yield stage, url


@pytest.fixture
def api(_stage: tuple[_Stage, str]) -> BotApi:
    _stage[0].api = BotApi()
    return _stage[0].api


@pytest.fixture
def api_url(_stage: tuple[_Stage, str]) -> str:
    return _stage[1]


@pytest.fixture
def phone(api: BotApi) -> Phone:
    return Phone(api)


@pytest_asyncio.fixture
async def polling(database_url: str, api: BotApi, api_url: str) -> AsyncIterator[Clinic]:
    async with clinic(database_url, api, api_url) as running:
        yield running


@pytest_asyncio.fixture
async def webhook(database_url: str, api: BotApi, api_url: str) -> AsyncIterator[Clinic]:
    async with clinic(database_url, api, api_url, webhook=True) as running:
        yield running
