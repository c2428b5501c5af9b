"""Loads what is done and what it does to the pain: the words of what_changes_it.yaml, compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.clinical.facts import check
from bot.understanding.lexicon.openings import WholeWords

_WORDS = Path(__file__).parent / "what_changes_it.yaml"


@dataclass(frozen=True)
class Done:
    """One thing that is done, and its value where it sets the pain off and where it eases it."""

    name: str
    words: WholeWords
    worse: str | None
    better: str | None


@dataclass(frozen=True)
class Changes:
    """`effects` by kind: worse, pain, cannot, better, no_effect."""

    done: tuple[Done, ...]
    effects: Mapping[str, WholeWords]


@lru_cache(maxsize=1)
def load_changes() -> Changes:
    """The words beside this module, read once; raises `FactError` for a value outside the vocabulary."""
    read = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    done = tuple(
        Done(name, _words(one["say"]), one.get("worse"), one.get("better"))
        for name, one in read.pop("done").items()
    )
    for one in done:
        check("aggravated_by", [one.worse] if one.worse else [])
        check("relieved_by", [one.better] if one.better else [])
    return Changes(done, {kind: _words(say) for kind, say in read.items()})


def _words(say: list[str]) -> WholeWords:
    return WholeWords.of(r"\b(?:" + "|".join(say) + r")(?![a-z])")
