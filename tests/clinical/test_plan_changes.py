"""What the rules say against a clinician's changes, and the plan with those changes in it."""

from __future__ import annotations

import pytest

from bot.clinical.assess import Assessment, assess
from bot.clinical.facts import Facts
from bot.clinical.plan_changes import CLINICIAN, Change, conflicts, with_changes
from bot.clinical.rulebook import default_rulebook
from bot.clinical.status import Status

RULEBOOK = default_rulebook()
CALM: dict[str, object] = {"age": 45, "sex_at_birth": "male", "duration_weeks": 2, "pain_avg": 6}
THINNER = {**CALM, "anticoagulant": True}
CHOSEN = "Your clinician chose this for you."


def assessed(**facts: object) -> Assessment:
    return assess(Facts.of({**CALM, **facts}), RULEBOOK)


def statuses(document: dict[str, object]) -> dict[str, str]:
    return {one["id"]: one["status"] for one in document["options"]}  # type: ignore[attr-defined]


def test_tablets_for_somebody_on_a_blood_thinner_name_the_rule_against_them() -> None:
    plan = assessed(anticoagulant=True).plan
    (found,) = conflicts(plan, [Change("PM_NSAID_ORAL", Status.RECOMMEND)])
    assert (found.option, found.wanted, found.allowed) == (
        "PM_NSAID_ORAL", Status.RECOMMEND, Status.WITHHELD,
    )  # fmt: skip
    assert "N04" in [one.rule for one in found.rules]
    assert all(one.facts and one.clinician for one in found.rules if one.rule == "N04")


def test_the_same_tablets_without_the_thinner_break_nothing() -> None:
    assert conflicts(assessed().plan, [Change("PM_NSAID_ORAL", Status.RECOMMEND)]) == ()


def test_less_than_the_rules_allow_breaks_nothing() -> None:
    plan = assessed(anticoagulant=True).plan
    for option in plan.options:
        assert conflicts(plan, [Change(option.id, Status.WITHHELD)]) == ()
        assert conflicts(plan, [Change(option.id, option.status)]) == ()


def test_what_the_table_offers_nobody_is_told_with_the_tables_reason() -> None:
    (found,) = conflicts(assessed().plan, [Change("BED_REST", Status.CONSIDER)])
    assert [one.rule for one in found.rules] == ["T_BED_REST"]


def test_a_hold_counts_against_every_option_it_holds() -> None:
    plan = assessed(weight_loss_unexplained="yes", duration_weeks=8).plan
    held = [one.id for one in plan.options if one.status is Status.WITHHELD]
    found = conflicts(plan, [Change(one, Status.CONSIDER) for one in held])
    assert {one.option for one in found} == set(held)
    assert all(one.rules for one in found)


def test_an_option_that_the_rules_do_not_list_is_told_as_such() -> None:
    (found,) = conflicts(assessed().plan, [Change("PM_NO_SUCH", Status.CONSIDER)])
    assert found.rules == ()


def test_the_changed_plan_has_the_clinicians_reason_before_those_of_the_rules() -> None:
    document = assessed(anticoagulant=True).as_json()
    change = Change("PM_NSAID_ORAL", Status.CONSIDER, "Stopped on Monday after cardiology agreed.")
    changed = with_changes(document, [change], RULEBOOK, CHOSEN)
    (tablets,) = [one for one in changed["options"] if one["id"] == "PM_NSAID_ORAL"]  # type: ignore[attr-defined]
    assert (tablets["status"], tablets["shown"]) == ("consider", True)
    assert tablets["reasons"][0]["rule"] == CLINICIAN
    assert (tablets["reasons"][0]["text"], tablets["reasons"][0]["clinician"]) == (CHOSEN, change.why)
    assert "N04" in [one["rule"] for one in tablets["reasons"][1:]]
    assert tablets["about"]["risks"]
    assert "instead" not in tablets
    before, after = statuses(document), statuses(changed)
    assert {one for one in before if before[one] != after[one]} == {"PM_NSAID_ORAL"}
    assert list(before) == list(after)


