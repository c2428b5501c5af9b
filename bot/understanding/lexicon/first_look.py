"""Finds letters that any match of a pattern must contain, so that most patterns need not run at all."""

from __future__ import annotations

import sre_parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any, TypeVar

#: Shorter literals are found in nearly every message and would save nothing.
SHORTEST = 3
#: Of a longer one so many letters are looked up first.
_LOOKED_UP = 6
#: The digits of a number in binary, as what `compress` wants.
_BITS = bytes.maketrans(b"01", b"\x00\x01")

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class FirstLook:
    """Which items of a list may have to do with a text, by the literals of which it must hold one.

    `by_length` has for each of two lengths the literals by their beginnings of that length, each with its
    items as the bits of a number: bit n stands for the n-th item. `always` are the items without literals.
    """

    by_length: Mapping[int, Mapping[str, tuple[tuple[str, int], ...]]]
    always: int

    @classmethod
    def at(cls, literals: Sequence[frozenset[str]]) -> FirstLook:
        """For each item its literals, in the order of the items."""
        items: dict[str, int] = {}
        for index, some in enumerate(literals):
            for literal in some:
                items[literal] = items.get(literal, 0) | 1 << index
        by_length: dict[int, dict[str, tuple[tuple[str, int], ...]]] = {}
        for literal, bits in items.items():
            length = _LOOKED_UP if len(literal) >= _LOOKED_UP else SHORTEST
            same = by_length.setdefault(length, {})
            same[literal[:length]] = (*same.get(literal[:length], ()), (literal, bits))
        return cls(by_length, sum(1 << index for index, some in enumerate(literals) if not some))

    def items(self, text: str) -> int:
        """The items that have a literal in `text` or need none, as bits."""
        bits = self.always
        for length, known in self.by_length.items():
            for beginning in {text[at : at + length] for at in range(len(text))} & known.keys():
                for literal, its_items in known[beginning]:
                    if len(literal) == length or literal in text:
                        bits |= its_items
        return bits


def chosen(items: Sequence[_Item], bits: int) -> Iterator[_Item]:
    """Those of `items` whose bit is set, in their order."""
    return compress(items, f"{bits:b}"[::-1].encode("ascii").translate(_BITS))


@lru_cache(maxsize=1)
def parse(pattern: str) -> Any:
    """The parts of `pattern`; the last one is kept, for parsing takes longer than looking through the parts."""
    return sre_parse.parse(pattern)


def needed_literals(pattern: str) -> frozenset[str]:
    """A set of strings of which every match contains at least one; empty when none can be named."""
    return frozenset(_of_sequence(parse(pattern)) or ())


def _of_sequence(parsed: Any) -> set[str] | None:
    best: set[str] | None = None
    run = ""
    for operator, argument in parsed:
        name = str(operator)
        if name == "LITERAL":
            run += chr(argument)
            continue
        best, run = _better(best, _of_run(run)), ""
        best = _better(best, _of_one(name, argument))
    return _better(best, _of_run(run))


def _of_one(name: str, argument: Any) -> set[str] | None:
    if name == "SUBPATTERN":
        return _of_sequence(argument[3])
    if name == "BRANCH":
        found: set[str] = set()
        for branch in argument[1]:
            literals = _of_sequence(branch)
            if literals is None:
                return None
            found |= literals
        return found
    if name in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] >= 1:
        return _of_sequence(argument[2])
    return None


def _of_run(run: str) -> set[str] | None:
    return {run} if len(run) >= SHORTEST else None


def _better(left: set[str] | None, right: set[str] | None) -> set[str] | None:
    if left is None or right is None:
        return right if left is None else left
    return max(left, right, key=lambda literals: (min(map(len, literals)), -len(literals)))
