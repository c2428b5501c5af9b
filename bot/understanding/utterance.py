"""One message made ready for reading: plain text, its scopes, the question it answers and the day it came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from bot.understanding.anchors import anchors
from bot.understanding.durations import Stretch, stretches
from bot.understanding.lexicon.openings import WordStarts
from bot.understanding.plain_text import Plain, make_plain
from bot.understanding.proxies import patient_written_for, read_as_own
from bot.understanding.scopes import Scopes
from bot.understanding.spelling import Spell

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Utterance:
    """Readers get this and answer with mentions; offsets count characters of `text`."""

    plain: Plain
    scopes: Scopes
    asks: str | None
    today: date | None
    spell: Spell = field(repr=False)
    _known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
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

    @cached_property
    def stretches(self) -> Sequence[Stretch]:
        """Every stretch of time that is over or going on, in order."""
        return stretches(self.text, ages_alone=self.asks in (None, "age"))

    @cached_property
    def anchors(self) -> Sequence[Stretch]:
        """The time since each day that is named, in order; dates and feasts only where the patient's date is known."""
        return anchors(self.text, self.today)

    def once(self, reader: Callable[[Utterance], _Result]) -> _Result:
        """What `reader` makes of the message; several readers ask for the same."""
        if reader not in self._known:
            self._known[reader] = reader(self)
        result: _Result = self._known[reader]
        return result

    def clause(self, start: int, end: int) -> str:
        """The words around a span that belong to the same thought."""
        begin, stop = self.scopes.clause(start, end)
        return self.text[begin:stop]
