"""Tells "62 years" as an age from "20 years" as the time that something has lasted, where the words stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Years between two stops: "I am Lakshmi, 62 yrs, low back pain".
_ALONE = re.compile(
    r"(?:^|[,.;(] ?)(?P<age>1[6-9]|[2-9]\d) (?:years?|yrs?)(?: young| of age| age)?(?= ?(?:[,.;)]|$))"
)
#: Hardly anybody has had the pain for longer than this.
OLDEST_PAIN = 45
_GOES_ON = re.compile(
    r"[ ,.;]*(?:on (?:and|n) off|off (?:and|n) on|now\b|same\b|constant|and counting|no (?:change|different)|"
    r"getting (?:worse|better)|comes? and goes?|of (?:it|this|pain)|going on)"
)
_LASTING = re.compile(r"\b(?:on (?:and|n) off|off (?:and|n) on|for|since|over|comes and goes|going on) ?$")
_SAYS_WHO = re.compile(
    r"\b(?:im|i am|this is|name is|here|from \w+|male|female|mr|mrs)(?: (?!on\b|taking\b|in\b)\w+){0,4} ?$"
)
_HEALTHY = re.compile(
    r"[ ,.;]*(?:otherwise|healthy|fit\b|male|female|married|single|widow|retired|living|from\b|a? ?\w+ student)"
)
_ANOTHER_TIME = re.compile(
    r"\b(?:\d+|an?|few|couple(?: of)?|last|this|since) (?:(?:past|last) )?(?:days?|weeks?|months?|years?|fortnight|"
    r"mon\w*|tues\w*|wednes\w*|thurs\w*|fri\w*|satur\w*|sun\w*|yesterday|morning|night)\b|\byesterday\b"
)


def years_of_age(text: str) -> Iterator[re.Match[str]]:
    """Every number of years that stands alone and is somebody's age."""
    for match in _ALONE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if not before.strip() and not after.strip(" ,.;!"):
            continue
        if _GOES_ON.match(after) or _LASTING.search(before):
            continue
        if (
            int(match["age"]) >= OLDEST_PAIN
            or not before.strip()
            or _SAYS_WHO.search(re.split(r"[,.;(]", before)[-1])
            or _HEALTHY.match(after)
            or _ANOTHER_TIME.search(before)
            or _ANOTHER_TIME.search(after)
        ):
            yield match


def is_an_age(text: str, start: int, end: int) -> bool:
    """Whether the time at `text[start:end]` is an age told in years."""
    return any(match.start("age") < end and start < match.end() for match in years_of_age(text))
