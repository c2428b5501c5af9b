"""The condition language: what was not asked is never "no", and only true fires."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.clinical.rulebook.conditions import read_condition
from bot.clinical.rulebook.document import Item, parse
from bot.clinical.rules import Condition, Context, Named, Verdict
from bot.clinical.urgency import Urgency


def no_definitions(item: Item, sticky: bool) -> Named:
    item.fail("no definitions here")


def condition(text: str) -> Condition:
    return read_condition(parse(text, "example.yaml"), no_definitions)


def truth(text: str, skipped: tuple[str, ...] = (), **facts: Any) -> bool | None:
    return condition(text).truth(Context(Facts.of(facts, skipped)))


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ('{fever: "yes"}', {"fever": "yes"}, True),
        ("{fever: yes}", {"fever": "yes"}, True),
        ('{fever: "yes"}', {"fever": "no"}, False),
        ('{fever: "yes"}', {"fever": "unsure"}, None),
        ('{fever: "yes"}', {}, None),
        ("{fever: unsure}", {"fever": "unsure"}, True),
        ("{fever: unsure}", {"fever": "no"}, False),
        ("{fever: unsure}", {}, None),
        ('{iv_drug_use: "yes"}', {"iv_drug_use": "undisclosed"}, None),
        ("{iv_drug_use: undisclosed}", {"iv_drug_use": "undisclosed"}, True),
        ("{leg_pain: [below_knee, both_legs]}", {"leg_pain": "both_legs"}, True),
        ("{leg_pain: [below_knee, unsure]}", {"leg_pain": "unsure"}, True),
        ("{leg_pain: [below_knee, both_legs]}", {"leg_pain": "none"}, False),
        ("{age: {min: 60}}", {"age": 60}, True),
        ("{age: {above: 60}}", {"age": 60}, False),
        ("{age: {min: 60, below: 70}}", {"age": 70}, False),
        ("{age: {max: 60}}", {}, None),
        ("{pain_site: {contains: hip}}", {"pain_site": ["leg", "hip"]}, True),
        ("{pain_site: {contains_any: [hip, groin]}}", {"pain_site": []}, False),
        ("{pain_site: {contains: hip}}", {}, None),
        ("{known: age}", {}, False),
        ("{known: fever}", {"fever": "unsure"}, False),
        ("{known: fever}", {"fever": "no"}, True),
        ("{smoker: true, age: {min: 18}}", {"smoker": True, "age": 40}, True),
        ("{smoker: true, age: {min: 18}}", {"smoker": True}, None),
        ("{smoker: true, age: {min: 18}}", {"smoker": False}, False),
        ("{any: [{smoker: true}, {ibd: true}]}", {"smoker": True}, True),
        ("{any: [{smoker: true}, {ibd: true}]}", {"smoker": False}, None),
        ("{any: [{smoker: true}, {ibd: true}]}", {"smoker": False, "ibd": False}, False),
        ("{none: [{smoker: true}, {ibd: true}]}", {"smoker": False}, None),
        ("{none: [{smoker: true}, {ibd: true}]}", {"smoker": False, "ibd": False}, True),
        ("{none: [{smoker: true}, {ibd: true}]}", {"smoker": True}, False),
        ("{unless: {smoker: true}}", {}, True),
        ("{unless: {smoker: true}}", {"smoker": "unsure"}, True),
        ("{unless: {smoker: true}}", {"smoker": True}, False),
        ("{always: true}", {}, True),
    ],
)
def test_a_condition_is_true_false_or_not_known(
    text: str, facts: dict[str, Any], expected: bool | None
) -> None:
    assert truth(text, **facts) is expected


TWO_OF_THREE = "{at_least: 2, of: [{smoker: true}, {ibd: true}, {psoriasis: true}]}"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"smoker": True, "ibd": True}, True),
        ({"smoker": True}, None),
        ({"smoker": True, "ibd": False}, None),
        ({"smoker": False, "ibd": False}, False),
        ({"smoker": True, "ibd": False, "psoriasis": False}, False),
    ],
)
def test_at_least_is_false_only_when_it_cannot_be_reached(
    facts: dict[str, Any], expected: bool | None
) -> None:
    assert truth(TWO_OF_THREE, **facts) is expected


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("{change: {from: nprs_baseline, to: nprs_now, min: 2}}", {"nprs_baseline": 4, "nprs_now": 6}, True),
        ("{change: {from: nprs_baseline, to: nprs_now, min: 2}}", {"nprs_now": 6}, None),
        (
            "{change_percent: {from: nprs_baseline, to: nprs_now, max: -30}}",
            {"nprs_baseline": 10, "nprs_now": 7},
            True,
        ),
        (
            "{change_percent: {from: nprs_baseline, to: nprs_now, max: -30}}",
            {"nprs_baseline": 0, "nprs_now": 0},
            None,
        ),
    ],
)
def test_a_change_is_measured_between_two_numbers(
    text: str, facts: dict[str, Any], expected: bool | None
) -> None:
    assert truth(text, **facts) is expected


def test_a_declined_question_can_be_told_from_one_not_asked() -> None:
    assert truth("{skipped: sexual_change}", skipped=("sexual_change",)) is True
    assert truth("{skipped: sexual_change}") is False


def test_conclusions_are_looked_at_where_the_context_has_them() -> None:
    after = Context(Facts.of({}), flags=["FL_RADICULAR"], urgency=Urgency.SAME_DAY, profile="nice")
    assert condition("{flag: [FL_RED_CES, FL_RADICULAR]}").truth(after) is True
    assert condition("{flag: FL_RED_CES}").truth(after) is False
    assert condition("{urgency_at_least: urgent_days}").truth(after) is True
    assert condition("{urgency_at_least: emergency_now}").truth(after) is False
    assert condition("{profile: nice}").truth(after) is True
    assert condition("{any: [{smoker: true}, {flag: FL_RED_CES}]}").looks_at_conclusions
    assert not condition("{any: [{smoker: true}]}").looks_at_conclusions


def test_a_verdict_names_the_facts_that_made_it_true() -> None:
    context = Context(Facts.of({"smoker": True, "ibd": False, "age": 50, "fever": "no"}))
    either = condition("{any: [{smoker: true}, {ibd: true}], age: {min: 18}, none: [{fever: yes}]}")
    assert either.evaluate(context) == Verdict(
        True, ("smoker", "age", "fever"), {"smoker": True, "age": 50, "fever": "no"}
    )
    assert condition("{ibd: true}").evaluate(context) == Verdict(False)
    assert condition("{psoriasis: true}").evaluate(context) == Verdict(None)


def test_danger_told_earlier_counts_where_it_raises_and_not_where_it_excuses() -> None:
    facts = Facts.of({"fever": "yes"}).with_("fever", "no")
    context = Context(facts, ever=facts.ever)
    assert condition("{fever: yes}").truth(context) is True
    assert condition("{unless: {fever: yes}}").truth(context) is True
    assert condition("{none: [{none: [{fever: yes}]}]}").truth(context) is True
    assert condition("{fever: yes}").truth(Context(facts)) is False


def test_a_condition_knows_every_field_it_may_need() -> None:
    assert condition(TWO_OF_THREE).fields() == {"smoker", "ibd", "psoriasis"}
