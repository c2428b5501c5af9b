"""The course of the intake: asking, reading back, concluding."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clinical.course import Step, StepKind, next_step
from bot.clinical.facts import Facts
from bot.clinical.questions import DANGER_SECTIONS
from bot.clinical.rulebook import default_rulebook
from bot.clinical.urgency import Urgency
from tests.clinical.interview import Interview

RULEBOOK = default_rulebook()


def step(facts: dict[str, Any], asked: dict[str, int] | None = None, *, read_back: bool = False) -> Step:
    return next_step(Facts.of(facts), asked or {}, RULEBOOK, read_back=read_back)


def test_the_first_question_is_the_age() -> None:
    first = step({})
    assert first.kind is StepKind.ASK
    assert first.question is not None
    assert first.question.field == "age"


@pytest.mark.parametrize(
    "danger",
    [
        {"saddle_numbness": "new"},
        {"chest_pain_or_breathless": True},
        {"suicidal_thoughts": "plan_or_intent"},
        {"overdose": "accidental"},
        {"leg_pain": "both_legs", "leg_pain_onset_days": 3},
    ],
)
def test_an_emergency_ends_the_questions_at_once(danger: dict[str, Any]) -> None:
    result = step(danger)
    assert result.kind is StepKind.CONCLUDE
    assert result.question is None
    assert result.triage.urgency is Urgency.EMERGENCY_NOW


@pytest.mark.parametrize(
    "said",
    [{"suicidal_thoughts": "passive"}, {"suicidal_thoughts": "active"}, {"safeguarding_concern": True}],
)
def test_a_word_of_suicide_or_violence_ends_the_questions_at_once(said: dict[str, Any]) -> None:
    result = step(said)
    assert result.kind is StepKind.CONCLUDE
    assert result.triage.urgency is Urgency.SAME_DAY


@pytest.mark.parametrize("doubted", ["bladder_change", "calf_swelling", "suicidal_thoughts", "foot_drop"])
def test_a_danger_sign_that_may_have_been_told_is_asked_about_next(doubted: str) -> None:
    result = next_step(Facts.of({"age": 44}), {"age": 1}, RULEBOOK, read_back=False, doubted=[doubted])
    assert result.question is not None
    assert doubted in result.question.fields


def test_what_the_patient_is_not_sure_of_is_asked_about_next_where_it_was_doubted() -> None:
    known = Facts.of({"age": 44, "saddle_numbness": "unsure"})
    result = next_step(known, {"age": 1}, RULEBOOK, read_back=False, doubted=["saddle_numbness"])
    assert result.question is not None
    assert result.question.field == "saddle_numbness"


@pytest.mark.parametrize(
    ("known", "doubted"),
    [
        ({"age": 44, "bladder_change": "none"}, "bladder_change"),
        ({"age": 44, "sex_at_birth": "male"}, "pregnancy_bleeding_or_waters"),
        ({"age": 44}, "pain_avg"),
        ({"age": 44}, "safeguarding_concern"),
    ],
)
def test_a_doubt_that_is_settled_or_cannot_be_changes_nothing(known: dict[str, Any], doubted: str) -> None:
    usual = next_step(Facts.of(known), {"age": 1}, RULEBOOK, read_back=False)
    result = next_step(Facts.of(known), {"age": 1}, RULEBOOK, read_back=False, doubted=[doubted])
    assert result.question == usual.question


def test_a_same_day_finding_is_followed_by_danger_questions_only() -> None:
    interview = Interview(RULEBOOK, {"fever": ["yes"]})
    result = interview.run()
    assert result.kind is StepKind.CONCLUDE
    after = interview.questions[interview.asks.index("fever") + 1 :]
    assert after
    assert all(question.section in DANGER_SECTIONS for question in after)


def test_a_same_day_finding_that_an_answer_could_lower_asks_for_it_first() -> None:
    result = step({"leg_weakness": "severe_one"})
    assert result.triage.urgency is Urgency.SAME_DAY
    assert result.triage.clarify == ("leg_weakness_onset_days",)
    assert result.question is not None
    assert result.question.field == "leg_weakness_onset_days"


def test_an_answer_that_lowers_the_class_opens_the_whole_intake_again() -> None:
    interview = Interview(RULEBOOK, {"fever": [["unsure"], ["no"]]})
    result = interview.run()
    assert result.kind is StepKind.READ_BACK
    assert "psfs" in interview.asks


def test_a_minor_is_asked_about_danger_only() -> None:
    interview = Interview(RULEBOOK, {"age": {"age": 17}})
    result = interview.run()
    assert result.kind is StepKind.CONCLUDE
    assert all(question.section in DANGER_SECTIONS for question in interview.questions)


def test_everything_asked_is_read_back_and_then_concluded() -> None:
    interview = Interview(RULEBOOK)
    assert interview.run().kind is StepKind.READ_BACK
    confirmed = next_step(interview.facts, interview.asked, RULEBOOK, read_back=True)
    assert confirmed.kind is StepKind.CONCLUDE


def test_a_fact_that_was_taken_back_is_asked_again() -> None:
    interview = Interview(RULEBOOK)
    interview.run()
    interview.facts = interview.facts.without("pain_avg")
    again = interview.step()
    assert again.question is not None
    assert again.question.field == "pain_avg"


def test_a_correction_to_danger_after_the_read_back_counts() -> None:
    interview = Interview(RULEBOOK)
    interview.run()
    interview.learn({"saddle_numbness": "new"})
    assert interview.step().triage.urgency is Urgency.EMERGENCY_NOW


def test_danger_that_was_never_answered_counts_as_not_sure() -> None:
    result = step({"age": 34, "pregnant": "no"}, {"saddle_numbness": 2})
    assert result.left_open == ("saddle_numbness",)
    assert result.triage.urgency is Urgency.SAME_DAY
    assert "FL_CES_UNCERTAIN" in result.triage.flags


def test_nothing_is_left_open_that_was_answered_or_declined() -> None:
    assert step({"saddle_numbness": "none"}, {"saddle_numbness": 2}).left_open == ()
    declined = next_step(Facts.of({}, ["sexual_change"]), {"sexual_change": 2}, RULEBOOK, read_back=False)
    assert "sexual_change" not in declined.left_open
