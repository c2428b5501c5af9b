"""How pain and function have gone since the start: the values of each contact, the first, the best and the last."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.clinical.measures import change, shown_number
from bot.clinical.rulebook import Rulebook
from bot.store.records import Case, FactRecord


@dataclass(frozen=True)
class Point:
    """One value, on a day counted from the start of the episode."""

    day: int
    value: float = dataclasses.field(repr=False)
    at: datetime


@dataclass(frozen=True)
class TrendView:
    """One measure over the contacts: at least two points, oldest first, between 0 and `top`.

    `change` is what the core says of the way from the first to the last, for the clinician.
    """

    measure: str
    title: str
    top: int
    lower_is_better: bool
    points: tuple[Point, ...] = dataclasses.field(repr=False)
    change: str = dataclasses.field(repr=False)

    @property
    def baseline(self) -> Point:
        """The value at the start."""
        return self.points[0]

    @property
    def now(self) -> Point:
        """The newest value."""
        return self.points[-1]

    @property
    def best(self) -> Point:
        """The best value so far, the first of its kind."""
        sign = 1 if self.lower_is_better else -1
        return min(self.points, key=lambda point: sign * point.value)

    @property
    def in_short(self) -> str:
        """The three values that matter, in words."""
        best = self.best
        return (
            f"Start {shown_number(self.baseline.value)}, best {shown_number(best.value)} (day {best.day}), "
            f"now {shown_number(self.now.value)} (day {self.now.day})."
        )

    @property
    def in_words(self) -> str:
        """What the picture shows, for somebody who does not see it."""
        better = "lower is better" if self.lower_is_better else "higher is better"
        values = "; ".join(f"day {point.day}: {shown_number(point.value)}" for point in self.points)
        return f"{self.title}, 0 to {self.top}, {better}. {values}. {self.in_short}"


@dataclass(frozen=True)
class _Series:
    """Which fields hold a measure: at the start (the first that was told counts), and at a check-in."""

    measure: str
    title: str
    first: tuple[str, ...]
    now: str


_SERIES = (
    _Series("nprs", "Pain", ("nprs_baseline", "pain_avg"), "nprs_now"),
    _Series("psfs", "Own activity (PSFS)", ("psfs_baseline", "psfs"), "psfs_now"),
    _Series("rmdq", "Function (RMDQ)", (), "rmdq"),
)
#: fields that a trend shows, so that a page need not say them twice
SHOWN: Mapping[str, frozenset[str]] = {
    one.measure: frozenset({*(name for name in one.first if name.endswith("_baseline")), one.now})
    for one in _SERIES
}


def trends_of(case: Case, rulebook: Rulebook) -> tuple[TrendView, ...]:
    """Pain and function where they were told on at least two days. Source: clinical.md §2.2, §6.2."""
    return tuple(_trends(case, rulebook))


def _trends(case: Case, rulebook: Rulebook) -> Iterator[TrendView]:
    standing = [one for one in case.facts if not one.retracted]
    first_contact = min((one.asked_at for one in case.check_ins if one.asked_at), default=None)
    for series in _SERIES:
        measure = rulebook.measures.measures[series.measure]
        points = tuple(_points(series, standing, case.episode.started_at, first_contact))
        if len(points) < 2:
            continue
        yield TrendView(
            measure=series.measure,
            title=series.title,
            top=int(measure.maximum),
            lower_is_better=measure.lower_is_better,
            points=points,
            change=change(measure, points[0].value, points[-1].value).reason,
        )


def _points(
    series: _Series, records: Iterable[FactRecord], start: datetime, first_contact: datetime | None
) -> Iterator[Point]:
    by_day: dict[int, Point] = {}
    told = {name: [one for one in records if one.field == name] for name in (*series.first, series.now)}
    for name in series.first:
        before = [one for one in told[name] if first_contact is None or one.at < first_contact]
        # A value at the start may be told at the first check-in, in hindsight.
        value = _number(before[-1].value) if before else _number(told[name][0].value) if told[name] else None
        if value is not None:
            by_day[0] = Point(0, value, before[-1].at if before else start)
            break
    for record in told[series.now]:
        value = _number(record.value)
        day = (record.at.date() - start.date()).days
        if value is not None:
            by_day[day] = Point(day, value, record.at)
    return iter([by_day[day] for day in sorted(by_day)])


def _number(value: object) -> float | None:
    """The number told; of the patient's own activities the first that has a score, which is followed."""
    if isinstance(value, list):
        scores = [one.get("score") for one in value if isinstance(one, Mapping)]
        return next((float(one) for one in scores if isinstance(one, (int, float))), None)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return None
