"""Finds the letters a pattern's matches begin with, so that it is tried at a few places of a long text only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.understanding.lexicon.first_look import parse

#: So many letters of a beginning are told apart; more would name more beginnings than they save.
LONGEST = 5
#: A pattern with more beginnings than this is tried everywhere, and a set of letters larger than this is "any".
_MOST, _MOST_LETTERS = 1500, 12
_BOUNDARY = "\b"
_OPENS_A_WORD = re.compile(_BOUNDARY + "[a-z0-9]")
_WORD_START = re.compile(r"\b(?=[a-z0-9])")


@dataclass(frozen=True)
class WordStarts:
    """Where the words of one plain text start, by their first letters."""

    text: str = field(repr=False)

    @cached_property
    def by_letters(self) -> Mapping[str, list[int]] | None:
        """Places by each beginning of up to `LONGEST` characters; None for a text that is not plain."""
        text = self.text
        if not text.isascii():
            return None
        found: defaultdict[str, list[int]] = defaultdict(list)
        for match in _WORD_START.finditer(text):
            at = match.start()
            for length in range(1, min(LONGEST, len(text) - at) + 1):
                found[text[at : at + length]].append(at)
        return found


@dataclass(frozen=True)
class WholeWords:
    """A pattern that begins at a word, with `openings`: every match begins with one; empty when none can be named."""

    pattern: re.Pattern[str]
    openings: frozenset[str]

    @classmethod
    def of(cls, pattern: str) -> WholeWords:
        return cls(re.compile(pattern), openings(pattern))

    def places(self, words: WordStarts) -> Sequence[int] | None:
        """Where in the text a match may begin, in order; None when it may be anywhere."""
        by_letters = words.by_letters if self.openings else None
        if by_letters is None:
            return None
        # A view meets a frozen set by walking all of the set, which may be the longer by far.
        if len(self.openings) < len(by_letters):
            shared: Iterable[str] = by_letters.keys() & self.openings
        else:
            shared = self.openings.intersection(by_letters)
        places = [by_letters[opening] for opening in shared]
        if len(places) < 2:
            return places[0] if places else ()
        return sorted({at for some in places for at in some})

    def finditer(self, words: WordStarts) -> Iterator[re.Match[str]]:
        """What the pattern's own `finditer` finds in the text, in the same order."""
        places = self.places(words)
        if places is None:
            yield from self.pattern.finditer(words.text)
            return
        match, text, end = self.pattern.match, words.text, 0
        for start in places:
            if start >= end and (found := match(text, start)) is not None:
                yield found
                end = found.end()

    def search(self, words: WordStarts) -> re.Match[str] | None:
        """The first match in the text."""
        return next(self.finditer(words), None)


@dataclass(frozen=True)
class OpeningsLook:
    """Which items of a list may match in a text, by the openings of which a word must have one.

    `by_opening` gives the items as the bits of a number, as in `FirstLook`; `always` are those that begin anyhow.
    """

    by_opening: Mapping[str, int]
    always: int

    @classmethod
    def at(cls, openings_of_items: Sequence[frozenset[str]]) -> OpeningsLook:
        """For each item its openings, in the order of the items."""
        items: dict[str, int] = {}
        for index, some in enumerate(openings_of_items):
            for opening in some:
                items[opening] = items.get(opening, 0) | 1 << index
        return cls(items, sum(1 << index for index, some in enumerate(openings_of_items) if not some))

    def items(self, words: WordStarts) -> int:
        """The items that may match in the text, as bits."""
        if words.by_letters is None:
            return -1
        bits = self.always
        for opening in words.by_letters.keys() & self.by_opening.keys():
            bits |= self.by_opening[opening]
        return bits


def openings(pattern: str) -> frozenset[str]:
    """Strings of which every match of `pattern` begins with one; empty when it may begin anyhow.

    Only patterns whose every way begins with a word boundary or the start of the text have openings, and
    only openings that begin with a letter or a digit, so that every match stands at the start of a word.
    """
    beginnings = _Beginnings()
    try:
        beginnings.finish(beginnings.sequence(parse(pattern), frozenset({""})))
    except _Anyhow:
        return frozenset()
    return frozenset(start.removeprefix(_BOUNDARY) for start in beginnings.finished)


class _Anyhow(Exception):
    """A match may begin with anything, or with too many things."""


class _Beginnings:
    """Follows a parsed pattern from its start until every way through it has given its first letters.

    A beginning that was seen to stand at the start of a word has `_BOUNDARY` in front.
    """

    def __init__(self) -> None:
        self.finished: set[str] = set()

    def finish(self, starts: frozenset[str]) -> None:
        """Take `starts` as they are: what follows them is unknown, of no interest or the end."""
        self.finished |= starts
        if len(self.finished) > _MOST or not all(map(_OPENS_A_WORD.match, starts)):
            raise _Anyhow

    def sequence(self, parsed: Any, starts: frozenset[str]) -> frozenset[str]:
        """Each of `starts` with what `parsed` may add; those that are long enough are finished on the way."""
        for operator, argument in parsed:
            if not starts:
                break
            starts = self._after(starts, str(operator), argument)
        return starts

    def _after(self, starts: frozenset[str], name: str, argument: Any) -> frozenset[str]:
        if name == "AT" and str(argument) in ("AT_BOUNDARY", "AT_BEGINNING"):
            return frozenset(start or _BOUNDARY for start in starts)
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            return starts
        if name == "LITERAL":
            return self._with(starts, (chr(argument),))
        if name == "IN" and (letters := _letters(argument)):
            return self._with(starts, letters)
        if name == "SUBPATTERN" and not argument[1] and not argument[2]:
            return self.sequence(argument[3], starts)
        if name == "BRANCH":
            return frozenset().union(*(self.sequence(branch, starts) for branch in argument[1]))
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            return self._repeated(starts, *argument)
        self.finish(starts)
        return frozenset()

    def _with(self, starts: frozenset[str], letters: Iterable[str]) -> frozenset[str]:
        longer = frozenset(start + letter for start in starts for letter in letters)
        enough = frozenset(start for start in longer if len(start) > LONGEST)
        self.finish(enough)
        return longer - enough

    def _repeated(self, starts: frozenset[str], least: int, most: int, body: Any) -> frozenset[str]:
        found = starts if least == 0 else frozenset()
        # After so many rounds every beginning that grew is finished, and one that did not is found already.
        for done in range(1, min(int(most), least + LONGEST) + 1):
            starts = self.sequence(body, starts)
            if done >= least:
                found |= starts
            if not starts:
                break
        return found


def _letters(items: Any) -> set[str]:
    """The few characters of a set; empty when they are many or unknown."""
    letters: set[str] = set()
    for operator, argument in items:
        name = str(operator)
        if name == "LITERAL":
            letters.add(chr(argument))
        elif name == "RANGE" and argument[1] - argument[0] < _MOST_LETTERS:
            letters.update(map(chr, range(argument[0], argument[1] + 1)))
        elif name == "CATEGORY" and str(argument) == "CATEGORY_DIGIT":
            letters.update("0123456789")
        else:
            return set()
    return letters if len(letters) <= _MOST_LETTERS else set()
