"""Danger first, then a wish, then what was read, then the classifier's guess."""

from __future__ import annotations

from datetime import date

import pytest

from bot.understanding import Reading, read
from bot.understanding.intent_choice import answer_of, choose_intent, kept_facts

TODAY = date(2026, 11, 23)


def choose(text: str, asks: str | None, guess: str | None, confidence: float = 0.9) -> str | None:
    return choose_intent(read(text, asks, TODAY), guess, confidence)[0]


@pytest.mark.parametrize("guess", ["inform", "small_talk", "ask_why", "stop", "out_of_scope", None])
def test_an_emergency_is_reported_whatever_the_classifier_thinks(guess: str | None) -> None:
    assert choose("I can't feel when I wipe", "pain_avg", guess) == "report_danger"
    assert choose("yes", "saddle_numbness", guess) == "report_danger"
    assert choose("I would rather not wake up", None, guess) == "report_danger"


def test_a_fever_is_an_answer_and_not_an_interruption() -> None:
    assert choose("yes", "fever", "affirm") == "affirm"
    assert choose("had a fever last night", None, "inform") == "inform"


def test_not_sure_about_a_danger_question_is_no_interruption() -> None:
    assert choose("not sure", "saddle_numbness", "unsure") == "unsure"
    assert choose("not sure", "suicidal_thoughts", "unsure") == "unsure"


@pytest.mark.parametrize(
    ("text", "intent"),
    [("no", "deny"), ("yes", "affirm"), ("not sure", "unsure"), ("rather not say", "skip")],
)
def test_a_message_that_is_just_an_answer_is_that_answer(text: str, intent: str) -> None:
    for asks in ("fever", "bladder_change", "smoker", None):
        if intent == "affirm" and asks == "bladder_change":
            continue
        assert choose(text, asks, "out_of_scope", 0.99) == intent
        assert choose(text, asks, "stop", 0.99) == intent


def test_facts_make_it_inform() -> None:
    assert choose("7", "pain_avg", "out_of_scope", 0.9) == "inform"
    assert choose("thanks, it's a 7", "pain_avg", "thank", 0.95) == "inform"
    assert choose("no, but my foot is numb", "bladder_change", "deny") == "inform"


def test_a_confident_wish_stands_beside_a_fact() -> None:
    assert choose("why? anyway it's a 7", "pain_avg", "ask_why", 0.8) == "ask_why"
    assert choose("it's a 7, can somebody ring me", "pain_avg", "talk_to_human", 0.8) == "talk_to_human"
    assert choose("it's a 7, can somebody ring me", "pain_avg", "talk_to_human", 0.3) == "inform"


@pytest.mark.parametrize("text", ["why? anyway it's a 7", "why do you ask? 7", "what for? it's a 7"])
def test_asking_why_first_is_asking_why_whatever_the_classifier_thinks(text: str) -> None:
    for guess in ("correct", "inform", "ask_why"):
        assert choose(text, "pain_avg", guess, 0.8) == "ask_why"
    assert [fact.field for fact in read(text, "pain_avg", TODAY).facts] == ["pain_avg"]


def test_a_wish_without_facts_needs_no_confidence() -> None:
    assert choose("can somebody ring me", "pain_avg", "talk_to_human", 0.2) == "talk_to_human"


def test_a_correction_stays_a_correction() -> None:
    reading = read("sorry, I meant 4, not 7", "pain_worst", TODAY, before="pain_avg")
    assert choose_intent(reading, "inform", 0.9)[0] == "correct"
    assert choose("it was my left leg", None, "correct", 0.5) == "correct"
    assert choose("no", "fever", "correct", 0.9) == "deny"


def test_out_of_scope_only_when_nothing_was_read() -> None:
    assert choose("what is the capital of peru", "pain_avg", "out_of_scope") == "out_of_scope"
    assert choose("three weeks", "duration_weeks", "out_of_scope") == "inform"


def test_an_interruption_never_becomes_the_patients_goal() -> None:
    reading = read("put me through to somebody", "goals", TODAY)
    assert [fact.field for fact in reading.facts] == ["goals"]
    assert kept_facts(reading, "talk_to_human") == ()
    assert kept_facts(reading, "inform") == reading.facts


def test_a_classifier_may_say_unsure_or_skip_and_never_yes_or_no() -> None:
    assert answer_of(Reading(), "unsure", 0.9) == "unsure"
    assert answer_of(Reading(), "skip", 0.9) == "skip"
    assert answer_of(Reading(), "deny", 0.99) is None
    assert answer_of(Reading(), "affirm", 0.99) is None
    assert answer_of(Reading(), "unsure", 0.3) is None
    assert answer_of(read("no", "fever", TODAY), "unsure", 0.9) == "no"


def test_going_on_is_neither_a_yes_nor_an_activity() -> None:
    assert choose("ok lets go on", "bladder_change", "resume", 0.99) == "resume"
    assert choose("ok lets go on", "psfs", "resume", 0.99) == "resume"
    assert choose("go on long walks", "psfs", "resume", 0.85) == "inform"


def test_anger_is_no_goal_when_the_classifier_is_sure_of_it() -> None:
    assert choose("im so fed up with all this", "goals", "express_distress", 0.99) == "express_distress"
    assert choose("feel less down about it all", "goals", "express_distress", 0.8) == "inform"
