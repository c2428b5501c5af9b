"""When a check-in whose hour has come is asked, waits, is dropped, reminded of, or given up."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checkins.contact import BUSY_FOR
from bot.clinical.schedule import EARLIEST, LATEST, local_due
from bot.store import CheckInStatus, Store
from tests.checkins.clinic import Clinic
from tests.databases import SqliteFiles

NO_WORDS_ABOUT_HEALTH = ("pain", "back", "medicine", "doctor", "clinic", "health", "check-in", "numb", "plan")


def test_after_thirty_days_without_a_server_each_patient_gets_one_message(clinic: Clinic) -> None:
    patients = [clinic.patient() for _ in range(5)]
    before = [len(patient.said()) for patient in patients]
    clinic.clock.move(days=30)
    done = clinic.run()
    assert (done["ask"], done["dropped"]) == (5, 15)
    for patient, said in zip(patients, before, strict=True):
        assert patient.message_keys()[said:] == ["utter_check_in_hello", "ask_new_danger"]
        assert patient.check_ins(CheckInStatus.ASKED) == ["week_4"]
        dropped = [one for one in patient.case.check_ins if one.status is CheckInStatus.CANCELLED]
        assert [one.notes for one in dropped] == [{"dropped": "newer_one_due"}] * 3
    assert sum(clinic.run().values()) == 0


def test_after_downtime_asking_whether_help_was_found_goes_before_everything_else(clinic: Clinic) -> None:
    patient = clinic.patient(leg_weakness="mild_one", leg_weakness_trend="stable", leg_pain="below_knee")
    clinic.clock.move(days=30)
    clinic.run()
    assert patient.check_ins(CheckInStatus.ASKED) == ["safety_72h"]


def test_at_night_it_waits_for_nine_in_the_morning_there(clinic: Clinic) -> None:
    patient = clinic.patient(zone="America/New_York")
    clinic.clock.now = datetime(2026, 3, 6, 3, 30, tzinfo=timezone.utc)
    assert clinic.run()["later"] == 1
    [first] = [one for one in patient.case.check_ins if one.kind == "day_3"]
    assert first.due_at == datetime(2026, 3, 6, 14, 0, tzinfo=timezone.utc)
    assert first.wall_time == "2026-03-06T09:00:00"


def test_somebody_who_has_just_written_is_not_interrupted(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.clock.move(days=3)
    clinic.store.accept(patient.conversation.id, "x", "hello", None)
    assert clinic.run()["later"] == 1
    clinic.clock.now += BUSY_FOR
    assert clinic.run()["ask"] == 1


def test_an_open_intake_is_not_interrupted(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.clock.move(days=3)
    turn = patient.look
    turn.set_status("intake")
    clinic.store.commit_turn(turn)
    assert clinic.run()["later"] == 1


def test_reminders_after_a_day_and_three_days_then_missed(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.clock.move(days=3)
    assert clinic.run()["ask"] == 1
    asked_at = clinic.clock.now
    outcomes = []
    for _ in range(98):
        clinic.clock.move(hours=1)
        hours = (clinic.clock.now - asked_at) // timedelta(hours=1)
        outcomes += [(name, hours) for name in clinic.run() if name in ("reminded", "missed", "ask")]
    # At 96 hours the next check-in is due too, and takes the place of the one that is given up.
    assert outcomes == [("reminded", 24), ("reminded", 72), ("ask", 96)]
    assert patient.check_ins(CheckInStatus.MISSED) == ["day_3"]


def test_a_channel_that_pushes_shows_no_clinical_word_until_the_patient_starts(clinic: Clinic) -> None:
    patient = clinic.patient(channel="telegram")
    before = len(patient.said())
    clinic.clock.move(days=3)
    clinic.run()
    clinic.clock.move(days=1)
    clinic.run()
    pushed = " ".join(patient.said()[before:]).lower()
    assert "start" in pushed
    assert not [word for word in NO_WORDS_ABOUT_HEALTH if word in pushed]
    patient.tap("start")
    assert patient.asks == "new_danger"


def test_not_now_keeps_it_open_and_it_may_be_started_later(clinic: Clinic) -> None:
    patient = clinic.patient(channel="telegram")
    clinic.clock.move(days=3)
    clinic.run()
    patient.tap("later")
    assert patient.check_ins(CheckInStatus.ASKED) == ["day_3"]
    patient.send("ok lets do it")
    assert patient.asks == "new_danger"


def test_an_answer_after_it_was_given_up_is_taken_in_at_the_next_one(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.pass_days(8)
    assert patient.check_ins(CheckInStatus.MISSED) == ["day_3"]
    patient.answer()
    assert patient.check_ins(CheckInStatus.ANSWERED) == ["day_7"]


def test_a_flag_of_a_check_in_stands_in_the_queue_with_the_commit_of_its_turn(clinic: Clinic) -> None:
    patient = clinic.patient()
    clinic.clock.move(days=14)
    clinic.run()
    patient.tap("numb_saddle")
    [row] = clinic.store.episodes()
    assert row.triage == "emergency_now"
    assert "FL_RED_CES" in row.flags


ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "America/St_Johns")
CHANGES = (
    datetime(2026, 3, 29, tzinfo=timezone.utc),
    datetime(2026, 10, 25, tzinfo=timezone.utc),
    datetime(2026, 3, 8, tzinfo=timezone.utc),
    datetime(2026, 11, 1, tzinfo=timezone.utc),
    datetime(2026, 4, 4, tzinfo=timezone.utc),
    datetime(2028, 2, 29, tzinfo=timezone.utc),
)


@pytest.fixture(scope="module")
def one_store(sqlite: SqliteFiles) -> str:
    return sqlite.new()


@settings(max_examples=25, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    around=st.sampled_from(CHANGES),
    minutes=st.integers(-4 * 1440, 1440),
    late=st.integers(0, 3 * 1440),
    jump=st.sampled_from([0, 60, 1440]),
)
def test_around_clock_changes_and_leap_days_it_is_asked_once_at_a_decent_local_hour(
    one_store: str, zone: str, around: datetime, minutes: int, late: int, jump: int
) -> None:
    from bot.store import Database
    from tests.checkins.clinic import Clock

    clock = Clock(around + timedelta(minutes=minutes))
    store = Store(Database(one_store), clock=clock)
    clinic = Clinic(store, clock)
    conversation, _ = store.open_conversation("web", None, zone)
    turn = store.begin_turn(conversation.id, None)
    turn.open_episode("planned")
    turn.consent("check_ins", granted=True, version="1")
    due = local_due(clock.now, timedelta(days=1), ZoneInfo(zone))
    turn.plan_check_ins([("day_3", due)])
    store.commit_turn(turn)
    clock.now = due.astimezone(timezone.utc) + timedelta(minutes=late)
    asked = 0
    for _ in range(40):
        if clinic.run()["ask"]:
            asked += 1
            assert EARLIEST <= clock.now.astimezone(ZoneInfo(zone)).hour < LATEST
        clock.move(minutes=45)
        if jump and asked:
            clock.move(minutes=-jump)
    assert asked == 1
    store.erase_patient(conversation.patient_id)
    store.close()
