"""Check-ins as such: one now because the patient asks for it, none any more, and some again."""

from __future__ import annotations

from datetime import timedelta

from actions import consent
from bot.store import CheckInStatus
from bot.store.check_in_turns import opt_out
from tests.checkins.clinic import Clinic, Followed

ACUTE_AFTER_WEEK_2 = ["week_4", "week_6", "week_12"]


def test_a_check_in_may_be_asked_for_and_counts_like_any_other(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.clock.move(days=1)
    patient.send("check_in_now")
    assert patient.message_keys()[-2:] == ["utter_check_in_now", "ask_new_danger"]
    patient.answer(nprs_now=["9"], gpe=["worse_2"])
    assert patient.check_ins(CheckInStatus.ANSWERED) == ["by_patient_1"]
    assert "FL_WORSENING routine_flag" in patient.flags


def test_on_a_channel_that_pushes_it_begins_with_the_first_question(clinic: Clinic) -> None:
    patient = clinic.patient(channel="telegram")
    clinic.clock.move(days=1)
    patient.send("check_in_now")
    assert patient.asks == "new_danger"


def test_an_open_check_in_is_gone_on_with_and_no_second_one_begun(clinic: Clinic) -> None:
    patient = clinic.patient(channel="telegram")
    clinic.clock.move(days=3)
    clinic.run()
    patient.send("check_in_now")
    assert patient.message_keys()[-2] == "utter_check_in_waits"
    assert patient.asks == "new_danger"
    assert patient.check_ins(CheckInStatus.ASKED) == ["day_3"]


def test_it_stands_for_one_that_falls_due_within_a_day(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.clock.move(days=2, hours=12)
    patient.send("check_in_now")
    patient.answer()
    clinic.pass_days(3)
    dropped = [one for one in patient.case.check_ins if one.kind == "day_3"]
    assert [one.notes for one in dropped] == [{"dropped": "done_by_patient"}]
    clinic.pass_days(3)
    assert patient.check_ins(CheckInStatus.ASKED) == ["day_7"]


def test_a_second_one_on_the_same_day_is_kindly_declined(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.clock.move(days=1)
    patient.send("check_in_now")
    patient.answer()
    clinic.clock.move(hours=2)
    patient.send("check_in_now")
    assert patient.message_keys()[-1] == "utter_check_in_done_lately"
    clinic.clock.move(hours=20)
    patient.send("check_in_now")
    patient.answer()
    assert patient.check_ins(CheckInStatus.ANSWERED) == ["by_patient_1", "by_patient_2"]


def test_before_there_is_a_plan_kind_words_say_when_it_comes(clinic: Clinic) -> None:
    patient = clinic.patient()
    turn = patient.look
    turn.open_episode("intake")
    clinic.store.commit_turn(turn)
    patient.send("check_in_now")
    assert patient.message_keys()[-1] == "utter_check_in_not_yet"
    assert patient.asks is None


def test_in_an_emergency_the_advice_is_repeated_and_no_check_in_begun(clinic: Clinic) -> None:
    patient = clinic.patient(saddle_numbness="new")
    patient.send("check_in_now")
    assert patient.message_keys()[-1] == "utter_held_reminder"
    assert patient.check_ins(CheckInStatus.ASKED) == []


def test_one_that_was_asked_for_and_left_half_way_is_no_silence(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.send("stop_check_ins")
    for _ in range(3):
        clinic.clock.move(days=1)
        patient.send("check_in_now")
        clinic.pass_days(6)
    assert len(patient.check_ins(CheckInStatus.MISSED)) == 3
    assert not {one for one in patient.flags if one.startswith("FL_NO_REPLY")}


def test_check_ins_that_were_stopped_come_again_when_they_are_wanted_again(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.check_in(4)
    patient.send("stop_check_ins")
    assert patient.check_ins(CheckInStatus.PLANNED) == []
    clinic.pass_days(12)
    patient.send("start_check_ins")
    assert patient.message_keys()[-1] == "utter_check_ins_on"
    assert patient.check_ins(CheckInStatus.PLANNED) == ACUTE_AFTER_WEEK_2
    assert {one.purpose: one.granted for one in patient.case.consents}["check_ins"] is True
    patient.check_in(14)
    assert patient.check_ins(CheckInStatus.ANSWERED) == ["day_3", "week_4"]


def test_check_ins_that_were_never_agreed_to_may_be_wanted_later(clinic: Clinic) -> None:
    patient = clinic.patient(agrees=False)
    patient.send("start_check_ins")
    assert patient.check_ins(CheckInStatus.PLANNED)[:2] == ["day_3", "day_7"]
    patient.check_in(4)


def test_wanting_again_what_is_on_already_changes_nothing(clinic: Clinic) -> None:
    patient = clinic.patient()
    before = patient.check_ins(CheckInStatus.PLANNED)
    patient.send("start_check_ins")
    assert patient.message_keys()[-1] == "utter_check_ins_on_already"
    assert patient.check_ins(CheckInStatus.PLANNED) == before


def test_when_every_planned_one_is_over_the_patient_hears_how_to_have_one(clinic: Clinic) -> None:
    patient = clinic.patient(agrees=False)
    clinic.clock.move(days=100)
    patient.send("start_check_ins")
    assert patient.message_keys()[-1] == "utter_check_ins_on_none_left"
    patient.send("check_in_now")
    assert patient.asks == "new_danger"


def test_while_an_emergency_stands_wanting_check_ins_is_noted_and_none_is_planned(clinic: Clinic) -> None:
    patient = clinic.patient(agrees=False, saddle_numbness="new")
    before = patient.check_ins(CheckInStatus.PLANNED)
    patient.send("start_check_ins")
    assert patient.check_ins(CheckInStatus.PLANNED) == before


def test_check_ins_rest_for_as_long_as_the_patient_says_and_then_come_once(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.clock.move(days=1)
    patient.send("pause_check_ins 21")
    assert patient.message_keys()[-1] == "utter_check_ins_rest"
    clinic.pass_days(20)
    assert patient.check_ins(CheckInStatus.ASKED) == []
    assert patient.check_ins(CheckInStatus.MISSED) == []
    clinic.pass_days(2)
    assert patient.check_ins(CheckInStatus.ASKED) == ["week_2"]
    assert patient.check_ins(CheckInStatus.PLANNED) == ["week_4", "week_6", "week_12"]


def test_a_rest_without_a_time_lasts_two_weeks_and_none_lasts_longer_than_twelve(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.send("pause_check_ins")
    rested = [one for one in patient.case.check_ins if one.status is CheckInStatus.PLANNED]
    assert min(one.due_at for one in rested) == clinic.clock.now + timedelta(days=14)
    clinic.clock.move(days=1)
    patient.send("pause_check_ins 400")
    rested = [one for one in patient.case.check_ins if one.status is CheckInStatus.PLANNED]
    assert [(one.kind, one.due_at) for one in rested] == [("week_12", clinic.clock.now + timedelta(days=84))]


def test_whoever_wants_them_sooner_gets_the_timetable_back_and_the_late_one_at_once(clinic: Clinic) -> None:
    patient = clinic.patient()
    patient.send("pause_check_ins 12")
    clinic.pass_days(8)
    patient.send("start_check_ins")
    assert patient.message_keys()[-1] == "utter_check_ins_on"
    assert patient.check_ins(CheckInStatus.PLANNED)[:2] == ["day_7", "week_2"]
    clinic.pass_days(1)
    assert patient.check_ins(CheckInStatus.ASKED) == ["day_7"]


def test_a_contact_after_advice_to_get_help_does_not_rest(clinic: Clinic) -> None:
    patient = clinic.patient(fever="yes")
    before = patient.check_ins(CheckInStatus.PLANNED)
    patient.send("pause_check_ins 21")
    assert patient.message_keys()[-1] == "utter_check_ins_rest_none"
    assert patient.check_ins(CheckInStatus.PLANNED) == before


def test_a_rest_wanted_in_the_middle_of_a_check_in_keeps_what_was_told(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.clock.move(days=3)
    clinic.run()
    patient.send("pause_check_ins 10")
    assert patient.check_ins(CheckInStatus.ASKED) == []
    assert "FL_INCOMPLETE routine_flag" in patient.flags
    assert patient.message_keys()[-1] == "utter_check_ins_rest"
    clinic.pass_days(9)
    assert patient.check_ins(CheckInStatus.ASKED) == []
    clinic.pass_days(2)
    assert patient.check_ins(CheckInStatus.ASKED) == ["week_2"]


def test_without_check_ins_there_is_nothing_to_rest(clinic: Clinic) -> None:
    patient = clinic.patient(agrees=False)
    patient.send("pause_check_ins")
    assert patient.message_keys()[-1] == "utter_check_ins_rest_none"


def withdrawn(patient: Followed) -> Followed:
    """The patient takes back every permission, as the dialogue notes it."""
    turn = patient.look
    turn.consent(consent.KEEP, granted=False, version=consent.VERSION)
    opt_out(turn, consent.VERSION)
    turn.set_status("withdrawn")
    patient.store.commit_turn(turn)
    return patient


def test_with_consent_taken_back_only_somebody_told_to_get_help_is_asked_once_more(clinic: Clinic) -> None:
    in_danger, other = withdrawn(clinic.patient(saddle_numbness="new")), withdrawn(clinic.patient())
    clinic.pass_days(1)
    assert in_danger.asks == "were_you_seen"
    assert other.check_ins(CheckInStatus.ASKED) == other.check_ins(CheckInStatus.PLANNED) == []


def test_with_consent_taken_back_a_follow_up_notes_danger_and_nothing_else(clinic: Clinic) -> None:
    patient = withdrawn(clinic.patient(saddle_numbness="new"))
    clinic.pass_days(1)
    patient.tap("no")
    patient.send("my pain is 9 out of 10 and i cant hold my pee since this morning")
    assert patient.status == "withdrawn"
    assert patient.case.plans == ()
    facts = {one.field: one.value for one in patient.case.facts}
    assert facts["bladder_change"] == "new"
    assert not {"pain_avg", "nprs_now", "pain_now"} & {
        one.field for one in patient.case.facts if one.value == 9
    }
    assert "FL_NO_REPLY same_day" in patient.flags
