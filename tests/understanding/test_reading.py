"""The face of the reading: spans, sources, the question asked, the day, corrections, danger."""

from __future__ import annotations

from datetime import date

import pytest

from bot.clinical.fields import FIELDS
from bot.understanding import Reading, read
from bot.understanding.lexicon import load_lexicon
from bot.understanding.read_fact import ANSWER, VOLUNTEERED
from bot.understanding.utterance import Utterance

TODAY = date(2026, 11, 23)


def told(reading: Reading) -> dict[str, object]:
    return {fact.field: fact.value for fact in reading.facts}


def test_every_fact_carries_the_patients_own_words() -> None:
    text = "My LEFT foot’s gone numb…  and it’s about a  seven"
    reading = read(text, "pain_avg", TODAY)
    words = {fact.field: fact.words for fact in reading.facts}
    assert words["leg_numbness"] == "My LEFT foot’s gone numb"
    assert words["pain_avg"] == "about a  seven"
    for fact in reading.facts:
        assert text[fact.start : fact.end] == fact.words


def test_the_asked_field_is_an_answer_and_everything_else_is_volunteered() -> None:
    reading = read("7, and no fever", "pain_avg", TODAY)
    assert {fact.field: fact.source for fact in reading.facts} == {"pain_avg": ANSWER, "fever": VOLUNTEERED}


def test_a_vague_value_is_marked() -> None:
    by_field = {fact.field: fact.about for fact in read("about 3 weeks", "duration_weeks", TODAY).facts}
    assert by_field == {"duration_weeks": True}
    by_field = {fact.field: fact.about for fact in read("3 weeks", "duration_weeks", TODAY).facts}
    assert by_field == {"duration_weeks": False}


def test_a_bare_no_answers_only_the_question_that_was_asked() -> None:
    assert told(read("no", "fever", TODAY)) == {"fever": "no"}
    assert told(read("no", None, TODAY)) == {}
    assert told(read("no", "goals", TODAY)) == {}


def test_a_no_and_another_fact_both_come_out() -> None:
    reading = read("no, but my foot is numb", "bladder_change", TODAY)
    assert told(reading) == {"bladder_change": "none", "leg_numbness": "one"}
    assert reading.answer == "no"
    assert reading.outright


def test_a_no_to_boxes_answers_the_first_box_and_leaves_the_rest_to_the_dialogue() -> None:
    assert told(read("none of these", "osteoporosis", TODAY)) == {"osteoporosis": "no"}


def test_a_yes_to_boxes_does_not_say_which() -> None:
    reading = read("yes", "abdominal_pain_new", TODAY)
    assert (told(reading), reading.answer) == ({}, "yes")


def test_a_turned_question_decides_what_yes_means() -> None:
    assert told(read("yes", "hypertension", TODAY)) == {"hypertension": "controlled"}
    assert told(read("no", "asthma", TODAY)) == {"asthma": "tolerates_nsaid"}


def test_an_asked_name_outside_the_vocabulary_is_harmless() -> None:
    for asks in ("consent", "emergency_screen", "read_back", "intake_complete", "no such thing", ""):
        assert told(read("yes, 7 out of 10 pain", asks, TODAY)) == {"pain_avg": 7}


@pytest.mark.parametrize("text", ["since tuesday", "since 12 October", "since March", "since 2019"])
def test_without_today_a_weekday_or_date_is_not_guessed(text: str) -> None:
    assert told(read(text, "duration_weeks")) == {}
    assert "duration_weeks" in told(read(text, "duration_weeks", TODAY))


@pytest.mark.parametrize("text", ["since yesterday", "last night", "3 weeks", "this morning"])
def test_relative_words_need_no_calendar(text: str) -> None:
    assert told(read(text, "duration_weeks")) == told(read(text, "duration_weeks", TODAY)) != {}


def test_a_date_that_would_be_in_the_future_is_last_years() -> None:
    assert told(read("since 24 november", "leg_pain_onset_days", TODAY)) == {"leg_pain_onset_days": 364}


