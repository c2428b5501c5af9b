"""Clinicians see who needs them first, and everything about each episode."""

from __future__ import annotations

import pytest

from bot.store import EpisodeUnknown, Measure, QueueLine, Store, Told
from tests.store.clinic import MONDAY_MORNING, WALKING, Clinic, Patient, plan, triaged


def episode_ids(*patients: Patient) -> list[str]:
    return [patient.case().episode.id for patient in patients]


def listed(store: Store) -> list[str]:
    return [row.episode for row in store.episodes()]


def waiting(clinic: Clinic, urgency: str | None) -> Patient:
    clinic.clock.move(minutes=1)
    return clinic.patient_in("held", triaged(urgency) if urgency else None)


def test_the_most_urgent_come_first_and_among_equals_who_waits_longest(clinic: Clinic) -> None:
    untriaged = waiting(clinic, None)
    routine = waiting(clinic, "routine_flag")
    today = waiting(clinic, "same_day")
    self_managed = waiting(clinic, "self_manage")
    emergency = waiting(clinic, "emergency_now")
    today_too = waiting(clinic, "same_day")
    soon = waiting(clinic, "urgent_days")
    expected = [emergency, today, today_too, soon, routine, self_managed, untriaged]
    assert listed(clinic.store) == episode_ids(*expected)


def test_waiting_begins_anew_when_status_or_triage_change_and_not_at_every_message(clinic: Clinic) -> None:
    first, second = waiting(clinic, "same_day"), waiting(clinic, "same_day")
    since = clinic.store.episodes()[0].waiting_since
    clinic.clock.move(hours=1)
    with first.turn() as turn:
        turn.learn("pain_avg", 4, "4", "answer")
        turn.record_triage(triaged("same_day", "FL_RED_FRACTURE"))
        turn.set_status("held")
    assert listed(clinic.store) == episode_ids(first, second)
    row = clinic.store.episodes()[0]
    assert (row.waiting_since, row.updated_at) == (since, clinic.clock.now)
    with first.turn() as turn:
        turn.set_status("emergency")
    assert listed(clinic.store) == episode_ids(second, first)
    assert clinic.store.episodes()[1].waiting_since == clinic.clock.now


def test_a_row_says_what_the_list_shows(clinic: Clinic) -> None:
    patient = clinic.new_patient("telegram", external_id="4711")
    with patient.turn() as turn:
        turn.open_episode("intake")
        turn.record_triage(triaged("urgent_days", "FL_RED_CANCER", "FL_INCOMPLETE"))
    clinic.clock.move(hours=1)
    with patient.turn() as turn:
        turn.raise_flag("REQ_PERSON", "routine_flag", "Wants to talk.")
        turn.raise_flag("FL_INCOMPLETE", "routine_flag", "Stopped half way.")
    (row,) = clinic.store.episodes()
    case = patient.case()
    assert (row.episode, row.conversation, row.patient) == (
        case.episode.id,
        patient.conversation.id,
        patient.id,
    )
    assert (row.channel, row.status, row.triage) == ("telegram", "intake", "urgent_days")
    assert row.flags == ("FL_RED_CANCER", "FL_INCOMPLETE", "REQ_PERSON")
    assert (row.started_at, row.updated_at) == (MONDAY_MORNING, clinic.clock.now)


def test_an_open_flag_lifts_its_episode_until_somebody_has_looked(clinic: Clinic) -> None:
    routine, today = waiting(clinic, "routine_flag"), waiting(clinic, "same_day")
    with routine.turn() as turn:
        turn.raise_flag("FL_ADVERSE", "emergency_now", "Swollen face.", rule="K3")
    assert listed(clinic.store) == episode_ids(routine, today)
    doctor = clinic.new_clinician()
    clinic.store.add_review(routine.case().episode.id, doctor.id, "reject", None)
    assert listed(clinic.store) == episode_ids(today, routine)
    assert clinic.store.episodes()[1].flags == ()


