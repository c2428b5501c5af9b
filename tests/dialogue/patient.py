"""A patient on the public web chat API: says and taps, and reads what the bot answers."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

import httpx


class NoSuchChoice(AssertionError):
    """The bot offers no choice with that label."""


@dataclass
class Patient:
    """One conversation over real HTTP."""

    url: str
    timezone: str = "Europe/London"
    token: str = ""
    conversation: str = ""
    seen: int = 0
    transcript: list[dict[str, Any]] = field(default_factory=list)
    _numbers: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=40)
        if not self.token:
            answer = self.http.post("/chat/sessions", json={"timezone": self.timezone})
            assert answer.status_code == 201, answer.text
            self.token, self.conversation = answer.json()["token"], answer.json()["conversation"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        self.listen()

    def listen(self) -> list[dict[str, Any]]:
        """Wait until the bot has nothing more to say; return its new messages."""
        new: list[dict[str, Any]] = []
        end = time.monotonic() + 30
        while time.monotonic() < end:
            page = self.http.get(
                "/chat/messages", params={"after": self.seen, "wait": 0 if new else 10}
            ).json()
            for message in page["messages"]:
                self.seen = message["seq"]
                self.transcript.append(message)
                if message["from"] == "bot":
                    new.append(message)
            if new and not page["typing"] and not page["messages"]:
                return new
            if new and not page["typing"]:
                continue
            time.sleep(0.02)
        raise AssertionError(f"the bot did not answer; heard so far: {new}")

    def say(self, text: str) -> list[dict[str, Any]]:
        """Type something; return the bot's answer."""
        return self._send({"text": text})

    def tap(self, *labels: str) -> list[dict[str, Any]]:
        """Tap choices of the open question by (the beginning of) their labels; return the answer."""
        offered = self.question["choices"]
        ids = []
        for label in labels:
            fitting = [choice for choice in offered if choice["label"].lower().startswith(label.lower())]
            if not fitting:
                raise NoSuchChoice(f"{label!r} is not among {[choice['label'] for choice in offered]}")
            exact = [choice for choice in fitting if choice["label"].lower() == label.lower()]
            ids.append((exact or fitting)[0]["id"])
        return self._send({"choices": ids})

    def _send(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.http.post("/chat/messages", json={**body, "client_id": f"c{next(self._numbers)}"})
        assert answer.status_code == 202, answer.text
        return self.listen()

    @property
    def bot_messages(self) -> list[dict[str, Any]]:
        return [message for message in self.transcript if message["from"] == "bot"]

    @property
    def question(self) -> dict[str, Any]:
        """The last question the bot asked."""
        return [message for message in self.bot_messages if message["kind"] == "question"][-1]

    @property
    def asks(self) -> str | None:
        """The field that is being asked, or None when the bot's last word was no question."""
        return self.bot_messages[-1]["asks"]

    @property
    def questions_asked(self) -> list[str]:
        return [message["asks"] for message in self.bot_messages if message["kind"] == "question"]

    def heard(self, fragment: str) -> bool:
        return any(fragment.lower() in message["text"].lower() for message in self.bot_messages)

    def answer_all(self, answers: dict[str, Any], limit: int = 45) -> None:
        """Answer question after question by its field; a string is typed, a list or tuple is tapped."""
        for _ in range(limit):
            if self.asks is None:
                return
            if self.asks not in answers:
                raise AssertionError(f"no answer for {self.asks}: {self.question}")
            answer = answers[self.asks]
            if isinstance(answer, str):
                self.say(answer)
            else:
                self.tap(*answer)
        raise AssertionError(f"the bot does not stop asking: {self.questions_asked}")
