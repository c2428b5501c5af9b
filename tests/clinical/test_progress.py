"""Every check-in rule fires on its case and stays quiet on its near miss, and the check-in adds up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clinical.facts import Facts
from bot.clinical.history import History, PastCheckIn
from bot.clinical.measures import Direction
from bot.clinical.progress import Progress, progress, progress_findings
from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.clinical.status import Status
from bot.clinical.triage import Triage, triage
from bot.clinical.urgency import Urgency
from tests.clinical.readability import grade
from tests.clinical.situations import history_of

CASES: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "progress_cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]

#: the facts of acceptance case O11: six weeks in, with little change and a plan well kept
PLATEAU = {
    "age": 49,
    "duration_weeks": 16,
    "checkin_day": 42,
    "nprs_baseline": 7,
    "nprs_now": 6,
    "psfs_baseline": 3.0,
    "psfs_now": 3.3,
    "gpe": 0,
    "adherence_pct": 80,
    "adverse_event": "none",
    "missed_checkins": 0,
    "saddle_numbness": "none",
    "bladder_change": "none",
    "fever": "no",
    "leg_pain": "none",
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return default_rulebook()


def outcome(case: dict[str, Any], rulebook: Rulebook) -> Progress:
    facts = Facts.of(case["facts"], case.get("skipped", ()), case.get("ever"))
    return progress(facts, history_of(case), rulebook)


def check_in(rulebook: Rulebook, history: History | None = None, **facts: Any) -> Progress:
    return progress(Facts.of(facts), history or History(), rulebook)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_clinician_would_judge_the_check_in_so(case: dict[str, Any], rulebook: Rulebook) -> None:
    result = outcome(case, rulebook)
    fired = {finding.rule for finding in result.findings}
    assert result.triage.urgency.value == case["triage"], fired
    assert fired >= set(case.get("fires", ())), fired
    assert not fired & set(case.get("quiet", ())), fired
    assert set(case.get("actions", ())) <= set(result.actions)
    if "flags" in case:
        assert set(result.flags) == set(case["flags"])
    if "adjustments" in case:
        assert set(result.adjustments) == set(case["adjustments"])
    by_rule = {finding.rule: finding for finding in result.findings}
    for rule, expected in case.get("by_rule", {}).items():
        assert [by_rule[rule].urgency.value, *by_rule[rule].adjustments][: len(expected)] == expected, rule
    if "options" in case:
        assert [f"{one.option}:{one.status.value}" for one in result.options] == case["options"]


@pytest.mark.parametrize("expectation", ["fires", "quiet"])
def test_every_rule_has_a_case_and_a_near_miss(expectation: str, rulebook: Rulebook) -> None:
    covered = {rule for case in CASES for rule in case.get(expectation, ())}
    assert {one.rule.id for one in rulebook.progress.rules} - covered == set()


def test_every_row_of_the_table_is_a_rule(rulebook: Rulebook) -> None:
    assert {one.rule.id for one in rulebook.progress.rules} == {f"K{n}" for n in range(1, 14)}


def test_a_plateau_at_week_six_is_reviewed_and_stepped_up_not_suspended(rulebook: Rulebook) -> None:
    facts = Facts.of(PLATEAU)
    before = triage(facts, rulebook)
    after = before.with_findings(*progress_findings(facts, before, rulebook))
    assert before.urgency is Urgency.SELF_MANAGE
    assert after.urgency is Urgency.ROUTINE_FLAG
    assert after.flags == ("FL_PLATEAU",)
    assert after.actions == ("ACT_ROUTINE_REVIEW", "ACT_SAFETY_NET")
    assert after.adjustments == ("ADJ_STEP_UP",)


def test_the_facts_alone_and_an_empty_history_say_the_same(rulebook: Rulebook) -> None:
    for case in CASES:
        if "history" not in case:
            facts = Facts.of(case["facts"], case.get("skipped", ()), case.get("ever"))
            found = progress_findings(facts, triage(facts, rulebook), rulebook)
            assert found == outcome(case, rulebook).findings, case["case"]


@pytest.mark.parametrize(
    "facts",
    [
        {"adverse_event": "allergic_swelling"},
        {"adverse_event": "gi_upset", "generally_unwell": True},
        {"adverse_event": "fall", "age": 70},
    ],
)
def test_a_bad_effect_suspends_a_plan_without_any_red_flag(facts: dict[str, Any], rulebook: Rulebook) -> None:
    found = progress_findings(Facts.of(facts), Triage(), rulebook)
    assert "ADJ_SUSPEND_PLAN" in {one for finding in found for one in finding.adjustments}


def test_what_a_clinician_would_ask_next_is_asked_in_full(rulebook: Rulebook) -> None:
    assert check_in(rulebook, gpe=-2).triage.ask == ("leg_pain", "leg_numbness", "leg_weakness")
    assert check_in(rulebook, adverse_event="gi_upset").triage.ask == ("abdominal_pain_new",)
    fall = check_in(rulebook, adverse_event="fall").triage
    assert fall.ask == ("major_trauma_recent", "minor_trauma_recent")


def test_an_intake_has_no_progress(rulebook: Rulebook) -> None:
    facts = Facts.of({"age": 40, "pain_avg": 7, "saddle_numbness": "new", "nprs_baseline": 7})
    assert progress_findings(facts, triage(facts, rulebook), rulebook) == ()


def test_a_suspended_plan_is_neither_built_up_nor_cut_back(rulebook: Rulebook) -> None:
    result = check_in(
        rulebook,
        **{**PLATEAU, "saddle_numbness": "new", "nprs_now": 9, "adherence_pct": 20},
    )
    assert result.suspends_plan
    assert result.adjustments == ("ADJ_SUSPEND_PLAN",)
    assert set(result.flags) == {"FL_RED_CES", "FL_WORSENING", "FL_PLATEAU"}
    assert "K10" not in {finding.rule for finding in result.findings}


def test_in_danger_the_patient_hears_of_nothing_but_the_danger(rulebook: Rulebook) -> None:
    result = check_in(rulebook, **{**PLATEAU, "nprs_now": 2, "adverse_event": "black_stool_or_blood"})
    assert [text.split(".")[0] for text in result.told] == [
        "Please pause your plan for now",
        "You told us about black stools or blood, or about swelling",
    ]


def test_the_patient_hears_how_it_went_and_then_what_to_do(rulebook: Rulebook) -> None:
    told = check_in(rulebook, **PLATEAU).told
    assert told[:2] == (
        "Your pain was 7 out of 10 at the start. It is 6 now.",
        "Your activity was 3 out of 10 at the start. It is 3.3 now.",
    )
    assert len(told) == 3
    assert told[2].startswith("It has been six weeks or more")


def test_a_later_rule_speaks_for_the_earlier_ones(rulebook: Rulebook) -> None:
    told = check_in(rulebook, **{**PLATEAU, "checkin_day": 84}).told
    assert [text for text in told if "weeks" in text] == [
        rulebook.progress.by_id("K9").rule.patient,  # type: ignore[union-attr]
    ]


def test_worse_than_the_best_is_not_told_as_a_gain(rulebook: Rulebook) -> None:
    best = History(Facts.of({"pain_avg": 9}), (PastCheckIn(14, Facts.of({"nprs_now": 3})),))
    result = check_in(rulebook, best, checkin_day=21, nprs_now=6)
    assert result.trends[0].direction is Direction.IMPROVED
    assert result.trends[0].best == 3
    assert result.told == (rulebook.progress.by_id("K2").rule.patient,)  # type: ignore[union-attr]


def test_a_silent_patient_is_not_told_off(rulebook: Rulebook) -> None:
    past = History(
        Facts.of({"pain_avg": 5}),
        (PastCheckIn(7, Facts.of({"adherence_pct": 10, "nprs_now": 5})),),
        missed=2,
        told={"adherence_pct": 7, "nprs_now": 7},
    )
    result = check_in(rulebook, past, checkin_day=21, adherence_pct=10, nprs_now=5)
    assert result.told == (rulebook.progress.by_id("K11").rule.patient,)  # type: ignore[union-attr]


def test_twelve_weeks_put_the_combined_programme_before_a_clinician(rulebook: Rulebook) -> None:
    (option,) = check_in(rulebook, checkin_day=84, nprs_baseline=8, nprs_now=4).options
    assert (option.option, option.status) == ("PSY_COMBINED_PROGRAMME", Status.CLINICIAN_ONLY)


def test_a_finding_shows_the_numbers_it_rests_on(rulebook: Rulebook) -> None:
    result = check_in(rulebook, **PLATEAU)
    (plateau,) = [finding for finding in result.findings if finding.rule == "K8"]
    assert plateau.facts_used == {name: PLATEAU[name] for name in plateau.facts_used}
    assert plateau.facts_used.keys() == {
        *("checkin_day", "nprs_baseline", "nprs_now", "psfs_baseline", "psfs_now")
    }
    assert plateau.sources[0] == "GPN-REF"


def test_what_a_patient_may_be_told_is_easy_to_read_and_names_no_diagnosis(rulebook: Rulebook) -> None:
    texts = [one.rule.patient for one in rulebook.progress.rules]
    for measure in rulebook.measures.measures.values():
        texts += [
            words.fill(lambda gap: {"baseline": "7", "now": "4"}[gap]) for words in measure.told.values()
        ]
    assert len(texts) == 19
    for text in texts:
        assert len(text.split()) <= 45
        assert grade(text) <= 8, text


def test_medicines_listed_by_name_count(rulebook: Rulebook) -> None:
    result = check_in(rulebook, checkin_day=3, drowsy_or_slow_breathing=True, current_meds=["oxycodone"])
    assert result.triage.urgency is Urgency.EMERGENCY_NOW
    assert result.suspends_plan
    assert result.facts["current_opioid"] is True


def test_the_result_names_the_rules_it_rests_on(rulebook: Rulebook) -> None:
    assert check_in(rulebook, **PLATEAU).rulebook == rulebook.version
