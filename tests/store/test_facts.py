"""Facts keep their history: what was said, in which words, what was taken back, and danger in spite of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.clinical.facts import Activity, FactError
from bot.store import Database, FactRecord, Turn
from bot.store.tables import facts
from tests.store.clinic import Clinic, Patient


def said(patient: Patient) -> list[tuple[str, object, bool]]:
    """The history as it is stored: field, value, whether it was taken back."""
    return [(record.field, record.value, record.retracted) for record in patient.look().history]


def test_a_fact_keeps_the_patients_words_and_its_message(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake")
    clinic.clock.move(minutes=5)
    inbound = patient.say("a six or so, and I take warfarin")
    with patient.turn(inbound) as turn:
        turn.learn("pain_avg", 6, "a six or so", "answer")
        turn.learn("anticoagulant", True, "I take warfarin", "volunteered")
    assert patient.look().history == [
        FactRecord("pain_avg", 6, "a six or so", clinic.clock.now, inbound.seq, "answer"),
        FactRecord("anticoagulant", True, "I take warfarin", clinic.clock.now, inbound.seq, "volunteered"),
    ]


def test_every_kind_of_value_comes_back_as_it_was(clinic: Clinic) -> None:
    values = {
        "pain_avg": 6,
        "duration_weeks": 2.5,
        "country": "GB",
        "fever": "unsure",
        "smoker": False,
        "foot_drop": "no",
        "pain_site": ("lower_back", "leg"),
        "current_meds": ("ibuprofen 400", "vitamin d"),
        "psfs": (Activity("lifting my son", 3), Activity("gardening")),
        "gpe": -3,
    }
    patient = clinic.patient_in("intake", **values)
    assert dict(patient.look().facts) == values


def test_a_correction_replaces_the_fact_and_stays_in_the_history(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake", pain_avg=7)
    with patient.turn() as turn:
        turn.learn("pain_avg", 4, "sorry, I meant 4", "answer")
    assert patient.look().facts["pain_avg"] == 4
    assert said(patient) == [("pain_avg", 7, False), ("pain_avg", 4, False)]


def test_taking_a_fact_back_brings_the_one_before_again(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake", pain_avg=7)
    with patient.turn() as turn:
        turn.learn("pain_avg", 4, "4", "answer")
        assert turn.retract("pain_avg")
        assert turn.facts["pain_avg"] == 7
    assert patient.look().facts["pain_avg"] == 7
    assert said(patient) == [("pain_avg", 7, False), ("pain_avg", 4, True)]
    with patient.turn() as turn:
        assert turn.retract("pain_avg")
        assert not turn.retract("pain_avg")
    assert "pain_avg" not in patient.look().facts
    assert said(patient) == [("pain_avg", 7, True), ("pain_avg", 4, True)]


def test_what_was_taken_back_can_be_said_again(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake", pain_avg=7)
    with patient.turn() as turn:
        turn.retract("pain_avg")
        turn.learn("pain_avg", 5, "5", "answer")
    assert patient.look().facts["pain_avg"] == 5


@pytest.mark.parametrize(
    ("field", "danger", "harmless"),
    [("saddle_numbness", "new", "none"), ("fever", "yes", "no"), ("suicidal_thoughts", "active", "none")],
)
def test_danger_that_was_told_stays_known_whatever_follows(
    clinic: Clinic, field: str, danger: str, harmless: str
) -> None:
    corrected = clinic.patient_in("intake", **{field: danger})
    with corrected.turn() as turn:
        turn.learn(field, harmless, "no, I am fine", "answer")
    taken_back = clinic.patient_in("intake", **{field: danger})
    with taken_back.turn() as turn:
        turn.retract(field)
    started_over = clinic.patient_in("intake", **{field: danger})
    with started_over.turn() as turn:
        turn.start_over()
    for patient in (corrected, taken_back, started_over):
        assert danger in patient.look().facts.ever[field]
    assert corrected.look().facts[field] == harmless
    assert field not in taken_back.look().facts
    assert field not in started_over.look().facts


def test_a_mistyped_answer_that_is_no_red_flag_is_forgotten_when_taken_back(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake", thoracic_pain=True)
    with patient.turn() as turn:
        turn.retract("thoracic_pain")
    assert "thoracic_pain" not in patient.look().facts.ever


def test_starting_over_asks_everything_again_and_forgets_nothing(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake", pain_avg=7, smoker=True, fever="yes")
    with patient.turn() as turn:
        turn.learn("pain_avg", 5, "5", "answer")
        turn.note_asked("pain_avg")
        turn.skip("age")
    with patient.turn() as turn:
        turn.start_over()
        assert (dict(turn.facts), turn.asked, turn.facts.skipped) == ({}, {}, frozenset())
    again = patient.look()
    assert (dict(again.facts), again.asked, again.facts.skipped) == ({}, {}, frozenset())
    assert [(record.field, record.retracted) for record in again.history] == [
        *(("pain_avg", True), ("smoker", True), ("fever", True), ("pain_avg", True))
    ]
    with patient.turn() as turn:
        turn.start_over()
        turn.learn("pain_avg", 3, "3", "answer")
    assert dict(patient.look().facts) == {"pain_avg": 3}
    assert len(patient.look().history) == 5


def test_a_skipped_question_is_open_again_after_an_answer_or_when_taken_back(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake")
    with patient.turn() as turn:
        turn.skip("smoker")
        turn.skip("age")
        turn.skip("weight_kg")
    assert patient.look().facts.skipped == {"smoker", "age", "weight_kg"}
    with patient.turn() as turn:
        turn.learn("smoker", True, "well, I smoke", "volunteered")
        assert not turn.retract("age")
    assert patient.look().facts.skipped == {"weight_kg"}
    assert patient.case().skipped == ("weight_kg",)


def test_skipping_keeps_an_answer_given_before(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake", age=44)
    with patient.turn() as turn:
        turn.skip("age")
    assert (patient.look().facts["age"], patient.look().facts.skipped) == (44, frozenset())


def test_how_often_each_question_was_asked_is_counted(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake")
    for fields in (["consent", "pain_avg"], ["pain_avg"]):
        with patient.turn() as turn:
            for field in fields:
                turn.note_asked(field)
    assert patient.look().asked == {"consent": 1, "pain_avg": 2}


def test_a_value_outside_the_vocabulary_is_refused_without_repeating_it(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake")
    turn = patient.look()
    for field, value in (("pain_avg", 11), ("fever", "burning hot"), ("no_such_field", 1), ("age", "forty")):
        with pytest.raises(FactError) as refusal:
            turn.learn(field, value, "burning hot", "answer")
        assert "burning" not in str(refusal.value)
        assert "forty" not in str(refusal.value)
    assert turn.history == []


def test_restricted_facts_are_marked(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake", suicidal_thoughts="passive", pregnant="yes", pain_avg=6)
    assert {record.field: record.restricted for record in patient.case().facts} == {
        "suicidal_thoughts": True,
        "pregnant": True,
        "pain_avg": False,
    }


def test_a_value_of_an_older_vocabulary_counts_as_not_asked(
    clinic: Clinic, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    patient = clinic.patient_in("intake", pain_avg=6, work_type="sedentary")
    with database.writing() as connection:
        connection.execute(update(facts).where(facts.c.field == "work_type").values(value="miner's secret"))
    assert dict(patient.look().facts) == {"pain_avg": 6}
    assert "work_type" in caplog.text
    assert "secret" not in caplog.text


STEPS = st.one_of(
    st.tuples(st.just("learn"), st.just("pain_avg"), st.integers(0, 10)),
    st.tuples(st.just("learn"), st.just("fever"), st.sampled_from(["yes", "no", "unsure"])),
    st.tuples(st.just("learn"), st.just("thoracic_pain"), st.booleans()),
    st.tuples(st.sampled_from(["retract", "skip"]), st.sampled_from(["pain_avg", "fever"]), st.none()),
    st.tuples(st.just("start_over"), st.none(), st.none()),
)


def take(turn: Turn, step: tuple[str, str | None, object]) -> None:
    name, field, value = step
    if name == "start_over":
        turn.start_over()
    elif name == "learn":
        turn.learn(str(field), value, "words", "answer")
    else:
        getattr(turn, name)(field)


@given(turns=st.lists(st.lists(STEPS, max_size=5), max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_turn_shows_is_what_is_read_again(
    clinic: Clinic, turns: list[list[tuple[str, str | None, object]]]
) -> None:
    patient = clinic.patient_in("intake")
    for steps in turns:
        with patient.turn() as turn:
            for step in steps:
                take(turn, step)
        again = patient.look()
        assert dict(again.facts) == dict(turn.facts)
        assert again.facts.skipped == turn.facts.skipped
        assert again.history == turn.history
        told = {field: values - {again.facts.get(field)} for field, values in again.facts.ever.items()}
        for field, values in turn.facts.ever.items():
            assert values - {turn.facts.get(field)} == told[field]
