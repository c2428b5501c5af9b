"""Running the two processes: the chat server, the clinician console, or both under one command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

import uvicorn
from rich.console import Console
from starlette.applications import Starlette

from bot.settings import Settings

SECONDS_TO_START = 120.0
SECONDS_TO_STOP = 15.0
SECONDS_FOR_OPEN_STREAMS = 3


def serve_chat(settings: Settings, model: Path) -> None:
    """Run the chat server until it is told to stop."""
    from bot.server import chat_server

    _serve(chat_server(settings, model), settings.host, settings.port)


def serve_console(settings: Settings, out: Console) -> None:
    """Run the clinician console on loopback until it is told to stop."""
    from bot.console import build_console, first_link

    app, store = build_console(settings)
    link = first_link(settings, store)
    if link is not None:
        out.print(
            f"First clinician: set a password within 24 hours at\n  {link}", markup=False, soft_wrap=True
        )
    if not settings.console_second_factor:
        out.print("The console asks for no second factor (BACKPLAN_CONSOLE_TOTP=off).", style="yellow")
    _serve(app, "127.0.0.1", settings.console_port, proxies=settings.console_proxies)


def _serve(app: Starlette, host: str, port: int, proxies: Sequence[str] | None = None) -> None:
    uvicorn.run(
        app,
        host=host,
        port=port,
        # Nothing here speaks web sockets, and Rasa's old `websockets` does not fit uvicorn.
        ws="none",
        log_level="warning",
        # Access logs would carry tokens of one-time links; the application counts requests itself.
        access_log=False,
        server_header=False,
        # Without a list, uvicorn believes whatever comes from this machine.
        proxy_headers=proxies is None or bool(proxies),
        forwarded_allow_ips=list(proxies) if proxies else None,
        # An open page holds its event stream for ever; it comes back by itself after a restart.
        timeout_graceful_shutdown=SECONDS_FOR_OPEN_STREAMS,
    )


def run_both(settings: Settings, out: Console) -> int:
    """Start both processes, print their addresses when they answer, stop both when one ends."""
    for host, port, setting in (
        (settings.host, settings.port, "BACKPLAN_PORT"),
        ("127.0.0.1", settings.console_port, "BACKPLAN_CONSOLE_PORT"),
    ):
        if _is_taken(host, port):
            # Without this look, the answer of whoever has the port would pass for ours.
            out.print(
                f"Port {port} is taken. Is Backplan running already? If not, set {setting}.", style="red"
            )
            return 1
    environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
    started = time.monotonic()
    processes = {
        "chat server": _start("serve", environ),
        "console": _start("console", environ),
    }
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupt)
    try:
        with out.status("Starting ..."):
            _wait_for(f"{settings.chat_url}/readyz", processes)
            _wait_for(f"{settings.console_url}/healthz", processes)
        seconds = time.monotonic() - started
        out.print(f"Chat      {settings.chat_url}", markup=False)
        out.print(f"Console   {settings.console_url}", markup=False)
        out.print(f"Ready in {seconds:.1f} s. Ctrl+C stops both.", markup=False)
        while all(process.poll() is None for process in processes.values()):
            time.sleep(0.5)
        ended = [name for name, process in processes.items() if process.poll() is not None]
        out.print(f"The {' and the '.join(ended)} stopped by itself; see the lines above.", markup=False)
        return 1
    except StartFailed as error:
        out.print(str(error), markup=False, style="red")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(processes)


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


class StartFailed(RuntimeError):
    """A process ended, or did not answer in time, while it was starting."""


def _start(command: str, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bot", command], env=dict(environ))  # noqa: S603


def _wait_for(url: str, processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        for name, process in processes.items():
            if process.poll() is not None:
                raise StartFailed(
                    f"The {name} did not start. Is its port already in use? See the lines above."
                )
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise StartFailed(f"{url} did not answer within {SECONDS_TO_START:.0f} seconds.")


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _stop(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + SECONDS_TO_STOP
    for process in processes.values():
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
