"""Whatever a person answers: nothing dangerous is shown, nothing is shown without a reason, nothing breaks."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clinical.assess import assess
from bot.clinical.facts import FIELDS, ITEMS_OF, Facts
from bot.clinical.medicines import with_listed_medicines
from bot.clinical.plan import Plan, draft_plan
from bot.clinical.rulebook import default_rulebook
from bot.clinical.rulebook.option_terms import Effect
from bot.clinical.status import Status
from bot.clinical.triage import Triage, triage
from bot.clinical.urgency import Urgency
from bot.clinical.vocabulary import OPTIONS, PROFILES
from tests.clinical.fact_sets import CALM, answers, harmless, people
from tests.clinical.readability import grade

RULEBOOK = default_rulebook()
PEOPLE = people()
CALM_PEOPLE = people(CALM)

#: the scores of the measures and their single answers (clinical.md §2.3)
MEASURED = sorted(
    {"pain_now", "leg_pain_score", *ITEMS_OF, *(item for items in ITEMS_OF.values() for item in items)}
)

#: how freely an option may be taken up; `recommend` and `consider` differ in rank, not in what is allowed
_FREEDOM = {Status.RECOMMEND: 2, Status.CONSIDER: 2, Status.CLINICIAN_ONLY: 1}

#: fields of the rules of §4 that only restrict (nerve-type leg symptoms choose another column of the table)
RESTRICTING = sorted(
    {field for rule in RULEBOOK.contraindications.rules for field in rule.when.fields()}
    - {"leg_pain", "leg_pain_trend", "leg_weakness_trend", "pain_trend", "current_meds", "prev_helpful"}
)
#: put into the plan because of a danger, so that a danger may make them more available (§4, §4.2 P02, §4.3 X02)
MADE_AVAILABLE = {"PM_MED_REVIEW", "PT_BALANCE", "PM_PARACETAMOL"}

UNSURE = sorted(
    name for name, field in FIELDS.items() if field.accepts_unsure and harmless(field) is not None
)
DENIABLE = sorted(name for name, field in FIELDS.items() if harmless(field) is not None)


def planned(told: dict[str, Any], profile: str = "international") -> Plan:
    facts = with_listed_medicines(Facts.of(told), RULEBOOK.contraindications)
    return draft_plan(facts, triage(facts, RULEBOOK), RULEBOOK, profile)


def freedom(plan: Plan) -> dict[str, int]:
    found = {option.id: _FREEDOM.get(option.status, 0) for option in plan.options}
    return {option: found.get(option, 0) for option in OPTIONS}


def more_available(before: Plan, after: Plan) -> set[str]:
    was, is_now = freedom(before), freedom(after)
    return {option for option in OPTIONS if is_now[option] > was[option]}


@given(PEOPLE, st.sampled_from(PROFILES))
def test_any_answers_make_a_plan_whose_every_part_is_of_the_vocabulary(
    told: dict[str, Any], profile: str
) -> None:
    plan = planned(told, profile)
    assert {option.id for option in plan.options} <= set(OPTIONS)
    assert len({option.id for option in plan.options}) == len(plan.options)
    assert "ACT_STOP_MED_ABRUPT" not in plan.actions
    assert plan.full == (not plan.held_by)


@given(PEOPLE)
def test_an_emergency_or_a_same_day_class_shows_nothing(told: dict[str, Any]) -> None:
    plan = planned(told)
    if plan.triage.urgency >= Urgency.SAME_DAY:
        assert plan.shown == ()
    elif plan.triage.urgency is Urgency.URGENT_DAYS:
        assert {one.id for one in plan.shown} <= {
            "EDU_EXPLAIN",
            "PT_ADVICE_ACTIVE",
            "PM_HEAT",
            "PM_MED_REVIEW",
        }


@given(CALM_PEOPLE, st.sampled_from(list(Urgency)))
def test_the_class_holds_the_plan_whatever_the_facts_say(told: dict[str, Any], urgency: Urgency) -> None:
    plan = draft_plan(Facts.of(told), Triage(urgency=urgency), RULEBOOK)
    assert not plan.shown or urgency < Urgency.SAME_DAY


@given(PEOPLE, st.integers(0, 17))
def test_nobody_under_18_is_shown_a_plan(told: dict[str, Any], age: int) -> None:
    assert planned({**told, "age": age}).shown == ()


@given(CALM_PEOPLE, st.data())
def test_adding_a_contraindication_never_makes_an_option_more_available(
    told: dict[str, Any], data: st.DataObject
) -> None:
    # What did not help is offered again when safety takes the alternatives away; that is meant.
    told.pop("prev_unhelpful", None)
    field = data.draw(st.sampled_from(RESTRICTING))
    no = harmless(FIELDS[field])
    told.pop(field, None)
    before = planned(told if no is None else {**told, field: no})
    after = planned({**told, field: data.draw(answers(FIELDS[field]))})
    assert more_available(before, after) <= MADE_AVAILABLE


@given(CALM_PEOPLE, st.sampled_from(UNSURE))
def test_unsure_is_never_more_permissive_than_no(told: dict[str, Any], field: str) -> None:
    no = planned({**told, field: harmless(FIELDS[field])})
    assert more_available(no, planned({**told, field: "unsure"})) <= MADE_AVAILABLE


@given(CALM_PEOPLE, st.sampled_from(DENIABLE))
def test_not_asking_is_never_more_permissive_than_no(told: dict[str, Any], field: str) -> None:
    told.pop(field, None)
    no = planned({**told, field: harmless(FIELDS[field])})
    assert more_available(no, planned(told)) == set()


@given(CALM_PEOPLE, st.sampled_from(UNSURE))
def test_declining_is_never_more_permissive_than_no(told: dict[str, Any], field: str) -> None:
    told.pop(field, None)
    no = planned({**told, field: harmless(FIELDS[field])})
    facts = with_listed_medicines(Facts.of(told, skipped=[field]), RULEBOOK.contraindications)
    declined = draft_plan(facts, triage(facts, RULEBOOK), RULEBOOK)
    assert more_available(no, declined) <= MADE_AVAILABLE


@given(PEOPLE, st.sampled_from(PROFILES))
def test_every_option_says_why_and_where_it_was_read(told: dict[str, Any], profile: str) -> None:
    for option in planned(told, profile).options:
        assert option.reasons
        for reason in option.reasons:
            assert reason.sources
            assert reason.text.strip()
            assert reason.clinician.strip()
            assert reason.status in ("cited", "design", "to_verify")


@given(CALM_PEOPLE)
def test_what_is_taken_out_says_what_is_offered_instead_and_only_that(told: dict[str, Any]) -> None:
    plan = planned(told)
    shown = {option.id for option in plan.shown}
    for option in plan.options:
        assert set(option.instead) <= shown
        assert not (option.shown and option.instead)


@given(PEOPLE)
def test_the_order_of_the_answers_does_not_matter(told: dict[str, Any]) -> None:
    assert planned(told) == planned(dict(reversed(told.items())))


@given(PEOPLE, st.sampled_from(PROFILES))
def test_every_text_is_short_plain_and_free_of_claims(told: dict[str, Any], profile: str) -> None:
    for option in planned(told, profile).options:
        for reason in option.reasons:
            assert len(reason.text.split()) <= 45, reason.text
            assert round(grade(reason.text)) <= 8, (grade(reason.text), reason.text)
            assert not re.search(r"[{}]|\b(None|True|False|cures?|proven|safe for you)\b", reason.text), (
                reason.text
            )


@given(CALM_PEOPLE)
def test_a_plan_starts_small(told: dict[str, Any]) -> None:
    plan = planned(told)
    daily = [option for option in plan.options if option.daily is not None and option.start_week is not None]
    assert sum(option.daily.minutes for option in daily if option.daily is not None) <= plan.minutes_a_day
    assert plan.minutes_a_day == told.get("pref_minutes_day", 20)
    assert len([option for option in daily if option.start_week == 1]) <= 3
    later = [option.start_week for option in plan.options if (option.start_week or 1) > 1]
    assert len(set(later)) == len(later)
    assert all(option.status is Status.RECOMMEND for option in plan.options if option.start_week is not None)


@given(CALM_PEOPLE)
def test_each_goal_is_named_by_a_plan_item_of_its_own(told: dict[str, Any]) -> None:
    plan = planned(told)
    has_goal = bool(told.get("psfs") or told.get("goals"))
    assert any(option.goal for option in plan.options) == (has_goal and bool(plan.shown))
    assert all(option.shown for option in plan.options if option.goal is not None)


@given(CALM_PEOPLE)
def test_a_wish_for_no_medicine_leaves_none_in_sight(told: dict[str, Any]) -> None:
    plan = planned({**told, "pref_no_medication": True})
    assert {one.id for one in plan.shown if one.option.family == "pain"} <= {"PM_HEAT", "PM_MED_REVIEW"}


@pytest.mark.parametrize("option", OPTIONS)
def test_what_was_bad_before_is_never_shown_again(option: str) -> None:
    plan = planned({"age": 72, "duration_weeks": 20, "anticoagulant": True, "prev_adverse": [option]})
    assert option not in {one.id for one in plan.shown}


@given(PEOPLE, st.sampled_from(PROFILES))
def test_nothing_that_a_contraindication_forbids_is_shown(told: dict[str, Any], profile: str) -> None:
    for option in planned(told, profile).options:
        effects = {reason.effect for reason in option.reasons}
        if effects & {Effect.WITHHELD, Effect.LATER}:
            assert option.status is Status.WITHHELD
        elif effects & {Effect.CLINICIAN_ONLY, Effect.OPENS}:
            assert option.status <= Status.CLINICIAN_ONLY


@given(PEOPLE, st.sampled_from(PROFILES))
def test_the_same_facts_and_rules_give_the_same_bytes(told: dict[str, Any], profile: str) -> None:
    def document(facts: dict[str, Any]) -> bytes:
        result = assess(Facts.of(facts), RULEBOOK, profile, on=date(2026, 12, 4))
        return json.dumps(result.as_json()).encode()

    assert document(told) == document(dict(told)) == document(json.loads(json.dumps(told)))


@given(people(names=MEASURED, most=len(MEASURED)), PEOPLE)
def test_the_scores_of_the_measures_never_lower_the_class(
    scores: dict[str, Any], told: dict[str, Any]
) -> None:
    without = {name: value for name, value in told.items() if name not in MEASURED}
    before, after = planned(without), planned({**without, **scores})
    assert after.triage.urgency >= before.triage.urgency
