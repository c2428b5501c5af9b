"""Holidays as dates, for "since Easter" and "about Thanksgiving"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

#: What a pattern looks for, longest names first.
NAMES = (
    r"christmas(?: day| eve)?|xmas|boxing day|new years?(?: day| eve)?|easter(?: (?:sunday|monday|"
    r"weekend))?|good friday|"
    r"hallow ?e?en|bonfire night|guy fawkes|(?:st |saint )?(?:patricks|paddys) day|valentines(?: day)?|"
    r"thanksgiving|labou?r day|"
    r"memorial day|4th of july|july 4th|independence day|diwali|deepavali|veterans day|st georges day|burns night"
)
_FIXED = {
    "christmas": (12, 25),
    "xmas": (12, 25),
    "boxing": (12, 26),
    "new": (1, 1),
    "hallow": (10, 31),
    "bonfire": (11, 5),
    "guy": (11, 5),
    "valentines": (2, 14),
    "4th": (7, 4),
    "july": (7, 4),
    "independence": (7, 4),
    "veterans": (11, 11),
    "burns": (1, 25),
}
#: The moon's feasts, for the years that patients still speak of.
_DIWALI = {2023: (11, 12), 2024: (11, 1), 2025: (10, 20), 2026: (11, 8), 2027: (10, 29), 2028: (10, 17)}


def latest(name: str, today: date) -> date | None:
    """The last time that the feast was, today included; None for one we do not know."""
    for year in (today.year, today.year - 1):
        then = _in_year(name, year)
        if then is not None and then <= today:
            return then
    return None


def _in_year(name: str, year: int) -> date | None:
    for word, (month, day) in _FIXED.items():
        if name.startswith(word):
            return date(year, month, day)
    for words, moving in _MOVING:
        if any(word in name for word in words):
            return moving(year)
    return None


def _easter(year: int) -> date:
    """The Gregorian computus."""
    golden, century = year % 19, year // 100
    skipped = century // 4
    epact = (19 * golden + century - skipped - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - epact - year % 100 % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _diwali(year: int) -> date | None:
    return date(year, *_DIWALI[year]) if year in _DIWALI else None


_MOVING: tuple[tuple[tuple[str, ...], Callable[[int], date | None]], ...] = (
    (("good friday",), lambda year: _easter(year) - timedelta(days=2)),
    (("easter",), _easter),
    (("patrick", "paddy"), lambda year: date(year, 3, 17)),
    (("george",), lambda year: date(year, 4, 23)),
    (("thanksgiving",), lambda year: _nth(year, 11, 3, 4)),
    (("labor", "labour"), lambda year: _nth(year, 9, 0, 1)),
    (("memorial",), _last_monday_of_may),
    (("diwali", "deepavali"), _diwali),
)
