"""How many weeks pregnant: asked for, or told beside a baby that is not born yet."""

from __future__ import annotations

import re

from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

_PREGNANT_WEEKS = re.compile(
    r"\b(?P<number>\d{1,2})(?:\.\d)?(?: and a half)?(?:\+\d| \+ \d)? ?(?P<unit>weeks?|"
    r"months?)?(?: and \d days?)? ?"
    r"(?P<sure>pregnan\w*|preg\b|gone\b|along\b|into my pregnancy|gestation)"
    r"|\bpregnan\w+,?(?: (?:with|and|now|about|around|at|im|i am|my|first|second|"
    r"baby))*,? (?P<after>\d{1,2}) ?(?P<unit_after>weeks?|months?)"
)
_WEEKS_ASKED = re.compile(
    r"\b(?P<number>\d{1,2})(?:\.\d|\+\d| \+ \d)?(?: and a half)? ?(?P<unit>weeks?|months?)?"
)
_WEEKS_SAID = re.compile(
    r"(?<!for )(?<!past )(?<!last )(?<!been )(?<!these )(?<!in )(?<!every )"
    r"\b(?P<number>\d{1,2})(?:\.\d| ?\+ ?\d)? ?(?P<unit>weeks|wks|wk|week)\b"
    r"(?! (?:ago|old|late|post|off|back|course|wait|later|now (?:of|with)|of (?:pain|physio|this)|since|in bed)\b)"
)
_UNBORN = re.compile(
    r"\b(?:pregnan\w*|expecting|bump(?! on)|midwife|trimester|twins|kicks?|kicking|kicker|kicked|fetal|antenatal|"
    r"braxton|contraction\w*|tightenings?|trimester|my edd|(?:belly|tummy|stomach|bump) (?:is |goes |going |"
    r"keeps going |gets )+"
    r"(?:hard|tight)|spd\b|pelvic girdle|"
    r"waters|due date|"
    r"(?:she|he|baby|bub)(?:s|es)? (?:has |is |gone |been |hardly |barely |not |"
    r"still ){0,3}(?:\w+ )?(?:mov\w+|quiet|kick\w*|breech)|"
    r"with (?:my|our) (?:first|second|third|fourth|1st|2nd|3rd))\b"
)
_ASKS_FOR_A_PREGNANCY = frozenset(
    {"pregnant", "pregnancy_bleeding_or_waters", "pregnancy_regular_tightenings", "reduced_fetal_movements"}
)
_LONGEST_PREGNANCY = 42


def gestation(utterance: Utterance) -> Mention | None:
    """Weeks pregnant, asked for or told."""
    match = _PREGNANT_WEEKS.search(utterance.text)
    if match is not None and not utterance.scopes.of_another(*match.span()):
        number, unit = match["number"] or match["after"], match["unit"] or match["unit_after"] or "weeks"
        if match["number"] and not match["unit"] and match["sure"] in ("gone", "along"):
            return None
        return _weeks(int(number), unit, match)
    if match is None and utterance.asks != "gestation_weeks":
        match = _WEEKS_SAID.search(utterance.text)
        if match is not None and _of_a_pregnancy(utterance, match):
            return _weeks(int(match["number"]), match["unit"], match)
        return None
    if utterance.asks == "gestation_weeks":
        match = _WEEKS_ASKED.search(utterance.text)
        return _weeks(int(match["number"]), match["unit"] or "weeks", match) if match is not None else None
    return None


def _of_a_pregnancy(utterance: Utterance, match: re.Match[str]) -> bool:
    """ "34 weeks, and she has hardly moved": weeks beside a baby that is not born yet, or asked about one."""
    if utterance.scopes.of_another(*match.span()) and not _UNBORN.search(utterance.text, match.end()):
        return False
    about_one = utterance.asks in _ASKS_FOR_A_PREGNANCY or _UNBORN.search(utterance.text) is not None
    return about_one and 4 <= int(match["number"]) <= _LONGEST_PREGNANCY


def _weeks(number: int, unit: str, match: re.Match[str]) -> Mention | None:
    months = unit.startswith("month")
    weeks = round(number * 52 / 12) if months else number
    return mention("gestation_weeks", weeks, *match.span(), about=months)
