"""Finds letters that any match of a pattern must contain, so that most patterns need not run at all."""

from __future__ import annotations

import sre_parse
from typing import Any

#: Shorter literals are found in nearly every message and would save nothing.
SHORTEST = 3


def needed_literals(pattern: str) -> frozenset[str]:
    """A set of strings of which every match contains at least one; empty when none can be named."""
    return frozenset(_of_sequence(sre_parse.parse(pattern)) or ())


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
