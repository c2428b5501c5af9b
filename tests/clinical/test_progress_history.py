"""What earlier check-ins add to today's facts, and conditions that look back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.clinical.follow_up import with_history
from bot.clinical.history import History, PastCheckIn
from bot.clinical.rulebook import Rulebook, RulebookError, default_rulebook
from bot.clinical.rulebook.conditions import read_condition
from bot.clinical.rulebook.document import Item, parse
from bot.clinical.rules import Condition, Context, Named
from bot.clinical.triage import triage
from bot.clinical.urgency import Urgency


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return default_rulebook()


def answered(day: int, **answers: Any) -> PastCheckIn:
    return PastCheckIn(day, Facts.of(answers))


def started(*check_ins: PastCheckIn, told: dict[str, int] | None = None, **start: Any) -> History:
    return History(Facts.of({"pain_avg": 6, **start}), check_ins, told=told or {})


def whole(history: History, rulebook: Rulebook, day: int = 28, **facts: Any) -> Facts:
    return with_history(Facts.of({"checkin_day": day, **facts}), history, rulebook)


# ------------------------------------------------------------------ the start


def test_without_a_history_nothing_is_added(rulebook: Rulebook) -> None:
    facts = Facts.of({"checkin_day": 28, "worse_count": 2, "nprs_now": 3})
    assert with_history(facts, History(), rulebook) is facts


def test_the_baseline_is_the_pain_of_the_start_not_of_today(rulebook: Rulebook) -> None:
    assert whole(started(), rulebook, pain_avg=2, nprs_now=2)["nprs_baseline"] == 6


def test_the_activity_that_is_followed_is_the_first_one_scored(rulebook: Rulebook) -> None:
    activities = [{"activity": "sing"}, {"activity": "walk", "score": 3}, {"activity": "sit", "score": 8}]
    assert whole(started(psfs=activities), rulebook)["psfs_baseline"] == 3
    assert whole(started(psfs=activities, psfs_baseline=5), rulebook)["psfs_baseline"] == 5
    assert "psfs_baseline" not in whole(started(), rulebook)


def test_a_baseline_that_was_told_stays(rulebook: Rulebook) -> None:
    assert whole(started(), rulebook, nprs_baseline=9)["nprs_baseline"] == 9


# ------------------------------------------------------------------ rows


@pytest.mark.parametrize(
    ("pains", "today", "in_a_row"),
    [
        ((), 8, 1),
        ((), 7, 0),
        ((8,), 8, 2),
        ((8, 8), 9, 3),
        ((8, 7), 8, 1),
        ((8, 8), 7, 0),
        ((8, None), 8, 2),
        ((8, 8), None, 2),
    ],
)
def test_check_ins_rated_worse_are_counted_in_a_row(
    pains: tuple[int | None, ...], today: int | None, in_a_row: int, rulebook: Rulebook
) -> None:
    check_ins = [
        answered(7 * n, **({} if pain is None else {"nprs_now": pain})) for n, pain in enumerate(pains, 1)
    ]
    facts = whole(started(*check_ins), rulebook, **({} if today is None else {"nprs_now": today}))
    assert facts["worse_count"] == in_a_row


def test_a_rise_above_the_best_of_its_day_counts_as_worse(rulebook: Rulebook) -> None:
    history = started(answered(7, nprs_now=2), answered(14, nprs_now=5))
    assert whole(history, rulebook, 21, nprs_now=6)["worse_count"] == 2
    assert whole(started(answered(14, nprs_now=5)), rulebook, 21, nprs_now=6)["worse_count"] == 0


def test_low_adherence_is_counted_in_a_row(rulebook: Rulebook) -> None:
    history = started(answered(7, adherence_pct=49), answered(14, nprs_now=5), answered(21, adherence_pct=0))
    assert whole(history, rulebook, adherence_pct=30)["low_adherence_count"] == 3
    assert whole(history, rulebook)["low_adherence_count"] == 2
    assert whole(history, rulebook, adherence_pct=50)["low_adherence_count"] == 0


def test_a_count_of_the_history_replaces_one_that_was_stored(rulebook: Rulebook) -> None:
    facts = whole(started(answered(7, nprs_now=5)), rulebook, worse_count=3, missed_checkins=2, nprs_now=5)
    assert (facts["worse_count"], facts["missed_checkins"]) == (0, 0)


def test_today_and_later_days_are_no_history(rulebook: Rulebook) -> None:
    history = started(answered(28, nprs_now=9), answered(35, nprs_now=9))
    assert whole(history, rulebook, 28, nprs_now=9)["worse_count"] == 1


# ------------------------------------------------------------------ what was told when


def test_an_answer_of_an_earlier_day_counts_as_declined(rulebook: Rulebook) -> None:
    facts = whole(started(told={"nprs_now": 14, "gpe": 28}), rulebook, nprs_now=1, gpe=2)
    assert "nprs_now" not in facts
    assert "nprs_now" in facts.skipped
    assert facts["gpe"] == 2


def test_times_grow_to_today(rulebook: Rulebook) -> None:
    told = {"duration_weeks": 0, "leg_pain_onset_days": 14}
    facts = whole(
        started(leg_pain="below_knee", told=told),
        rulebook,
        duration_weeks=3,
        leg_pain="below_knee",
        leg_pain_onset_days=20,
        leg_weakness_onset_days=9,
    )
    assert facts["duration_weeks"] == 7
    assert facts["leg_pain_onset_days"] == 34
    assert facts["leg_weakness_onset_days"] == 9


def test_a_pregnancy_does_not_grow_beyond_its_range(rulebook: Rulebook) -> None:
    facts = whole(started(told={"gestation_weeks": 0}), rulebook, 70, gestation_weeks=38)
    assert facts["gestation_weeks"] == 45


def test_an_old_onset_does_not_excuse_pain_that_has_spread_to_both_legs(rulebook: Rulebook) -> None:
    start = {"leg_pain": "below_knee", "leg_pain_onset_days": 60}
    spread = {"leg_pain": "both_legs", "leg_pain_onset_days": 60, "leg_pain_trend": "stable"}
    for told in ({}, {"leg_pain_onset_days": 0}, {"leg_pain_onset_days": 0, "leg_pain": 14}):
        facts = whole(started(**start, told=told), rulebook, **spread)
        assert "leg_pain_onset_days" not in facts
        assert triage(facts, rulebook).urgency is Urgency.EMERGENCY_NOW
    asked_again = started(**start, told={"leg_pain_onset_days": 28, "leg_pain": 28})
    assert whole(asked_again, rulebook, **spread)["leg_pain_onset_days"] == 60


def test_an_onset_stays_when_the_symptom_is_the_same_or_less(rulebook: Rulebook) -> None:
    start = {"leg_pain": "both_legs", "leg_pain_onset_days": 60}
    for now in ("both_legs", "below_knee"):
        facts = whole(started(**start), rulebook, leg_pain=now, leg_pain_onset_days=60)
        assert facts["leg_pain_onset_days"] == 60


def test_a_foot_that_drops_for_the_first_time_is_not_as_old_as_the_weakness(rulebook: Rulebook) -> None:
    start = {"leg_weakness": "mild_one", "foot_drop": "no", "leg_weakness_onset_days": 30}
    facts = whole(
        started(**start), rulebook, leg_weakness="mild_one", foot_drop="yes", leg_weakness_onset_days=30
    )
    assert triage(facts, rulebook).urgency is Urgency.SAME_DAY


# ------------------------------------------------------------------ a history that cannot be


def test_a_history_is_kept_by_day_whatever_the_order() -> None:
    first, second = answered(7, nprs_now=4), answered(14, nprs_now=6)
    assert History(check_ins=(second, first)) == History(check_ins=(first, second))
    assert History(check_ins=(second, first)).lowest("nprs_now") == 4
    assert History(check_ins=(second, first)).before(7).lowest("nprs_now") is None


@pytest.mark.parametrize(
    ("make", "mend"),
    [
        (lambda: History(missed=-1), "from 0"),
        (lambda: History(flags=frozenset({"FL_BAD"})), "FL_BAD"),
        (lambda: answered(-1, nprs_now=4), "day 0"),
    ],
)
def test_a_history_that_cannot_be_is_refused(make: Any, mend: str) -> None:
    with pytest.raises(ValueError, match=mend):
        make()


# ------------------------------------------------------------------ conditions that look back


def no_definitions(item: Item, sticky: bool) -> Named:
    item.fail("no definitions here")


def condition(text: str) -> Condition:
    return read_condition(parse(text, "example.yaml"), no_definitions)


FLARES = (answered(7, adverse_event="none"), answered(14, adverse_event="flare_over_48h"))


@pytest.mark.parametrize(
    ("text", "history", "expected"),
    [
        ("{before: {adverse_event: flare_over_48h}}", History(check_ins=FLARES), True),
        ("{before: {adverse_event: flare_over_48h}}", History(check_ins=FLARES[:1]), False),
        ("{before: {adverse_event: flare_over_48h}}", History(check_ins=(answered(7, gpe=0),)), None),
        ("{before: {adverse_event: flare_over_48h}}", History(), None),
        ("{before: {adverse_event: flare_over_48h}}", None, None),
        ("{at_start: {leg_pain: none}}", History(Facts.of({"leg_pain": "none"})), True),
        ("{at_start: {leg_pain: none}}", History(Facts.of({"leg_pain": "both_legs"})), False),
        ("{at_start: {leg_pain: none}}", History(), None),
        ("{at_start: {leg_pain: none}}", None, None),
        ("{last_time: {urgency_at_least: urgent_days}}", History(urgency=Urgency.SAME_DAY), True),
        ("{last_time: {urgency_at_least: urgent_days}}", History(missed=1), False),
        ("{last_time: {flag: FL_PLATEAU}}", History(flags=frozenset({"FL_PLATEAU"})), True),
        ("{last_time: {flag: FL_PLATEAU}}", None, None),
        ("{rise_from_best: {of: nprs_now, min: 3}}", History(check_ins=(answered(7, nprs_now=2),)), True),
        ("{rise_from_best: {of: nprs_now, min: 3}}", History(check_ins=(answered(7, nprs_now=3),)), False),
        ("{rise_from_best: {of: nprs_now, min: 3}}", History(check_ins=(answered(28, nprs_now=0),)), None),
        ("{rise_from_best: {of: nprs_now, min: 3}}", None, None),
    ],
)
def test_a_condition_looks_back(text: str, history: History | None, expected: bool | None) -> None:
    today = Facts.of({"checkin_day": 21, "nprs_now": 5, "adverse_event": "none", "leg_pain": "below_knee"})
    assert condition(text).truth(Context(today, history=history)) is expected


def test_a_look_back_gives_no_evidence_for_today() -> None:
    today = Facts.of({"checkin_day": 21, "adverse_event": "gi_upset"})
    verdict = condition("{before: {adverse_event: flare_over_48h}}").evaluate(
        Context(today, history=History(check_ins=FLARES))
    )
    assert verdict.truth is True
    assert verdict.values == {}


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("{before: {flag: FL_PLATEAU}}", "use `last_time`"),
        ("{at_start: {urgency_at_least: same_day}}", "use `last_time`"),
        ("{last_time: {gpe: {max: -2}}}", "use `before`"),
        ("{rise_from_best: {of: adverse_event, min: 1}}", "is not a number"),
        ("{rise_from_best: {of: nprs_now}}", "give min, max"),
        ("{before: {nothing: 1}}", "not a known field"),
    ],
)
def test_a_look_back_at_the_wrong_thing_is_refused(text: str, mend: str) -> None:
    with pytest.raises(RulebookError, match=mend):
        condition(text)


def test_only_what_the_last_contact_ended_with_looks_at_conclusions() -> None:
    assert condition("{last_time: {flag: FL_PLATEAU}}").looks_at_conclusions
    assert not condition("{before: {gpe: {max: -2}}}").looks_at_conclusions
    assert condition("{at_start: {leg_pain: none}}").fields() == {"leg_pain"}
