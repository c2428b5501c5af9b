"""Stretches of time in plain text: "3-4 months", "half a year or so", "a fortnight", "half an hour"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding.own_years import is_an_age
from bot.understanding.quantities import ABOUT_AFTER, AMOUNT, Amount, amount_of

#: unit -> (minutes, days, weeks) in one of it. A month is a twelfth of a year and a year is 52 weeks, so that
#: "3 months" reads back as 13 weeks.
_UNITS = {
    "minute": (1.0, 1 / 1440, 1 / 10080),
    "hour": (60.0, 1 / 24, 1 / 168),
    "day": (1440.0, 1.0, 1 / 7),
    "week": (10080.0, 7.0, 1.0),
    "fortnight": (20160.0, 14.0, 2.0),
    "month": (43800.0, 365 / 12, 52 / 12),
    "year": (525600.0, 365.0, 52.0),
    "decade": (5256000.0, 3650.0, 520.0),
}
_LETTERS = {"h": "hour", "d": "day", "w": "week", "m": "month", "y": "year", "night": "day"}
_OVER = {"7": "day", "52": "week", "12": "month"}

_STRETCH = re.compile(
    rf"(?<![a-wyz\d.,/]){AMOUNT}(?: |-)?(?:(?:long|solid|whole|full|good|more|bloody|entire|horrible|odd) )?"
    r"(?P<unit>minute|hour|day|night|week|fortnight|month|year|decade)s?"
    r"(?:(?P<and_half> (?:and|n|an) an? half)|(?: or| maybe| to)(?: maybe)? (?P<or_more>\d)(?! ?[a-z0-9.]))?"
    rf"(?![a-z])(?P<about_after>{ABOUT_AFTER})?"
)
#: "for the last month", "this past year": one, and vague.
_LAST_ONE = re.compile(
    r"\b(?:for|over|in|during|since|from|of|about|this|these|the|past)? ?(?:the |this )?(?:past|last) "
    r"(?P<unit>week|fortnight|month|year)(?! (?:ago|on|mon|tue|wed|thu|fri|sat|sun))\b"
)
#: "week or two", "month and a half": one, though nobody says so.
_UNCOUNTED = re.compile(
    r"(?<![\w.,/] )(?<![\w])(?P<unit>hour|day|week|month|year)(?: or (?P<or_more>[2-9])(?!\d)|"
    r"(?P<and_half> (?:and|n|an) an? half)|(?: and a bit| or so| odd| ish))|"
    r"(?:^|[,.;] ?|\b(?:past|last|the|about|around|roughly|nearly|over|bout|for|since|been) )(?P<bare>fortnight)\b"
    r"(?! (?:in|to|on) )"
    r"|(?:(?<=[,.;!] )|(?<=[,.;!])|^)(?:(?:about|nearly|over|maybe|must be|good|full|its been) )*(?P<sofar>day|"
    r"week|month|year)s? now(?= ?(?:$|[,.;!]))"
    r"|\b(?P<vague>week|month|year)s,? (?:maybe|perhaps|about|like|probably|say|roughly|i think|must be|more like) "
    r"(?P<guess>\d{1,2})(?= ?(?:$|[,.;!]| now\b))"
)
#: Shorthand in an answer to "how long": "2w", "3 d"; and as nurses write it: 6/52, 3/12, 2/7.
_SHORT = re.compile(
    r"(?<![\w.,/])(?!24/7)(?P<number>\d{1,3})(?: ?(?P<letter>[hdwmy])(?![a-z\w])|/(?P<over>7|52|12)(?!\d))"
)

_RATE_BEFORE = re.compile(
    r"(?:\b(?:times|twice|once|thrice|every|each|per|x|minutes?|hours?|days?|units|pints|glass\w*|bottle|"
    r"pack\w*|"
    r"cigarettes|fags|tablets|pills|smoke|ten|a|nights)|\d)(?: (?:\w+ )?(?:of \w+ )?)?$"
)
_FUTURE_BEFORE = re.compile(
    r"\b(?:in|within|never had|next|another|per|every|by|for the next)(?: (?:about|around|like))? ?$"
)
#: "It kicked in ten days ago".
_AGO_AFTER = re.compile(r"s? (?:ago|back|now)\b")
_FUTURE_AFTER = re.compile(r"^(?:s? time\b| from now| to go| later| until| till)")
_RATE_AFTER = re.compile(
    r"^ (?:a|an|per|each|every|out of|of the) (?:\w+ )?(?:day|week|night|month|year|go|time)\b"
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
#: "Today is the third day", "this is day 5".
_NTH_DAY = re.compile(
    r"(?:\b(?:today|this|it|its|now|im|i am|in|into|on)|(?:^|(?<=[,.;])|(?<=[,.;] ))(?:on)?(?= ?day|"
    r" ?week))(?: is|s)?(?: only| just|"
    r" now| on| my| the| in| into| its)* ?\b"
    r"(?:(?P<nth>\d{1,2}|first|second|third|fourth|fifth|sixth) ?(?:st|nd|rd|th)? (?P<unit>day|week)|"
    r"(?P<after>day|week) "
    r"(?P<number>\d{1,2}))(?= ?(?:$|[,.;!]| (?:only|now|of|today|and|since)\b))"
    r"|(?:^|[,.;!] ?)(?:only |just |my |the )*(?P<nth_so_far>\d{1,2}|first|second|third|fourth|fifth|sixth) ?"
    r"(?:st|nd|rd|th)? "
    r"(?P<unit_so_far>day|week) (?:now|of (?:it|this|that|pain|agony|hell)|running|in)(?= ?(?:$|[,.;!]))"
)
_AGE_AFTER = re.compile(r"^(?: ?-?old\b| of age\b| (?:man|woman|male|female|lady|bloke)\b)")
#: "I am 41 years", "aged 6 years".
_AGE_BEFORE = re.compile(
    r"\b(?:i am|im|aged?|age is|my age|turning|turned|hes|shes)(?: now| only| just| about)? $"
)
#: "I have 41 years, the pain is worse", "housewife from Coimbatore, 46 yrs", "Amma here, 62 years".
_OWN_YEARS_BEFORE = re.compile(
    r"\b(?:i have |(?:here|housewife|teacher|man|woman|lady|male|female|mum|driver|nurse|student|farmer|retired)"
    r"(?: (?:from|in) \w+)?, )\Z"
)
_OWN_YEARS_AFTER = re.compile(r"^ ?(?:$|[,.;])")
_YOUNGEST_OWN = 16
_AGED_AFTER = re.compile(r"^(?! (?:into|in\b|with|of|on\b|clean|sober|free|post|off|out|and counting))")
#: "Another night of this", "couldn't tell you a day it started".
_NO_LENGTH = re.compile(r"(?:another|a|one|1) (?:day|night|week|minute|hour)$")
_BARE_AFTER = re.compile(r"^ (?:of (?:this|it|that)|it\b|that\b|i\b|when|\d)")
_PREGNANT_AFTER = re.compile(r"^ (?:pregnan\w*|preg\b|gone\b|along\b|gestation|into my pregnancy)")


@dataclass(frozen=True)
class Stretch:
    """An amount of a unit of time, and where it stands."""

    amount: Amount
    unit: str
    start: int
    end: int

    @property
    def about(self) -> bool:
        return self.amount.about

    def minutes(self) -> float:
        return self.amount.middle * _UNITS[self.unit][0]

    def days(self) -> int:
        return int(self.amount.middle * _UNITS[self.unit][1] + 0.5)

    def weeks(self) -> float:
        return round(self.amount.middle * _UNITS[self.unit][2], 1)


def stretches(text: str, *, ages_alone: bool = True) -> list[Stretch]:
    """Every stretch of time that is over or going on, in order; ages, rates and the future are left out.

    Without `ages_alone` years between two stops are no age: "how long?" is answered by "50 years, since school".
    """
    found = [
        stretch
        for match, stretch in _counted(text)
        if not _something_else(text, match)
        and not (ages_alone and match["unit"] == "year" and is_an_age(text, match.start(), match.end()))
    ]
    for match in _UNCOUNTED.finditer(text):
        if any(one.start < match.end() and match.start() < one.end for one in found):
            continue
        unit = match["unit"] or match["bare"] or match["sofar"] or match["vague"]
        if match["guess"]:
            number = float(match["guess"])
            found.append(Stretch(Amount(number, number, about=True), unit, *match.span()))
            continue
        found.append(Stretch(_with_rest(Amount(1.0, 1.0, about=False), match), unit, *match.span()))
    for match in _LAST_ONE.finditer(text):
        if not any(stretch.start < match.end() and match.start() < stretch.end for stretch in found):
            found.append(Stretch(Amount(1.0, 1.0, about=True), match["unit"], *match.span()))
    for match in _NTH_DAY.finditer(text):
        said = match["nth"] or match["number"] or match["nth_so_far"]
        number = float(_ORDINALS.get(said, 0) or said)
        found = [one for one in found if one.end <= match.start() or one.start >= match.end()]
        unit = match["unit"] or match["after"] or match["unit_so_far"]
        found.append(Stretch(Amount(number, number, about=True), unit, *match.span()))
    return _added_up(text, sorted(found, key=lambda stretch: stretch.start))


def all_stretches(text: str) -> list[Stretch]:
    """Every stretch of time, in order, whatever it is about: the future and ages too."""
    return _added_up(text, [stretch for _, stretch in _counted(text)])


def parts_of_a_day(text: str) -> list[Stretch]:
    """Every stretch in minutes or hours, rates such as "half an hour a day" included."""
    return [stretch for _, stretch in _counted(text) if stretch.unit in ("minute", "hour")]


def _counted(text: str) -> Iterator[tuple[re.Match[str], Stretch]]:
    for match in _STRETCH.finditer(text):
        amount = amount_of(match)
        if amount is None:
            continue
        amount = _with_rest(amount, match)
        if match["about_after"]:
            amount = Amount(amount.low, amount.high, about=True)
        yield match, Stretch(amount, _LETTERS.get(match["unit"], match["unit"]), match.start(), match.end())


def _added_up(text: str, found: list[Stretch]) -> list[Stretch]:
    """ "1 year 6 months" is one stretch."""
    whole: list[Stretch] = []
    for stretch in found:
        last = whole[-1] if whole else None
        if last is not None and _between_both(text, last, stretch):
            low, high = (one.amount.middle * _UNITS[one.unit][2] for one in (last, stretch))
            whole[-1] = Stretch(Amount(low, high, about=True), "week", last.start, stretch.end)
        elif (
            last is not None
            and _UNITS[stretch.unit][0] < _UNITS[last.unit][0]
            and text[last.end : stretch.start] in (" ", " and ", ", ", ",", " n ", " & ")
        ):
            weeks = sum(one.amount.middle * _UNITS[one.unit][2] for one in (last, stretch))
            amount = Amount(weeks, weeks, last.about or stretch.about)
            whole[-1] = Stretch(amount, "week", last.start, stretch.end)
        else:
            whole.append(stretch)
    return whole


_OR = re.compile(r",? (?:or|to|maybe|or maybe|possibly|perhaps|up to|going on|more like)(?: even| about)? ")


def _between_both(text: str, last: Stretch, stretch: Stretch) -> bool:
    """ "Ten days maybe two weeks", "a month to six weeks": somewhere between."""
    gap = text[last.end : stretch.start]
    if not _OR.fullmatch(gap) and not (gap == " " and text[last.start : last.end].endswith(" maybe")):
        return False
    low, high = (one.amount.middle * _UNITS[one.unit][2] for one in (last, stretch))
    return low < high <= 3 * low


def _with_rest(amount: Amount, match: re.Match[str]) -> Amount:
    """ "A week and a half", "a week or two"."""
    if match["and_half"]:
        return Amount(amount.low + 0.5, amount.high + 0.5, amount.about)
    if match["or_more"] and float(match["or_more"]) > amount.low:
        return Amount(amount.low, float(match["or_more"]), about=True)
    return amount


def shorthand(text: str) -> Stretch | None:
    """The first "2w" or "6/52"; only where a length of time was asked for."""
    match = _SHORT.search(text)
    if match is None:
        return None
    number = float(match["number"])
    unit = _LETTERS[match["letter"]] if match["letter"] else _OVER[match["over"]]
    return Stretch(Amount(number, number, about=False), unit, match.start(), match.end())


def _something_else(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 24) : match.start()], text[match.end() : match.end() + 24]
    bare_one = match["low"] is None and match["one"] is None and not match["about_before"]
    if bare_one and _RATE_BEFORE.search(before) and not _AGO_AFTER.match(after):
        return True
    if match["unit"] == "year" and match["one"] and _AGE_BEFORE.search(before) and _AGED_AFTER.match(after):
        return True
    if (
        match["unit"] == "year"
        and (match["one"] or "").isdigit()
        and int(match["one"]) >= _YOUNGEST_OWN
        and _OWN_YEARS_BEFORE.search(text[max(0, match.start() - 60) : match.start()])
        and _OWN_YEARS_AFTER.match(after)
    ):
        return True
    if _NO_LENGTH.match(match.group().strip()) and _BARE_AFTER.match(after):
        return True
    return bool(
        (_FUTURE_BEFORE.search(before) and not _AGO_AFTER.match(after))
        or _FUTURE_AFTER.match(after)
        or _RATE_AFTER.match(after)
        or _AGE_AFTER.match(after)
        or _PREGNANT_AFTER.match(after)
    )
