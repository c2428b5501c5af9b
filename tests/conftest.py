"""What every test may use: the model trained once per run, and real servers beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chat_server import ROOT, ChatServer

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder with the trained model; trained here if the data changed since the last run."""
    from bot.dialogue import training

    folder = ROOT / "var" / "models"
    training.train(folder, ROOT, progress=lambda line: None)
    return folder


@pytest.fixture(scope="session")
def server(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatServer]:
    """One chat server for all the conversations of the run, on its own SQLite."""
    running = ChatServer(tmp_path_factory.mktemp("home"), models).start()
    yield running
    running.stop()
