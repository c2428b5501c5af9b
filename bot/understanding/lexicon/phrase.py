"""One entry of the lexicon: which words mean which value of which field."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from bot.clinical.facts import FactValue
from bot.understanding.lexicon.openings import WholeWords, WordStarts


class Style(Enum):
    """How the words around a phrase change its value."""

    CES = "ces"  #: new unless the sentence says long-standing or worse; "no" gives none
    SYMPTOM = "symptom"  #: happening now; told as past or imagined, it says nothing
    HISTORY = "history"  #: true once, true always; somebody else's or a worry says nothing
    STATE = "state"  #: says what it says, whatever stands around it except "no"
    AS_IS = "as_is"  #: the words are the value; "no" before them is part of the pattern


@dataclass(frozen=True)
class Found:
    """Where a phrase stands. `second` is where the later of two pieces begins; for one piece it is `start`."""

    start: int
    end: int
    second: int


@dataclass(frozen=True)
class Near:
    """Two pieces that belong together when they stand close, in either order, with no `stop` word between."""

    left: WholeWords
    right: WholeWords
    stop: re.Pattern[str]
    reach: int

    def find(self, words: WordStarts) -> Iterator[Found]:
        text = words.text
        lefts = [match.span() for match in self.left.finditer(words)]
        rights = [match.span() for match in self.right.finditer(words)] if lefts else []
        for first, others in ((lefts, rights), (rights, lefts)):
            starts = [start for start, _ in others]
            for start, end in first:
                index = bisect_left(starts, end)
                if index < len(others) and self._close(text[end : starts[index]]):
                    yield Found(start, others[index][1], starts[index])

    def _close(self, between: str) -> bool:
        return (
            0 < len(between) <= _LETTERS_A_WORD * self.reach
            and between.count(" ") <= self.reach + 1
            and not _ENDS_A_THOUGHT.search(between)
            and not self.stop.search(between)
        )


#: Words that may stand between two pieces, near by and at most.
REACH, WIDE_REACH = 6, 12
_LETTERS_A_WORD = 12
_ENDS_A_THOUGHT = re.compile(r"[.;!?()]")


@dataclass(frozen=True)
class Phrase:
    """One way of saying one value: a pattern, or two pieces near each other.

    `negated` is the value when the words are denied (None: nothing is learned), `past` likewise.
    `unless` keeps the phrase quiet when it matches in the same sentence, `needs` when it does not, and
    `needs_anywhere` when it does not match in the whole message.
    `asked` limits the phrase to answers to those fields. `keys` holds letters of which any match has some.
    """

    field: str
    value: FactValue
    style: Style
    words: WholeWords | Near
    keys: frozenset[str]
    negated: FactValue | None = None
    past: FactValue | None = None
    unless: re.Pattern[str] | None = None
    needs: re.Pattern[str] | None = None
    needs_anywhere: re.Pattern[str] | None = None
    asked: frozenset[str] = frozenset()

    @property
    def pieces(self) -> tuple[WholeWords, ...]:
        """The patterns that must all match: one, or two."""
        return (self.words.left, self.words.right) if isinstance(self.words, Near) else (self.words,)

    def find(self, words: WordStarts) -> Iterator[Found]:
        """Every place where the words stand, whatever is said around them."""
        if isinstance(self.words, Near):
            yield from self.words.find(words)
            return
        for match in self.words.finditer(words):
            yield Found(match.start(), match.end(), match.start())
