"""One message made ready for reading: plain text, its scopes, the question it answers and the day it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.understanding.lexicon import Lexicon
from bot.understanding.lexicon.openings import WordStarts
from bot.understanding.plain_text import Plain, make_plain
from bot.understanding.proxies import patient_written_for, read_as_own
from bot.understanding.scopes import Scopes


@dataclass(frozen=True)
class Utterance:
    """Readers get this and answer with mentions; offsets count characters of `text`."""

    plain: Plain
    scopes: Scopes
    asks: str | None
    today: date | None
    written_for: str | None = None  #: the relative who is the patient, if somebody else writes

    @classmethod
    def of(
        cls, message: str, asks: str | None, today: date | None, lexicon: Lexicon, patient: str | None = None
    ) -> Utterance:
        """`patient` is the relative for whom the conversation is written, where earlier messages said so."""
        plain = make_plain(message, lexicon.spellings)
        written_for = patient_written_for(plain.text) or patient
        if written_for is not None:
            plain = make_plain(message, {**lexicon.spellings, **read_as_own(written_for)})
        return cls(plain, Scopes.of(plain.text, written_for), asks, today, written_for)

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
