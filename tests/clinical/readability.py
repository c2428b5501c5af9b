"""How hard a text is to read, as a US school grade (Flesch-Kincaid)."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z0-9'’]+")
_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)")
_IN_BRACKETS = re.compile(r" \([^)]*\)")


def grade(text: str) -> float:
    """The Flesch-Kincaid grade. What stands in brackets, such as a medicine's name, is left out.

    textstat would do, but fetches a dictionary of syllables from the network when it first runs.
    """
    read = _IN_BRACKETS.sub("", text)
    words = _WORD.findall(read)
    sentences = max(len(_SENTENCE_END.findall(read)), 1)
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / max(len(words), 1) - 15.59


def _syllables(word: str) -> int:
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", letters))
    silent_e = letters.endswith("e") and not letters.endswith(("le", "ee", "ie", "ye"))
    silent_ed = re.search(r"[^td]ed$", letters) is not None
    silent_es = re.search(r"[^aeiousxzcg]es$", letters) is not None and not letters.endswith(("shes", "ches"))
    return max(groups - (silent_e or silent_ed or silent_es), 1)
