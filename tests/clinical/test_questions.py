"""What a question is, what its answers store, and how long an uncomplicated intake takes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clinical.facts import FIELDS, Activity, Facts, check
from bot.clinical.questions import (
    DANGER_SECTIONS,
    PSEUDO_FIELDS,
    Question,
    facts_from,
    left_open,
    next_question,
    question_for,
    remaining,
    screen_question,
)
from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.clinical.triage import triage
from bot.clinical.urgency import Urgency
from tests.clinical.interview import Interview

RULEBOOK = default_rulebook()
QUESTIONS: list[Question] = [asking.question for asking in RULEBOOK.questions.askings]
BY_NAME = [pytest.param(question, id=question.field) for question in QUESTIONS]
CES_ITEMS = ("saddle_numbness", "bladder_change", "bowel_change", "sexual_change")

#: consent, the emergency screen and the read-back are bot questions too, of 32 in all (design.md §4)
MOST_QUESTIONS = 29

#: Fields that rules look at and the intake does not ask for: they come from check-ins, scores and free text.
NOT_ASKED = {
    *("phq2", "gad2", "safeguarding_concern"),
}


@pytest.fixture
def rulebook() -> Rulebook:
    return RULEBOOK


@pytest.mark.parametrize("duration", ["days", "one_week", "weeks"])
@pytest.mark.parametrize("age", [18, 34, 49, 50, 58, 69])
@pytest.mark.parametrize("work", ["sedentary", "heavy_manual", "not_working"])
def test_an_uncomplicated_adult_gets_through_in_the_budget(age: int, duration: str, work: str) -> None:
    answers = {"age": {"age": age}, "duration_weeks": [duration], "work_type": [work]}
    interview = Interview(RULEBOOK, answers)
    step = interview.run()
    assert step.kind.value == "read_back"
    assert step.triage.urgency is Urgency.SELF_MANAGE
    assert len(interview.asks) <= MOST_QUESTIONS, interview.asks
    assert len(set(interview.asks)) == len(interview.asks)


def test_most_of_them_are_answered_by_one_tap() -> None:
    interview = Interview(RULEBOOK)
    interview.run()
    typed = [question.field for question in interview.questions if not question.choices]
    assert typed == ["age", "psfs"]


def test_the_words_about_how_much_is_left_never_promise_less_than_half() -> None:
    interview = Interview(RULEBOOK)
    foreseen = []
    while (question := interview.step().question) is not None:
        foreseen.append(remaining(interview.facts, interview.asked, RULEBOOK))
        interview.put(question)
    truth = list(range(len(foreseen), 0, -1))
    assert all(abs(told - left) <= 3 for told, left in zip(foreseen, truth, strict=True)), foreseen


@pytest.mark.parametrize(
    ("tap", "flag"),
    [
        ("cauda_equina", "FL_RED_CES"),
        ("collapse_chest", "FL_RED_VASCULAR"),
        ("self_harm_overdose", "FL_MH_SUICIDE"),
    ],
)
def test_a_tap_on_the_emergency_screen_is_an_emergency(rulebook: Rulebook, tap: str, flag: str) -> None:
    picture = triage(Facts.of(screen_question(rulebook).facts_for(tap)), rulebook)
    assert picture.urgency is Urgency.EMERGENCY_NOW
    assert flag in picture.flags


def test_the_screen_has_three_taps_and_none_of_these(rulebook: Rulebook) -> None:
    screen = screen_question(rulebook)
    assert [choice.value for choice in screen.choices][3:] == ["none"]
    assert screen.field in PSEUDO_FIELDS
    assert triage(Facts.of(screen.facts_for("no")), rulebook).urgency is Urgency.SELF_MANAGE


def test_none_of_these_on_the_screen_leaves_the_cauda_equina_block_to_be_asked(rulebook: Rulebook) -> None:
    assert not set(CES_ITEMS) & screen_question(rulebook).facts_for("none").keys()


@pytest.mark.parametrize("question", BY_NAME)
def test_a_question_asks_for_fields_of_the_vocabulary(question: Question) -> None:
    assert set(question.fields) <= FIELDS.keys()
    assert question.fields[0] == question.field
    assert question_for(question.field, RULEBOOK) is question


@pytest.mark.parametrize("question", BY_NAME)
def test_every_tap_stores_what_the_vocabulary_allows(question: Question) -> None:
    for choice in question.choices:
        stored = question.facts_for(choice.value)
        assert bool(stored) is (choice.value != "skip"), choice.value
        for field, value in stored.items():
            assert check(field, value) == value
            assert field in question.fields


@pytest.mark.parametrize("question", BY_NAME)
def test_every_two_ticks_together_store_what_the_vocabulary_allows(question: Question) -> None:
    if not question.has_boxes:
        return
    for first in question.choices:
        for second in question.choices:
            Facts.of(facts_from(question, [first.value, second.value]))


@pytest.mark.parametrize("question", BY_NAME)
@pytest.mark.parametrize("word", ["yes", "no", "unsure"])
def test_a_typed_word_stores_what_the_vocabulary_allows(question: Question, word: str) -> None:
    stored = facts_from(question, [word])
    assert set(stored) <= set(question.fields)
    for field, value in stored.items():
        assert check(field, value) == value


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.has_boxes], ids=lambda q: q.field)
def test_no_to_a_list_is_none_of_them_and_a_bare_yes_says_nothing(question: Question) -> None:
    assert facts_from(question, ["no"]) == facts_from(question, ["none"]) == question.unticked
    assert facts_from(question, ["yes"]) == {}
    assert facts_from(question, []) == {}


@pytest.mark.parametrize("field", sorted(f.name for f in FIELDS.values() if f.red_flag))
def test_a_question_about_danger_lets_the_patient_be_unsure(field: str) -> None:
    if field in NOT_ASKED:
        return
    question = question_for(field, RULEBOOK)
    assert facts_from(question, ["unsure"])[field] == "unsure"
    assert question.example is not None
    assert question.skippable is (field == "sexual_change")


def test_a_field_that_nothing_asks_for_is_a_key_error(rulebook: Rulebook) -> None:
    with pytest.raises(KeyError):
        question_for("phq2", rulebook)
    with pytest.raises(KeyError):
        question_for("no_such_field", rulebook)


def test_a_field_of_a_list_gives_the_question_with_the_list(rulebook: Rulebook) -> None:
    assert question_for("known_aaa", rulebook).field == "osteoporosis"
    assert question_for("kidney_disease", rulebook).input == "choice"
    assert question_for("leg_side", rulebook).field == "gait_unsteady_new"


def test_every_field_that_a_danger_rule_looks_at_is_asked_for(rulebook: Rulebook) -> None:
    asked = {field for question in QUESTIONS for field in question.fields}
    looked_at = {field for rule in rulebook.red_flags for field in rule.when.fields()}
    assert looked_at - asked <= NOT_ASKED
    wanted = {field for rule in rulebook.red_flags for field in (*rule.clarify, *rule.ask)}
    assert wanted <= asked


def test_every_answer_that_a_choice_of_the_field_can_have_is_on_offer() -> None:
    for question in QUESTIONS:
        field = FIELDS[question.field]
        if question.input == "choice" and field.kind.value == "choice" and question.field != "pregnant":
            stored = {facts.get(question.field) for facts in question.answers.values()}
            assert {*field.values} - {"undisclosed"} <= stored, question.field


def question_with(field: str) -> Question:
    return question_for(field, RULEBOOK)


def test_ticks_are_complete() -> None:
    stored = facts_from(question_with("abdominal_pain_new"), ["loin_pain", "dysuria"])
    assert {field for field, value in stored.items() if value is True} == {"loin_pain", "dysuria"}
    assert stored["abdominal_pain_new"] is False
    assert stored["spinal_deformity_new"] == "no"


def test_not_sure_beside_a_tick_leaves_the_other_boxes_open() -> None:
    stored = facts_from(question_with("osteoporosis"), ["osteoporosis", "unsure"])
    assert stored["osteoporosis"] == "yes"
    assert stored["immunosuppressed"] == "unsure"


def test_none_of_these_clears_a_list_but_not_a_sign_of_danger() -> None:
    assert facts_from(question_with("current_meds"), ["anticoagulant", "none"])["anticoagulant"] is False
    assert facts_from(question_with("abdominal_pain_new"), ["dysuria", "none"])["dysuria"] is True


def test_of_two_ticks_on_one_field_the_graver_one_counts() -> None:
    both = facts_from(question_with("gait_unsteady_new"), ["numb_both", "numb_one"])
    assert (both["leg_numbness"], both["leg_side"]) == ("unsure", "both")
    assert facts_from(question_with("pain_site"), ["upper_back", "mid_back"])["thoracic_pain"] is True
    assert facts_from(question_with("pref_no_medication"), ["free_only", "low_cost"])["pref_budget"] == "free"


def test_places_are_listed_and_say_whether_the_upper_back_is_among_them() -> None:
    stored = facts_from(question_with("pain_site"), ["lower_back", "buttock"])
    assert stored == {"pain_site": ("lower_back", "buttock"), "thoracic_pain": False, "buttock_pain": True}


def test_an_empty_box_does_not_undo_what_was_said_before() -> None:
    before = Facts.of({"anticoagulant": True, "current_opioid": False})
    stored = facts_from(question_with("current_meds"), ["current_nsaid"], before)
    assert "anticoagulant" not in stored
    assert stored["current_nsaid"] is True
    assert facts_from(question_with("current_meds"), ["none"], before).get("anticoagulant", True) is True


def test_a_tick_may_change_what_was_said_before() -> None:
    before = Facts.of({"anticoagulant": False})
    assert facts_from(question_with("current_meds"), ["anticoagulant"], before)["anticoagulant"] is True


def test_an_unknown_key_stores_nothing() -> None:
    assert facts_from(question_with("fever"), ["purple"]) == {}
    assert facts_from(question_with("current_meds"), ["purple", 7]) == {}


def test_skipping_stores_nothing() -> None:
    assert facts_from(question_with("sexual_change"), ["skip"]) == {}
    assert question_with("sexual_change").facts_for("skip") == {}


def test_a_score_is_written_to_the_activity_it_is_about() -> None:
    facts = Facts.of(
        {"psfs": [{"activity": "lift my child", "score": None}, {"activity": "run", "score": 2}]}
    )
    stored = facts_from(question_with("psfs_baseline"), ["4"], facts)
    assert stored["psfs_baseline"] == 4.0
    assert stored["psfs"] == (Activity("lift my child", 4), Activity("run", 2))
    assert facts_from(question_with("psfs_baseline"), ["4"]) == {"psfs_baseline": 4.0}


@pytest.mark.parametrize(
    ("field", "yes"),
    [
        *((item, "new") for item in CES_ITEMS),
        ("fever", "yes"),
        ("foot_drop", "yes"),
        ("cancer_history", "past"),
        ("sudden_severe_onset", True),
        ("drowsy_or_slow_breathing", True),
        ("pregnant", "yes"),
    ],
)
def test_a_typed_yes_about_danger_is_never_read_as_less(field: str, yes: Any) -> None:
    assert facts_from(question_with(field), ["yes"])[field] == yes


def test_asked_again_the_question_brings_its_example(rulebook: Rulebook) -> None:
    known = {"age": 34, "pregnant": "no"}
    first = next_question(Facts.of(known), {}, rulebook)
    again = next_question(Facts.of({**known, "saddle_numbness": "unsure"}), {"saddle_numbness": 1}, rulebook)
    assert first is not None
    assert again is not None
    assert first.field == again.field == "saddle_numbness"
    assert first.example is not None
    assert again.text == f"{first.text} {first.example}"


def test_what_was_asked_twice_is_not_asked_again_and_stays_open(rulebook: Rulebook) -> None:
    asked = {"age": 2, "pregnant": 2}
    question = next_question(Facts.of({}), asked, rulebook)
    assert question is not None
    assert question.field == "saddle_numbness"
    assert left_open(Facts.of({}), asked, rulebook) == ("pregnant",)
    assert left_open(Facts.of({"pregnant": "unsure"}), asked, rulebook) == ()
    assert left_open(Facts.of({}), {"pregnant": 1}, rulebook) == ()


def test_of_a_list_asked_twice_what_was_answered_is_not_left_open(rulebook: Rulebook) -> None:
    facts = Facts.of(
        {"abdominal_pain_new": False, "collapse_or_faint": False, "chest_pain_or_breathless": False}
    )
    open_fields = left_open(facts, {"abdominal_pain_new": 1, "pulsating_abdomen": 1}, rulebook)
    assert set(open_fields) == {
        *(
            "pulsating_abdomen",
            "loin_pain",
            "blood_in_urine",
            "dysuria",
            "calf_swelling",
            "spinal_deformity_new",
        ),
    }


def test_boxes_that_are_known_are_left_out(rulebook: Rulebook) -> None:
    interview = Interview(rulebook, facts=Facts.of({"osteoporosis": "yes", "known_aaa": False}))
    step = interview.run(until="steroids_long_term")
    assert step.question is not None
    offered = [choice.value for choice in step.question.choices]
    assert "osteoporosis" not in offered
    assert "known_aaa" not in offered
    assert offered[-2:] == ["none", "unsure"]
    stored = facts_from(step.question, ["none"])
    assert "osteoporosis" not in stored
    assert stored["tb_risk"] is False


def test_danger_sections_are_known_sections() -> None:
    assert {"cauda_equina", "infection"} < DANGER_SECTIONS
    assert {question.section for question in QUESTIONS} - DANGER_SECTIONS


def test_a_pain_that_came_bit_by_bit_is_noted_by_the_tap_and_not_by_a_mere_no() -> None:
    question = question_with("sudden_severe_onset")
    assert facts_from(question, ["gradual"]) == {"sudden_severe_onset": False, "onset": "gradual"}
    assert facts_from(question, ["no"]) == {"sudden_severe_onset": False}
