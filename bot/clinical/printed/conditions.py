"""A condition of the rulebook in plain English, from the YAML as it stands."""

from __future__ import annotations

from collections.abc import Mapping

from bot.clinical.rulebook.document import Item

_BOUNDS = {"min": "at least", "max": "at most", "above": "over", "below": "under"}
_UNITS = {"duration_weeks": "weeks", "gestation_weeks": "weeks", "morning_stiffness_min": "minutes"}


def in_words(item: Item) -> str:
    """What must hold, as a phrase. The condition is one that a rulebook was loaded with."""
    entries = item.entries()
    parts = [_part(key, value, entries) for key, value in entries.items() if key != "of"]
    return " and ".join(parts)


def field_words(name: str) -> str:
    """A field of the vocabulary as words: "leg pain onset days"."""
    return name.replace("_", " ")


def _part(key: str, value: Item, entries: Mapping[str, Item]) -> str:
    match key:
        case "all":
            return " and ".join(_members(value))
        case "any":
            return _grouped(value, " or ")
        case "none":
            return f"it is known that none of these holds: {_listed(value)}"
        case "unless":
            return f"it is not known that {_grouped(value, ' or ')}"
        case "at_least":
            return f"at least {value.integer()} of these hold: {_listed(entries['of'])}"
        case "is":
            return f"“{field_words(value.text())}”"
        case "known":
            return f"{field_words(value.text())} was answered"
        case "skipped":
            return f"{field_words(value.text())} was asked and not answered"
        case "change" | "change_percent":
            return _change(value, percent=key == "change_percent")
        case "at_start":
            return f"when the plan began, {in_words(value)}"
        case "before":
            return f"at an earlier check-in, {in_words(value)}"
        case "last_time":
            return f"at the last contact, {in_words(value)}"
        case "rise_from_best":
            parts = value.entries()
            return f"{field_words(parts['of'].text())} has risen by {_bounds(value)} above its best so far"
        case "flag":
            return f"the flag {_or(value)} is raised"
        case "urgency_at_least":
            return f"the class is {field_words(value.text())} or worse"
        case "profile":
            return f"the guideline profile is {_or(value)}"
        case "always":
            return "always"
        case _:
            return _field(key, value)


def _field(name: str, item: Item) -> str:
    said = field_words(name)
    if not item.is_mapping:
        return f"{said} is {_or(item)}"
    entries = item.entries()
    for how in ("contains", "contains_any"):
        if how in entries:
            return f"{said} includes {_or(entries[how])}"
    unit = _UNITS.get(name, "days" if name.endswith("_days") else "")
    return f"{said} is {_bounds(item)} {unit}".rstrip()


def _change(item: Item, *, percent: bool) -> str:
    entries = item.entries()
    start, now = (field_words(entries[end].text()) for end in ("from", "to"))
    return f"the change from {start} to {now} is {_bounds(item)}{' percent' if percent else ''}"


def _bounds(item: Item) -> str:
    entries = item.entries()
    return " and ".join(
        f"{words} {entries[key].number():g}" for key, words in _BOUNDS.items() if key in entries
    )


def _members(item: Item) -> list[str]:
    return [_bracketed(member) for member in item.one_or_more()]


def _bracketed(item: Item) -> str:
    words = in_words(item)
    return f"({words})" if len(item.entries()) > 1 or "all" in item.entries() else words


def _grouped(item: Item, between: str) -> str:
    members = _members(item)
    return members[0] if len(members) == 1 else f"({between.join(members)})"


def _listed(item: Item) -> str:
    return f"[{'; '.join(_members(item))}]"


def _or(item: Item) -> str:
    return " or ".join(_value(one) for one in item.one_or_more())


def _value(item: Item) -> str:
    raw = item.plain()
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return str(raw) if str(raw).isupper() else field_words(str(raw))
