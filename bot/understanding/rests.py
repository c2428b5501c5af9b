"""For how long a patient wants to be left alone: "pause the check-ins for a fortnight"."""

from __future__ import annotations

from bot.understanding.durations import all_stretches
from bot.understanding.lexicon import load_lexicon
from bot.understanding.utterance import Utterance


def rest_days(message: str) -> int | None:
    """Whole days of the first time of a day or more that the message names; None when it names none."""
    text = Utterance.of(message, None, None, load_lexicon().spelling.right).text
    return next((days for one in all_stretches(text) if (days := one.days()) >= 1), None)
