"""The code by which a patient names their case on the phone: short, readable, and worked out from the id."""

from __future__ import annotations

import re

#: Crockford's: no I, L, O or U, so that nothing reads like something else, or like a word
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BITS = 5
_LETTERS = 8
#: the digits of an id that are as many bits as the code: 40
_DIGITS = _LETTERS * _BITS // 4
_ID = re.compile(r"[0-9a-f]{10,}")


def case_code(episode_id: str) -> str:
    """Such as "K7M4-QX2P", for an id that this store gave (hexadecimal); another id is its own code."""
    if not _ID.fullmatch(episode_id):
        return episode_id
    number = int(episode_id[:_DIGITS], 16)
    letters = "".join(_ALPHABET[number >> shift & 31] for shift in range((_LETTERS - 1) * _BITS, -1, -_BITS))
    return f"{letters[:4]}-{letters[4:]}"


def beginning_of_id(code: str) -> str | None:
    """The first ten digits of every id that has this code, however it is written; None for what is no code."""
    letters = re.sub(r"[\s\-–]", "", code).upper().translate(_MISREAD)
    if len(letters) != _LETTERS or any(letter not in _ALPHABET for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number << _BITS | _ALPHABET.index(letter)
    return f"{number:0{_DIGITS}x}"