def test_the_queue_in_short_says_the_same_as_the_list(clinic: Clinic) -> None:
    routine, today = waiting(clinic, "routine_flag"), waiting(clinic, "same_day")
    waiting(clinic, None)
    for minutes, severity in ((1, "routine_flag"), (5, "emergency_now")):
        clinic.clock.move(minutes=minutes)
        with routine.turn() as turn:
            turn.raise_flag("FL_ADVERSE", severity, "Swollen face.", rule="K3")
    doctor = clinic.new_clinician()
    for patient in (routine, today):
        told = [Told("How is it?", "clinician_question")]
        clinic.store.add_remark(patient.case().episode.id, doctor.id, "question", "How is it?", told)
    clinic.clock.move(minutes=1)
    with today.turn(today.say("worse")) as turn:
        turn.say("Thank you.")
    rows, lines = clinic.store.episodes(), clinic.store.queue_lines()
    assert [line.urgency for line in lines] == ["emergency_now", "same_day", None]
    for name in QueueLine._fields:
        assert [getattr(line, name) for line in lines] == [getattr(row, name) for row in rows], name
    ids = {rows[0].episode, rows[2].episode, "no such episode"}
    assert clinic.store.episode_rows(ids) == {row.episode: row for row in rows if row.episode in ids}


def test_a_flag_is_raised_once_while_it_is_open(clinic: Clinic) -> None:
    patient = clinic.patient_in("planned")
    for _ in range(2):
        with patient.turn() as turn:
            turn.raise_flag("FL_ADVERSE", "routine_flag", "Sore stomach.", rule="K4")
            turn.raise_flag("FL_ADVERSE", "routine_flag", "Sore stomach.", rule="K4")
            turn.raise_flag("FL_ADVERSE", "same_day", "Worse.", rule="K4")
            turn.raise_flag("FL_ADVERSE", "routine_flag", "A fall.", rule="K6")
            turn.raise_flag("FL_ADVERSE", "routine_flag", "No rule.")
    assert sorted((flag.severity, flag.rule or "") for flag in patient.case().flags) == [
        ("routine_flag", ""),
        ("routine_flag", "K4"),
        ("routine_flag", "K6"),
        ("same_day", "K4"),
    ]


def test_a_flag_comes_back_after_it_was_acknowledged(clinic: Clinic) -> None:
    patient, doctor = clinic.patient_in("held"), clinic.new_clinician()
    for _ in range(2):
        with patient.turn() as turn:
            turn.raise_flag("REQ_PERSON", "routine_flag", "Wants to talk.")
        clinic.clock.move(minutes=1)
        clinic.store.add_review(patient.case().episode.id, doctor.id, "reject", None)
    assert [flag.status for flag in patient.case().flags] == ["acknowledged", "acknowledged"]


def test_a_flag_of_an_unknown_severity_is_refused(clinic: Clinic) -> None:
    with pytest.raises(ValueError, match="Urgency"):
        clinic.patient_in("held").look().raise_flag("FL_X", "very bad", "reason")


def test_a_case_holds_everything_of_its_episode(clinic: Clinic) -> None:
    triage = triaged("same_day", "FL_RED_INFECTION", fever="yes")
    patient = clinic.patient_in("intake", triage, fever="yes", pain_avg=6)
    with patient.turn(patient.say("yes please")) as turn:
        turn.consent("share_with_clinician", True, "2026-11")
        turn.skip("smoker")
        turn.store_plan(plan(WALKING))
        turn.plan_check_ins([("week_1", clinic.clock.now), ("day_3", MONDAY_MORNING)])
        turn.raise_flag("REQ_COPY", "routine_flag", "Wants a copy.")
        turn.say("Done.", choices=[("OK", {"field": "read_back", "value": "ok"})])
    case = patient.case()
    assert case.episode == patient.look().episode
    assert case.conversation == patient.look().conversation
    assert case.findings == (
        {
            "rule": "E1",
            "urgency": "same_day",
            "flags": ["FL_RED_INFECTION"],
            "facts": {"fever": "yes"},
            "patient": "Please see a doctor today.",
            "clinician": "Fever with back pain.",
            "sources": ["NHS-BACKPAIN-COPY"],
            "status": "cited",
        },
    )
    assert [record.field for record in case.facts] == ["fever", "pain_avg"]
    assert case.skipped == ("smoker",)
    assert [consent.purpose for consent in case.consents] == ["share_with_clinician"]
    assert [version.version for version in case.plans] == [1]
    assert {check_in.kind for check_in in case.check_ins} == {"week_1", "day_3"}
    assert [flag.code for flag in case.flags] == ["REQ_COPY"]
    assert [message.text for message in case.messages] == ["yes please", "Done."]
    assert [choice.label for choice in case.messages[1].choices] == ["OK"]
    assert case.measures == (Measure("pain_avg", 6, MONDAY_MORNING),)


