"""The single answers of PHQ-2, GAD-2 and RMDQ: put in the owners' words, and summed when all are there."""

from __future__ import annotations

import pytest

from bot.clinical.facts import ITEMS_OF, Facts
from bot.clinical.measures import measure_of, sums
from bot.clinical.questions import facts_from, next_question, question_for, read_back
from bot.clinical.rulebook import default_rulebook

RULEBOOK = default_rulebook()


@pytest.mark.parametrize("name", ["phq2", "gad2"])
def test_mood_and_worry_are_asked_in_the_words_of_the_measure(name: str) -> None:
    measure = measure_of(name, RULEBOOK)
    for field, item in zip(ITEMS_OF[name], measure.items, strict=True):
        question = question_for(field, RULEBOOK)
        assert question.text == f"{measure.stem.removesuffix('?')}? {item}."
        assert [choice.label for choice in question.choices] == list(measure.answers.labels)


def test_the_24_statements_are_put_word_for_word_six_at_a_time() -> None:
    labels = [
        choice.label
        for part in ITEMS_OF["rmdq"]
        for choice in question_for(part, RULEBOOK).choices
        if choice.value != "none"
    ]
    assert labels == list(measure_of("rmdq", RULEBOOK).items)


def test_a_sum_stands_once_all_of_its_answers_are_known() -> None:
    assert sums(Facts.of({"phq2_interest": 2})) == {}
    assert sums(Facts.of({"phq2_interest": 2, "phq2_mood": 1})) == {"phq2": 3}
    ticked: dict[str, object] = dict.fromkeys(ITEMS_OF["rmdq"], ())
    assert sums(Facts.of({**ticked, "rmdq_7_to_12": ("7", "9")})) == {"rmdq": 2}


def test_no_tick_at_all_is_an_answer() -> None:
    question = question_for("rmdq_1_to_6", RULEBOOK)
    assert facts_from(question, ["none"]) == {"rmdq_1_to_6": ()}
    assert facts_from(question, ["2", "5"]) == {"rmdq_1_to_6": ("2", "5")}


def test_mood_is_asked_of_somebody_whose_pain_lasts_and_not_of_a_fresh_back() -> None:
    def asks(weeks: float) -> set[str]:
        facts, asked, seen = Facts.of({"age": 40, "duration_weeks": weeks}), dict[str, int](), set[str]()
        while (question := next_question(facts, asked, RULEBOOK)) is not None:
            seen.add(question.field)
            asked[question.field] = asked.get(question.field, 0) + 2
        return seen

    assert {*ITEMS_OF["phq2"], *ITEMS_OF["gad2"], "rmdq_1_to_6", "pain_now"} <= asks(40)
    assert not {*ITEMS_OF["phq2"], *ITEMS_OF["gad2"], "rmdq_1_to_6", "pain_now"} & asks(1)


def test_the_sum_is_read_back_in_place_of_its_answers_which_are_asked_anew_together() -> None:
    facts = Facts.of({"phq2_interest": 2, "phq2_mood": 1, "phq2": 3})
    (item,) = read_back(facts, RULEBOOK)
    assert item.words == "Mood score 3 out of 6"
    assert item.fields == ("phq2", "phq2_interest", "phq2_mood")
