"""A patient on the public web chat API: says and taps, and reads what the bot answers."""

from __future__ import annotations

import itertools
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

#: what to answer to each question: a string is typed, a list holds (the beginnings of) labels to tap
Answers = Mapping[str, str | Sequence[str]]

PATIENCE = 30.0  # seconds


class NoSuchChoice(AssertionError):
    """The bot offers no choice with that label."""


@dataclass
class Patient:
    """One conversation over real HTTP."""

    url: str
    timezone: str | None = "Europe/London"
    token: str = ""
    conversation: str = ""
    seen: int = 0
    transcript: list[dict[str, Any]] = field(default_factory=list)
    _numbers: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=40)
        weakref.finalize(self, self.http.close)
        if not self.token:
            answer = self.http.post(
                "/chat/sessions", json={"timezone": self.timezone} if self.timezone else {}
            )
            assert answer.status_code == 201, answer.text
            self.token, self.conversation = answer.json()["token"], answer.json()["conversation"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        self.listen()

    def listen(self) -> list[dict[str, Any]]:
        """Wait until the bot has said something and has nothing more to say; return its new messages."""
        new: list[dict[str, Any]] = []
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            page = self._read(wait=0 if new else 10)
            new += [message for message in page["messages"] if message["from"] == "bot"]
            if new and not page["typing"] and not page["messages"]:
                return new
            if page["typing"]:
                time.sleep(0.01)
        raise AssertionError(f"the bot did not answer; heard so far: {new}")

    def listen_until_settled(self) -> None:
        """Read whatever is there, until the last word is not the patient's own."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            page = self._read(wait=0)
            if not page["messages"] and not page["typing"] and self.transcript[-1]["from"] == "bot":
                return
            time.sleep(0.05)
        raise AssertionError("the bot still owes an answer")

    def _read(self, wait: float) -> dict[str, Any]:
        page = self.http.get("/chat/messages", params={"after": self.seen, "wait": wait}).json()
        for message in page["messages"]:
            self.seen = message["seq"]
            self.transcript.append(message)
        return dict(page)

    def say(self, text: str) -> list[dict[str, Any]]:
        """Type something; return the bot's answer."""
        return self.send({"text": text})

    def tap(self, *labels: str) -> list[dict[str, Any]]:
        """Tap choices of the open question by (the beginning of) their labels; return the answer."""
        return self.send({"choices": self.ids_of(labels)})

    def ids_of(self, labels: Sequence[str]) -> list[str]:
        offered = self.question["choices"]
        ids = []
        for label in labels:
            fitting = [choice for choice in offered if choice["label"].lower().startswith(label.lower())]
            if not fitting:
                raise NoSuchChoice(f"{label!r} is not among {[choice['label'] for choice in offered]}")
            exact = [choice for choice in fitting if choice["label"].lower() == label.lower()]
            ids.append((exact or fitting)[0]["id"])
        return ids

    def body_for(self, answers: Answers) -> dict[str, Any]:
        """The body of a message that answers the open question."""
        if self.asks not in answers:
            raise AssertionError(f"no answer for {self.asks}: {self.question}")
        answer = answers[self.asks]
        return {"text": answer} if isinstance(answer, str) else {"choices": self.ids_of(answer)}

    def new_client_id(self) -> str:
        return f"c{next(self._numbers)}"

    def send(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Send a message's body; return the answer."""
        answer = self.http.post("/chat/messages", json={**body, "client_id": self.new_client_id()})
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
        asks = self.bot_messages[-1]["asks"]
        return str(asks) if asks else None

    @property
    def questions_asked(self) -> list[str]:
        return [message["asks"] for message in self.bot_messages if message["kind"] == "question"]

    def heard(self, fragment: str) -> bool:
        return any(fragment.lower() in message["text"].lower() for message in self.bot_messages)

    def answer_all(
        self, answers: Answers, limit: int = 45, until: str | None = None, *, partly: bool = False
    ) -> None:
        """Answer question after question by its field, to the end or `until` a field is asked.

        `limit` counts answers; running into it is an error unless `partly`.
        """
        for _ in range(limit):
            if self.asks is None or self.asks == until:
                return
            self.send(self.body_for(answers))
        if not partly:
            raise AssertionError(f"the bot does not stop asking: {self.questions_asked}")
