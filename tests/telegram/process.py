"""Starts and kills the server of `tests.telegram.served`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.chat_server import ROOT, free_port
from tests.telegram.bot_api import TOKEN
from tests.telegram.phone import until


@dataclass
class Served:
    """One server process on one database; it may be killed and started again."""

    home: Path
    api_url: str
    database: str
    arguments: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return (self.home / "server.log").read_text()

    @property
    def database_url(self) -> str:
        return self.database

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._launch()
        await self._ready()

    def _launch(self) -> None:
        environ = {
            **os.environ,
            "BACKPLAN_HOME": str(self.home),
            "BACKPLAN_PORT": str(self.port),
            "BACKPLAN_DATABASE_URL": self.database,
            "BACKPLAN_TELEGRAM_TOKEN": TOKEN,
            "BACKPLAN_TELEGRAM_API_URL": self.api_url,
            "PYTHONPATH": str(ROOT),
            **self.more,
        }
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.telegram.served", *self.arguments],
                env=environ,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    async def _ready(self) -> None:
        async with httpx.AsyncClient() as web:
            for _ in range(600):
                try:
                    if (await web.get(f"{self.url}/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        raise AssertionError(f"the server did not start:\n{self.log[-2000:]}")

    async def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        process = self.process
        assert process is not None
        process.kill()
        await until(lambda: process.poll() is not None)

    async def stop(self) -> None:
        process = self.process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                await until(lambda: process.poll() is not None, 15)
            except AssertionError:
                await self.kill()
