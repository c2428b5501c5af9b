"""Amounts in plain text: "about 3", "six or seven", "between 4 and 6", "a couple of", "half an"."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A number as plain text writes it; "½" has become ".5".
NUMBER = r"(?:\d{1,5}(?:\.\d{1,2})?|\.\d{1,2})"

ABOUT_BEFORE = (
    r"(?:about|around|roughly|approx\w*|almost|nearly|maybe|perhaps|probably|possibly|like|say|some|circa|"
    r"over|"
    r"more than|at least|under|less than|up to|just under|just over|close to|getting on for|nearer|i think|"
    r"i guess|"
    r"i suppose|guess|must be|~|coming up to|well over|or thereabouts)"
)
ABOUT_AFTER = (
    r"(?: or so|ish|-ish| ish| or thereabouts| odd| plus|\+|,? give or take(?: an? (?:day|week|month|"
    r"year|bit|few))?(?: or (?:two|2))?| maybe| i think| i guess|"
    r" i suppose| roughly|"
    r" approx\w*| or more| at least| probably| if not more)"
)

#: Words that count, and whether they are vague. "Few" as three is our reading, always marked as about.
_WORDS = (
    (r"three quarters of an?|3 quarters of an?|3/4 of an?", 0.75, False),
    (r"(?:a )?quarter of an?|1/4 of an?", 0.25, False),
    (r"half an?|a half|half|1/2 an?|1/2", 0.5, False),
    (r"(?:a )?couple(?: of)?", 2.0, False),
    (r"(?:a good |quite a |the )?few|a few", 3.0, True),
    (r"several", 4.0, True),
    (r"half an? 12", 6.0, False),
    (r"an? 12", 12.0, False),
    (r"an? good|a full|a whole|an?|one|another", 1.0, False),
)
_ANY_WORD = "|".join(
    f"(?P<w{index}>{pattern})"
    for index, (pattern, _, _) in sorted(enumerate(_WORDS), key=lambda item: item[0] not in (6, 7))
)

AMOUNT = (
    rf"(?P<about_before>(?:{ABOUT_BEFORE} (?:a |the |an )?){{0,3}})"
    r"(?:"
    rf"(?:(?:between|from) )?(?:an? )?(?P<low>{NUMBER})(?: ?(?:-|to|or|and|/|till|maybe) ?(?:an? |maybe |"
    rf"even )?| (?=\d))"
    rf"(?P<high>{NUMBER})"
    rf"|(?P<one>{NUMBER})(?P<more>(?: and| n)? (?:an? half|half|1/2|\.5)|(?: (?:and|n) a bit)|(?: and a quarter))?"
    rf"|(?:the )?(?:{_ANY_WORD})"
    r")"
)


@dataclass(frozen=True)
class Amount:
    """A number or a range. `low` equals `high` when one number was said."""

    low: float
    high: float
    about: bool

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


def amount_of(match: re.Match[str]) -> Amount | None:
    """The amount in a match of a pattern that contains `AMOUNT`; None for a range that runs backwards."""
    about = bool(match["about_before"])
    if match["low"] is not None:
        low, high = float(match["low"]), float(match["high"])
        return Amount(low, high, about=True) if low < high else None
    if match["one"] is not None:
        number = float(match["one"])
        more = match["more"] or ""
        if "bit" in more:
            return Amount(number, number, about=True)
        number += 0.25 if "quarter" in more else 0.5 if more else 0.0
        return Amount(number, number, about)
    for index, (_, number, vague) in enumerate(_WORDS):
        if match[f"w{index}"] is not None:
            return Amount(number, number, about or vague)
    return None
