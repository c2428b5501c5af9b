"""Which score is the pain of this moment: "4 now", "it was 9, now it's 5", "sitting here it's a 2"."""

from __future__ import annotations

import re

#: "7 on a bad day, 4 now", "it was 9, now it's 5": with or without another score.
_A_SCORE_NOW = re.compile(r"(?:^|[,.;] ?|\b(?:its|it is|about|around|maybe|a|an|at|be|say)(?: an?)? )$")
_NOW_AFTER = re.compile(
    r" (?:right now|now|at the (?:moment|minute)|as i (?:type|write|speak)|today|currently|"
    r"at present)(?= ?(?:$|[,.;!]))"
)
_NOW_BEFORE = re.compile(
    r"\b(?:now|today|currently|at the moment)(?: (?:its|it is|im at|its at|id say|about|around|down to|at|"
    r"only|more like|"
    r"maybe|an?))+ ?$|\b(?:sat|sitting|lying) here(?: \w+){0,2}? (?:its|it is)(?: (?:about|an?|only|like|maybe))* ?$"
)
_PAIN_OR_SCORE = re.compile(r"\b(?:backs?|pain\w*|hurt\w*|sore|bad|worst|average|most days|without pain)\b")
_WAS_A_SCORE = re.compile(r"\b(?:was|been|from) (?:an? )?(?:10|\d)\b|\bpain\b|\bhere\b")
_ENDS = re.compile(r" ?(?:$|[,.;!])")


def is_now(text: str, start: int, end: int) -> bool:
    """Whether the score that stands at `start` to `end` is told as the present one."""
    before, after = text[max(0, start - 32) : start], text[end : end + 24]
    return _NOW_AFTER.match(after) is not None or _NOW_BEFORE.search(before) is not None


def was(text: str, start: int) -> bool:
    """ "It was 9, now it's 5", "3 now, down from 7": that one is over."""
    if text.startswith("from ", start):
        return True
    return re.search(r"\b(?:was|(?<!apart )from)(?: an?)? $", text[max(0, start - 16) : start]) is not None


def came_from(text: str, start: int) -> bool:
    """ "3 now from 7", "was 7, now 3": the score of the beginning."""
    return (
        was(text, start)
        or re.search(r"\b(?:started|began)(?: out| off)?(?: at| on| as)?(?: an?)? $", text[:start])
        is not None
    )


def told_now(text: str, start: int, end: int) -> bool:
    """ "Started out at 7, now 4": beside the first score."""
    return (
        is_now(text, start, end)
        or re.search(r"\bnow(?: an?)? $", text[max(0, start - 8) : start]) is not None
    )


def told_as_now(before: str, after: str, text: str) -> bool:
    """Whether a bare number between the two can only be a score of now."""
    if _NOW_AFTER.match(after) and _A_SCORE_NOW.search(before) and _PAIN_OR_SCORE.search(text):
        return True
    now = _NOW_BEFORE.search(before) is not None and _ENDS.match(after) is not None
    return now and _WAS_A_SCORE.search(before) is not None
