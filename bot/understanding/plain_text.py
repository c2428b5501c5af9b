"""A message made plain for reading: lower case, no apostrophes, digits for number words, offsets kept."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import and_, eq

from text_to_num import text2num

from bot.understanding.spelling import Spell

#: Longer messages are read up to here; the channels refuse more than 4,000 characters anyway.
LONGEST = 6000

#: Messages with more pieces than this are looked through for echoes, up to so many pieces long.
_LONG, _LONGEST_ECHO, _ECHOES = 300, 20, 3

_UNITS = ["zero", "nought", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL: Mapping[str, int] = {
    **{"zero": 0, "nought": 0, "one": 1, "dozen": 12},
    **{word: number for number, word in enumerate(_UNITS[2:], start=2)},
    **{word: number for number, word in enumerate(_TEENS, start=10)},
    **{word: number * 10 for number, word in enumerate(_TENS, start=2)},
}
_SCALES = frozenset({"hundred", "thousand"})

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*'?|[0-9]+|\s+|.", re.DOTALL)
_KEPT = frozenset(".,;:!?/-+%()<>~")
_SIGNS = {
    "&": " and ",
    "\N{THUMBS UP SIGN}": " yes ",
    "\N{OK HAND SIGN}": " yes ",
    "\N{THUMBS DOWN SIGN}": " no ",
}
_LOOKALIKES = {
    **dict.fromkeys("\u2018\u2019\u02bc\u0060\u00b4\u2032\uff07", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022", "-"),
    **dict.fromkeys("\u2044\u2215", "/"),
    "\u2026": ".",
    "\u00bd": ".5",
    "\u00bc": ".25",
    "\u00be": ".75",
}
#: "one" is a number only where it counts something; elsewhere it is "the one on the left".
_COUNTED = re.compile(
    r"\s*(?:/|-|to\b|or\b|out of|point|and a (?:half|bit)|(?:day|week|month|year|hour)s?\b|$|\.)"
)


#: With these "'s" is a word that the patterns know: "its", "thats".
_KEEP_THE_S = frozenset(
    {"it", "that", "this", "he", "she", "there", "here", "what", "who", "how", "where", "when", "why", "let"}
)
#: After these "one" is a thing that was pointed at.
_POINTED_AT = frozenset(
    {
        "the",
        "left",
        "right",
        "this",
        "that",
        "other",
        "bad",
        "good",
        "same",
        "which",
        "each",
        "no",
        "next",
        "big",
    }
)


@dataclass(frozen=True)
class Plain:
    """`text` is what the patterns read; `source` leads back to the patient's own characters."""

    original: str = field(repr=False)
    text: str = field(repr=False)
    _starts: tuple[int, ...] = field(repr=False)
    _pieces: tuple[tuple[int, int], ...] = field(repr=False)

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original message behind `text[start:end]`."""
        if not self._pieces or end <= start:
            return 0, 0
        first = self._pieces[bisect_right(self._starts, start) - 1]
        last = self._pieces[bisect_right(self._starts, end - 1) - 1]
        return first[0], max(last[1], first[0])

    def words(self, start: int, end: int) -> str:
        begin, stop = self.source(start, end)
        return self.original[begin:stop]


def make_plain(message: str, spell: Spell) -> Plain:
    """Build the plain text. `spell` gives a misspelt or clipped word in the spelling that the patterns know."""
    message_read = message[:LONGEST]
    characters, origin = _simplify(message_read)
    pieces: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(characters):
        letters = match.group()
        piece = " " if letters == "-" and _joins_words(characters, match) else _piece(letters, spell)
        if piece:
            pieces.append((piece, match.start(), match.end()))
    pieces = _without_echo(_digits(pieces, characters))

    text: list[str] = []
    starts: list[int] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for piece, start, end in pieces:
        if piece.startswith(" ") and text and text[-1].endswith(" "):
            piece = piece[1:]
            if not piece:
                continue
        text.append(piece)
        starts.append(at)
        spans.append((origin[start], origin[end - 1] + 1))
        at += len(piece)
    return Plain(message, "".join(text), tuple(starts), tuple(spans))


def _joins_words(characters: str, match: re.Match[str]) -> bool:
    """A hyphen between letters: "self-harm" is read as "self harm"."""
    start, end = match.span()
    return characters[max(0, start - 1) : start].isalpha() and characters[end : end + 1].isalpha()


def _simplify(message: str) -> tuple[str, list[int]]:
    if message.isascii():
        return message.lower(), list(range(len(message)))
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(message):
        for simple in _simple(character):
            characters.append(simple)
            origin.append(index)
    return "".join(characters), origin


def _simple(character: str) -> str:
    if character.isascii():
        return character.lower()
    if character in _LOOKALIKES:
        return _LOOKALIKES[character]
    if character in _SIGNS:
        return character
    kind = unicodedata.category(character)
    if kind in ("Mn", "Me", "Cf", "Cs", "Sk"):
        return ""
    if kind == "Nd":
        return str(unicodedata.digit(character))
    apart = unicodedata.normalize("NFKD", character).lower()
    return "".join(part for part in apart if part.isascii() and (part.isalnum() or part in _KEPT)) or " "


def _piece(token: str, spell: Spell) -> str:
    first = token[0]
    if "a" <= first <= "z":
        word = token.rstrip("'")
        if "'" in word:
            word = _without_apostrophe(word)
        return spell(word)
    if first.isdigit() or first in _KEPT:
        return token
    if first.isspace():
        return " ; " if "\n" in token else " "
    return _SIGNS.get(first, " ")


def _without_echo(pieces: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """A long message without the same few words over and over: three times is as good as three hundred."""
    if len(pieces) < _LONG:
        return pieces
    words = [piece for piece, _, _ in pieces]
    echoed = bytearray(len(words))
    for back in range(1, _LONGEST_ECHO + 1):
        enough = _ECHOES * back
        if not _any_two_again(words, back, enough):
            continue
        again = bytes(map(eq, words[back:], words))
        for run in re.finditer(rb"\x01{%d,}" % (enough + 1), again):
            start, end = run.start() + back + enough, run.end() + back
            echoed[start:end] = b"\x01" * (end - start)
    return [piece for piece, was_echoed in zip(pieces, echoed, strict=True) if not was_echoed]


def _any_two_again(words: list[str], back: int, step: int) -> bool:
    """Whether any two neighbours, looked at every `step` pieces, stand there again `back` pieces later."""
    first = map(eq, words[back::step], words[::step])
    return any(map(and_, first, map(eq, words[back + 1 :: step], words[1::step])))


def _without_apostrophe(word: str) -> str:
    """ "It's" is read as "its"; "groin's" as "groin", whether it owns something or is short for "is"."""
    stem = word.removesuffix("'s")
    if stem != word and "'" not in stem and stem not in _KEEP_THE_S:
        return stem
    return word.replace("'ll", " will").replace("'", "")


def _digits(pieces: list[tuple[str, int, int]], characters: str) -> list[tuple[str, int, int]]:
    """Replace each run of number words by its digits: "forty five" becomes "45", "two three" stays two."""
    out: list[tuple[str, int, int]] = []
    index = 0
    while index < len(pieces):
        word, start, end = pieces[index]
        if word.removesuffix("ish") in _SMALL and word.endswith("ish"):
            out.append((f"{_SMALL[word.removesuffix('ish')]} ish", start, end))
            index += 1
            continue
        if word not in _SMALL or (word == "one" and not _counts(out, characters, end)):
            out.append(pieces[index])
            index += 1
            continue
        last = _end_of_number(pieces, index)
        words = [piece for piece, _, _ in pieces[index : last + 1] if piece not in (" ", "-")]
        out.append((_value(words), start, pieces[last][2]))
        index = last + 1
    return out


def _counts(before: list[tuple[str, int, int]], characters: str, end: int) -> bool:
    """Whether "one" is a number: not in "the left one"."""
    previous = next((piece for piece, _, _ in reversed(before) if piece != " "), "")
    return previous not in _POINTED_AT and _COUNTED.match(characters, end) is not None


def _end_of_number(pieces: list[tuple[str, int, int]], first: int) -> int:
    """Index of the last piece that still belongs to the number that begins at `first`."""
    last = first
    index = first
    while index + 2 < len(pieces) and pieces[index + 1][0] in (" ", "-"):
        before, word = pieces[index][0], pieces[index + 2][0]
        if word == "and" and before in _SCALES and index + 4 < len(pieces) and pieces[index + 4][0] in _SMALL:
            index += 2
            continue
        joins = (
            (before in _TENS and 1 <= _SMALL.get(word, 0) <= 9)
            or (before in _SMALL and word in _SCALES)
            or (before in (*_SCALES, "and") and word in _SMALL)
        )
        if not joins:
            break
        index += 2
        last = index
    return last


def _value(words: list[str]) -> str:
    if len(words) == 1:
        return str(_SMALL[words[0]])
    try:
        return str(text2num(" ".join(words), "en"))
    except ValueError:
        return " ".join(str(_SMALL.get(word, word)) for word in words)
