"""What the core really stores, read back by the summary: nothing of it is lost on the way to the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.clinical.assess import assess
from bot.clinical.rulebook import default_rulebook
from bot.review.summary import summarise
from bot.review.summary_html import export_html
from bot.review.summary_json import export_json
from bot.store.records import Case, JsonObject
from tests.review import patients
from tests.review.cases import STARTED, CaseBuilder, no_danger
from tests.review.documents import Document


def sciatica() -> CaseBuilder:
    """Pain below the knee for three weeks, stable."""
    builder = CaseBuilder("sciatica").agrees(*patients.ALL).learns(age=39, sex_at_birth="female")
    builder.learns(**{**no_danger(), "leg_pain": "below_knee", "leg_numbness": "one", "pregnant": "no"})
    return builder.learns(duration_weeks=3, leg_pain_trend="stable", leg_pain_onset_days=20).triaged()


def weight_loss() -> CaseBuilder:
    """Urgent within days: an interim plan."""
    builder = (
        CaseBuilder("weight").agrees(*patients.ALL).learns(age=66, sex_at_birth="male", duration_weeks=8)
    )
    return builder.learns(**{**no_danger(), "weight_loss_unexplained": "yes"}).triaged()


def pregnant() -> CaseBuilder:
    builder = CaseBuilder("pregnant").agrees(*patients.ALL).learns(age=31, sex_at_birth="female")
    return builder.learns(
        **{**no_danger(), "pregnant": "yes"}, duration_weeks=4, gestation_weeks=22
    ).triaged()


PATIENTS: dict[str, Callable[[], CaseBuilder]] = {
    "acute": patients.acute_uncomplicated,
    "thinner": patients.on_a_blood_thinner,
    "sciatica": sciatica,
    "weight loss": weight_loss,
    "pregnant": pregnant,
}


@pytest.fixture(params=PATIENTS)
def assessed(request: pytest.FixtureRequest) -> tuple[Case, JsonObject]:
    """A case with the plan that the core drafts for it, and that plan."""
    builder = PATIENTS[request.param]()
    plan = assess(builder.known(), default_rulebook(), on=date(STARTED.year, STARTED.month, STARTED.day))
    return builder.planned(plan.as_json()).build(), plan.as_json()


def test_every_option_and_every_reason_reaches_the_page(assessed: tuple[Case, JsonObject]) -> None:
    case, plan = assessed
    words = " ".join(Document.of(export_html(case)).words.split())
    assert plan["options"]
    for option in plan["options"]:
        assert option["name"] in words
        for reason in option["reasons"]:
            assert f"rule {reason['rule']}" in words
            assert reason["clinician"] in words
            assert all(source in words for source in reason["sources"])
    for finding in plan["findings"]:
        assert f"rule {finding['rule']}" in words
        assert finding["clinician"] in words


def test_what_was_held_back_from_the_patient_is_there_with_what_the_patient_is_told(
    assessed: tuple[Case, JsonObject],
) -> None:
    case, plan = assessed
    words = " ".join(Document.of(export_html(case)).words.split())
    for option in plan["options"]:
        if option["status"] in {"withheld", "clinician_only"}:
            assert all(reason["text"] in words for reason in option["reasons"])


def test_every_guideline_in_the_plan_is_named_in_full(assessed: tuple[Case, JsonObject]) -> None:
    case, plan = assessed
    words = Document.of(export_html(case)).words
    positions = [one for option in plan["options"] for one in option.get("positions", {}).values()]
    assert positions
    assert all(position["body"] in words for position in positions)


def test_what_rests_on_no_source_yet_is_marked_for_the_clinician() -> None:
    told = {**no_danger(), "chest_pain_or_breathless": True}
    case = CaseBuilder("chest").agrees(*patients.ALL).learns(age=50, **told).triaged().build()
    findings = {finding.rule: finding for finding in summarise(case, default_rulebook()).triage.findings}
    assert findings["G4"].mark == "to be verified"
    words = " ".join(Document.of(export_html(case)).words.split())
    assert f"{findings['G4'].clinician} Sources: GK. to be verified" in words


def test_a_reason_that_rests_on_no_source_yet_is_marked_too() -> None:
    builder = pregnant()
    plan = assess(builder.known(), default_rulebook()).as_json()
    summary = summarise(builder.planned(plan).build(), default_rulebook())
    assert summary.plan is not None
    options = [option for family in summary.plan.families for option in family.options]
    marks = {reason.rule: reason.mark for option in options for reason in option.reasons}
    assert marks["M07"] == "to be verified"
    assert "" in marks.values()


def test_every_source_is_resolved(assessed: tuple[Case, JsonObject]) -> None:
    case, _ = assessed
    sources = dict(summarise(case, default_rulebook()).sources)
    assert sources
    assert "not in the present rulebook" not in sources.values()


def test_no_code_of_the_vocabulary_is_left_without_words(assessed: tuple[Case, JsonObject]) -> None:
    case, _ = assessed
    summary = summarise(case, default_rulebook())
    assert summary.plan is not None
    for family in summary.plan.families:
        assert "_" not in family.title
        for option in family.options:
            assert "_" not in option.status_words + "".join(reason.effect for reason in option.reasons)
    assert not any("_" in flag.name + flag.severity for flag in summary.flags)


def test_the_json_carries_the_plan_unchanged(assessed: tuple[Case, JsonObject]) -> None:
    case, plan = assessed
    exported = export_json(case)["plan"]
    assert isinstance(exported, dict)
    assert exported["options"] == plan["options"]
    assert (exported["rulebook"], exported["profile"]) == (plan["rulebook"], plan["profile"])


def test_an_interim_plan_says_that_it_is_one() -> None:
    builder = weight_loss()
    plan = assess(builder.known(), default_rulebook())
    words = Document.of(export_html(builder.planned(plan.as_json()).build())).words
    assert "interim plan until a clinician has seen the patient" in words
    assert "Urgent, within days" in words


def test_a_goal_is_shown_with_the_patients_own_words_beside_it() -> None:
    builder = patients.acute_uncomplicated()
    plan = assess(builder.known(), default_rulebook(), on=date(2026, 11, 25)).as_json()
    words = Document.of(export_html(builder.planned(plan).build())).words
    (goal,) = plan["goals"]
    assert goal["text"] in words
    assert goal["if_then"] in words
