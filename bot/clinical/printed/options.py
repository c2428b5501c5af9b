"""The options as tables, by family: where each stands, why, what a person is told, what guidelines say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.clinical.printed.conditions import in_words
from bot.clinical.printed.markdown import Entries, mark, shown, table, text
from bot.clinical.rulebook.document import Item
from bot.clinical.vocabulary import FAMILIES

_COLUMNS = ("acute", "subacute", "chronic", "leg")
_STATUSES = ("recommend", "consider", "clinician_only", "not_offered")
_ABOUT = ("what", "expect", "guidelines", "risks", "cost_time_place")


def options(documents: Mapping[str, Item]) -> Iterator[str]:
    """Every option of the vocabulary."""
    sections = documents["options"].entries()
    by_id = {item.entries()["id"].text(): item.entries() for item in sections["options"].items()}
    yield "## Options\n"
    yield (
        "“acute”, “subacute” and “chronic” go by how long the pain has lasted; “leg” is for nerve-type leg symptoms "
        "(empty: no column of its own). “absent”: not listed unless a rule brings it in. A duration that is not known "
        "takes the most careful of the three. The rule id of a row is T_ and the option.\n"
    )
    yield "### Opening sentence of a reason\n"
    yield _pairs("situation", "words", sections["situations"])
    yield "### Guideline bodies\n"
    yield _pairs("key", "guideline", sections["bodies"])
    for family, names in FAMILIES.items():
        rows = [by_id[name] for name in names if name in by_id]
        yield f"### Options: {family}\n"
        yield table(
            (
                "option",
                "name",
                "since",
                *_COLUMNS,
                "other profiles",
                "words for the clinician",
                "sources",
                "status",
            ),
            (_standing(entries) for entries in rows),
        )
        yield table(
            ("option", "reasons by status", "marks and rank", "instead", "daily start"), map(_why, rows)
        )
        yield table(
            ("option", "what it is", "what to expect", "guidelines", "risks", "cost, time, place"),
            map(_about, rows),
        )
        yield table(("option", "guideline", "says", "note", "sources"), _positions(rows))


def _standing(entries: Entries) -> tuple[str, ...]:
    cells = _cells(entries["table"])
    profiles = entries["profiles"].entries() if "profiles" in entries else {}
    others = (f"{name}: {_together(_cells(item))}" for name, item in profiles.items())
    return (
        f"**{text(entries, 'id')}**",
        text(entries, "name"),
        text(entries, "since"),
        *(cells.get(column, "") for column in _COLUMNS),
        "<br>".join(others),
        text(entries, "clinician"),
        text(entries, "sources"),
        mark(entries),
    )


def _cells(item: Item) -> dict[str, str]:
    entries = item.entries()
    shared = dict.fromkeys(_COLUMNS[:3], _cell(entries["all"])) if "all" in entries else {}
    return {**shared, **{name: _cell(cell) for name, cell in entries.items() if name != "all"}}


def _cell(item: Item) -> str:
    return "; else ".join(_step(step) for step in item.one_or_more())


def _step(item: Item) -> str:
    if not item.is_mapping:
        return _status(item.text())
    return "; ".join(f"{_status(status)} when {in_words(when)}" for status, when in item.entries().items())


def _status(word: str) -> str:
    return word.replace("_", " ")


def _together(cells: Mapping[str, str]) -> str:
    return "; ".join(f"{column} {words}" for column, words in cells.items())


def _why(entries: Entries) -> tuple[str, ...]:
    because = entries["because"].entries()
    reasons = [f"{_status(status)}: {text(because, status)}" for status in _STATUSES if status in because]
    reasons += [f"{name}: {text(entries, name)}" for name in ("interim", "otherwise") if name in entries]
    rank = f"tier {text(entries, 'tier')}; {text(entries, 'rank')}"
    from_week = f"; from week {text(entries, 'from_week')}" if "from_week" in entries else ""
    marks = f"{text(entries, 'marks')}<br>" if "marks" in entries else ""
    name = f"**{text(entries, 'id')}**"
    return (
        name,
        "<br>".join(reasons),
        f"{marks}{rank}{from_week}",
        text(entries, "instead"),
        text(entries, "daily"),
    )


def _about(entries: Entries) -> tuple[str, ...]:
    about = entries["about"].entries()
    return (f"**{text(entries, 'id')}**", *(text(about, part) for part in _ABOUT))


def _positions(rows: Sequence[Entries]) -> Iterator[tuple[str, ...]]:
    for entries in rows:
        for body, item in entries["positions"].entries().items():
            parts = item.entries()
            says = "says nothing" if text(parts, "verdict") == "none" else text(parts, "verdict")
            yield f"**{text(entries, 'id')}**", body, says, text(parts, "note"), text(parts, "sources")


def _pairs(key: str, value: str, item: Item) -> str:
    return table((key, value), ((name, shown(one)) for name, one in item.entries().items()))
