"""What a review tells the patient: the texts of texts.yaml, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import yaml

from bot.store.records import Told


@lru_cache(maxsize=1)
def texts() -> Mapping[str, str]:
    """key -> text with its gaps"""
    document = yaml.safe_load((resources.files("bot.review") / "texts.yaml").read_text(encoding="utf-8"))
    return {str(key): str(text) for key, text in document.items()}


def told(key: str, **gaps: str) -> Told:
    """The text with its gaps filled. Raises KeyError for a key or a gap that is not there."""
    return Told(texts()[key].format(**gaps), key=f"review_{key}")