def test_an_option_taken_out_loses_what_only_a_shown_one_has() -> None:
    document = assessed().as_json()
    shown = [one for one in document["options"] if one["shown"] and "daily" in one]  # type: ignore[attr-defined]
    changed = with_changes(document, [Change(shown[0]["id"], Status.WITHHELD, "No.")], RULEBOOK, CHOSEN)
    (out,) = [one for one in changed["options"] if one["id"] == shown[0]["id"]]  # type: ignore[attr-defined]
    assert out["shown"] is False
    assert not out.keys() & {"daily", "about", "positions"}


def test_taking_everything_out_leaves_no_plan_to_show() -> None:
    document = assessed().as_json()
    every = [Change(one, Status.WITHHELD) for one in statuses(document)]
    assert with_changes(document, every, RULEBOOK, CHOSEN)["plan_status"] == "none"
    one = with_changes(document, every[:1], RULEBOOK, CHOSEN)
    assert one["plan_status"] == "full"


def test_an_option_that_the_plan_does_not_list_cannot_be_changed() -> None:
    with pytest.raises(KeyError, match="PM_NO_SUCH"):
        with_changes(assessed().as_json(), [Change("PM_NO_SUCH", Status.CONSIDER)], RULEBOOK, CHOSEN)


def test_an_option_let_in_while_nothing_is_shown_makes_an_interim_plan() -> None:
    document = assessed(bladder_change="unsure").as_json()
    assert document["plan_status"] == "none"
    changed = with_changes(
        document, [Change("EDU_EXPLAIN", Status.RECOMMEND, "Seen today.")], RULEBOOK, CHOSEN
    )
    assert changed["plan_status"] == "interim"
    (explain,) = [one for one in changed["options"] if one["id"] == "EDU_EXPLAIN"]  # type: ignore[attr-defined]
    assert list(explain["positions"]) == list(RULEBOOK.options.options["EDU_EXPLAIN"].positions)
    assert explain["about"]["what"]


def test_an_older_document_without_an_extent_gets_none_while_something_is_shown() -> None:
    document = assessed().as_json()
    del document["plan_status"]
    changed = with_changes(document, [Change("EDU_EXPLAIN", Status.CONSIDER)], RULEBOOK, CHOSEN)
    assert "plan_status" not in changed


def test_the_clinicians_reason_has_the_form_of_every_reason() -> None:
    document = assessed().as_json()
    change = Change("PT_GRADED_WALK", Status.CLINICIAN_ONLY, "After the fall.")
    changed = with_changes(document, [change], RULEBOOK, CHOSEN)
    (walk,) = [one for one in changed["options"] if one["id"] == "PT_GRADED_WALK"]  # type: ignore[attr-defined]
    assert walk["reasons"][0] == {
        "rule": "CLINICIAN",
        "effect": "clinician_only",
        "text": CHOSEN,
        "clinician": "After the fall.",
        "sources": [],
        "status": "",
        "facts": {},
    }


def test_options_that_no_change_names_stay_as_they_are() -> None:
    document = assessed().as_json()
    changed = with_changes(document, [Change("EDU_EXPLAIN", Status.CONSIDER)], RULEBOOK, CHOSEN)
    before = {one["id"]: one for one in document["options"]}  # type: ignore[attr-defined]
    after = {one["id"]: one for one in changed["options"]}  # type: ignore[attr-defined]
    assert [one for one in before if before[one] != after[one]] == ["EDU_EXPLAIN"]


def test_an_option_not_listed_may_be_held_back_without_a_conflict() -> None:
    plan = assessed().plan
    assert conflicts(plan, [Change("PM_NO_SUCH", Status.WITHHELD)]) == ()
    (found,) = conflicts(plan, [Change("PM_NO_SUCH", Status.CONSIDER)])
    assert (found.wanted, found.allowed) == (Status.CONSIDER, Status.NOT_OFFERED)


def test_every_rule_that_leaves_less_than_is_wanted_is_named() -> None:
    plan = assessed(anticoagulant=True, peptic_ulcer="active", pref_no_medication=True).plan
    (found,) = conflicts(plan, [Change("PM_NSAID_ORAL", Status.CONSIDER)])
    (planned,) = [one for one in plan.options if one.id == "PM_NSAID_ORAL"]
    assert {one.rule for one in found.rules} == {
        one.rule
        for one in planned.reasons
        if one.effect and one.effect.value in ("withheld", "later", "clinician_only")
    }
    assert len(found.rules) >= 3
