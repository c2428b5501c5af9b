"""Reads through slips of the thumb: an unknown word is taken for the one it is a single letter away from.

People in pain type on phones. The patterns know words in their right spelling and in the misspellings written down
in lexicon/spellings.yaml; every other word that no English dictionary knows is looked up here. The dictionary with
its word counts, and the search by deleted letters, are symspellpy's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from math import log, log1p
from typing import Any

_FEWEST_LETTERS = 4  #: a shorter word is a letter away from too many others
#: A word seldomer than this in general English is nobody's slip, unless our patients use it.
_COMMON = 300_000
#: A word of our patients that the English dictionary lacks ("havent") counts as often as this there.
_OURS = 5_000_000
_SEEN = 2  #: times in the examples from which a word is one
_DICTIONARY = "frequency_dictionary_en_82_765.txt"
#: So many unknown words of a message are tried in so many other ways when danger is looked for.
_MOST_DOUBTED, _OTHERS = 3, 5
#: Words that turn what is said round; taking "nevr" for "nerve" would make danger of a denial.
_TURNING = frozenset(
    {
        *("never", "nearly", "almost", "without", "nothing", "neither", "hardly", "barely", "about", "being"),
        *("would", "could", "cannot", "cant", "wont", "dont", "doesnt", "didnt", "havent", "hasnt", "isnt"),
        *("arent", "wasnt", "werent", "wouldnt", "couldnt", "when"),
    }
)
_AROUND = 150  #: characters before and after an unknown word in which danger may hang on it
_WORD = re.compile(r"[a-z']{3,}")
_ESCAPE = re.compile(r"\\\\?[a-z]")  #: "\\b" is no letter of a word
_OPTIONAL = re.compile(r"[a-z]{4,}(?=\?)")
#: How much likelier a word is that the patterns read, and one often seen in the examples (chosen on the letters
#: slipped by chance in tests/understanding/safety_corpus).
_READ, _FAMILIAR = 2.0, 1.0
_KEYS = {key: (n // 10, n % 10) for n, key in enumerate("qwertyuiopasdfghjkl;zxcvbnm,./")}

Spell = Callable[[str], str]


class Spelling:
    """Right spellings of single words; the same word is looked up once."""

    def __init__(self, written_down: Mapping[str, str], read: Iterable[str], seen: Mapping[str, int]) -> None:
        """`written_down` maps known misspellings, `read` are the words in the patterns (or their beginnings),
        `seen` counts the words in examples of what patients write."""
        self.written_down = written_down
        self._read = frozenset({*read, *written_down.values()})
        self._seen = seen
        self._english = _english()
        ours = {word for word, times in seen.items() if times >= _SEEN and word not in self._english}
        ours |= _whole(self._read, self._english)
        ours |= {*written_down, *written_down.values()} - self._english.keys()
        self._known = frozenset({*self._english, *self._read, *ours})
        self._near = _near(
            {
                **{word: n for word, n in self._english.items() if n >= _COMMON or self._is_ours(word)},
                **dict.fromkeys(ours, _OURS),
            }
        )
        self._meant = lru_cache(maxsize=4096)(self._likeliest)

    def right(self, word: str) -> str:
        """`word` in its likeliest spelling; `word` itself where it is known or nothing is near enough."""
        if word in self.written_down:
            return self.written_down[word]
        if not self._unknown(word) or not word.isalpha():
            return word
        meant = self._meant(word)[0]
        return self.written_down.get(meant, meant)

    def other_ways(self, text: str) -> Iterator[tuple[str, Spell]]:
        """Ways to spell `text` with one unknown word taken for the next likeliest that patterns know.

        Each comes with the words around the unknown one: a long message need not be read whole to try it.
        """
        doubtful = [word for word in words_in(text) if self._unknown(word)]
        for doubted in doubtful[:_MOST_DOUBTED]:
            for other in self._meant(doubted)[1:]:
                yield _around(doubted, text), self._with(doubted, other)

    def _with(self, doubted: str, other: str) -> Spell:
        other = self.written_down.get(other, other)
        return lambda word: other if word == doubted else self.right(word)

    def _unknown(self, word: str) -> bool:
        return len(word) >= _FEWEST_LETTERS and word not in self._known

    def _likeliest(self, word: str) -> tuple[str, ...]:
        """What may be meant, the likeliest first; after it only words that patterns know."""
        ranked = sorted(self._near(word), key=lambda near: self._likelihood(word, *near), reverse=True)
        meant = [ranked[0][0]] if ranked else [word]
        if meant[0] in _TURNING:
            return (meant[0],)
        others = [near for near, _ in ranked if near not in meant and self._reads(near)]
        return (*meant, *others[:_OTHERS])

    def _likelihood(self, typed: str, word: str, count: int) -> float:
        familiar = _FAMILIAR * log1p(self._seen.get(word, 0))
        return log(count + 1) + _READ * self._reads(word) + familiar + _slip(typed, word)

    def is_word(self, word: str) -> bool:
        """Whether the word means something as it is: in English, or to the patterns."""
        return word in self._known

    def _is_ours(self, word: str) -> bool:
        return word in self._seen or self._reads(word)

    def _reads(self, word: str) -> bool:
        """Whether a pattern has the word, or a beginning of it ("slash\\w*")."""
        return word in self._read or any(
            word[:end] in self._read for end in range(max(_FEWEST_LETTERS, len(word) - 4), len(word))
        )


def _around(word: str, text: str) -> str:
    """The first place of `word` in `text` with some words before and after it."""
    at = max(0, text.lower().find(word))
    start, end = max(0, at - _AROUND), at + len(word) + _AROUND
    begin = text.rfind(" ", 0, start) + 1 if start else 0
    stop = text.find(" ", end)
    return text[begin:] if stop < 0 else text[begin:stop]


def words_in(text: str) -> Counter[str]:
    """The words of a text and how often it has them, without their apostrophes."""
    return Counter(
        word.removesuffix("'s").replace("'", "")
        for word in _WORD.findall(text.lower().replace("\u2019", "'"))
    )


def words_in_patterns(patterns: str) -> Counter[str]:
    """The words of regular expressions: those of the text, and of "tenas?" both of its words."""
    text = _ESCAPE.sub(" ", patterns)
    return words_in(text) + Counter(word[:-1] for word in _OPTIONAL.findall(text))


def _whole(read: Iterable[str], english: Iterable[str]) -> set[str]:
    """The words of patterns that no English word begins with: "oramorph" is a word, "pregnan" a piece of one."""
    order = sorted(english)

    def begins_one(word: str) -> bool:
        at = bisect_left(order, word)
        return at < len(order) and order[at].startswith(word)

    return {word for word in read if len(word) > _FEWEST_LETTERS and not begins_one(word)}


def _english() -> dict[str, int]:
    """The English dictionary: each word without its apostrophe, and its count in general English."""
    lines = (resources.files("symspellpy") / _DICTIONARY).read_text(encoding="utf-8-sig").splitlines()
    return {word.replace("'", ""): int(count) for word, count in map(str.split, lines)}


def _near(counts: Mapping[str, int]) -> Callable[[str], list[tuple[str, int]]]:
    """A search for the words of `counts` one slip away from a word, each with its count."""
    from symspellpy import SymSpell, Verbosity

    words: Any = SymSpell(max_dictionary_edit_distance=1, prefix_length=7)
    for word, count in counts.items():
        words.create_dictionary_entry(word, count)

    def search(word: str) -> list[tuple[str, int]]:
        return [(one.term, one.count) for one in words.lookup(word, Verbosity.ALL, 1) if one.term != word]

    return search


def _slip(typed: str, word: str) -> float:
    """How easily `word` becomes `typed` on a phone: letters swapped or doubled more easily than one put in."""
    if len(typed) > len(word):
        doubled = any(
            typed[at] == typed[at - 1] and typed[:at] + typed[at + 1 :] == word for at in range(1, len(typed))
        )
        return 1.5 if doubled else 0.0
    if len(typed) < len(word):
        return 1.0 if typed[0] == word[0] else -1.0
    wrong = [at for at, letter in enumerate(typed) if letter != word[at]]
    if len(wrong) > 1:
        return 1.5
    beside = _side_by_side(typed[wrong[0]], word[wrong[0]])
    return (1.0 if beside else -1.0) - (wrong[0] == 0)


def _side_by_side(one: str, other: str) -> bool:
    """Whether two letters are neighbours on the keyboard."""
    if one not in _KEYS or other not in _KEYS:
        return False
    (row, column), (other_row, other_column) = _KEYS[one], _KEYS[other]
    return abs(row - other_row) <= 1 and abs(column - other_column) <= 1
