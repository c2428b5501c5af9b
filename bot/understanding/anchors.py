"""How long ago a named day was: "yesterday", "since last Tuesday", "on 12 October", "since 2019".

Words such as "yesterday" need no calendar. A weekday or a date needs today's date; without it nothing is read.
What would lie in the future is read as the same day a year earlier, so an onset is never to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.understanding import feasts
from bot.understanding.durations import Stretch
from bot.understanding.quantities import Amount

#: Oldest year that anybody alive means.
_EARLIEST = 1900

_RELATIVE = (
    (r"(?:the )?day before yesterday", 2, False),
    (r"yesterday", 1, False),
    (r"last (?:night|evening)", 1, False),
    (
        r"(?:early |late )?(?:this (?:morning|afternoon|evening)|today|tonight)|just now|a (?:moment|"
        r"minute) ago",
        0,
        False,
    ),
    (r"the other day|(?:a )?few days back", 3, True),
    (r"(?:earlier )?this week", 3, True),
    (r"(?:the )?week before last", 14, True),
    (r"(?:the )?month before last", 60, True),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_BEFORE = r"(?P<before>since|from|on|last|this|past|in|of|around|about|early|late|mid|until|started|the)"
_WEEKDAY = re.compile(
    rf"\b(?:{_BEFORE} ){{0,3}}(?P<earlier>a week ago (?:last |on )?|a week (?:last|past) |week (?:last|past) )?"
    rf"(?<!to )(?<!through )(?<!every )(?P<day>{'|'.join(_WEEKDAYS)}|(?<=since )s(?:at|un)|(?<=last )s(?:at|"
    rf"un)|"
    rf"(?<=on )s(?:at|un))(?P<gone> gone| week(?! (?:ago|end))| (?:of )?last week| before last)?(?! (?:to|"
    rf"through|and) (?:{'|'.join(_WEEKDAYS)}))\b"
)
_WEEKEND = re.compile(
    r"\b(?:since|over|at|on|from|last|this|during)(?: the| last| this| the last)* ?weekend\b"
)
_DAY_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?: ?(?:st|nd|rd|th))?(?: day)?(?: of)? {_MONTH}(?:,? (?P<year>(?:19|20)\d\d))?\b"
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH} (?:the )?(?P<day>\d{{1,2}})(?!\d| ?(?:weeks|days|months|years))(?: ?(?:st|nd|rd|th))?"
    rf"(?:,? (?P<year>(?:19|20)\d\d))?\b"
)
_MONTH_ALONE = re.compile(
    rf"\b(?:(?:since|from|in|last|around|round|about|of|maybe|perhaps|probably|think|say|like|started|began|on)"
    rf"(?: (?:about|around|last|the|maybe|sometime in|in))*(?: (?P<part>early|late|mid|start of|beginning of|"
    rf"middle of|end of))?|(?:early|late|mid|the end of)|(?<=, )(?=\w+(?: time)?(?: i think| maybe| or so|$))) ?"
    rf"(?<![a-z]){_MONTH}(?: (?:of )?(?P<year>(?:19|20)\d\d))?\b(?! (?:be|have|need|not|well|help|i|it|just)\b)"
)
_THE_NTH = re.compile(
    r"\b(?:since|on|from) the (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?! (?:of\b|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
)
_DIGITS = re.compile(
    r"\b(?:(?P<iso>\d{4})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)|"
    r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4}|\d\d))\b"
)
_YEAR = re.compile(
    r"\b(?:since|from|in|around|about|back in|of|started)(?: (?:about|around|early|late|the year))* "
    r"(?P<year>(?:19|20)\d\d)\b(?![-/.]\d| ?(?:steps|mg))"
)
_FEAST = re.compile(
    r"\b(?:since|at|over|on|around|round|about|before|after|from|by|during|started|began)"
    rf"(?: (?:the|about|around|last|just|maybe))* (?P<feast>{feasts.NAMES})\b"
)
_PARTS = {"early": 5, "start of": 5, "beginning of": 5, "mid": 15, "middle of": 15, "late": 25, "end of": 27}


def anchors(text: str, today: date | None) -> list[Stretch]:
    """Each named day as the stretch of days from it until today, in order of the text."""
    found = list(_relative(text))
    if today is not None:
        found.extend(_dated(text, today))
    found.sort(key=lambda stretch: (stretch.start, -stretch.end))
    apart: list[Stretch] = []
    for stretch in found:
        if not apart or stretch.start >= apart[-1].end:
            apart.append(stretch)
    return apart


def _relative(text: str) -> Iterator[Stretch]:
    for pattern, days, about in _RELATIVE:
        for match in re.finditer(rf"\b(?:{pattern})\b", text):
            yield _days(days, match, about=about)


def _dated(text: str, today: date) -> Iterator[Stretch]:
    for match in _WEEKDAY.finditer(text):
        yield _days(_days_since(match, today), match)
    for match in _WEEKEND.finditer(text):
        yield _days((today.weekday() - 5) % 7 or 1, match, about=True)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(text):
            yield from _on(match, _month(match["month"]), int(match["day"]), match["year"], today)
    for match in _MONTH_ALONE.finditer(text):
        yield from _some_day_of(match, today)
    for match in _THE_NTH.finditer(text):
        yield from _latest_nth(match, today)
    for match in _DIGITS.finditer(text):
        yield from _written(match, today)
    for match in _YEAR.finditer(text):
        yield from _in_year(match, today)
    for match in _FEAST.finditer(text):
        then = feasts.latest(match["feast"], today)
        if then is not None:
            yield _days((today - then).days, match, about=True)


def _days_since(match: re.Match[str], today: date) -> int:
    """The named weekday's last return; a "last Wednesday" of a Thursday is a week older than yesterday."""
    day, gone = _weekday(match["day"]), match["gone"] or ""
    if gone.endswith("last week"):
        return today.weekday() + 7 - day
    ago = (today.weekday() - day) % 7 or 7
    older = match["earlier"] or gone in (" week", " before last")
    yesterday = ago == 1 and match["before"] == "last"
    return ago + (7 if older or yesterday else 0)


