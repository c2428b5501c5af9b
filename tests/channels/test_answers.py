"""A typed line as an answer to a question with choices."""

from __future__ import annotations

import pytest

from bot.channels.answers import answer_to
from bot.channels.inbound import UnusableText
from bot.store.records import IssuedChoice, Message
from tests.channels.fakes import STARTED


def question(shown_as: str, *labels: str) -> Message:
    """A question whose choices have their labels as ids."""
    return Message(
        conversation_id="c",
        seq=1,
        sender="bot",
        at=STARTED,
        text="Well?",
        asks="field",
        input=shown_as,
        choices=tuple(IssuedChoice(label, label) for label in labels),
        kind="question",
    )


SITE = question("choice", "Lower back", "Leg", "Not sure")
TICKS = question("multi_choice", "Sitting", "Standing", "None of these")
MAP = question("body_map", "Left buttock", "Right buttock")
SCALE = question("scale", "0 no pain", *map(str, range(1, 10)), "10 worst pain")


@pytest.mark.parametrize(
    ("asked", "typed", "chosen"),
    [
        (SITE, "2", ["Leg"]),
        (SITE, " leg ", ["Leg"]),
        (SITE, "NOT SURE", ["Not sure"]),
        (TICKS, "1,2", ["Sitting", "Standing"]),
        (TICKS, "1 2", ["Sitting", "Standing"]),
        (TICKS, "2; 2", ["Standing"]),
        (MAP, "1,2", ["Left buttock", "Right buttock"]),
        (SCALE, "0", ["0 no pain"]),
        (SCALE, "7", ["7"]),
        (SCALE, "10", ["10 worst pain"]),
    ],
)
def test_a_number_or_a_label_is_a_tap(asked: Message, typed: str, chosen: list[str]) -> None:
    assert answer_to(asked, typed) == (None, chosen)


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        (SITE, "since monday"),
        (SITE, "4"),
        (SITE, "0"),
        (SITE, "1,2"),
        (SITE, "1 or 2"),
        (SCALE, "11"),
        (SCALE, "7 8"),
        (SCALE, "7 out of 10"),
        (TICKS, "1,9"),
    ],
)
def test_everything_else_stays_words(asked: Message, typed: str) -> None:
    assert answer_to(asked, typed) == (typed, None)


def test_without_a_question_a_number_is_just_a_number() -> None:
    assert answer_to(None, "2") == ("2", None)
    assert answer_to(question("choice"), "2") == ("2", None)


def test_a_command_is_words_here_too() -> None:
    assert answer_to(SITE, "/restart") == ("restart", None)
    with pytest.raises(UnusableText):
        answer_to(SITE, " / ")
