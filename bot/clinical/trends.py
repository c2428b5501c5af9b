"""How each measure has moved since the start of an episode, in numbers and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.clinical.facts import Facts, FactValue
from bot.clinical.history import History
from bot.clinical.measures import Direction, Measure, MeasureChange, change, shown_number
from bot.clinical.rulebook import Rulebook


@dataclass(frozen=True)
class Trend:
    """One measure since the start. `best` is its best value so far, `told` the words for the patient.

    `before` is the value of the check-in before this one, None at the first.
    """

    measure: str
    name: str
    change: MeasureChange
    best: float
    told: str | None
    before: float | None = None

    @property
    def direction(self) -> Direction:
        """Improved, unchanged or worse."""
        return self.change.direction


def trends(facts: Facts, history: History, rulebook: Rulebook) -> tuple[Trend, ...]:
    """Every measure of which both the value at the start and the value now are known, in the rulebook's order.

    `facts` hold what is known today, the baselines with it. A measure whose one field holds both values counts
    only when it was told again after the start. Source: clinical.md §2.2.
    """
    return tuple(_trends(facts, history, rulebook))


def _trends(facts: Facts, history: History, rulebook: Rulebook) -> Iterator[Trend]:
    earlier = history.before(facts.get("checkin_day"))
    for measure in rulebook.measures.measures.values():
        if measure.now is None:
            continue
        first, now = _first(measure, facts, history), _number(facts.get(measure.now))
        if first is None or now is None:
            continue
        moved = change(measure, first, now)
        between = _between(measure.now, earlier)
        values = [first, now, *between]
        words = measure.told.get(moved.direction)
        filling = {"baseline": shown_number(first), "now": shown_number(now)}
        yield Trend(
            measure=measure.id,
            name=measure.name,
            change=moved,
            best=min(values) if measure.lower_is_better else max(values),
            told=words.fill(filling.__getitem__) if words is not None else None,
            before=between[-1] if between else None,
        )


def _first(measure: Measure, facts: Facts, history: History) -> float | None:
    if measure.start is not None:
        return measure.start
    if measure.baseline is None:
        return None
    if measure.baseline != measure.now:
        return _number(facts.get(measure.baseline))
    return _number(history.start.get(measure.baseline)) if history.told.get(measure.baseline, 0) > 0 else None


def _between(field: str, earlier: History) -> list[float]:
    told = (_number(one.answers.get(field)) for one in earlier.check_ins)
    return [value for value in told if value is not None]


def _number(value: FactValue | None) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
