"""Every red-flag rule fires on its case, stays quiet on its near miss, and the picture adds up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clinical.facts import Facts
from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.clinical.triage import Finding, Triage, triage
from bot.clinical.urgency import Urgency

CASES: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "red_flag_cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]

TABLE_IDS = [
    *(f"A{n}" for n in range(1, 13)),
    *(f"B{n}" for n in range(1, 8)),
    *("C1", "C2", "C3", "C4", "C5", "C5b", "C6"),
    *(f"D{n}" for n in range(1, 6)),
    *(f"E{n}" for n in range(1, 6)),
    *(f"F{n}" for n in range(1, 5)),
    *(f"G{n}" for n in range(1, 9)),
    *(f"H{n}" for n in range(1, 4)),
    *(f"I{n}" for n in range(1, 5)),
    *(f"J{n}" for n in range(1, 8)),
]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return default_rulebook()


def picture(case: dict[str, Any], rulebook: Rulebook) -> Triage:
    facts = Facts.of(case["facts"], case.get("skipped", ()), case.get("ever"))
    return triage(facts, rulebook)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_clinician_would_class_the_case_so(case: dict[str, Any], rulebook: Rulebook) -> None:
    result = picture(case, rulebook)
    fired = {finding.rule for finding in result.findings}
    assert result.urgency.value == case["triage"], fired
    assert fired >= set(case.get("fires", ())), fired
    assert not fired & set(case.get("quiet", ())), fired
    assert set(case.get("actions", ())) <= set(result.actions)
    if "flags" in case:
        assert list(result.flags) == case["flags"]
    if "clarify" in case:
        assert list(result.clarify) == case["clarify"]


def test_every_row_of_the_table_is_a_rule(rulebook: Rulebook) -> None:
    assert set(TABLE_IDS) <= {rule.id for rule in rulebook.red_flags}


@pytest.mark.parametrize("expectation", ["fires", "quiet"])
def test_every_rule_has_a_case_and_a_near_miss(expectation: str, rulebook: Rulebook) -> None:
    covered = {rule for case in CASES for rule in case.get(expectation, ())}
    assert {rule.id for rule in rulebook.red_flags} - covered == set()


def test_every_red_flag_question_that_stays_unsure_asks_for_a_clinician(rulebook: Rulebook) -> None:
    from bot.clinical.facts import FIELDS

    for field in FIELDS.values():
        if field.red_flag:
            result = triage(Facts.of({field.name: "unsure"}), rulebook)
            assert result.urgency >= Urgency.URGENT_DAYS, field.name
            assert {"FL_INCOMPLETE", "FL_CES_UNCERTAIN"} & set(result.flags), field.name


def test_the_worst_finding_gives_the_class_and_the_flags_add_up(rulebook: Rulebook) -> None:
    result = triage(Facts.of({"age": 72, "fever": "yes", "saddle_numbness": "new"}), rulebook)
    assert result.urgency is Urgency.EMERGENCY_NOW
    assert result.findings[0].urgency is Urgency.EMERGENCY_NOW
    assert set(result.flags) >= {"FL_RED_CES", "FL_RED_INFECTION", "FL_AGE_70_PLUS"}
    assert "ACT_EMERGENCY" in result.actions
    assert "ACT_ROUTINE_REVIEW" not in result.actions


def test_the_safety_net_is_always_there_and_no_medicine_is_ever_stopped_abruptly(rulebook: Rulebook) -> None:
    for case in CASES:
        actions = picture(case, rulebook).actions
        assert "ACT_SAFETY_NET" in actions
        assert "ACT_STOP_MED_ABRUPT" not in actions


def test_a_finding_shows_the_facts_it_rests_on_and_no_others(rulebook: Rulebook) -> None:
    facts = Facts.of({"age": 74, "osteoporosis": "yes", "minor_trauma_recent": "yes", "pain_avg": 5})
    found = {finding.rule: finding for finding in triage(facts, rulebook).findings}
    assert found["D2"].facts_used == {"age": 74, "osteoporosis": "yes", "minor_trauma_recent": "yes"}
    assert found["D2"].sources == ("DOWNIE-HCP", "DOWNIE-PM")


def test_a_finding_shows_the_earlier_answer_that_still_counts(rulebook: Rulebook) -> None:
    facts = Facts.of({"bladder_change": "new"}).with_("bladder_change", "none")
    (finding,) = [one for one in triage(facts, rulebook).findings if one.rule == "A2"]
    assert finding.facts_used == {"bladder_change": "new"}


def test_a_later_stage_can_add_a_flag_with_a_floor(rulebook: Rulebook) -> None:
    calm = triage(Facts.of({"age": 40}), rulebook)
    reason = Finding("N04", Urgency.SELF_MANAGE, (), {"anticoagulant": True}, "words", "words", ("DESIGN",))
    raised = calm.with_flag("FL_MED_INTERACTION", reason)
    assert raised.urgency is Urgency.ROUTINE_FLAG
    assert raised.flags == ("FL_MED_INTERACTION",)
    assert raised.actions == ("ACT_ROUTINE_REVIEW", "ACT_SAFETY_NET")


def test_what_could_lower_the_class_is_forgotten_once_something_settles_it(rulebook: Rulebook) -> None:
    unsettled = triage(Facts.of({"leg_pain": "both_legs"}), rulebook)
    assert unsettled.clarify == ("leg_pain_onset_days",)
    settled = triage(Facts.of({"leg_pain": "both_legs", "saddle_numbness": "new"}), rulebook)
    assert settled.clarify == ()
    declined = triage(Facts.of({"leg_pain": "both_legs"}, skipped=["leg_pain_onset_days"]), rulebook)
    assert declined.clarify == ()
