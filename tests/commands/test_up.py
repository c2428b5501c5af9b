"""`backplan up`: both servers under one command, and a clear word when they cannot start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.chat_server import ROOT, free_port
from tests.commands.conftest import Backplan


def test_up_starts_both_prints_the_addresses_and_stops_both(models: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(models, target_is_directory=True)
    chat, console = free_port(), free_port()
    environ = {
        **os.environ,
        "BACKPLAN_HOME": str(home),
        "BACKPLAN_PORT": str(chat),
        "BACKPLAN_CONSOLE_PORT": str(console),
    }
    log = tmp_path / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "up"], cwd=ROOT, env=environ, stdout=output, stderr=output
        )
    try:
        said = _wait_for(log, "Ready in")
        assert f"http://127.0.0.1:{chat}" in said
        assert f"http://127.0.0.1:{console}" in said
        assert f"http://127.0.0.1:{console}/setup/" in said
        assert "<html" in httpx.get(f"http://127.0.0.1:{chat}/").text
        assert httpx.get(f"http://127.0.0.1:{console}/healthz").status_code == 200
        for path in ("/webhooks/rest/webhook", "/model/parse", "/conversations/x/tracker", "/status"):
            assert httpx.get(f"http://127.0.0.1:{chat}{path}").status_code == 404
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)
    for port in (chat, console):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_up_says_which_port_is_taken_and_starts_nothing(
    models: Path, backplan: Backplan, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(models, target_is_directory=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = backplan("up", BACKPLAN_PORT=str(taken.getsockname()[1]))
    assert ran.returncode == 1
    assert "is taken. Is Backplan running already?" in " ".join(ran.stderr.split())


def _wait_for(log: Path, words: str, seconds: float = 120) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        said = log.read_text(encoding="utf-8")
        if words in said:
            return said
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8"))
