"""A "no" told in a roundabout way: somebody else, long ago and over, looked into, nearly, or something ordinary.

Danger must never become "no" by this (clinical.md §0.3): every piece of the message has to be of a known kind or free
of words for a sign and of words that say that it goes on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.roundabout_words import (
    AGO,
    ALSO_ME,
    CHECKED,
    CLOSING_NO,
    CONSIDERED,
    DIAGNOSES,
    FILLER,
    FIRST_PERSON,
    GOES_ON,
    ILLNESS,
    LANDED,
    LONG_AGO,
    MONTHS_AGO,
    NEARLY,
    NEVER,
    NEVER_TOLD,
    NOT_ME,
    NOT_MEANT,
    OF_KIN,
    OF_OTHERS,
    ONLY_LONG_AGO,
    OTHER,
    OVER,
    PROPOSED,
    QUIET_SINCE,
    RECENT_ONLY,
    SAID_IN_JEST,
    SAYS_YES,
    SIGN,
    SPLIT,
    TAKES_OFF,
    TESTED,
    TESTED_AND_OVER,
    THEN,
    UNSURE,
)


@dataclass(frozen=True)
class _Piece:
    text: str
    other: bool
    not_me: bool
    over: bool
    then: bool  #: told of long ago, or in the past tense

    @classmethod
    def of(cls, text: str) -> _Piece:
        bare = " ".join(FILLER.sub(" ", text).split())
        other = OTHER.match(bare) is not None and FIRST_PERSON.search(OF_KIN.sub(" ", bare)) is None
        return cls(
            bare,
            other,
            NOT_ME.fullmatch(bare) is not None,
            OVER.fullmatch(bare) is not None,
            LONG_AGO.search(bare) is not None or AGO.search(bare) is not None or THEN.match(bare) is not None,
        )

    def is_safe(self, *, told_of_then: bool = False) -> bool:
        """Whether nothing here can be a sign that the patient has."""
        if not self.text or self.other or self.not_me or self.over:
            return True
        if GOES_ON.search(self.text):
            return False
        return (told_of_then and self.then) or not SIGN.search(self.text)


#: Of what helps, and of what comes first, this is "no".
_THE_OTHER_WAY = re.compile(
    r"(?:no+ |nah |nope |its |more |quite |actually |complete(?:ly)? |totally |for me |if anything |exactly |"
    r"just |the )*"
    r"(?:(?:other|opposite|wrong) way (?:round|around)|opposite|reverse|vice versa|back to front)\b"
)
_OF_AN_ORDER = frozenset(
    {"improves_with_movement", "leg_pain_walking_eased_by_sitting", "improves_with_nsaid_48h"}
)


def turns_it_round(text: str, asks: str) -> bool:
    """ "Other way round, sitting is what sets it off"."""
    return asks in _OF_AN_ORDER and _THE_OTHER_WAY.match(text) is not None


def says_no_roundabout(text: str, asks: str, ordinary: Mapping[str, Sequence[re.Pattern[str]]]) -> bool:
    """Whether `text` says no to the sign or illness `asks` in a roundabout way.

    `ordinary` holds, for each field, the words of lexicon/roundabout.yaml.
    """
    if asks in NEVER:
        return False
    if _ordinary(text, asks, ordinary.get(asks, ())):
        return True
    if UNSURE.search(text):
        return False
    pieces = [_Piece.of(piece) for piece in SPLIT.split(text)]
    if _long_over(text, asks, pieces):
        return True
    if SAYS_YES.match(text):
        return False
    return (
        _somebody_else(text, asks, pieces)
        or _closes_with_no(text, asks)
        or _never_came_to_it(text, asks, pieces)
        or _never_told(text, asks, pieces)
    )


def _never_told(text: str, asks: str, pieces: Sequence[_Piece]) -> bool:
    if asks not in DIAGNOSES or ILLNESS.search(text):
        return False
    others = [piece for piece in pieces if not NEVER_TOLD.fullmatch(piece.text)]
    return len(others) < len(pieces) and _all_safe(others)


def _all_safe(pieces: Sequence[_Piece], *, told_of_then: bool = False) -> bool:
    return all(piece.is_safe(told_of_then=told_of_then) for piece in pieces)


def _ordinary(text: str, asks: str, patterns: Sequence[re.Pattern[str]]) -> bool:
    rest, found = text, False
    for pattern in patterns:
        rest, times = pattern.subn(" , ", rest)
        found = found or times > 0
    if not found or UNSURE.search(rest) or (asks == "fever" and _HOT.search(rest)):
        return False
    pieces = [_Piece.of(piece) for piece in SPLIT.split(rest)]
    if asks == "safeguarding_concern" and any(piece.other for piece in pieces):
        return False
    return _all_safe(pieces)


#: A temperature beside the harmless one.
_HOT = re.compile(r"\b(?:3[89]|4[0-2]|10[1-6])\b")


def _somebody_else(text: str, asks: str, pieces: Sequence[_Piece]) -> bool:
    """ "It's the wife gets those, never had one", "dad had the heart attack not me"."""
    if asks in OF_OTHERS or ALSO_ME.search(text) or not any(piece.other for piece in pieces):
        return False
    if not any(piece.not_me for piece in pieces):
        return False
    return _all_safe(pieces)


def _long_over(text: str, asks: str, pieces: Sequence[_Piece]) -> bool:
    """ "Had cystitis at easter, cleared up, nothing now"; "in my twenties, nothing like it now"."""
    long_ago = LONG_AGO.search(text) is not None
    if asks in RECENT_ONLY and long_ago:
        return _all_safe(pieces, told_of_then=True)
    if not (long_ago and asks in ONLY_LONG_AGO) and not (
        (long_ago or AGO.search(text)) and asks in MONTHS_AGO
    ):
        return False
    after = [number for number, piece in enumerate(pieces) if piece.then]
    over = [number for number, piece in enumerate(pieces) if piece.over]
    return bool(over) and bool(after) and over[-1] >= after[0] and _all_safe(pieces, told_of_then=True)


def _never_came_to_it(text: str, asks: str, pieces: Sequence[_Piece]) -> bool:
    """It was nearly, or it was thought of, or it was looked for and not found."""
    if asks in ("minor_trauma_recent", "major_trauma_recent") and (nearly := NEARLY.search(text)) is not None:
        after = text[nearly.end() :]
        return _is_safe(text[: nearly.start()]) and _is_safe(after) and not LANDED.search(after)
    if asks in PROPOSED and (considered := CONSIDERED.search(text)) is not None:
        said = considered.group()
        return TAKES_OFF.search(said) is None and GOES_ON.search(text[considered.end() :]) is None
    checked = CHECKED.search(text)
    if checked is None or not _is_safe(text[checked.end() :]):
        return False
    if asks in TESTED_AND_OVER:
        return any(piece.over and QUIET_SINCE.search(piece.text) for piece in pieces)
    before = text[: checked.start()]
    if asks not in TESTED or any(ILLNESS.search(piece.text) for piece in pieces if not piece.other):
        return False
    return _is_safe(before)


def _is_safe(text: str) -> bool:
    return _all_safe([_Piece.of(piece) for piece in SPLIT.split(text)])


def _closes_with_no(text: str, asks: str) -> bool:
    """ "Only fell in love haha no", "scared to death of that happening but no all fine"."""
    closing = CLOSING_NO.fullmatch(text)
    if closing is None or not _is_safe(closing["after"]) or not NOT_MEANT.search(text):
        return False
    return _is_safe(SAID_IN_JEST.sub(" ", closing["before"]))
