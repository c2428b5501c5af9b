"""A second, independent reader of the FHIR documents: the validator of the npm package `fhir`.

It knows which codes an element must take and what a reference may point to, which the JSON schema does not.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from bot.clinical.fields import FIELDS
from bot.review.fhir import export_fhir
from tests.clinical.fact_sets import people
from tests.review import patients
from tests.review.cases import CaseBuilder
from tests.review.test_fhir import check, only, resources
from tests.review.varied import planned, varied, with_measures

Json = dict[str, Any]
Validate = Callable[[Json], list[str]]
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def validate() -> Iterator[Validate]:
    """What the validator has against a Bundle, warnings left out: they are about value sets one may leave."""
    subprocess.run([HERE.parents[1] / "tools" / "node.sh"], check=True)
    program = HERE / "fhir_validator" / "validate.js"
    with subprocess.Popen(
        ["node", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answered = process.stdin, process.stdout

        def ask(bundle: Json) -> list[str]:
            asked.write(f"{json.dumps(bundle)}\n")
            asked.flush()
            found = json.loads(answered.readline())
            return [
                f"{one['location']}: {one['message']}"
                for one in found
                if one["severity"] in ("fatal", "error")
            ]

        yield ask
    assert process.returncode == 0


def test_there_are_more_than_thirty_cases_of_every_urgency() -> None:
    assert len(varied()) > 30
    assert {case.episode.triage for case in varied().values()} == {
        *("self_manage", "routine_flag", "urgent_days", "same_day", "emergency_now"),
        None,
    }


@pytest.mark.parametrize("name", varied())
def test_every_case_passes_the_schema_and_the_validator(validate: Validate, name: str) -> None:
    assert validate(check(varied()[name])) == []


@settings(max_examples=20, deadline=None)
@given(answers=people(most=60))
def test_whatever_is_answered_passes_the_validator(validate: Validate, answers: Json) -> None:
    builder = CaseBuilder("any").agrees(*patients.ALL).learns("in my own words", "answer", **answers)
    assert validate(check(planned(builder.triaged()).build())) == []


def test_the_validator_finds_codes_properties_and_references_that_do_not_belong(validate: Validate) -> None:
    bundle: Json = json.loads(json.dumps(export_fhir(varied()["signed"])))
    patient = only(bundle, "Patient")["id"]
    resources(bundle, "CarePlan")[-1]["status"] = "nonsense"
    only(bundle, "RiskAssessment")["surprise"] = 1
    only(bundle, "Condition")["subject"]["reference"] = f"urn:uuid:{resources(bundle, 'CarePlan')[0]['id']}"
    del resources(bundle, "AuditEvent")[0]["agent"]
    found = " ".join(validate(bundle))
    assert patient not in found
    for one in (
        "nonsense",
        "surprise: Unexpected",
        "Condition.subject: Invalid type",
        "AuditEvent.agent: Missing",
    ):
        assert one in found


def test_every_field_of_the_vocabulary_makes_the_way_out_and_back(validate: Validate) -> None:
    """Each field with its first and its last value, and unsure where it may be."""
    for pick in (0, -1):
        told: Json = {}
        for name, field in FIELDS.items():
            if field.values:
                told[name] = [field.values[pick]] if field.kind.value == "list" else field.values[pick]
            elif field.minimum is not None and field.kind.value in ("int", "float"):
                told[name] = int((field.minimum, field.maximum)[pick] or 0)
            elif field.kind.value == "bool":
                told[name] = "unsure" if field.accepts_unsure and pick else not pick
        assert len(told) > 150
        case = CaseBuilder("all").agrees(*patients.ALL).learns("all of it", "answer", **told).build()
        assert validate(check(case)) == []


def test_the_items_of_a_measure_have_their_loinc_codes_and_the_words_that_were_asked() -> None:
    bundle = check(with_measures().build())
    asked = {one["linkId"]: one for one in only(bundle, "Questionnaire")["item"]}
    loinc = {name: [code["code"] for code in one.get("code", [])] for name, one in asked.items()}
    assert {name: codes for name, codes in loinc.items() if codes} == {
        "phq2_interest": ["44250-9"],
        "phq2_mood": ["44255-8"],
        "gad2_nervous": ["69725-0"],
        "gad2_worry": ["68509-9"],
    }
    assert asked["gad2_worry"]["text"].endswith("Not being able to stop or control worrying.")
    assert [one["extension"][0]["valueDecimal"] for one in asked["phq2_mood"]["answerOption"]] == [0, 1, 2, 3]
    statements = [one["valueCoding"]["display"] for one in asked["rmdq_7_to_12"]["answerOption"]]
    assert "I get dressed more slowly than usual because of my back." in statements
    assert "Pfizer" in only(bundle, "Questionnaire")["copyright"]
    response = resources(bundle, "QuestionnaireResponse")[0]
    answers = {one["linkId"]: one["answer"][0] for one in response["item"] if "answer" in one}
    assert answers["phq2_mood"]["valueCoding"] == {
        "system": "http://loinc.org",
        "code": "LA6571-9",
        "display": "Nearly every day",
    }
    totals = {
        one["code"]["coding"][-1]["code"]: one
        for one in resources(bundle, "Observation")
        if one["effectiveDateTime"] < "2026-11-26"
    }
    assert totals["phq2"]["code"]["coding"][0]["code"] == "55758-7"
    assert (totals["phq2"]["valueQuantity"]["value"], totals["rmdq"]["valueQuantity"]["value"]) == (5, 6)
    for name in ("gad2", "rmdq"):
        assert [one["code"] for one in totals[name]["code"]["coding"]] == [name]
    assert totals["leg_pain_score"]["bodySite"] == {"text": "Leg"}


def test_each_answered_check_in_is_a_contact_and_a_response_of_its_own() -> None:
    bundle = check(with_measures().build())
    _, *follow_ups = resources(bundle, "QuestionnaireResponse")
    told = [{one["linkId"] for one in response["item"]} for response in follow_ups]
    assert len(told) == 3
    assert {"nprs_now", "psfs_now", "adherence_pct"} <= told[1]
    assert "age" not in told[1]
    requests = {f"urn:uuid:{one['id']}" for one in resources(bundle, "CommunicationRequest")}
    sent = [one for one in resources(bundle, "Communication") if "basedOn" in one]
    assert len(sent) == 3
    assert {one["basedOn"][0]["reference"] for one in sent} < requests


def test_who_made_and_who_signed_a_plan_is_an_audit_event() -> None:
    bundle = check(varied()["signed"])
    events = [
        (one["type"]["code"], one["action"], one["entity"][0]["what"]["reference"])
        for one in resources(bundle, "AuditEvent")
    ]
    first, second = (f"urn:uuid:{one['id']}" for one in resources(bundle, "CarePlan"))
    assert events == [("originate", "C", first), ("originate", "C", second), ("attest", "U", second)]
    agents = [one["agent"][0]["who"]["reference"] for one in resources(bundle, "AuditEvent")]
    assert agents[-1] == f"urn:uuid:{only(bundle, 'Practitioner')['id']}"
