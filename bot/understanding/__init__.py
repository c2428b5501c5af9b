"""Understanding what a patient typed: deterministic reading of facts and danger, beside a trained classifier.

Everything that matters for safety is in `reading.read`, which needs neither Rasa nor a model.
"""

from __future__ import annotations

from bot.understanding.read_fact import ReadFact
from bot.understanding.reading import Reading, read

__all__ = ["ReadFact", "Reading", "read"]
