"""A real chat server in a process of its own, started as `backplan serve`, and killed as a machine would."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class ChatServer:
    """`backplan serve` on a free port, with its own home folder and the run's trained model."""

    home: Path
    models: Path
    environ: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return self.environ.get("BACKPLAN_DATABASE_URL") or f"sqlite:///{self.home / 'backplan.db'}"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def settings_environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "BACKPLAN_HOME": str(self.home),
            "BACKPLAN_PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            **self.environ,
        }

    def start(self) -> ChatServer:
        self.home.mkdir(parents=True, exist_ok=True)
        models = self.home / "models"
        if not models.exists():
            models.symlink_to(self.models, target_is_directory=True)
        environ = self.settings_environ()
        subprocess.run([sys.executable, "-m", "bot", "migrate"], env=environ, cwd=ROOT, check=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], env=environ, cwd=ROOT, stdout=log, stderr=log
            )
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended while starting:\n{self.log.read_text()[-3000:]}")
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError("the server did not become ready")

    def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
