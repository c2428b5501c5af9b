"""Reads facts, the answer and danger out of one message: deterministic, without Rasa or a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.understanding.read_fact import ReadFact


@dataclass(frozen=True)
class Danger:
    """What the triage rules say about one message alone; only same day or worse."""

    urgency: str
    facts: Mapping[str, object]
    rules: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {"urgency": self.urgency, "facts": dict(self.facts), "rules": list(self.rules)}


@dataclass(frozen=True)
class Reading:
    facts: tuple[ReadFact, ...] = ()
    answer: str | None = None
    safety: Danger | None = None
    whole: bool = False


def read(text: str, asks: str | None, today: date | None = None, before: str | None = None) -> Reading:
    return Reading()
