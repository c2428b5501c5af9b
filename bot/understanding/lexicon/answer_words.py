"""The words of yes, no, not sure and rather not, compiled from answers.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.lexicon.first_look import parse
from bot.understanding.lexicon.openings import WholeWords, WordStarts, openings

_PIECE = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True)
class Anywhere:
    """A pattern to search for, made of many ways to say the same.

    Most ways may only begin where the text does; of the others `words` are those that begin as some words do,
    so that a text is not tried for each of them at every letter, and `others` the rest.
    """

    whole: re.Pattern[str]
    words: WholeWords
    others: re.Pattern[str]

    @classmethod
    def of(cls, ways: Sequence[str]) -> Anywhere:
        later = [way for way in ways if not _begins_the_text(way)]
        words = [way for way in later if openings(way)]
        others = [way for way in later if way not in words]
        return cls(_one_of(ways), WholeWords.of(_one_of(words).pattern), _one_of(others))

    def search(self, words: WordStarts) -> re.Match[str] | None:
        """What the whole pattern's own `search` finds in the text."""
        text = words.text
        if (first := self.whole.match(text)) is not None:
            return first
        found = self.words.search(words), self.others.search(text)
        starts = [match.start() for match in found if match is not None]
        return self.whole.match(text, min(starts)) if starts else None


def _one_of(ways: Sequence[str]) -> re.Pattern[str]:
    """Without any, a pattern that matches nowhere."""
    return re.compile(f"(?:{'|'.join(ways)})" if ways else r"(?!)")


def _begins_the_text(way: str) -> bool:
    parsed = parse(way)
    return len(parsed) > 0 and str(parsed[0][1]) == "AT_BEGINNING"


@dataclass(frozen=True)
class AnswerWords:
    """Patterns on plain text. Those with `lead` in front only match where a message begins."""

    yes: re.Pattern[str]
    plain_yes: re.Pattern[str]
    yes_later: re.Pattern[str]
    some: re.Pattern[str]
    content: re.Pattern[str]
    no: re.Pattern[str]
    plain_no: re.Pattern[str]
    no_later: re.Pattern[str]
    fine: re.Pattern[str]
    unsure: Anywhere
    maybe: re.Pattern[str]
    skip: Anywhere
    but_some: re.Pattern[str]
    fillers: frozenset[str]

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]]) -> AnswerWords:
        """Compile the lists of answers.yaml; KeyError names a missing list."""
        lead = f"(?:(?:{'|'.join(lists['lead'])})[ ,.!-]+)*"
        pieces = {name: f"(?:{'|'.join(words)})" for name, words in lists.items()} | {"lead": lead}

        def body(name: str) -> str:
            return _PIECE.sub(lambda match: body(match.group(1)), pieces[name])

        def anywhere(name: str) -> Anywhere:
            return Anywhere.of([_PIECE.sub(lambda match: body(match.group(1)), way) for way in lists[name]])

        def starting(name: str) -> re.Pattern[str]:
            return re.compile(rf"^{lead}{body(name)}(?![a-z])")

        return cls(
            yes=starting("yes"),
            plain_yes=re.compile(r"^(?:yes|yeah|yep|yup|yh|it does|i do|it has)(?![a-z])"),
            yes_later=re.compile(body("yes_later")),
            some=starting("some"),
            content=starting("content"),
            no=starting("no"),
            plain_no=starting("plain_no"),
            no_later=re.compile(body("no_later")),
            fine=starting("fine"),
            unsure=anywhere("unsure"),
            maybe=starting("maybe"),
            skip=anywhere("skip"),
            but_some=re.compile(body("but_some")),
            fillers=frozenset(word for line in lists["fillers"] for word in line.split()),
        )
