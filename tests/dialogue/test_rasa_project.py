"""The project stays a well-formed Rasa project: its actions also run under `rasa run actions`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from tests.chat_server import ROOT, free_port


@pytest.fixture(scope="module")
def action_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    environ = {**os.environ, "BACKPLAN_HOME": str(tmp_path_factory.mktemp("home")), "PYTHONPATH": str(ROOT)}
    log = tmp_path_factory.mktemp("log") / "actions.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "rasa", "run", "actions", "--port", str(port)],
            cwd=ROOT,
            env=environ,
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/health", timeout=2).status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.2)
    else:
        raise AssertionError(log.read_text(encoding="utf-8")[-2000:])
    yield url
    process.terminate()
    process.wait(20)


def call(url: str, action: str, slots: dict[str, object], sender: str = "rasa-user") -> httpx.Response:
    tracker = {"sender_id": sender, "slots": slots, "latest_message": {}, "events": [], "paused": False}
    body = {"next_action": action, "sender_id": sender, "tracker": tracker, "domain": {}, "version": "3.6.21"}
    return httpx.post(f"{url}/webhook", json=body, timeout=20)


def test_the_action_server_offers_every_action_of_the_domain(action_server: str) -> None:
    offered = {action["name"] for action in httpx.get(f"{action_server}/actions", timeout=20).json()}
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert set(domain["actions"]) <= offered


def test_an_action_keeps_what_it_did_between_calls(action_server: str) -> None:
    welcome = call(action_server, "action_welcome", {})
    assert welcome.status_code == 200
    assert [r["response"] for r in welcome.json()["responses"]] == [
        "utter_welcome",
        "utter_not_emergency_service",
    ]
    started = call(action_server, "action_session_start", {}).json()["events"]
    phases = [event["value"] for event in started if event.get("name") == "phase"]
    assert phases == ["paused"]


def test_no_stock_channel_is_enabled_and_no_secret_stands_in_the_project_files() -> None:
    assert yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8")) is None
    assert not list(Path(ROOT).glob("*.pem"))
