"""Whether a message is nothing but what was read from it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.understanding.lexicon import load_lexicon

_WORD = re.compile(r"[a-z0-9]+")


def nothing_left(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """True when every word of `text` lies in one of `spans` or says nothing by itself."""
    covered = bytearray(len(text))
    for start, end in spans:
        covered[start:end] = b"\x01" * max(0, min(end, len(text)) - start)
    fillers = load_lexicon().answers.fillers
    return all(covered[match.start()] or match.group() in fillers for match in _WORD.finditer(text))
