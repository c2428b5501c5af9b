"""Outcome measures: from answers to a score, from two scores to a change that counts or does not.

Their words, numbers, sources and licences are in rulebook/measures.yaml. Source: clinical.md §2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clinical.facts import ITEMS_OF, Facts
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.measure_table import AnswerScale, Band, Direction, Measure, Method, Step

__all__ = [
    "Band",
    "Direction",
    "Measure",
    "MeasureChange",
    "ScoreError",
    "band_of",
    "change",
    "measure_of",
    "score",
    "shown_number",
    "sums",
]

_DECIMALS = 6  #: thirds and tenths are compared by this many places


class ScoreError(ValueError):
    """Answers that make no score. `message` says what to give; neither repeats what was given."""

    def __init__(self, measure: Measure, message: str) -> None:
        super().__init__(f"{measure.id}: {message}")
        self.measure = measure.id
        self.message = message


@dataclass(frozen=True)
class MeasureChange:
    """How far a score has moved. `points` is the gain (above zero is better), `percent` the gain of the start.

    `percent` is None where the start is zero or the measure does not count by it. `reason` is for the
    clinician; `sources` are those of the rule that decided.
    """

    direction: Direction
    baseline: float
    now: float
    points: float
    percent: float | None
    reason: str
    sources: tuple[str, ...]


def measure_of(name: str, rulebook: Rulebook) -> Measure:
    """The measure of this id, such as `nprs` or `rmdq`. Raises KeyError with the ids that there are."""
    try:
        return rulebook.measures.measures[name]
    except KeyError:
        known = ", ".join(rulebook.measures.measures)
        raise KeyError(f"there is no measure {name!r}; use one of {known}") from None


def score(measure: Measure, answers: Sequence[int]) -> float:
    """The score of these answers.

    An answer is a whole number of the measure's scale. For ticks, give the numbers of the ticked items,
    counted from 1, in any order; each counts once. Means are not rounded. Raises ScoreError.
    """
    if measure.method is Method.TICKS:
        return _ticked(measure, answers)
    if not measure.fewest <= len(answers) <= measure.most:
        raise ScoreError(measure, f"give {_count(measure)}")
    for answer in answers:
        if not _is_whole(answer) or not measure.answers.minimum <= answer <= measure.answers.maximum:
            raise ScoreError(measure, f"each answer is {_scale(measure.answers)}")
    total = sum(answers)
    return total / len(answers) if measure.method is Method.MEAN else float(total)


def sums(facts: Facts) -> dict[str, int]:
    """The sums whose single answers are all known, such as `phq2` from its two. Source: clinical.md §2.3."""
    found: dict[str, int] = {}
    for name, items in ITEMS_OF.items():
        answers = [facts.lookup(item) for item in items]
        if all(isinstance(answer, (int, tuple)) and not isinstance(answer, bool) for answer in answers):
            found[name] = sum(len(one) if isinstance(one, tuple) else int(one or 0) for one in answers)
    return found


def band_of(measure: Measure, value: float) -> Band | None:
    """The band that a score lies in; None for a measure without bands. Raises ScoreError outside the range."""
    _check(measure, value)
    return next((band for band in reversed(measure.bands) if band.start <= value), None)


def change(measure: Measure, baseline: float, now: float) -> MeasureChange:
    """Whether the way from `baseline` to `now` is one that counts.

    A gain counts from the measure's points on, or from its percent of the start. Where neither can be worked
    out (from a start of zero, or without a published size), a move to another band decides. Raises ScoreError
    outside the range. Source: clinical.md §2.2, §6.3.
    """
    _check(measure, baseline)
    _check(measure, now)
    gain = round(baseline - now if measure.lower_is_better else now - baseline, _DECIMALS)
    percent = round(100 * gain / baseline, _DECIMALS) if baseline and _by_percent(measure) else None
    direction, by, sources = _direction(measure, baseline, now, gain, percent)
    moved = f"from {shown_number(baseline)} to {shown_number(now)}"
    share = "" if percent is None else f", {abs(percent):.0f} %"
    better = "better" if gain > 0 else "worse"
    amount = f"{_points(abs(gain))} {better}{share}" if gain else "no change"
    reason = f"{measure.name}: {moved}, {amount}. {by}"
    return MeasureChange(direction, baseline, now, gain, percent, reason, sources)


def shown_number(value: float) -> str:
    """A score as it is shown: at most one decimal."""
    return f"{round(value, 1):g}"


def _ticked(measure: Measure, items: Sequence[int]) -> float:
    for item in items:
        if not _is_whole(item) or not 1 <= item <= len(measure.items):
            raise ScoreError(measure, f"give the numbers of the ticked items, from 1 to {len(measure.items)}")
    return float(len(set(items)))


def _direction(
    measure: Measure, baseline: float, now: float, gain: float, percent: float | None
) -> tuple[Direction, str, tuple[str, ...]]:
    better, worse = measure.improvement, measure.worse
    if better is not None and _counts(better, gain, percent):
        return Direction.IMPROVED, f"{_size(better)} count as improved.", better.sources
    if worse is not None and _counts(worse, -gain, None if percent is None else -percent):
        return Direction.WORSE, f"{_size(worse)} count as worse.", worse.sources
    if better is not None and (better.points is not None or percent is not None):
        return Direction.UNCHANGED, f"{_size(better)} count as a change.", better.sources
    return _by_band(measure, baseline, now)


def _by_band(measure: Measure, baseline: float, now: float) -> tuple[Direction, str, tuple[str, ...]]:
    first, last = band_of(measure, baseline), band_of(measure, now)
    if first is None or last is None or first is last:
        sources = last.sources if last is not None else ()
        return Direction.UNCHANGED, "The band is the same; no size of change is published.", sources
    rises = last.start > first.start
    direction = Direction.WORSE if rises is measure.lower_is_better else Direction.IMPROVED
    return direction, f"The band moved from {first.name!r} to {last.name!r}.", last.sources


def _counts(step: Step, gain: float, percent: float | None) -> bool:
    by_points = step.points is not None and gain >= step.points
    return by_points or (step.percent is not None and percent is not None and percent >= step.percent)


def _by_percent(measure: Measure) -> bool:
    return any(step is not None and step.percent is not None for step in (measure.improvement, measure.worse))


def _size(step: Step) -> str:
    points = "" if step.points is None else _points(step.points)
    percent = "" if step.percent is None else f"{step.percent:g} %"
    return " or ".join(part for part in (points, percent) if part)


def _points(number: float) -> str:
    shown = shown_number(number)
    return f"{shown} point" if shown == "1" else f"{shown} points"


def _check(measure: Measure, value: float) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not measure.minimum <= value <= measure.maximum:
        raise ScoreError(measure, f"a score lies from {measure.minimum:g} to {measure.maximum:g}")


def _is_whole(answer: object) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool)


def _count(measure: Measure) -> str:
    if measure.fewest == measure.most:
        return "one answer" if measure.most == 1 else f"all {measure.most} answers"
    return f"{measure.fewest} to {measure.most} answers"


def _scale(answers: AnswerScale) -> str:
    return f"a whole number from {answers.minimum} to {answers.maximum}"
