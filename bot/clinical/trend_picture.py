"""A trend as a small picture of text that every channel can show: a bar of ten for each value, and its words."""

from __future__ import annotations

from bot.clinical.measures import shown_number
from bot.clinical.rulebook import Rulebook
from bot.clinical.trends import Trend

FULL, EMPTY = "\u2588", "\u2591"
_LENGTH = 10


def trend_picture(trend: Trend, rulebook: Rulebook) -> str | None:
    """The picture of a measure from 0 to 10, a line for each value; None for any other measure.

    Each line ends in words, so that whoever cannot see the bars misses nothing:
    a screen reader gets "7 at the start", "4 now".
    """
    answers = rulebook.measures.measures[trend.measure].answers
    if (answers.minimum, answers.maximum) != (0, _LENGTH):
        return None
    texts = rulebook.check_in_questions.picture
    values = [
        (trend.change.baseline, texts.start),
        (trend.before, texts.before),
        (trend.change.now, texts.now),
    ]
    return "\n".join(
        f"{_bar(value)} {shown_number(value)} {words}" for value, words in values if value is not None
    )


def _bar(value: float) -> str:
    full = min(_LENGTH, max(0, round(value)))
    return FULL * full + EMPTY * (_LENGTH - full)
