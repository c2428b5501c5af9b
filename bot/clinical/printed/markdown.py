"""Markdown from rulebook items: tables, and the few words that every rule has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.clinical.printed.conditions import in_words
from bot.clinical.rulebook.document import Item

#: the mark of a rule's sources, as a reader should take it
STATUSES = {"cited": "cited", "design": "our proposal", "to_verify": "**to be verified**"}

Entries = Mapping[str, Item]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; line breaks and bars in cells are made harmless."""
    lines = [_line(head), _line(["---"] * len(head))]
    lines += [_line([_cell(text) for text in row]) for row in rows]
    return "\n".join(lines) + "\n"


def shown(item: Item) -> str:
    """Any value in one line: keys with their values, lists with commas."""
    if item.is_mapping:
        return "; ".join(
            f"{_named(key)}: {in_words(value) if key == 'when' else shown(value)}"
            for key, value in item.entries().items()
        )
    if item.is_list:
        between = "<br>" if any(member.is_mapping for member in item.items()) else ", "
        return between.join(shown(member) for member in item.items())
    raw = item.plain()
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return (
        "none"
        if raw is None
        else " ".join(f"{raw:g}".split() if isinstance(raw, float) else str(raw).split())
    )


def text(entries: Entries, key: str) -> str:
    """One value in one line, or nothing."""
    return shown(entries[key]) if key in entries else ""


def condition(entries: Entries, key: str = "when") -> str:
    """The condition in plain words; nothing where there is none."""
    return in_words(entries[key]) if key in entries else ""


def mark(entries: Entries) -> str:
    """Whether the sources were read, what is our own, and what nobody has read up yet."""
    return STATUSES[entries["status"].text()] if "status" in entries else STATUSES["cited"]


def effects(entries: Entries, keys: Sequence[str]) -> str:
    """The named keys that are there, each with its value."""
    return "<br>".join(f"{_named(key)}: {shown(entries[key])}" for key in keys if key in entries)


def _named(key: str) -> str:
    return "class" if key == "triage" else key if key.isupper() else key.replace("_", " ")


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
