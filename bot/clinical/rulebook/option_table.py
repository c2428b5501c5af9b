"""Reads options.yaml: every option of the vocabulary, its cells, its reasons and what to know about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.option_document import (
    About,
    Cell,
    Daily,
    Option,
    OptionTable,
    Position,
    Rank,
    Row,
    Step,
)
from bot.clinical.rulebook.option_terms import Cost, Mark
from bot.clinical.rulebook.patient_words import Words, check_length, read_words, sayable
from bot.clinical.rulebook.scope import Scope
from bot.clinical.rules import Condition
from bot.clinical.status import Status
from bot.clinical.vocabulary import FAMILY_OF, OPTIONS, PROFILES, RULE_STATUSES

_REQUIRED = (
    *("id", "since", "name", "tier", "rank", "table", "because"),
    *("clinician", "sources", "about", "positions"),
)
_OPTIONAL = ("marks", "from_week", "profiles", "interim", "otherwise", "status", "instead", "daily")
_DURATIONS = ("acute", "subacute", "chronic")
_SITUATIONS = (*_DURATIONS, "leg", "unknown")
_ABSENT = "absent"
_CELL_STATUSES = ("recommend", "consider", "clinician_only", "not_offered", _ABSENT)
_VERDICTS = ("recommend", "consider", "against", "none")
_LONGEST_DURATION = "about 11 months"


def parse_options(document: Item, scope: Scope) -> OptionTable:
    """The table of clinical.md §3.3. Raises RulebookError at the first fault."""
    sections = document.keys(("bodies", "situations", "options"))
    bodies = {body: item.text() for body, item in sections["bodies"].entries().items()}
    situations = {
        name: read_words(item, scope, ("duration",) if name in _DURATIONS else ())
        for name, item in sections["situations"].keys(_SITUATIONS).items()
    }
    found: dict[str, Option] = {}
    for item in sections["options"].items():
        option = _OptionReader(item, scope, bodies, situations).read()
        if option.id in found:
            item.fail(f"the option {option.id!r} is here twice; keep one")
        found[option.id] = option
    for missing in (one for one in OPTIONS if one not in found):
        sections["options"].fail(f"add the option {missing!r}")
    return OptionTable({one: found[one] for one in OPTIONS}, bodies, situations)


class _OptionReader:
    """Reads one option."""

    def __init__(
        self, item: Item, scope: Scope, bodies: Mapping[str, str], situations: Mapping[str, Words]
    ) -> None:
        self._item = item
        self._scope = scope
        self._bodies = bodies
        self._situations = situations
        self._entries = item.keys(_REQUIRED, _OPTIONAL)

    def read(self) -> Option:
        entries = self._entries
        option = entries["id"].one_of(OPTIONS, "option")
        status = entries["status"].one_of(RULE_STATUSES, "status") if "status" in entries else "cited"
        rows = self._rows()
        return Option(
            id=option,
            family=FAMILY_OF[option],
            since=entries["since"].date(),
            name=self._scope.patient_text(entries["name"]),
            tier=_whole(entries["tier"], 0, 9),
            marks=self._marks(),
            rank=_rank(entries["rank"]),
            rows=rows,
            because=self._because(tuple(rows.values())),
            interim=self._interim(),
            otherwise=self._otherwise(tuple(rows.values())),
            clinician=entries["clinician"].text(),
            sources=self._scope.sources(entries["sources"], status),
            status=status,
            about=self._about(),
            positions=self._positions(),
            instead=self._instead(option),
            daily=self._daily(),
            from_week=_whole(entries["from_week"], 2, 12) if "from_week" in entries else 1,
        )

    def _marks(self) -> frozenset[Mark]:
        if "marks" not in self._entries:
            return frozenset()
        words = self._entries["marks"].each_of(tuple(mark.value for mark in Mark), "mark")
        return frozenset(Mark(word) for word in words)

    def _rows(self) -> dict[str, Row]:
        default = self._cells(self._entries["table"])
        for duration in _DURATIONS:
            if duration not in default:
                self._entries["table"].fail(f"add a cell for {duration!r}, or `all`")
        own: dict[str, dict[str, Cell]] = {profile: {} for profile in PROFILES}
        if "profiles" in self._entries:
            for profile, item in self._entries["profiles"].entries().items():
                Item(item.place, profile).one_of(PROFILES, "profile")
                own[profile] = self._cells(item)
        return {profile: _row({**default, **cells}) for profile, cells in own.items()}

    def _cells(self, item: Item) -> dict[str, Cell]:
        entries = item.keys(optional=("all", *_DURATIONS, "leg"))
        if not entries:
            item.fail("give at least one cell here")
        cells = {name: self._cell(cell) for name, cell in entries.items()}
        shared = cells.pop("all", None)
        return cells if shared is None else {**dict.fromkeys(_DURATIONS, shared), **cells}

    def _cell(self, item: Item) -> Cell:
        *first, last = item.one_or_more() or (item,)
        if last.is_mapping or last.is_list:
            last.fail("end the cell with a plain status, for when no step holds")
        return (*(self._step(step) for step in first), _plain_step(last))

    def _step(self, item: Item) -> Step:
        if not item.is_mapping:
            item.fail("nothing after this status can be reached; write it last")
        entries = item.keys(optional=_CELL_STATUSES)
        if len(entries) != 1:
            item.fail("write one {status: condition} here")
        ((status, when),) = entries.items()
        return Step(_status(status), self._scope.condition(when))

    def _because(self, rows: Iterable[Row]) -> dict[Status, Words]:
        entries = self._entries["because"].keys(optional=[one for one in _CELL_STATUSES if one != _ABSENT])
        because = {}
        for name, item in entries.items():
            status = Status(name)
            because[status] = read_words(item, self._scope, _known_in_every_step(rows, status))
            if status in _reachable(rows):
                self._check_with_situation(item, because[status])
        for given in _reachable(rows):
            if given is not None and given not in because:
                self._entries["because"].fail(f"add the reason for {given.value!r}: the table can give it")
        return because

    def _check_with_situation(self, item: Item, words: Words) -> None:
        for situation in self._situations.values():
            check_length(item, words, after=situation.text.replace("{duration}", _LONGEST_DURATION))

    def _interim(self) -> str | None:
        if "interim" not in self._entries:
            return None
        if Mark.INTERIM not in self._marks():
            self._entries["interim"].fail("only an option with the mark `interim` can use this; remove it")
        return self._scope.patient_text(self._entries["interim"])

    def _otherwise(self, rows: Iterable[Row]) -> str | None:
        if "otherwise" in self._entries:
            return self._scope.patient_text(self._entries["otherwise"])
        if None in _reachable(rows):
            self._item.fail(f"add `otherwise`: the table can give {_ABSENT!r}, and somebody may ask why")
        return None

    def _about(self) -> About:
        parts = self._entries["about"].keys(("what", "expect", "guidelines", "risks", "cost_time_place"))
        return About(**{name: self._scope.patient_text(item) for name, item in parts.items()})

    def _positions(self) -> dict[str, Position]:
        positions = {}
        for body, item in self._entries["positions"].entries().items():
            Item(item.place, body).one_of(self._bodies, "guideline body")
            parts = item.keys(("verdict", "sources"), ("note",))
            positions[body] = Position(
                body=self._bodies[body],
                verdict=parts["verdict"].one_of(_VERDICTS, "verdict"),
                note=parts["note"].text() if "note" in parts else None,
                # A position is a quotation: whether it was read or is recalled shows in its own sources.
                sources=self._scope.sources(parts["sources"], "to_verify"),
            )
        return positions

    def _instead(self, option: str) -> tuple[str, ...]:
        if "instead" not in self._entries:
            return ()
        named = self._entries["instead"].each_of(OPTIONS, "option")
        if option in named:
            self._entries["instead"].fail(f"{option!r} cannot stand in for itself; remove it")
        return named

    def _daily(self) -> tuple[Daily, ...]:
        if "daily" not in self._entries:
            return ()
        steps = tuple(self._dose(item) for item in self._entries["daily"].items())
        if not steps or steps[-1].when is not None:
            self._entries["daily"].fail("end the list with a dose without `when`, for everybody else")
        if any(step.when is None for step in steps[:-1]):
            self._entries["daily"].fail("nothing after a dose without `when` can be reached; write it last")
        return steps

    def _dose(self, item: Item) -> Daily:
        parts = item.keys(("minutes", "text"), ("when",))
        when = self._scope.condition(parts["when"]) if "when" in parts else None
        return Daily(_whole(parts["minutes"], 0, 60), self._scope.patient_text(parts["text"]), when)


def _row(cells: Mapping[str, Cell]) -> Row:
    return Row(cells["acute"], cells["subacute"], cells["chronic"], cells.get("leg"))


def _plain_step(item: Item) -> Step:
    return Step(_status(item.one_of(_CELL_STATUSES, "status of a cell")), None)


def _status(word: str) -> Status | None:
    return None if word == _ABSENT else Status(word)


def _steps(rows: Iterable[Row]) -> Iterator[Step]:
    for row in rows:
        for cell in (row.acute, row.subacute, row.chronic, row.leg or ()):
            yield from cell


def _reachable(rows: Iterable[Row]) -> frozenset[Status | None]:
    return frozenset(step.status for step in _steps(rows))


def _known_in_every_step(rows: Iterable[Row], status: Status) -> frozenset[str]:
    """The fields that are known whenever the table gives this status."""
    conditions: list[Condition | None] = [step.when for step in _steps(rows) if step.status is status]
    known = [sayable(condition) if condition is not None else frozenset[str]() for condition in conditions]
    return frozenset.intersection(*known) if known else frozenset()


def _rank(item: Item) -> Rank:
    parts = item.keys(("visits", "cost", "evidence"))
    cost = Cost(parts["cost"].one_of(tuple(cost.value for cost in Cost), "cost"))
    return Rank(_whole(parts["visits"], 0, 52), cost, _whole(parts["evidence"], 0, 3))


def _whole(item: Item, least: int, most: int) -> int:
    number = item.integer()
    if not least <= number <= most:
        item.fail(f"write a whole number from {least} to {most} here")
    return number
