"""How much of a message is more than what was read from it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.understanding.lexicon import load_lexicon

_WORD = re.compile(r"[a-z0-9]+")


def words_left(text: str, spans: Iterable[tuple[int, int]]) -> int:
    """How many words of `text` lie in none of `spans` and say something by themselves."""
    covered = bytearray(len(text))
    for start, end in spans:
        covered[start:end] = b"\x01" * max(0, min(end, len(text)) - start)
    fillers = load_lexicon().answers.fillers
    return sum(not covered[match.start()] and match.group() not in fillers for match in _WORD.finditer(text))
