"""Makes the facts of a check-in whole: what follows from the time before is counted, not asked."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clinical.facts import FIELDS, Activity, Facts, FactValue, is_danger
from bot.clinical.history import History, PastCheckIn
from bot.clinical.rulebook import Rulebook
from bot.clinical.rules import Context

_DAY = "checkin_day"
_A_WEEK = 7

#: told anew at each check-in: what was told on an earlier day does not stand for today
TOLD_EACH_TIME = ("nprs_now", "psfs_now", "gpe", "adherence_pct", "adverse_event", "goal_reached")

#: fields that hold a time up to today, and how many days one of their units is (clinical.md §0.1)
_TIMES = {
    "duration_weeks": _A_WEEK,
    "gestation_weeks": _A_WEEK,
    "leg_pain_onset_days": 1,
    "leg_weakness_onset_days": 1,
}
#: since when -> what began then
_ONSETS = {
    "leg_pain_onset_days": ("leg_pain", "leg_numbness"),
    "leg_weakness_onset_days": ("leg_weakness", "foot_drop"),
}


def with_history(facts: Facts, history: History, rulebook: Rulebook) -> Facts:
    """The facts of a check-in with what the time before adds; an empty history adds nothing.

    - `nprs_baseline` and `psfs_baseline` are those told at the start: the average pain, and the first scored
      activity, which is the one that is followed. A value that stands in the facts is kept.
    - `worse_count` and `low_adherence_count` are counted in a row, this check-in included. A check-in that does
      not say neither adds to the row nor ends it. `missed_checkins` is that of the history.
    - An answer of an earlier check-in (by `history.told`) does not stand for today: it counts as declined, or
      as not asked when the check-in was missed.
    - Times ("for 6 days") told on an earlier day grow to today. An onset told for a symptom that has grown
      since is dropped, because it says nothing of what is new: not known counts as recent.

    Source: clinical.md §0.1, §2.2, §6.3.
    """
    if history.is_empty:
        return facts
    known = _with_baselines(_as_of_today(_told_today(facts, history), history), history.start)
    rows = _rows(known, history, rulebook)
    for name, count in (
        ("worse_count", rows.worse),
        ("low_adherence_count", rows.low_adherence),
        ("missed_checkins", history.missed),
    ):
        known = known.with_(name, count)
    return known


@dataclass(frozen=True)
class _Rows:
    """How many check-ins in a row, up to now, were rated worse, and had the plan done too rarely."""

    worse: int = 0
    low_adherence: int = 0


def _rows(facts: Facts, history: History, rulebook: Rulebook) -> _Rows:
    earlier = history.before(facts.get(_DAY))
    rows = _Rows()
    for check_in in earlier.check_ins:
        rows = _longer(rows, _on_its_day(check_in, history), earlier, rulebook)
    return _longer(rows, facts, earlier, rulebook)


def _on_its_day(check_in: PastCheckIn, history: History) -> Facts:
    return _with_baselines(check_in.answers.with_(_DAY, check_in.day), history.start)


def _longer(rows: _Rows, facts: Facts, earlier: History, rulebook: Rulebook) -> _Rows:
    context = Context(facts, history=earlier)
    worse = rulebook.definitions["getting_worse"].truth(context)
    if worse is None and (facts.known("nprs_now") or facts.known("gpe")):
        worse = False
    rarely = rulebook.definitions["low_adherence"].truth(context)
    return _Rows(_counted(rows.worse, worse), _counted(rows.low_adherence, rarely))


def _counted(row: int, again: bool | None) -> int:
    if again is None:
        return row
    return row + 1 if again else 0


def _with_baselines(facts: Facts, start: Facts) -> Facts:
    found = {
        "nprs_baseline": start.get("nprs_baseline", start.get("pain_avg")),
        "psfs_baseline": start.get("psfs_baseline", _followed(start)),
    }
    for name, value in found.items():
        if value is not None and name not in facts:
            facts = facts.with_(name, value)
    return facts


def _followed(start: Facts) -> int | None:
    activities = start.get("psfs", ())
    scored = (
        [one.score for one in activities if isinstance(one, Activity)]
        if isinstance(activities, tuple)
        else []
    )
    return next((score for score in scored if score is not None), None)


def _told_today(facts: Facts, history: History) -> Facts:
    today = facts.get(_DAY)
    for name in TOLD_EACH_TIME:
        if name in facts and isinstance(today, int) and history.told.get(name, today) < today:
            facts = facts.without(name)
            if not history.missed:
                facts = facts.skip(name)
    return facts


def _as_of_today(facts: Facts, history: History) -> Facts:
    today = facts.get(_DAY)
    for name, unit in _TIMES.items():
        value = facts.get(name)
        if not isinstance(value, (int, float)):
            continue
        if _outgrown(name, facts, history):
            facts = facts.without(name)
        elif isinstance(today, int) and today > history.told.get(name, today):
            facts = facts.with_(name, _grown(name, value, (today - history.told[name]) / unit))
    return facts


def _grown(name: str, value: float, by: float) -> FactValue:
    most = FIELDS[name].maximum
    grown = value + by
    return min(grown, most) if most is not None else grown


def _outgrown(onset: str, facts: Facts, history: History) -> bool:
    """Whether a symptom has grown since the start, and its onset is still the one told before that."""
    grown = [name for name in _ONSETS.get(onset, ()) if _has_grown(name, facts, history.start)]
    if not grown:
        return False
    told = history.told.get(onset)
    if told is None:
        return facts[onset] == history.start.get(onset)
    today = facts.get(_DAY)
    latest = today if isinstance(today, int) else told + 1
    return any(told < history.told.get(name, latest) for name in grown)


def _has_grown(name: str, facts: Facts, start: Facts) -> bool:
    now, then = facts.get(name), start.get(name)
    if now is None or now == then or not is_danger(name, now):
        return False
    values = FIELDS[name].values
    return then is None or not is_danger(name, then) or values.index(str(now)) > values.index(str(then))
