"""Saying facts back in plain words: the read-back before the plan, and "OK, ..." after a correction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.clinical.facts import ITEMS_OF, UNDISCLOSED, UNSURE, Activity, Facts, FactValue
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.wording_texts import Noted, WordingSheet

_HARMLESS: tuple[FactValue, ...] = (False, "no", "none", "any")
_WEEKS_A_MONTH = 365.25 / 12 / 7
_WEEKS_A_YEAR = 365.25 / 7
_DAYS_A_WEEK = 7


@dataclass(frozen=True)
class ReadBackItem:
    """One thing to check, in plain words.

    `field` stands for it when the patient wants to change it; `fields` is everything that the words cover,
    and all of it is taken back then.
    """

    field: str
    words: str
    fields: tuple[str, ...] = ()


def read_back(facts: Facts, rulebook: Rulebook) -> tuple[ReadBackItem, ...]:
    """What is worth checking, in the order in which it was asked. Harmless answers are said together."""
    wording: WordingSheet = rulebook.wording
    return tuple(_items(facts, wording))


def _items(facts: Facts, wording: WordingSheet) -> Iterator[ReadBackItem]:
    said: set[str] = set()
    groups = {group.fields: group.text for group in wording.together if _all_harmless(group.fields, facts)}
    for name, noted in wording.noted.items():
        if name in said or name not in facts:
            continue
        if name in ITEMS_OF:
            # The sum stands for its single answers, which are asked anew together.
            said.update(ITEMS_OF[name])
            yield ReadBackItem(name, in_words(noted, facts[name]), (name, *ITEMS_OF[name]))
            continue
        group = next((fields for fields in groups if name in fields), None)
        if group is not None:
            said.update(group)
            yield ReadBackItem(group[0], groups[group], group)
        elif not (noted.quiet and facts[name] in _HARMLESS):
            yield ReadBackItem(name, in_words(noted, facts[name]), (name,))


def _all_harmless(fields: tuple[str, ...], facts: Facts) -> bool:
    return all(facts.lookup(name) in _HARMLESS for name in fields)


def acknowledge(field: str, value: object, rulebook: Rulebook) -> str:
    """Short words after a correction: "OK, pain 4 out of 10 on average."

    Raises KeyError for a field that is not in the vocabulary.
    """
    words = in_plain_words(field, value, rulebook)
    return f"OK, {words[0].lower()}{words[1:]}."


def in_plain_words(field: str, value: object, rulebook: Rulebook) -> str:
    """A fact as the read-back says it; KeyError for a field that is not in the vocabulary."""
    wording: WordingSheet = rulebook.wording
    if not isinstance(value, (bool, int, float, str, tuple)):
        value = tuple(value) if isinstance(value, list) else str(value)
    return in_words(wording.noted[field], value)


def in_words(noted: Noted, value: FactValue) -> str:
    """One fact in plain words."""
    if value in (UNSURE, UNDISCLOSED) or noted.template is None:
        return noted.said[value]
    if noted.empty is not None and (value == () or value == 0):
        return noted.empty
    words = noted.template.format(value=_shown(noted, value))
    return words[0].upper() + words[1:]


def _shown(noted: Noted, value: FactValue) -> str:
    if isinstance(value, tuple):
        return listed([_item(noted, one) for one in value])
    if isinstance(value, str):
        return noted.words.get(value, value)
    if noted.unit == "weeks":
        return _weeks(float(value))
    if noted.unit == "days":
        return _count(int(value), "day")
    if noted.unit == "minutes":
        return _count(int(value), "minute")
    return f"{value:g}"


def _item(noted: Noted, item: str | Activity) -> str:
    if isinstance(item, Activity):
        return item.activity if item.score is None else f"{item.activity} ({item.score} out of 10)"
    return noted.words.get(item, item.replace("_", " "))


def listed(words: list[str]) -> str:
    """The words as an English list: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _weeks(weeks: float) -> str:
    """A length of time as people say it: days, weeks, months or years."""
    if weeks < 1:
        return _count(max(1, round(weeks * _DAYS_A_WEEK)), "day")
    if weeks < 2 * _WEEKS_A_MONTH:
        return f"about {_count(round(weeks), 'week')}"
    if weeks < 2 * _WEEKS_A_YEAR - 1:
        return f"about {_count(round(weeks / _WEEKS_A_MONTH), 'month')}"
    return f"about {_count(round(weeks / _WEEKS_A_YEAR), 'year')}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
