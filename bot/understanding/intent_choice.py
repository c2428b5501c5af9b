"""Which intent a message gets once the reading and the classifier are laid side by side."""

from __future__ import annotations

from bot.understanding.reading import Reading

REPORT_DANGER = "report_danger"


def choose_intent(reading: Reading, guess: str | None, confidence: float) -> tuple[str | None, float]:
    return guess, confidence
