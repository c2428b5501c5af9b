"""Patients followed over twelve weeks on the virtual clock, the runner looking once an hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.clinical.schedule import EARLIEST, LATEST
from bot.store import CheckInStatus
from bot.store.check_in_turns import zone_of
from tests.checkins.clinic import Clinic, Followed

WEEKS_12 = 84.5
ACUTE = ["day_3", "day_7", "week_2", "week_4", "week_6", "week_12"]


def answering(patient: Followed, answers: Callable[[int], dict[str, Any]]) -> Callable[[], None]:
    """A patient who answers each check-in within the hour; `answers` are for the day of the episode."""
    began = patient.clinic.clock.now

    def step() -> None:
        if patient.asks is not None:
            patient.answer(**answers((patient.clinic.clock.now - began).days))

    return step


def test_recovers_and_is_left_in_peace_but_for_week_twelve(clinic: Clinic) -> None:
    patient = clinic.patient()
    better = {3: "5", 7: "4", 14: "1"}
    clinic.pass_days(
        WEEKS_12,
        answering(
            patient, lambda day: {"nprs_now": [better.get(day, "0")], "psfs_now": [str(min(4 + day // 3, 9))]}
        ),
    )
    assert patient.check_ins(CheckInStatus.ANSWERED) == ["day_3", "day_7", "week_2", "week_12"]
    assert {one.split()[0] for one in patient.flags} == {"FL_GOAL_REACHED"}
    assert patient.status == "planned"


def test_plateaus_and_is_offered_more_and_then_seen(clinic: Clinic) -> None:
    patient = clinic.patient()
    rules: dict[int, set[str]] = {}
    began = clinic.clock.now
    step = answering(patient, lambda day: {})

    def watch() -> None:
        step()
        rules[(clinic.clock.now - began).days] = patient.rules

    clinic.pass_days(WEEKS_12, watch)
    assert rules[14] & {"K7", "K8", "K9"} == set()
    assert rules[28] & {"K7", "K8", "K9"} == {"K7"}
    assert rules[42] & {"K7", "K8", "K9"} == {"K7", "K8"}
    assert "K9" in rules[84]
    assert {"FL_PLATEAU routine_flag"} <= patient.flags
    assert patient.check_ins(CheckInStatus.ANSWERED) == ACUTE


def test_worsens_and_the_second_time_it_is_urgent(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.pass_days(10, answering(patient, lambda day: {"nprs_now": ["9"], "gpe": ["worse_2"]}))
    assert {"FL_WORSENING routine_flag", "FL_WORSENING urgent_days"} <= patient.flags
    assert "safety_24h_day_7" in {one.kind for one in patient.case.check_ins}


def test_new_cauda_equina_symptoms_at_week_three(clinic: Clinic) -> None:
    patient = clinic.patient(leg_pain="below_knee", leg_pain_onset_days=7, leg_pain_trend="stable")
    clinic.pass_days(
        22,
        answering(patient, lambda day: {"saddle_numbness": ["new"]} if day >= 21 else {}),
    )
    assert "FL_RED_CES emergency_now" in patient.flags
    assert patient.status == "emergency"
    assert {"safety_1h_day_21", "safety_24h_day_21"} <= {one.kind for one in patient.case.check_ins}
    clinic.pass_days(8)
    regular = [one for one in patient.case.check_ins if one.kind == "week_4"]
    assert [one.status for one in regular] == [CheckInStatus.CANCELLED]


def test_black_stools_on_an_anti_inflammatory_at_day_three(clinic: Clinic) -> None:
    patient = clinic.patient(current_nsaid=True)
    patient.check_in(4, adverse_event=["black_stool_or_blood"])
    assert "FL_ADVERSE emergency_now" in patient.flags
    assert patient.status == "emergency"
    assert any("Take no more anti-inflammatory tablets" in text for text in patient.said())
    assert patient.rules >= {"K1", "K3"}


def test_never_answers_gets_two_reminders_each_and_is_flagged_once(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.pass_days(WEEKS_12 + 5)
    assert patient.check_ins(CheckInStatus.MISSED) == ACUTE
    assert [flag.code for flag in patient.case.flags].count("FL_NO_REPLY") == 1
    assert patient.message_keys().count("check_in_reminder") == 2 * len(ACUTE)


def test_answers_late_within_the_four_days_and_nothing_is_missed(clinic: Clinic) -> None:
    patient = clinic.patient()
    since: list[Any] = []

    def late() -> None:
        if patient.asks is None:
            return
        since.append(clinic.clock.now)
        if (clinic.clock.now - since[0]).total_seconds() > 80 * 3600:
            patient.answer()
            since.clear()

    clinic.pass_days(12, late, always=True)
    assert patient.check_ins(CheckInStatus.ANSWERED) == ["day_3", "day_7"]
    assert patient.check_ins(CheckInStatus.MISSED) == []
    assert not {one for one in patient.flags if one.startswith("FL_NO_REPLY")}
    days = [one.value for one in patient.case.facts if one.field == "checkin_day"]
    assert days == [3, 7]


def test_travels_and_is_written_to_in_the_daytime_of_where_they_are(clinic: Clinic) -> None:
    patient = clinic.patient(zone="Europe/London")
    zones = ["America/Los_Angeles", "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Kiritimati"]

    def move() -> None:
        if patient.asks is not None:
            patient.answer()
            turn = patient.look
            turn.locate(timezone=zones[len(patient.check_ins(CheckInStatus.ANSWERED)) % len(zones)])
            patient.store.commit_turn(turn)

    hours: list[int] = []

    def watch() -> None:
        if patient.asks is not None:
            hours.append(clinic.clock.now.astimezone(zone_of(patient.look)).hour)
        move()

    clinic.pass_days(WEEKS_12 + 1, watch)
    assert len(hours) == len(ACUTE)
    assert all(EARLIEST <= hour < LATEST for hour in hours)


def test_opts_out_and_hears_nothing_more(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.check_in(4, wish=["opt_out"])
    before = len(patient.said())
    clinic.pass_days(WEEKS_12)
    assert len(patient.said()) == before
    assert patient.check_ins(CheckInStatus.PLANNED) == []


def test_opting_out_leaves_the_contacts_after_an_emergency(clinic: Clinic) -> None:
    patient = clinic.patient(saddle_numbness="new")
    patient.check_in(0.1)
    patient.check_in(1.2, got_worse=["none"], were_you_seen=["no"])
    assert patient.check_ins(CheckInStatus.ANSWERED) == ["safety_1h", "safety_24h"]
    assert "FL_NO_REPLY same_day" in patient.flags


def test_reaches_the_goal_and_says_so(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.check_in(4)
    patient.check_in(6, nprs_now="2, and i reached my goal")
    assert "FL_GOAL_REACHED self_manage" in patient.flags
    assert patient.check_ins(CheckInStatus.PLANNED) == ["week_12"]
    assert any("Well done" in text for text in patient.said())


def test_without_consent_no_check_in_comes(clinic: Clinic) -> None:
    patient = clinic.patient(agrees=False)
    before = len(patient.said())
    clinic.pass_days(20)
    assert len(patient.said()) == before


def test_sees_how_pain_and_activity_move_as_a_small_picture(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.check_in(4, nprs_now=["5"])
    patient.check_in(6, nprs_now=["3"], psfs_now=["7"])
    pain, activity = (text for text in patient.said()[-8:] if "at the start\n" in text)
    assert pain.startswith("Your pain went from 6 to 3 out of 10.")
    assert pain.endswith("██████░░░░ 6 at the start\n█████░░░░░ 5 last time\n███░░░░░░░ 3 now")
    assert activity.endswith("████░░░░░░ 4 at the start\n█████░░░░░ 5 last time\n███████░░░ 7 now")
    course = [(one.name, one.value) for one in patient.case.measures if one.name.endswith("_now")]
    assert course == [("nprs_now", 5), ("psfs_now", 5), ("nprs_now", 3), ("psfs_now", 7)]


CHRONIC = ["day_3", "week_1", "week_2", "week_4", "week_6", "week_8", "week_12"]


def test_with_chronic_pain_is_asked_at_the_end_whether_one_more_is_welcome_and_gets_it(
    clinic: Clinic,
) -> None:
    patient = clinic.patient(duration_weeks=60)
    asked: list[tuple[int, str]] = []
    began = clinic.clock.now

    def step() -> None:
        if patient.asks is not None:
            day = (clinic.clock.now - began).days
            asked.extend((day, one) for one in patient.answer(long_term=["yes"]))

    clinic.pass_days(WEEKS_12, step)
    assert [day for day, one in asked if one == "long_term"] == [84]
    assert patient.check_ins(CheckInStatus.PLANNED) == ["week_26"]
    clinic.pass_days(14 * 7 + 1, step, step=12)
    assert patient.check_ins(CheckInStatus.ANSWERED) == [*CHRONIC, "week_26"]
    assert [day for day, one in asked if one == "long_term"] == [84]
    clinic.pass_days(60, step, step=12)
    assert patient.check_ins(CheckInStatus.PLANNED) == []


def test_with_chronic_pain_says_no_and_hears_nothing_more(clinic: Clinic) -> None:
    patient = clinic.patient(duration_weeks=60)
    clinic.pass_days(WEEKS_12, answering(patient, lambda day: {"long_term": "no thank you"}))
    assert patient.check_ins(CheckInStatus.ANSWERED) == CHRONIC
    assert patient.check_ins(CheckInStatus.PLANNED) == []


def test_with_chronic_pain_reaches_the_goal_at_the_end_and_still_gets_the_one_that_is_welcome(
    clinic: Clinic,
) -> None:
    patient = clinic.patient(duration_weeks=60)
    better = {"nprs_now": ["1"], "psfs_now": ["9"], "long_term": ["yes"]}
    clinic.pass_days(WEEKS_12, answering(patient, lambda day: better if day > 80 else {}))
    assert "FL_GOAL_REACHED self_manage" in patient.flags
    assert patient.check_ins(CheckInStatus.PLANNED) == ["week_26"]


def test_with_new_pain_is_not_asked_about_half_a_year(clinic: Clinic) -> None:
    patient = clinic.patient()
    asked: list[str] = []
    clinic.pass_days(WEEKS_12, lambda: asked.extend(patient.answer()) if patient.asks else None)
    assert "long_term" not in asked
