"""No answer at a check-in may hide danger, and nothing that is not known counts as good news."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.clinical.facts import Facts
from bot.clinical.follow_up import with_history
from bot.clinical.history import History, PastCheckIn
from bot.clinical.measures import Direction, change, measure_of
from bot.clinical.progress import Progress, progress, progress_findings
from bot.clinical.rulebook import default_rulebook
from bot.clinical.rules import Context
from bot.clinical.triage import triage

GOOD_NEWS = {"ADJ_PROGRESS", "ADJ_MAINTAIN"}
TEN = st.integers(0, 10)
HALVES = st.integers(0, 20).map(lambda n: n / 2)
EVENTS = st.sampled_from(
    [
        *("none", "mild_soreness", "flare_over_48h", "gi_upset"),
        *("black_stool_or_blood", "allergic_swelling", "fall", "other"),
    ]
)
ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "checkin_day": st.sampled_from([3, 7, 14, 27, 28, 41, 42, 56, 83, 84, 182]),
    "nprs_baseline": TEN,
    "nprs_now": TEN,
    "psfs_baseline": HALVES,
    "psfs_now": HALVES,
    "gpe": st.integers(-3, 3),
    "adherence_pct": st.sampled_from([0, 49, 50, 59, 60, 100]),
    "adverse_event": EVENTS,
    "goal_reached": st.booleans(),
    "worse_count": st.integers(0, 3),
    "low_adherence_count": st.integers(0, 3),
    "missed_checkins": st.integers(0, 3),
    "age": st.sampled_from([30, 64, 65, 80]),
    "phq2": st.sampled_from([0, 4]),
    "leg_pain": st.sampled_from(["none", "above_knee", "below_knee"]),
    "leg_pain_onset_days": st.sampled_from([2, 40, 400]),
    "leg_weakness": st.sampled_from(["none", "mild_one"]),
    "osteoporosis": st.sampled_from(["no", "yes", "unsure"]),
}


@st.composite
def check_ins(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(ANSWERS)), max_size=9, unique=True))
    return {"checkin_day": draw(ANSWERS["checkin_day"]), **{name: draw(ANSWERS[name]) for name in names}}


@st.composite
def earlier(draw: st.DrawFn) -> tuple[PastCheckIn, ...]:
    days = draw(st.lists(st.integers(0, 60), max_size=4, unique=True))
    told = ("nprs_now", "gpe", "adherence_pct", "adverse_event")
    return tuple(
        PastCheckIn(
            day,
            Facts.of({name: draw(ANSWERS[name]) for name in draw(st.sets(st.sampled_from(told)))}),
        )
        for day in days
    )


CHECK_INS = check_ins()
HISTORIES = st.builds(
    lambda past, pain, missed: History(Facts.of({"pain_avg": pain}), past, missed=missed),
    earlier(),
    TEN,
    st.integers(0, 2),
)


def result(facts: dict[str, Any], history: History | None = None, skipped: tuple[str, ...] = ()) -> Progress:
    return progress(Facts.of(facts, skipped), history or History(), default_rulebook())


#: field -> the same answer, or one that is worse
WORSE: dict[str, Callable[[Any, int], Any]] = {
    "nprs_now": lambda value, by: min(value + by, 10),
    "psfs_now": lambda value, by: max(value - by, 0),
    "gpe": lambda value, by: max(value - by, -3),
    "adherence_pct": lambda value, by: max(value - 10 * by, 0),
    "goal_reached": lambda value, by: False,
    "worse_count": lambda value, by: value + by,
    "low_adherence_count": lambda value, by: value + by,
    "missed_checkins": lambda value, by: value + by,
    "phq2": lambda value, by: min(value + by, 6),
}
BEST: dict[str, Any] = {
    "nprs_now": 0,
    "psfs_now": 10.0,
    "gpe": 3,
    "adherence_pct": 100,
    "adverse_event": "none",
    "goal_reached": True,
}


@given(CHECK_INS, st.sampled_from(sorted(WORSE)), st.integers(1, 5), st.data())
def test_a_worse_answer_never_lowers_the_class(
    facts: dict[str, Any], field: str, by: int, data: st.DataObject
) -> None:
    better = {**facts, field: data.draw(ANSWERS[field])}
    worse = {**better, field: WORSE[field](better[field], by)}
    assert result(worse).triage.urgency >= result(better).triage.urgency


@given(CHECK_INS, EVENTS)
def test_a_bad_effect_never_lowers_the_class(facts: dict[str, Any], event: str) -> None:
    without = result({**facts, "adverse_event": "none"})
    bleeding = result({**facts, "adverse_event": "black_stool_or_blood"})
    some = result({**facts, "adverse_event": event})
    assert without.triage.urgency <= some.triage.urgency <= bleeding.triage.urgency


@given(CHECK_INS, HISTORIES, st.sampled_from(sorted(BEST)))
def test_declining_never_gives_less_than_the_best_answer(
    facts: dict[str, Any], history: History, field: str
) -> None:
    facts.pop(field, None)
    declined = result(facts, history, skipped=(field,))
    best = result({**facts, field: BEST[field]}, history)
    assert declined.triage.urgency >= best.triage.urgency


@given(CHECK_INS, st.sampled_from([("nprs_now", "ADJ_PROGRESS"), ("adherence_pct", "ADJ_PROGRESS")]))
def test_a_number_that_is_not_known_never_moves_a_plan_up(
    facts: dict[str, Any], unknown: tuple[str, str]
) -> None:
    field, adjustment = unknown
    facts.pop(field, None)
    for skipped in ((), (field,)):
        assert adjustment not in result(facts, skipped=skipped).adjustments


@given(CHECK_INS, HISTORIES)
def test_a_plan_is_not_built_up_and_held_back_at_once(facts: dict[str, Any], history: History) -> None:
    found = result(facts, history)
    adjustments = set(found.adjustments)
    assert not adjustments >= GOOD_NEWS
    if adjustments & {"ADJ_REGRESS", "ADJ_STEP_UP", "ADJ_SUSPEND_PLAN"}:
        assert not adjustments & GOOD_NEWS
    if "ADJ_STOP_NSAID" in adjustments:
        assert "ADJ_PROGRESS" not in adjustments
    if found.suspends_plan:
        assert adjustments <= {"ADJ_SUSPEND_PLAN", "ADJ_STOP_NSAID"}


@given(CHECK_INS, HISTORIES)
def test_a_check_in_never_takes_anything_from_the_red_flags(facts: dict[str, Any], history: History) -> None:
    found = result(facts, history)
    danger = triage(found.facts, default_rulebook())
    assert found.triage.urgency >= danger.urgency
    assert set(found.flags) >= set(danger.flags)
    assert {one.rule for one in danger.findings} <= {one.rule for one in found.triage.findings}


@given(CHECK_INS, HISTORIES)
def test_the_result_is_consistent_in_itself(facts: dict[str, Any], history: History) -> None:
    found = result(facts, history)
    assert found == result(dict(reversed(facts.items())), history)
    assert len(set(found.told)) == len(found.told)
    assert all(len(text.split()) <= 45 for text in found.told)
    assert found.triage.actions[-1] == "ACT_SAFETY_NET"


@given(CHECK_INS, HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_earlier_check_ins_does_not_matter(
    facts: dict[str, Any], history: History, random: Any
) -> None:
    shuffled = list(history.check_ins)
    random.shuffle(shuffled)
    again = History(history.start, tuple(shuffled), missed=history.missed)
    assert result(facts, again) == result(facts, history)


@given(CHECK_INS, HISTORIES)
def test_a_history_that_was_counted_once_counts_the_same_again(
    facts: dict[str, Any], history: History
) -> None:
    once = with_history(Facts.of(facts), history, default_rulebook())
    assert with_history(once, history, default_rulebook()) == once


@given(CHECK_INS)
def test_only_a_check_in_has_findings(facts: dict[str, Any]) -> None:
    intake = {name: facts[name] for name in ("age", "phq2", "leg_pain", "leg_weakness") if name in facts}
    rulebook = default_rulebook()
    assert progress_findings(Facts.of(intake), triage(Facts.of(intake), rulebook), rulebook) == ()


@given(TEN, TEN)
def test_the_rules_and_the_measure_agree_on_pain(baseline: int, now: int) -> None:
    rulebook = default_rulebook()
    context = Context(Facts.of({"nprs_baseline": baseline, "nprs_now": now, "gpe": 0}))
    direction = change(measure_of("nprs", rulebook), baseline, now).direction
    assert (rulebook.definitions["pain_improved"].truth(context) is True) == (direction is Direction.IMPROVED)
    assert (rulebook.definitions["getting_worse"].truth(context) is True) == (direction is Direction.WORSE)


@given(st.integers(0, 100), st.integers(0, 100))
def test_the_rules_and_the_measure_agree_on_activities(baseline: int, now: int) -> None:
    rulebook = default_rulebook()
    first, last = baseline / 10, now / 10
    context = Context(Facts.of({"psfs_baseline": first, "psfs_now": last}))
    improved = rulebook.definitions["function_improved"].truth(context)
    assert improved is (now - baseline >= 20)
    assert improved is (change(measure_of("psfs", rulebook), first, last).direction is Direction.IMPROVED)
