"""One message made ready for reading: plain text, its scopes, the question it answers and the day it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.understanding.lexicon import Lexicon
from bot.understanding.lexicon.openings import WordStarts
from bot.understanding.plain_text import Plain, make_plain
from bot.understanding.scopes import Scopes


@dataclass(frozen=True)
class Utterance:
    """Readers get this and answer with mentions; offsets count characters of `text`."""

    plain: Plain
    scopes: Scopes
    asks: str | None
    today: date | None

    @classmethod
    def of(cls, message: str, asks: str | None, today: date | None, lexicon: Lexicon) -> Utterance:
        plain = make_plain(message, lexicon.spellings)
        return cls(plain, Scopes.of(plain.text), asks, today)

    @property
    def text(self) -> str:
        return self.plain.text

    @cached_property
    def words(self) -> WordStarts:
        """The text as patterns of whole words are looked for in it."""
        return WordStarts(self.text)

    def clause(self, start: int, end: int) -> str:
        """The words around a span that belong to the same thought."""
        begin, stop = self.scopes.clause(start, end)
        return self.text[begin:stop]