def test_a_correction_goes_to_the_field_asked_before() -> None:
    reading = read("sorry, I meant 4, not 7", "pain_worst", TODAY, before="pain_avg")
    assert told(reading) == {"pain_avg": 4}
    assert reading.takes_back
    assert reading.answer is None


def test_a_correction_never_hides_danger() -> None:
    reading = read("sorry i meant i can't feel when i pee, not my leg", "pain_avg", TODAY, before="leg_side")
    assert told(reading)["bladder_change"] == "new"


def test_the_danger_names_its_rules_and_facts() -> None:
    safety = read("I can't feel when I wipe", None, TODAY).safety
    assert safety is not None
    assert safety.as_json() == {
        "urgency": "emergency_now",
        "facts": {"saddle_numbness": "new"},
        "rules": ["A1"],
    }
    assert safety.interrupts


def test_same_day_danger_of_the_mind_interrupts_and_a_fever_does_not() -> None:
    passive = read("I would rather not wake up", None, TODAY).safety
    fever = read("had a fever last night", None, TODAY).safety
    assert passive is not None
    assert passive.interrupts
    assert fever is not None
    assert not fever.interrupts


def test_not_sure_about_a_danger_question_is_kept_as_unsure() -> None:
    reading = read("not sure", "saddle_numbness", TODAY)
    assert told(reading) == {"saddle_numbness": "unsure"}
    assert reading.safety is not None
    assert not reading.safety.interrupts


def test_the_own_words_of_a_goal_never_swallow_danger() -> None:
    reading = read("to feel my bum again, it's been numb since Friday", "goals", TODAY)
    assert "goals" not in told(reading)
    assert told(reading)["saddle_numbness"] == "new"


def test_nothing_the_patient_wrote_shows_in_a_repr() -> None:
    reading = read("Lifting Mirabelle, 4/10, and my foot is numb", "psfs", TODAY)
    assert {fact.field for fact in reading.facts} == {"psfs", "leg_numbness"}
    assert "Mirabelle" not in repr(reading)
    assert "numb" not in repr(reading).replace("leg_numbness", "")
    assert "Mirabelle" not in repr(Utterance.of("Mirabelle", None, TODAY, load_lexicon().spelling.right))


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_yes_no_and_unsure_stay_within_the_vocabulary_of_every_field(field: str) -> None:
    for text in ("yes", "no", "not sure", "rather not say", "fine", "none", "7", "a bit"):
        read(text, field, TODAY)


def test_a_mere_ok_is_no_answer_to_a_danger_question() -> None:
    assert not read("ok", "night_pain_constant").facts
    assert not read("ok lets go on", "night_pain_constant").facts


def test_cant_feel_it_said_of_another_danger_is_not_unsure_about_the_question() -> None:
    reading = read("i keep soiling myself since yesterday and cant feel it", "generally_unwell")
    assert {fact.field: fact.value for fact in reading.facts} == {"bowel_change": "new"}
    assert reading.answer is None


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("both my legs have gone weak today", "uveitis"),
        ("i keep soiling myself since yesterday without noticing", "duration_weeks"),
        ("i keep soiling myself since yesterday without noticing", "bladder_change"),
    ],
)
def test_the_words_of_a_danger_sign_do_not_answer_another_question(said: str, asked: str) -> None:
    reading = read(said, asked, TODAY)
    assert reading.safety is not None
    assert asked not in told(reading)


@pytest.mark.parametrize(
    ("said", "asked", "value"),
    [
        ("2 weeks, and i keep soiling myself", "duration_weeks", 2.0),
        ("cant hold my wee and both legs have gone weak", "bladder_change", "new"),
        ("yes, numb, and i wet myself without feeling it", "saddle_numbness", "new"),
    ],
)
def test_an_answer_beside_a_danger_sign_is_kept(said: str, asked: str, value: object) -> None:
    assert told(read(said, asked, TODAY))[asked] == value