def _days(days: int, match: re.Match[str], *, about: bool = False) -> Stretch:
    return Stretch(Amount(float(days), float(days), about), "day", match.start(), match.end())


def _on(
    match: re.Match[str], month: int, day: int, year: str | None, today: date, *, about: bool = False
) -> Iterator[Stretch]:
    """The given day, or its last return when no year was said."""
    for candidate in (int(year),) if year else (today.year, today.year - 1):
        try:
            then = date(candidate, month, day)
        except ValueError:
            continue
        if then <= today and candidate >= _EARLIEST:
            yield _days((today - then).days, match, about=about)
            return


def _some_day_of(match: re.Match[str], today: date) -> Iterator[Stretch]:
    month = _month(match["month"])
    day = _PARTS.get(match["part"] or "", 15)
    this_month = month == today.month and match["year"] in (None, str(today.year))
    if this_month and "last" not in match.group():
        day = min(day, (today.day + 1) // 2)
    year = (
        str(today.year - 1) if this_month and "last" in match.group() and not match["year"] else match["year"]
    )
    yield from _on(match, month, day, year, today, about=True)


def _latest_nth(match: re.Match[str], today: date) -> Iterator[Stretch]:
    then = today
    for _ in range(62):
        if then.day == int(match["day"]):
            yield _days((today - then).days, match)
            return
        then -= timedelta(days=1)


def _written(match: re.Match[str], today: date) -> Iterator[Stretch]:
    if match["iso"]:
        yield from _on(match, int(match["iso_month"]), int(match["iso_day"]), match["iso"], today)
        return
    day, month = int(match["day"]), int(match["month"])
    year = match["year"] if len(match["year"]) == 4 else f"20{match['year']}"
    either = day <= 12 and month <= 12 and day != month
    if month > 12:
        day, month = month, day
    yield from _on(match, month, day, year, today, about=either)


def _in_year(match: re.Match[str], today: date) -> Iterator[Stretch]:
    year = int(match["year"])
    if year == today.year:
        yield _days((today - date(year, 1, 1)).days // 2, match, about=True)
    elif year < today.year:
        yield from _on(match, 7, 1, str(year), today, about=True)


def _weekday(word: str) -> int:
    return next(number for number, name in enumerate(_WEEKDAYS) if name.startswith(word[:3]))


def _month(word: str) -> int:
    return next(number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word[:3]))
