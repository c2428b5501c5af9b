"""One entry of the lexicon: which words mean which value of which field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from bot.clinical.facts import FactValue


class Style(Enum):
    """How the words around a phrase change its value."""

    CES = "ces"  #: new unless the sentence says long-standing or worse; "no" gives none
    SYMPTOM = "symptom"  #: happening now; told as past or imagined, it says nothing
    HISTORY = "history"  #: true once, true always; somebody else's or a worry says nothing
    STATE = "state"  #: says what it says, whatever stands around it except "no"
    AS_IS = "as_is"  #: the words are the value; "no" before them is part of the pattern


@dataclass(frozen=True)
class Phrase:
    """`negated` is the value when the words are denied (None: nothing is learned), `past` likewise.

    `unless` keeps the phrase quiet when it matches in the same sentence, `needs` when it does not.
    `asked` limits the phrase to answers to those fields.
    """

    field: str
    value: FactValue
    style: Style
    pattern: re.Pattern[str]
    keys: frozenset[str]
    negated: FactValue | None = None
    past: FactValue | None = None
    unless: re.Pattern[str] | None = None
    needs: re.Pattern[str] | None = None
    asked: frozenset[str] = frozenset()
