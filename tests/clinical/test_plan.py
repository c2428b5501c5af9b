"""Every rule on options does to a plan what a clinician would expect, and stays out of it where it has no say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clinical.facts import Facts
from bot.clinical.medicines import with_listed_medicines
from bot.clinical.plan import Plan, PlannedOption, draft_plan
from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.clinical.triage import triage
from bot.clinical.vocabulary import OPTIONS
from tests.clinical.situations import COLUMNS

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = [
    case
    for path in sorted((HERE / "plan_cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
KEYS = {
    *("case", "facts", "skipped", "ever", "profile", "triage", "flags", "no_flags", "plan", "fires"),
    *("quiet", "instead", "says", "order", "start", "later", "goal"),
}

TABLE = yaml.safe_load((HERE / "plan_table" / "international.yaml").read_text(encoding="utf-8"))
LETTERS = {"R": "recommend", "C": "consider", "K": "clinician_only", "X": "not_offered", "-": "absent"}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return default_rulebook()


def drafted(case: dict[str, Any], rulebook: Rulebook) -> Plan:
    facts = Facts.of(case["facts"], case.get("skipped", ()), case.get("ever"))
    known = with_listed_medicines(facts, rulebook.contraindications)
    return draft_plan(known, triage(known, rulebook), rulebook, case.get("profile", "international"))


def by_id(plan: Plan) -> dict[str, PlannedOption]:
    return {option.id: option for option in plan.options}


def standing(options: dict[str, PlannedOption], option: str) -> str:
    return options[option].status.value if option in options else "absent"


def rules_of(options: dict[str, PlannedOption], option: str) -> set[str]:
    return {reason.rule for reason in options[option].reasons} if option in options else set()


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_clinician_would_plan_the_case_so(case: dict[str, Any], rulebook: Rulebook) -> None:
    plan = drafted(case, rulebook)
    options = by_id(plan)
    assert case.keys() <= KEYS
    assert plan.triage.urgency.value == case.get("triage", plan.triage.urgency.value), plan.flags
    assert set(case.get("flags", ())) <= set(plan.flags)
    assert not set(case.get("no_flags", ())) & set(plan.flags)
    assert {one: standing(options, one) for one in case.get("plan", ())} == case.get("plan", {})
    for option, rules in case.get("fires", {}).items():
        assert set(rules) <= rules_of(options, option), option
    for option, rules in case.get("quiet", {}).items():
        assert not set(rules) & rules_of(options, option), option
    for option, others in case.get("instead", {}).items():
        assert list(options[option].instead) == others
    for option, words in case.get("says", {}).items():
        assert any(words in reason.text for reason in options[option].reasons), options[option].reasons
    told = [option.id for option in plan.options if option.id in case.get("order", ())]
    assert told == case.get("order", [])
    assert {one: options[one].start_week for one in case.get("start", ())} == case.get("start", {})
    if "later" in case:
        assert {option.id for option in plan.options if option.later} == set(case["later"])
    for option, words in case.get("goal", {}).items():
        assert words in (options[option].goal or "")


@pytest.mark.parametrize("column", COLUMNS)
def test_the_table_of_the_guidelines_is_the_beginning_of_every_plan(column: str, rulebook: Rulebook) -> None:
    plan = drafted({"facts": {"age": 40, **COLUMNS[column]}}, rulebook)
    options = by_id(plan)
    assert {option: standing(options, option) for option in OPTIONS} == {
        option: LETTERS[cells[column]] for option, cells in TABLE.items()
    }


@pytest.mark.parametrize("expectation", ["fires", "quiet"])
def test_every_rule_on_options_has_a_case_and_a_near_miss(expectation: str, rulebook: Rulebook) -> None:
    covered = {rule for case in CASES for rules in case.get(expectation, {}).values() for rule in rules}
    book, person = rulebook.contraindications, rulebook.personalisation
    every = {rule.id for rule in (*book.holds, *book.rules, *person.rules, *person.choices)}
    always = {"P01"} if expectation == "quiet" else set()
    assert every - covered - always == set()


def test_every_row_of_the_contraindication_and_personalisation_tables_is_a_rule(rulebook: Rulebook) -> None:
    person = rulebook.personalisation
    rules = {rule.id for rule in (*rulebook.contraindications.rules, *person.rules, *person.choices)}
    assert {f"N{n:02}" for n in range(1, 23)} <= rules
    assert {f"P{n:02}" for n in range(1, 12)} <= rules
    assert {f"M{n:02}" for n in range(1, 9)} <= rules
    assert {f"A{n:02}" for n in range(1, 7)} <= rules
    assert {"H01", "H02", "H03", "X01", "X02", "X03", "X04", "X05", "X07"} <= rules
    assert {f"L{n:02}" for n in range(1, 26)} <= rules
    assert {hold.id for hold in rulebook.contraindications.holds} == {"X06", "X06b", "I1b"}


FLAGGING = [*(f"N{n:02}" for n in range(2, 10)), *("N11", "N15", "N16", "N17", "P06", "P09")]


def test_medicine_clashes_reach_the_clinician_with_a_review_of_all_medicines(rulebook: Rulebook) -> None:
    flagged = [rule for rule in rulebook.contraindications.rules if rule.flag == "FL_MED_INTERACTION"]
    assert {rule.id for rule in flagged} == set(FLAGGING)
    assert all(rule.adds == ("PM_MED_REVIEW",) for rule in flagged)


def test_a_flag_of_planning_says_which_rule_raised_it(rulebook: Rulebook) -> None:
    plan = drafted({"facts": {"age": 40, "anticoagulant": True, "ssri_snri": True}}, rulebook)
    found = {finding.rule: finding for finding in plan.triage.findings}
    assert plan.raised == ("FL_MED_INTERACTION",)
    assert {"N04", "N05", "P09"} <= found.keys()
    assert found["N04"].facts_used == {"anticoagulant": True}
    assert plan.actions == ("ACT_ROUTINE_REVIEW", "ACT_SAFETY_NET")


def test_planning_twice_says_everything_once(rulebook: Rulebook) -> None:
    facts = Facts.of({"age": 40, "current_meds": ["apixaban", "co-codamol"]})
    known = with_listed_medicines(facts, rulebook.contraindications)
    first = draft_plan(known, triage(known, rulebook), rulebook)
    again = draft_plan(known, first.triage, rulebook)
    assert again.triage == first.triage
    assert [(one.id, one.status, one.reasons) for one in again.options] == [
        (one.id, one.status, one.reasons) for one in first.options
    ]
    assert with_listed_medicines(known, rulebook.contraindications)["current_meds"] == known["current_meds"]


def test_a_reason_shows_the_facts_it_rests_on_and_no_others(rulebook: Rulebook) -> None:
    facts = {"age": 66, "duration_weeks": 2, "anticoagulant": True, "pain_avg": 5, "smoker": True}
    reasons = {one.rule: one for one in by_id(drafted({"facts": facts}, rulebook))["PM_NSAID_ORAL"].reasons}
    assert reasons["N04"].facts == {"anticoagulant": True}
    assert reasons["N14"].facts == {"age": 66}
    assert reasons["N04"].sources == ("ARTHRITIS-CA", "GGC-NSAID", "MEDIGUARD-FDA")
    assert reasons["N04"].status == "design"


def test_a_reason_of_two_sources_has_both_and_the_less_settled_mark(rulebook: Rulebook) -> None:
    facts = {"age": 40, "duration_weeks": 2, "phq2": 4}
    (reason,) = by_id(drafted({"facts": facts}, rulebook))["PSY_CBT"].reasons
    assert (reason.rule, reason.status) == ("L03", "design")
    assert reason.sources == ("DESIGN", "PALLANT", "ARROLL", "GLC-ACP", "GLC-WHO")


def test_the_reason_that_decided_comes_first(rulebook: Rulebook) -> None:
    facts = {"age": 66, "duration_weeks": 2, "anticoagulant": True, "hypertension": "uncontrolled"}
    options = by_id(drafted({"facts": facts}, rulebook))
    assert options["PM_NSAID_ORAL"].reasons[0].rule == "N04"
    assert options["PT_STRENGTH"].reasons[0].rule == "X01"
    assert options["PT_GRADED_WALK"].reasons[0].rule == "T_PT_GRADED_WALK"


@pytest.mark.parametrize(
    ("weeks", "words"),
    [
        (0, "Your back pain started less than a day ago."),
        (0.15, "Your back pain started 1 day ago."),
        (1, "Your back pain started 7 days ago."),
        (2, "Your back pain started 2 weeks ago."),
        (6, "You told us your back pain has lasted 6 weeks."),
        (12, "You told us your back pain has lasted 12 weeks."),
        (13, "You told us your back pain has lasted about 3 months."),
        (60, "You told us your back pain has lasted about 14 months."),
        (520, "You told us your back pain has lasted about 10 years."),
    ],
)
def test_a_duration_is_said_in_plain_words(weeks: float, words: str, rulebook: Rulebook) -> None:
    plan = drafted({"facts": {"age": 40, "duration_weeks": weeks}}, rulebook)
    assert by_id(plan)["PT_GRADED_WALK"].reasons[0].text.startswith(words)


def test_an_unknown_guideline_profile_is_refused(rulebook: Rulebook) -> None:
    facts = Facts.of({"age": 40})
    with pytest.raises(ValueError, match="international, nice"):
        draft_plan(facts, triage(facts, rulebook), rulebook, "british")
