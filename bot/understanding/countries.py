"""The country a patient names, as its ISO 3166-1 code: it picks the phone numbers (clinical.md §1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.understanding.lexicon import load_lexicon
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

COUNTRY = "country"
_LIVES = (
    r"(?:live|living|lives|based|am|im|stay|staying|reside|residing|here|currently|now|calling|writing|from)"
    r"(?: here| now| currently| over)?"
)

_WHERE = (
    r"(?:(?:just )?(?:in|from|at|outside|near|north of|south of|close to|up in|down in|over in|out in)"
    r"(?: (?:rural|north|south|east|west|central|downtown))?)"
)


def read_country(utterance: Utterance) -> Iterator[Mention]:
    """A country by name; unasked only after "I live in" and the like."""
    asked = utterance.asks == COUNTRY
    for match in _pattern(asked).finditer(utterance.text):
        code = load_lexicon().countries[match["name"]]
        one = mention(COUNTRY, code, *match.span("name"))
        # "I live in Cardiff with my husband" is not the husband's home.
        if one is not None and not utterance.scopes.of_another(match.start(), len(utterance.text)):
            yield one
            return
    code_alone = re.fullmatch(r"\s*(?P<code>[A-Za-z]{2})[\s.!]*", utterance.plain.original) if asked else None
    if code_alone is not None and code_alone["code"].upper() in set(load_lexicon().countries.values()):
        one = mention(COUNTRY, code_alone["code"], 0, len(utterance.text))
        if one is not None:
            yield one


@lru_cache(maxsize=2)
def _pattern(asked: bool) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in _longest_first(load_lexicon().countries))
    before = "" if asked else rf"{_LIVES} {_WHERE}(?: the)? "
    return re.compile(rf"\b{before}(?P<name>{names})(?![a-z])")


def _longest_first(countries: Mapping[str, str]) -> list[str]:
    return sorted(countries, key=lambda name: (-len(name), name))
