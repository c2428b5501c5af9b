"""A wish becomes a goal: the patient's own words, how much, how often, by when, and a first step."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.clinical.goals import Goal, goals
from bot.clinical.rulebook import default_rulebook
from tests.clinical.readability import grade

TODAY = date(2026, 12, 4)


def made(on: date | None = TODAY, **told: Any) -> tuple[Goal, ...]:
    return goals(Facts.of(told), default_rulebook(), on)


def one(on: date | None = TODAY, **told: Any) -> Goal:
    (goal,) = made(on, **told)
    return goal


def test_a_scored_activity_is_a_goal_with_a_day_and_an_aim() -> None:
    goal = one(psfs=[{"activity": "carry my toddler up one flight of stairs", "score": 3}])
    assert goal.text.startswith(
        "By 15 January: carry my toddler up one flight of stairs, 3 times a week. "
        "I rate this 3 out of 10 now and aim for 6. This week: "
    )
    assert goal.by_date == date(2027, 1, 15)
    assert (goal.score_now, goal.score_aim) == (3, 6)


def test_without_a_date_the_goal_counts_weeks() -> None:
    goal = one(on=None, psfs=[{"activity": "walk the dog", "score": 5}])
    assert goal.by_date is None
    assert goal.text.startswith("In 6 weeks: walk the dog for 15 minutes, 5 days a week.")


def test_no_goal_is_set_beyond_six_weeks() -> None:
    goal = one(psfs=[{"activity": "walk the dog", "score": 5}])
    assert goal.weeks <= 6
    assert goal.by_date is not None
    assert (goal.by_date - TODAY).days <= 42


@pytest.mark.parametrize(
    "words", ["sit at desk for an hour", "walk 2 miles", "stand for half an hour", "run 5k"]
)
def test_an_amount_that_the_person_named_is_kept(words: str) -> None:
    assert one(psfs=[{"activity": words, "score": 4}]).target == ""


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("sit at my desk", "for 30 minutes at a time"),
        ("driving", "for 30 minutes at a time"),
        ("lift my child", "5 times in a row"),
        ("carry shopping bags", "for 5 minutes"),
        ("walking the dog", "for 15 minutes"),
        ("Sleep through", "for most of the night"),
        ("football", "for 10 minutes"),
        ("gardening", "for 15 minutes at a time"),
        ("putting on socks", "on my own"),
        ("care for my mother", "for 10 minutes at a time"),
    ],
)
def test_an_activity_without_an_amount_gets_one_that_fits(words: str, target: str) -> None:
    goal = one(psfs=[{"activity": words, "score": 4}])
    assert goal.target == target
    assert f"{words} {target}," in goal.text


def test_an_aim_ends_at_ten_and_needs_a_score() -> None:
    assert one(psfs=[{"activity": "walk", "score": 9}]).score_aim == 10
    unscored = one(goals=["walk to the shops"])
    assert (unscored.score_now, unscored.score_aim) == (None, None)
    assert "out of 10" not in unscored.text


@pytest.mark.parametrize(
    "wish",
    [
        "no pain",
        "I want to be pain free",
        "to get rid of the pain",
        "Pain-free!",
        "live without pain",
        "no more pain",
    ],
)
def test_a_wish_for_no_pain_is_turned_kindly_into_something_to_do(wish: str) -> None:
    goal = one(goals=[wish])
    assert goal.words == wish
    assert goal.activity == "do more of my usual day with pain at a level I can manage"
    assert goal.note is not None
    assert "Nobody can promise" in goal.note
    assert "no pain" not in goal.text.casefold()


def test_an_activity_without_pain_keeps_the_activity() -> None:
    goal = one(goals=["walk the dog without pain"])
    assert goal.activity == "walk the dog with pain at a level I can manage"
    assert goal.rule == "GOAL_walk"


def test_a_wish_for_no_pain_beside_an_activity_becomes_that_activity() -> None:
    goal = one(psfs=[{"activity": "sit at my desk", "score": 2}], goals=["no pain"])
    assert goal.activity == "sit at my desk with pain at a level I can manage"
    assert goal.score_now == 2


def test_a_goal_that_only_speaks_of_pain_is_not_rejected() -> None:
    assert one(goals=["understand my pain"]).activity == "understand my pain"


def test_three_goals_at_a_time_without_doubles_the_scored_ones_first() -> None:
    found = made(
        goals=["swim", "Walk the dog", "dance", "cook"],
        psfs=[{"activity": "walk the dog", "score": 3}, {"activity": "sit", "score": 4}],
    )
    assert [goal.words for goal in found] == ["walk the dog", "sit", "swim"]


def test_nobody_who_told_no_goal_gets_one() -> None:
    assert made(age=40) == ()
    assert made(goals=[], psfs=[]) == ()


def test_fear_makes_the_first_step_smaller_and_the_plan_speaks_of_it() -> None:
    goal = one(psfs=[{"activity": "lift my bike", "score": 2}], fear_of_movement=8)
    assert "half of what feels easy" in goal.first_step
    assert goal.if_then.startswith("If I feel afraid, then")


def test_chest_symptoms_keep_the_first_step_to_easy_walks() -> None:
    goal = one(
        psfs=[{"activity": "play football", "score": 2}], exertional_chest_symptoms=True, fear_of_movement=9
    )
    assert "slow, easy walks" in goal.first_step


@pytest.mark.parametrize(
    ("told", "obstacle"),
    [
        ({"sleep_problem": 7}, "I slept badly."),
        ({"pref_minutes_day": 10}, "I have little time."),
        ({}, "The next morning hurts more."),
    ],
)
def test_the_obstacle_is_one_that_the_person_knows(told: dict[str, Any], obstacle: str) -> None:
    goal = one(goals=["walk"], **told)
    assert goal.obstacle == obstacle
    assert goal.if_then.startswith("If ")
    assert ", then I " in goal.if_then


def test_the_person_is_asked_how_sure_they_are() -> None:
    assert "from 0 to 10" in one(goals=["walk"]).confidence
    assert "under 7" in one(goals=["walk"]).confidence


def test_a_goal_in_many_words_is_still_a_short_message() -> None:
    long = "carry my two heavy shopping bags home from the market every Saturday morning " * 3
    goal = one(goals=[f"{long} without pain"], fear_of_movement=9)
    assert len(goal.text.split()) <= 45
    assert goal.words.startswith(long.strip())


@pytest.mark.parametrize(
    "words",
    [
        "walk the dog",
        "sit at my desk",
        "lift bags",
        "sleep",
        "garden",
        "play with my kids",
        "work",
        "no pain",
    ],
)
def test_every_text_of_a_goal_is_short_and_plain(words: str) -> None:
    goal = one(psfs=[{"activity": words, "score": 3}])
    for text in filter(None, (goal.text, goal.first_step, goal.if_then, goal.confidence, goal.note)):
        assert len(text.split()) <= 45
        assert round(grade(text)) <= 8, text