def test_a_case_shows_nothing_of_another_patient(clinic: Clinic) -> None:
    patient, stranger = clinic.patient_in("intake", age=40), clinic.patient_in("intake", age=71)
    with stranger.turn(stranger.say("my secret")) as turn:
        turn.raise_flag("REQ_PERSON", "routine_flag", "secret")
        turn.store_plan(plan(WALKING))
        turn.consent("research", True, "1")
    case = patient.case()
    assert [record.value for record in case.facts] == [40]
    assert (case.messages, case.flags, case.plans, case.consents) == ((), (), (), ())


def test_an_unknown_episode_has_no_case(store: Store) -> None:
    assert store.episodes() == []
    for unknown in ("", "nothing", "\x00"):
        with pytest.raises(EpisodeUnknown):
            store.case(unknown)


def test_measures_follow_the_numbers_over_time(clinic: Clinic) -> None:
    patient = clinic.patient_in("planned", pain_avg=7, pain_worst=9, age=40, phq2=1)
    monday = clinic.clock.now
    next_monday = clinic.clock.move(days=7)
    with patient.turn() as turn:
        turn.learn("nprs_now", 4, "4", "answer")
        turn.learn("psfs", [{"activity": "lift", "score": 3}, {"activity": "run", "score": 4},
                            {"activity": "swim"}], "3 and 4", "answer")  # fmt: skip
        turn.learn("psfs_now", 5.5, "5.5", "answer")
        turn.learn("gpe", 2, "better", "answer")
    assert [(measure.name, measure.value, measure.at) for measure in patient.case().measures] == [
        ("pain_avg", 7, monday),
        ("pain_worst", 9, monday),
        ("phq2", 1, monday),
        ("nprs_now", 4, next_monday),
        ("psfs", 3.5, next_monday),
        ("psfs_now", 5.5, next_monday),
        ("gpe", 2, next_monday),
    ]


def test_what_was_taken_back_or_has_no_score_is_no_measure(clinic: Clinic) -> None:
    patient = clinic.patient_in("planned", pain_avg=7, psfs=[{"activity": "lift"}])
    with patient.turn() as turn:
        turn.retract("pain_avg")
        turn.learn("pain_avg", 4, "4", "answer")
    assert [(measure.name, measure.value) for measure in patient.case().measures] == [("pain_avg", 4)]


def test_the_ids_come_oldest_first_a_page_at_a_time_and_each_once(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.episodes._IDS_A_PAGE", 2)
    together = [clinic.patient_in("held", None) for _ in range(3)]
    later = [waiting(clinic, "emergency_now"), waiting(clinic, "routine_flag")]
    ids = list(clinic.store.episode_ids())
    assert ids == [*sorted(episode_ids(*together)), *episode_ids(*later)]
    assert clinic.store.count_episodes() == 5


def test_an_episode_that_begins_while_the_ids_are_read_is_among_them(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.episodes._IDS_A_PAGE", 1)
    first = waiting(clinic, None)
    ids = clinic.store.episode_ids()
    assert next(ids) == first.case().episode.id
    second = waiting(clinic, None)
    assert list(ids) == episode_ids(second)
