"""Measures: the numbers that are followed over time, taken from what the patient reported."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean

from bot.store.records import FactRecord, Measure

#: Fields of clinical.md §0.1 that are scores or counts of the present state. Source: clinical.md §2.2, §6.2.
FOLLOWED = frozenset(
    {
        *("pain_avg", "pain_worst", "pain_now", "leg_pain_score", "nprs_baseline", "nprs_now"),
        *("psfs", "psfs_baseline", "psfs_now", "rmdq", "gpe", "adherence_pct"),
        *("phq2", "gad2", "fear_of_movement", "recovery_expectation", "sleep_problem", "stress"),
        *("off_work_days", "activity_min_week"),
    }
)


def measures(history: Iterable[FactRecord]) -> tuple[Measure, ...]:
    """Every number reported for a followed field and not taken back, in the order given.

    The patient's own activities (`psfs`) count as the mean of those scored, 0 to 10 (clinical.md §2.2).
    """
    found = (
        (record, _number(record.value))
        for record in history
        if record.field in FOLLOWED and not record.retracted
    )
    return tuple(
        Measure(name=record.field, value=number, at=record.at)
        for record, number in found
        if number is not None
    )


def _number(value: object) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, list):
        scores = [activity["score"] for activity in value if activity.get("score") is not None]
        return round(fmean(scores), 1) if scores else None
    return None
