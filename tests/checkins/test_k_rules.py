"""Every rule of clinical.md §6.3, reached by a check-in that is answered, and not by its near miss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.store import CheckInStatus
from tests.checkins.clinic import Clinic, Followed

#: (rule, day of the check-in, facts of the patient, answers) -> flags "CODE severity" that it raises
REACHED: Mapping[str, tuple[str, float, dict[str, Any], dict[str, Any], set[str]]] = {
    "a red flag": ("K1", 14, {}, {"new_danger": ["fever"]}, {"FL_RED_INFECTION same_day"}),
    "pain up by 2": ("K2", 14, {}, {"nprs_now": ["8"]}, {"FL_WORSENING routine_flag"}),
    "much worse": ("K2", 14, {}, {"gpe": ["worse_2"]}, {"FL_WORSENING routine_flag"}),
    "worse with a new leg": (
        "K2", 14, {}, {"nprs_now": ["8"], "leg_pain": ["above_knee"]}, {"FL_WORSENING urgent_days"},
    ),
    "black stools": (
        "K3", 7, {}, {"adverse_event": ["black_stool_or_blood"]}, {"FL_ADVERSE emergency_now"},
    ),
    "swelling": ("K3", 7, {}, {"adverse_event": ["allergic_swelling"]}, {"FL_ADVERSE emergency_now"}),
    "an upset stomach": ("K4", 7, {}, {"adverse_event": ["gi_upset"]}, {"FL_ADVERSE routine_flag"}),
    "an upset stomach with tummy pain": (
        "K4", 7, {}, {"adverse_event": ["gi_upset"], "abdominal_pain_new": ["abdominal_pain_new"]},
        {"FL_ADVERSE same_day"},
    ),
    "a flare": ("K5", 7, {}, {"adverse_event": ["flare_over_48h"]}, set()),
    "a fall": ("K6", 7, {}, {"adverse_event": ["fall"], "major_trauma_recent": ["no"]}, {"FL_ADVERSE routine_flag"}),
    "a fall at 65": ("K6", 7, {"age": 65}, {"adverse_event": ["fall"]}, {"FL_ADVERSE same_day"}),
    "no gain at week 4": ("K7", 28, {}, {}, set()),
    "no gain at week 6": ("K8", 42, {}, {}, {"FL_PLATEAU routine_flag"}),
    "not recovered at week 12": ("K9", 84, {}, {"nprs_now": ["3"], "psfs_now": ["7"]}, set()),
    "plan done rarely": ("K10", 7, {}, {"adherence_pct": ["3"]}, set()),
    "at the goal": ("K12", 14, {}, {"nprs_now": ["1"], "psfs_now": ["8"]}, {"FL_GOAL_REACHED self_manage"}),
    "goal told": ("K12", 14, {}, {"wish": ["goal_reached"]}, {"FL_GOAL_REACHED self_manage"}),
    "better with the plan": ("K13", 14, {}, {"nprs_now": ["4"], "adherence_pct": ["6"]}, set()),
}  # fmt: skip

NEAR: Mapping[str, tuple[str, float, dict[str, Any], dict[str, Any]]] = {
    "a risk factor alone": ("K1", 14, {"age": 72}, {}),
    "pain up by 1": ("K2", 14, {}, {"nprs_now": ["7"]}),
    "a little worse": ("K2", 14, {}, {"gpe": ["worse_1"]}),
    "sore at first": ("K3", 7, {}, {"adverse_event": ["mild_soreness"]}),
    "swelling is no stomach": ("K4", 7, {}, {"adverse_event": ["mild_soreness"]}),
    "soreness is no flare": ("K5", 7, {}, {"adverse_event": ["mild_soreness"]}),
    "nothing bad": ("K6", 7, {"age": 65}, {"adverse_event": ["none"]}),
    "week 2": ("K7", 14, {}, {}),
    "a gain of 2 at week 4": ("K7", 28, {}, {"nprs_now": ["4"]}),
    "an activity up by 2": ("K7", 28, {}, {"psfs_now": ["6"]}),
    "week 4 is no week 6": ("K8", 28, {}, {}),
    "a gain of 2 at week 6": ("K8", 42, {}, {"nprs_now": ["4"]}),
    "recovered at week 12": ("K9", 84, {}, {"nprs_now": ["0"]}),
    "half of the days": ("K10", 7, {}, {"adherence_pct": ["4"]}),
    "pain 2 with the activity": ("K12", 14, {}, {"nprs_now": ["2"], "psfs_now": ["8"]}),
    "the goal with a flare": (
        "K12", 14, {}, {"nprs_now": ["1"], "psfs_now": ["8"], "adverse_event": ["flare_over_48h"]},
    ),
    "better without the plan": ("K13", 14, {}, {"nprs_now": ["4"], "adherence_pct": ["4"]}),
    "pain down by 1": ("K13", 14, {}, {"nprs_now": ["5"], "adherence_pct": ["6"]}),
}  # fmt: skip


def at_day(clinic: Clinic, day: float, **facts: Any) -> Followed:
    """A patient of whom only the check-in of that day is left, and it is open."""
    patient = clinic.patient(**facts)
    clinic.clock.move(days=day)
    turn = patient.look
    turn.cancel_check_ins()
    turn.plan_check_ins([(f"day_{day}", clinic.clock.now)])
    patient.store.commit_turn(turn)
    assert clinic.run()["ask"] == 1
    return patient


@pytest.mark.parametrize("case", REACHED)
def test_the_rule_is_reached_and_its_flag_stands_in_the_clinicians_queue(clinic: Clinic, case: str) -> None:
    rule, day, facts, answers, flags = REACHED[case]
    patient = at_day(clinic, day, **facts)
    before = patient.flags
    patient.answer(**answers)
    assert rule in patient.rules
    assert flags <= patient.flags - before
    codes = {one.split()[0] for one in flags}
    [row] = clinic.store.episodes()
    assert codes <= set(row.flags)
    assert all(flag.reason for flag in patient.case.flags)


@pytest.mark.parametrize("case", NEAR)
def test_the_near_miss_does_not_reach_it(clinic: Clinic, case: str) -> None:
    rule, day, facts, answers = NEAR[case]
    patient = at_day(clinic, day, **facts)
    patient.answer(**answers)
    assert rule not in patient.rules


def test_k2_twice_in_a_row_is_urgent(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.check_in(4, nprs_now=["8"])
    assert "FL_WORSENING routine_flag" in patient.flags
    patient.check_in(6, nprs_now=["9"])
    assert "FL_WORSENING urgent_days" in patient.flags


def test_k2_sees_the_best_so_far_and_not_only_the_start(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.check_in(4, nprs_now=["3"])
    assert "K2" not in patient.rules
    patient.check_in(6, nprs_now=["6"])
    assert "K2" in patient.rules


def test_k5_twice_in_an_episode_goes_to_the_clinician(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.check_in(4, adverse_event=["flare_over_48h"])
    assert "FL_ADVERSE routine_flag" not in patient.flags
    patient.check_in(6, adverse_event=["flare_over_48h"])
    assert "FL_ADVERSE routine_flag" in patient.flags


def test_k8_with_nerve_pain_in_the_leg_is_urgent(clinic: Clinic) -> None:
    patient = at_day(clinic, 42, leg_pain="below_knee", leg_pain_onset_days=60, duration_weeks=9)
    asked = patient.answer()
    assert asked[:5] == [
        "saddle_numbness",
        "bladder_change",
        "bowel_change",
        "both_legs_now",
        "sexual_change",
    ]
    assert "FL_PLATEAU urgent_days" in patient.flags


def test_k9_puts_the_combined_programme_before_the_clinician(clinic: Clinic) -> None:
    patient = at_day(clinic, 84)
    patient.answer(nprs_now=["3"])
    statuses = {one["id"]: one["status"] for one in patient.case.plans[-1].assessment["options"]}
    assert statuses["PSY_COMBINED_PROGRAMME"] == "clinician_only"


def test_k10_twice_in_a_row_is_a_routine_flag_and_says_what_got_in_the_way(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.check_in(4, adherence_pct=["3"], barriers=["fear"])
    assert not patient.flags & {"FL_NONADHERENCE routine_flag"}
    patient.check_in(6, adherence_pct=["1"], barriers="my shifts change every week")
    assert "FL_NONADHERENCE routine_flag" in patient.flags
    assert patient.case.plans[-1].assessment["check_in"]["barriers"] == ["my shifts change every week"]


def test_k11_two_missed_in_a_row_are_flagged_and_one_is_not(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.pass_days(7.5)
    assert patient.check_ins(CheckInStatus.MISSED) == ["day_3"]
    assert "FL_NO_REPLY routine_flag" not in patient.flags
    clinic.pass_days(6)
    assert patient.check_ins(CheckInStatus.MISSED) == ["day_3", "day_7"]
    assert "FL_NO_REPLY routine_flag" in patient.flags


def test_k11_one_missed_after_urgent_advice_is_for_today(clinic: Clinic) -> None:
    patient = clinic.patient(leg_weakness="mild_one", leg_weakness_trend="stable", leg_pain="below_knee")
    assert patient.case.episode.triage == "urgent_days"
    clinic.pass_days(2.5)
    assert "FL_NO_REPLY same_day" in patient.flags


def test_a_new_medicine_gates_the_plan_again_and_the_difference_is_told(clinic: Clinic) -> None:
    patient = at_day(clinic, 14)
    statuses = {one["id"]: one["status"] for one in patient.case.plans[-1].assessment["options"]}
    assert statuses["PM_NSAID_ORAL"] in ("consider", "recommend")
    asked = patient.answer(health_change=["medicines"], current_meds=["anticoagulant"])
    assert "current_meds" in asked
    statuses = {one["id"]: one["status"] for one in patient.case.plans[-1].assessment["options"]}
    assert statuses["PM_NSAID_ORAL"] == "withheld"
    assert [plan.version for plan in patient.case.plans] == [1, 2]
    assert "utter_check_in_option_left" in patient.message_keys()
    assert any("blood thinner" in text for text in patient.said())
