"""One message made ready for reading: plain text, its scopes, the question it answers and the day it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bot.understanding.lexicon.openings import WordStarts
from bot.understanding.plain_text import Plain, make_plain
from bot.understanding.proxies import patient_written_for, read_as_own
from bot.understanding.scopes import Scopes
from bot.understanding.spelling import Spell


@dataclass(frozen=True)
class Utterance:
    """Readers get this and answer with mentions; offsets count characters of `text`."""

    plain: Plain
    scopes: Scopes
    asks: str | None
    today: date | None
    spell: Spell = field(repr=False)
    written_for: str | None = None  #: the relative who is the patient, if somebody else writes

    @classmethod
    def of(
        cls, message: str, asks: str | None, today: date | None, spell: Spell, patient: str | None = None
    ) -> Utterance:
        """`patient` is the relative for whom the conversation is written, where earlier messages said so."""
        plain = make_plain(message, spell)
        written_for = patient_written_for(plain.text) or patient
        if written_for is not None:
            own = read_as_own(written_for)
            plain = make_plain(message, lambda word: own.get(word) or spell(word))
        return cls(plain, Scopes.of(plain.text, written_for), asks, today, spell, written_for)

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
