"""Whoever has to go, or is back, has not named an activity, a goal or a medicine."""

from __future__ import annotations

import pytest

from bot.understanding.comings_and_goings import only_comes_or_goes
from bot.understanding.reading import read


def facts_of(said: str, asked: str) -> dict[str, object]:
    return {fact.field: fact.value for fact in read(said, asked).facts}


COMING_OR_GOING = [
    "i need to go now",
    "sorry, ive got to go",
    "gotta go, brb",
    "lets pause here",
    "can we stop for now",
    "i want to stop",
    "have to leave, ill be back later",
    "stop",
    "hello im back",
    "where were we",
    "me again",
    "hi again",
]
ANSWERS = [
    "going to the shops",
    "go for a run",
    "i want to run",
    "run",
    "to leave the house",
    "walking",
]


@pytest.mark.parametrize("said", COMING_OR_GOING)
@pytest.mark.parametrize("asked", ["psfs", "goals", "current_meds"])
def test_going_or_coming_back_is_no_answer(said: str, asked: str) -> None:
    assert only_comes_or_goes(said)
    assert facts_of(said, asked) == {}


@pytest.mark.parametrize("said", ANSWERS)
def test_an_activity_that_sounds_like_it_stays_one(said: str) -> None:
    assert not only_comes_or_goes(said)
    assert "psfs" in facts_of(said, "psfs")


@pytest.mark.parametrize("said", ["lovely weather isnt it", "who asked for it", "i hate it"])
def test_it_is_not_always_computing(said: str) -> None:
    assert "work_type" not in facts_of(said, "work_type")


@pytest.mark.parametrize("said", ["IT", "i work in IT", "im in it.", "it support"])
def test_computing_is_desk_work(said: str) -> None:
    assert facts_of(said, "work_type") == {"work_type": "sedentary"}


@pytest.mark.parametrize(
    "said", ["hi again", "Hello, it's me again", "hey i am back", "good evening, back again"]
)
def test_hello_again_does_not_say_that_the_pain_has_been_there_before(said: str) -> None:
    assert not facts_of(said, "previous_episode")


def test_again_and_again_is_an_answer() -> None:
    assert facts_of("yes again and again", "previous_episode") == {"previous_episode": True}
