"""Reads measures.yaml: the outcome measures, their words, their numbers and their licences. See there."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from bot.clinical.facts import FIELDS, FieldKind
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.patient_words import Words, read_words
from bot.clinical.rulebook.scope import Scope
from bot.clinical.vocabulary import RULE_STATUSES

_GAPS = ("baseline", "now")
_NUMBERS = (FieldKind.INT, FieldKind.FLOAT)
_REQUIRED = ("id", "since", "name", "wording", "items", "score", "better", "licence")
_OPTIONAL = (
    *("stem", "answers", "fewest", "most", "bands", "improvement", "worse", "start"),
    *("fields", "field", "told"),
)


class Method(Enum):
    """How the answers make the score."""

    ONE = "one"
    MEAN = "mean"
    SUM = "sum"
    TICKS = "ticks"  #: how many items are ticked


class Direction(Enum):
    """How a value now stands to the value at the start."""

    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"


@dataclass(frozen=True)
class AnswerScale:
    """The whole numbers of one answer; `labels` names each from `minimum` on, or `low` and `high` the ends."""

    minimum: int
    maximum: int
    labels: tuple[str, ...] = ()
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True)
class Band:
    """A stretch of the score, from `start` up to the next band; `meaning` is for the clinician."""

    name: str
    start: float
    meaning: str
    sources: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class Step:
    """A change that counts: so many points, or so many percent of the first value; one is enough."""

    points: float | None
    percent: float | None
    sources: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class Licence:
    """Whether the words may be given on with the program, on what terms, and the notice to show with them."""

    ships_text: bool
    terms: str
    notice: str | None
    sources: tuple[str, ...]
    status: str


@dataclass(frozen=True, eq=False)
class Measure:
    """One outcome measure. `fewest` to `most` answers make a score from `minimum` to `maximum`.

    `exact` says that the words are the instrument's own and stay as they are. `baseline` and `now` name the
    facts that hold its value; they are the same where a value is told anew. `start` stands for the value at
    the start where the measure asks about change itself.
    """

    id: str
    since: datetime.date
    name: str
    exact: bool
    stem: str | None
    items: tuple[str, ...]
    answers: AnswerScale
    fewest: int
    most: int
    method: Method
    lower_is_better: bool
    bands: tuple[Band, ...]
    improvement: Step | None
    worse: Step | None
    start: float | None
    baseline: str | None
    now: str | None
    told: Mapping[Direction, Words]
    licence: Licence

    @property
    def minimum(self) -> float:
        """The lowest score."""
        return self.answers.minimum * (self.fewest if self.method is Method.SUM else 1)

    @property
    def maximum(self) -> float:
        """The highest score."""
        many = self.method in (Method.SUM, Method.TICKS)
        return self.answers.maximum * (self.most if many else 1)


@dataclass(frozen=True, eq=False)
class MeasureTable:
    """Every measure by its id, in the order of the file."""

    measures: Mapping[str, Measure]

    @property
    def newest(self) -> datetime.date:
        """The date of the newest measure."""
        return max(measure.since for measure in self.measures.values())


def parse_measures(document: Item, scope: Scope) -> MeasureTable:
    """The measures of clinical.md §2. Raises RulebookError at the first fault."""
    measures: dict[str, Measure] = {}
    for item in document.keys(("measures",))["measures"].items():
        measure = _measure(item, scope)
        if measure.id in measures:
            item.fail(f"the measure {measure.id!r} is given twice; keep one")
        measures[measure.id] = measure
    return MeasureTable(measures)


def _measure(item: Item, scope: Scope) -> Measure:
    entries = item.keys(_REQUIRED, _OPTIONAL)
    items = tuple(one.text() for one in entries["items"].items())
    if not items:
        entries["items"].fail("list the words of at least one item")
    method = Method(entries["score"].one_of(tuple(one.value for one in Method), "way to score"))
    fewest, most = _how_many(entries, method, len(items))
    baseline, now = _fields(entries)
    answers = _answers(item, entries, method)
    measure = Measure(
        id=entries["id"].text(),
        since=entries["since"].date(),
        name=entries["name"].text(),
        exact=entries["wording"].one_of(("own", "exact"), "wording") == "exact",
        stem=entries["stem"].text() if "stem" in entries else None,
        items=items,
        answers=answers,
        fewest=fewest,
        most=most,
        method=method,
        lower_is_better=entries["better"].one_of(("lower", "higher"), "direction") == "lower",
        bands=_bands(entries, scope),
        improvement=_step(entries, "improvement", scope),
        worse=_step(entries, "worse", scope),
        start=entries["start"].number() if "start" in entries else None,
        baseline=baseline,
        now=now,
        told=_told(entries, scope),
        licence=_licence(entries["licence"], scope),
    )
    _check(measure, item, entries)
    return measure


def _how_many(entries: Mapping[str, Item], method: Method, items: int) -> tuple[int, int]:
    """How few and how many answers make a score. Ticks may be none; own items are named by the patient."""
    fewest = entries["fewest"].integer() if "fewest" in entries else (0 if method is Method.TICKS else items)
    most = entries["most"].integer() if "most" in entries else items
    if method is Method.ONE and (fewest, most) != (1, 1):
        entries["items"].fail("`score: one` has one item")
    if fewest < 0 or most < max(fewest, items):
        entries["items"].fail("`most` must be at least `fewest` and the number of items")
    return fewest, most


def _answers(item: Item, entries: Mapping[str, Item], method: Method) -> AnswerScale:
    if method is Method.TICKS:
        if "answers" in entries:
            entries["answers"].fail("a ticked item has no answer scale; remove this")
        return AnswerScale(0, 1)
    if "answers" not in entries:
        item.fail("add the key 'answers'")
    parts = entries["answers"].keys((), ("min", "max", "low", "high", "labels"))
    minimum = parts["min"].integer() if "min" in parts else 0
    if "labels" in parts:
        labels = tuple(one.text() for one in parts["labels"].items())
        return AnswerScale(minimum, minimum + len(labels) - 1, labels)
    parts = entries["answers"].keys(("min", "max", "low", "high"))
    if parts["max"].integer() <= minimum:
        parts["max"].fail("`max` must be above `min`")
    return AnswerScale(minimum, parts["max"].integer(), (), parts["low"].text(), parts["high"].text())


def _bands(entries: Mapping[str, Item], scope: Scope) -> tuple[Band, ...]:
    if "bands" not in entries:
        return ()
    bands: list[Band] = []
    for item in entries["bands"].items():
        parts = item.keys(("name", "from", "meaning", "sources"), ("status",))
        sources, status = _sources(parts, scope)
        band = Band(parts["name"].text(), parts["from"].number(), parts["meaning"].text(), sources, status)
        if bands and band.start <= bands[-1].start:
            parts["from"].fail("bands go up; this one begins below the one before")
        bands.append(band)
    return tuple(bands)


def _step(entries: Mapping[str, Item], key: str, scope: Scope) -> Step | None:
    if key not in entries:
        return None
    parts = entries[key].keys(("sources",), ("points", "percent", "status"))
    sources, status = _sources(parts, scope)
    step = Step(
        points=parts["points"].number() if "points" in parts else None,
        percent=parts["percent"].number() if "percent" in parts else None,
        sources=sources,
        status=status,
    )
    given = [size for size in (step.points, step.percent) if size is not None]
    if not given or min(given) <= 0:
        entries[key].fail("give points, percent or both, each above zero")
    return step


def _fields(entries: Mapping[str, Item]) -> tuple[str | None, str | None]:
    if "field" in entries:
        if "fields" in entries:
            entries["field"].fail("give `field` or `fields`, not both")
        name = _number(entries["field"])
        return name, name
    if "fields" not in entries:
        return None, None
    parts = entries["fields"].keys(("baseline", "now"))
    return _number(parts["baseline"]), _number(parts["now"])


def _number(item: Item) -> str:
    name = item.one_of(FIELDS, "field")
    if FIELDS[name].kind not in _NUMBERS:
        item.fail(f"{name} is not a number, so it is no score")
    return name


def _told(entries: Mapping[str, Item], scope: Scope) -> Mapping[Direction, Words]:
    if "told" not in entries:
        return {}
    parts = entries["told"].keys(tuple(direction.value for direction in Direction))
    return {direction: read_words(parts[direction.value], scope, _GAPS) for direction in Direction}


def _licence(item: Item, scope: Scope) -> Licence:
    parts = item.keys(("ships_text", "terms", "sources"), ("notice", "status"))
    sources, status = _sources(parts, scope)
    return Licence(
        ships_text=parts["ships_text"].boolean(),
        terms=parts["terms"].text(),
        notice=parts["notice"].text() if "notice" in parts else None,
        sources=sources,
        status=status,
    )


def _sources(entries: Mapping[str, Item], scope: Scope) -> tuple[tuple[str, ...], str]:
    status = entries["status"].one_of(RULE_STATUSES, "status") if "status" in entries else "cited"
    return scope.sources(entries["sources"], status), status


def _check(measure: Measure, item: Item, entries: Collection[str]) -> None:
    """Words that may not be given on do not stand here, and exact words come with their notice."""
    if not measure.licence.ships_text:
        item.fail("the licence does not let us give these words on; remove the measure")
    if measure.exact and measure.licence.notice is None:
        item.fail("exact words need the `notice` of their licence")
    if measure.bands and measure.bands[0].start != measure.minimum:
        item.fail(f"the first band must begin at the lowest score, {measure.minimum:g}")
    if measure.bands and measure.bands[-1].start > measure.maximum:
        item.fail(f"the last band begins above the highest score, {measure.maximum:g}")
    if not measure.bands and measure.improvement is None:
        item.fail("say what a change is: give `improvement`, or `bands`")
    if (measure.improvement is None) != (measure.worse is None):
        item.fail("give both `improvement` and `worse`, or neither")
    if "told" in entries and measure.now is None:
        item.fail("what is told of a change needs the `fields` that hold it")
