"""The FHIR R4 document: valid by the official schema, every reference meets its entry, no fact is lost.

`fhir_r4_schema.json` holds the definitions that these resources need, out of the official R4 JSON schema
(which HL7 gives away under CC0), unchanged but for their descriptions; only the list of all resources is
left open, since each resource is checked by its own definition.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft6Validator

from bot.clinical.fields import FIELDS
from bot.clinical.rulebook import default_rulebook
from bot.review.fhir import export_fhir, facts_in
from bot.review.fhir.codes import LOINC
from bot.review.fhir.questionnaire import NOTHING
from bot.review.sharing import as_shared
from bot.store.records import Case, Remark, Review
from tests.clinical.fact_sets import people
from tests.review import patients
from tests.review.browser import Browser
from tests.review.cases import CaseBuilder
from tests.review.clinics import Clinic, private
from tests.review.test_exports import FORMULA, MARKUP, NO_FONT, PATIENTS, assessed
from tests.review.test_real_assessments import pregnant, sciatica, weight_loss

Json = dict[str, Any]
#: required value sets of R4 that the JSON schema leaves open, for the elements that we fill
VALUE_SETS: dict[tuple[str, str], set[str]] = {
    ("CarePlan", "status"): {
        *("draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"),
    },
    ("CarePlan", "intent"): {"proposal", "plan", "order", "option"},
    ("Communication", "status"): {
        *("preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error"),
        "unknown",
    },
    ("CommunicationRequest", "status"): {
        *("draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"),
    },
    ("RiskAssessment", "status"): {
        *("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error"),
        "unknown",
    },
    ("DetectedIssue", "status"): {
        *("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error"),
        "unknown",
    },
    ("Task", "intent"): {
        *("unknown", "proposal", "plan", "order", "original-order", "reflex-order", "filler-order"),
        *("instance-order", "option"),
    },
}
ALL = {
    **{name: make() for name, make in PATIENTS.items()},
    **{make.__name__: assessed(make()) for make in (sciatica, weight_loss, pregnant)},
}


@lru_cache(maxsize=1)
def definitions() -> Json:
    file = Path(__file__).with_name("fhir_r4_schema.json")
    found: Json = json.loads(file.read_text(encoding="utf-8"))["definitions"]
    return found


@lru_cache(maxsize=64)
def validator(kind: str) -> Draft6Validator:
    return Draft6Validator({"$ref": f"#/definitions/{kind}", "definitions": definitions()})


def resources(bundle: Json, kind: str | None = None) -> list[Json]:
    found = [entry["resource"] for entry in bundle["entry"]]
    return [one for one in found if kind in (None, one["resourceType"])]


def only(bundle: Json, kind: str) -> Json:
    (found,) = resources(bundle, kind)
    return found


def problems(bundle: Json) -> list[str]:
    """What the official schema says against the Bundle and each resource in it."""
    everything = (bundle, *resources(bundle))
    return [
        *(
            f"{one['resourceType']} {error.json_path}: {error.message[:200]}"
            for one in everything
            for error in validator(one["resourceType"]).iter_errors(one)
        ),
        *(
            f"{kind} $.{name}: not in its value set"
            for one in everything
            for (kind, name), allowed in VALUE_SETS.items()
            if one["resourceType"] == kind and one[name] not in allowed
        ),
    ]


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def empties(value: object) -> Iterator[object]:
    if value is None or value == "" or value == [] or value == {}:
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from empties(one)


def standing(case: Case) -> Json:
    return {one.field: one.value for one in case.facts if not one.retracted}


def check(case: Case) -> Json:
    """Everything that holds for every document."""
    bundle: Json = json.loads(json.dumps(export_fhir(case)))
    assert problems(bundle) == []
    assert list(empties(bundle)) == []
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(addresses) == len(set(addresses))
    assert set(references(bundle)) <= set(addresses)
    assert [f"urn:uuid:{one['id']}" for one in resources(bundle)] == addresses
    assert (bundle["type"], bundle["entry"][0]["resource"]["resourceType"]) == ("document", "Composition")
    assert bundle["identifier"]["value"] == case.episode.id
    assert facts_in(bundle) == standing(case)
    return bundle


@pytest.mark.parametrize("name", ALL)
def test_every_case_is_a_valid_document_whose_references_meet(name: str) -> None:
    check(ALL[name])


@settings(max_examples=40, deadline=None)
@given(answers=people())
def test_no_fact_is_lost_on_the_way_out_and_back(answers: Json) -> None:
    check(CaseBuilder("any").agrees(*patients.ALL).learns("in my own words", "answer", **answers).build())


@settings(max_examples=10, deadline=None)
@given(answers=people(most=60))
def test_every_plan_that_the_rules_make_is_a_valid_document(answers: Json) -> None:
    builder = CaseBuilder("any").agrees(*patients.ALL).learns(**answers).triaged()
    bundle = check(assessed(builder))
    assert len(only(bundle, "CarePlan")["activity"]) > 10


def test_the_schema_finds_what_is_wrong() -> None:
    bundle: Json = json.loads(json.dumps(export_fhir(ALL["thinner"])))
    resources(bundle, "CarePlan")[-1]["status"] = "nonsense"
    only(bundle, "RiskAssessment")["surprise"] = 1
    del resources(bundle, "Flag")[0]["subject"]
    found = problems(bundle)
    assert {line.split(" ")[0] for line in found} == {"CarePlan", "RiskAssessment", "Flag"}


def test_the_same_case_gives_the_same_document() -> None:
    assert export_fhir(PATIENTS["thinner"]()) == export_fhir(PATIENTS["thinner"]())


def test_the_questionnaire_asks_every_field_by_its_name() -> None:
    asked = only(export_fhir(ALL["acute"]), "Questionnaire")["item"]
    assert [one["linkId"] for one in asked] == list(FIELDS)


def test_none_of_a_list_is_an_answer_and_own_words_are_not_a_code() -> None:
    case = CaseBuilder("e").agrees(*patients.ALL).learns("nothing", "answer", current_meds=[]).build()
    (item,) = only(check(case), "QuestionnaireResponse")["item"]
    assert item["answer"][0]["valueCoding"]["code"] == NOTHING
    case = CaseBuilder("e").agrees(*patients.ALL).learns("x", "answer", current_meds=[NOTHING]).build()
    (item,) = only(check(case), "QuestionnaireResponse")["item"]
    assert item["answer"] == [{"valueString": NOTHING}]
    assert item["extension"][0]["valueString"] == "x"


def test_pain_has_its_loinc_code_and_unit() -> None:
    observed = resources(export_fhir(ALL["acute"]), "Observation")
    pain = next(one for one in observed if one["code"]["coding"][-1]["code"] == "pain_avg")
    assert pain["code"]["coding"][0] == {
        "system": LOINC,
        "code": "72514-3",
        "display": "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
    }
    assert pain["valueQuantity"]["code"] == "{score}"


def test_a_draft_is_a_proposal_with_every_option_and_its_reason() -> None:
    plan = resources(export_fhir(ALL["thinner"]), "CarePlan")[-1]
    assert (plan["status"], plan["intent"]) == ("draft", "proposal")
    by_code = {one["detail"]["code"]["coding"][0]["code"]: one["detail"] for one in plan["activity"]}
    tablets = by_code["PM_NSAID_ORAL"]
    assert (tablets["status"], tablets["doNotPerform"]) == ("cancelled", True)
    assert tablets["statusReason"]["text"].startswith("withheld: Additive bleeding risk")
    assert by_code["PT_GRADED_WALK"]["status"] == "not-started"
    issue = only(export_fhir(ALL["thinner"]), "DetectedIssue")
    assert (issue["severity"], issue["code"]["coding"][0]["code"]) == ("high", "PM_NSAID_ORAL")
    assert "Rule N04" in issue["detail"]
    composition = only(export_fhir(ALL["thinner"]), "Composition")
    assert composition["status"] == "preliminary"
    assert only(export_fhir(ALL["thinner"]), "Task")["status"] == "requested"


def test_a_signed_plan_is_active_and_says_who_signed_and_what_it_replaced() -> None:
    base = patients.on_a_blood_thinner()
    first = assessed(base)
    version = len(first.plans)
    signed = base.reviewed("accept", version).build()
    plans = tuple(
        dataclasses.replace(one, status="reviewed" if one.version == version else "superseded")
        for one in signed.plans
    )
    bundle = check(dataclasses.replace(signed, plans=plans))
    before, after = resources(bundle, "CarePlan")
    assert (before["status"], after["status"], after["intent"]) == ("revoked", "active", "plan")
    assert after["replaces"][0]["reference"] == f"urn:uuid:{before['id']}"
    composition = only(bundle, "Composition")
    assert (composition["status"], composition["attester"][0]["mode"]) == ("final", "professional")
    agents = [one["type"]["coding"][0]["code"] for one in resources(bundle, "Provenance")[1]["agent"]]
    assert agents == ["author", "verifier"]
    assert only(bundle, "Practitioner")["name"] == [{"text": "dr.rossi"}]
    assert only(bundle, "Task")["note"][0]["text"] == "Fits what I heard on the phone."


def test_what_clinicians_wrote_to_the_patient_is_a_communication_and_a_note_is_not() -> None:
    case = patients.on_a_blood_thinner().build()
    at = case.episode.updated_at
    remarks = tuple(
        Remark(f"r{n}", case.episode.id, "c1", "dr.rossi", kind, f"{kind} text", at, seq, None)
        for n, (kind, seq) in enumerate((("question", 9), ("note", None)))
    )
    bundle = check(dataclasses.replace(case, remarks=remarks))
    texts = [one["payload"][0]["contentString"] for one in resources(bundle, "Communication")]
    assert texts == ["question text"]
    assert "note text" not in json.dumps(bundle)


def test_hostile_words_stay_text() -> None:
    base = patients.on_a_blood_thinner().patient(MARKUP, goals=[MARKUP, FORMULA, NO_FONT]).build()
    hostile = Review("r", base.episode.id, 1, "c1", "<b>dr</b>", "reject", MARKUP, base.episode.updated_at)
    case = dataclasses.replace(base, reviews=(hostile,))
    bundle: Json = export_fhir(case)
    assert problems(json.loads(json.dumps(bundle))) == []
    divs = [one["text"]["div"] for one in only(bundle, "Composition")["section"]]
    assert not any("<b>" in one for one in divs)
    assert any("&lt;b&gt;dr&lt;/b&gt;" in one for one in divs)
    assert "\u202e" not in json.dumps(bundle, ensure_ascii=False)


async def test_the_console_gives_it_with_its_media_type_and_nothing_that_is_not_shared(
    clinic: Clinic, clinician: Browser
) -> None:
    answer = await clinician.open(f"/episodes/{clinic.episodes['numb']}.fhir")
    assert answer.headers["content-type"] == "application/fhir+json"
    assert problems(answer.json()) == []
    hidden = await clinician.open(f"/episodes/{clinic.episodes['private']}.fhir")
    assert "nobody is to know" not in hidden.text
    assert resources(hidden.json(), "QuestionnaireResponse") == []
    assert problems(hidden.json()) == []


def test_a_withheld_case_has_its_class_and_consents_only() -> None:
    bundle: Json = export_fhir(as_shared(private().build()), default_rulebook(), withheld=True)
    kinds = {one["resourceType"] for one in resources(bundle)}
    assert kinds == {"Composition", "Patient", "Device", "Questionnaire", "RiskAssessment", "Consent"}
