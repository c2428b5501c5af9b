"""A chat server in a process of its own that starts in a second: the real web chat, dialogue queue and store, and a
player that repeats what it hears. `python -m tests.browser.mortal_chat DATABASE_URL PORT`; made to be killed.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette

from bot.channels.web import chat_app
from bot.dialogue import Conversations
from bot.store import Database, Store, Turn, system_clock
from tests.chat_server import ROOT, free_port

#: Long enough for a kill to fall into it.
SECONDS_TO_ANSWER = 0.1


class Echo:
    """Says two things about every message, so that half a turn would show."""

    async def play(self, turn: Turn) -> None:
        if turn.inbound is None:
            turn.say("Hello.")
            return
        turn.say(f"You said: {turn.inbound.text}")
        await asyncio.sleep(SECONDS_TO_ANSWER)
        turn.say("What else?")


def sorry(turn: Turn) -> None:
    turn.say("Sorry.")


def app(database_url: str) -> Starlette:
    database = Database(database_url)
    database.migrate()
    conversations = Conversations(Store(database, clock=system_clock), Echo(), apologise=sorry)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await conversations.start()
        yield

    return chat_app(conversations, lifespan=lifespan)


@dataclass
class MortalChat:
    """The process, seen from a test."""

    home: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> MortalChat:
        database = f"sqlite:///{self.home / 'chat.db'}"
        command = [sys.executable, "-m", "tests.browser.mortal_chat", database, str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise RuntimeError("the chat did not become ready")

    def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


if __name__ == "__main__":
    uvicorn.run(app(sys.argv[1]), port=int(sys.argv[2]), ws="none", log_level="warning", access_log=False)
