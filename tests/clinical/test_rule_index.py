"""Trying only the rules that a patient's answers could fire never leaves one out that does fire."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clinical.facts import FIELDS, Facts
from bot.clinical.rule_index import Answer, RuleIndex, needed
from bot.clinical.rulebook import default_rulebook
from bot.clinical.rulebook.conditions import read_condition
from bot.clinical.rulebook.document import parse
from bot.clinical.rules import Condition, Context
from bot.clinical.urgency import Urgency
from tests.clinical.fact_sets import people

RULEBOOK = default_rulebook()
CONTEXTS = [((), Urgency.SELF_MANAGE), (("FL_RADICULAR", "FL_RED_CES"), Urgency.EMERGENCY_NOW)]


def condition(text: str) -> Condition:
    def no_definitions(item: Any, sticky: bool) -> Any:
        raise AssertionError("no definitions here")

    return read_condition(parse(text, "test.yaml"), no_definitions)


def names(text: str) -> set[tuple[str, Any]] | None:
    answers = needed(condition(text))
    return None if answers is None else {(one.field, one.value) for one in answers}


def once_told(told: dict[str, Any], skipped: set[str]) -> Facts:
    """Facts of which every second danger was taken back."""
    facts = Facts.of(told, skipped)
    for place, name in enumerate(sorted(told)):
        if place % 2 and FIELDS[name].red_flag:
            facts = facts.without(name)
    return facts


@given(people(), st.sets(st.sampled_from(sorted(FIELDS)), max_size=5), st.sampled_from(CONTEXTS))
def test_every_rule_that_fires_is_among_those_tried(
    told: dict[str, Any], skipped: set[str], concluded: tuple[tuple[str, ...], Urgency]
) -> None:
    facts = once_told(told, skipped)
    flags, urgency = concluded
    for context in (Context(facts, flags, urgency, ever=facts.ever), Context(facts, flags, urgency)):
        progress = [one.rule for one in RULEBOOK.progress.rules]
        for rules, tried in (
            (RULEBOOK.red_flags, RULEBOOK.red_flag_index.candidates(facts)),
            (RULEBOOK.contraindications.rules, RULEBOOK.contraindications.index.candidates(facts)),
            (RULEBOOK.personalisation.rules, RULEBOOK.personalisation.index.candidates(facts)),
            (progress, [one.rule for one in RULEBOOK.progress.index.candidates(facts)]),
        ):
            assert {rule.id for rule in rules if rule.when.truth(context)} <= {rule.id for rule in tried}


def test_rules_keep_their_order() -> None:
    facts = Facts.of({"saddle_numbness": "new", "fever": "yes", "age": 80, "osteoporosis": "yes"})
    order = {rule.id: place for place, rule in enumerate(RULEBOOK.red_flags)}
    tried = [order[rule.id] for rule in RULEBOOK.red_flag_index.candidates(facts)]
    assert tried == sorted(tried)


def test_a_person_who_told_nothing_leaves_little_to_try() -> None:
    tried = RULEBOOK.red_flag_index.candidates(Facts.of({}))
    assert len(tried) < len(RULEBOOK.red_flags) / 4


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("{fever: 'yes'}", {("fever", "yes")}),
        ("{saddle_numbness: [new, unsure]}", {("saddle_numbness", "new"), ("saddle_numbness", "unsure")}),
        ("{known_aaa: false}", {("known_aaa", False)}),
        ("{age: {min: 60}}", {("age", None)}),
        ("{known: pain_avg}", {("pain_avg", None)}),
        ("{change: {from: nprs_baseline, to: nprs_now, min: 2}}", {("nprs_baseline", None)}),
        ("{any: [{fever: 'yes'}, {age: {min: 60}}]}", {("fever", "yes"), ("age", None)}),
        ("{at_least: 2, of: [{fever: 'yes'}, {age: {min: 60}}]}", {("fever", "yes"), ("age", None)}),
        ("{saddle_numbness: [new, worsening], age: {min: 60}}", {("age", None)}),
        ("{all: [{age: {min: 60}}, {skipped: fever}]}", {("age", None)}),
        ("{any: [{age: {min: 60}}, {skipped: fever}]}", None),
        ("{unless: [{fever: 'yes'}]}", None),
        ("{none: [{fever: 'yes'}]}", None),
        ("{flag: FL_RADICULAR}", None),
        ("{always: true}", None),
    ],
)
def test_a_condition_says_which_answers_it_cannot_do_without(
    text: str, answers: set[tuple[str, Any]] | None
) -> None:
    assert names(text) == answers


def test_an_answer_taken_back_still_brings_its_rule_up() -> None:
    index = RuleIndex(["rule"], lambda _: condition("{fever: 'yes'}"))
    told = Facts.of({"fever": "yes"})
    assert index.candidates(told) == ["rule"]
    assert index.candidates(told.with_("fever", "no")) == ["rule"]
    assert index.candidates(Facts.of({"fever": "no"})) == []
    assert Answer("fever") == Answer("fever", None)


def test_the_core_starts_without_rasa_and_without_a_database() -> None:
    program = (
        "import sys, bot.clinical.assess; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    started = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = set(started.stdout.split())
    assert "bot" in loaded
    assert loaded & {"rasa", "rasa_sdk", "sqlalchemy", "tensorflow", "starlette", "numpy"} == set()
