"""The JSON of a summary: its keys, its times, and what outside tools read from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.review.summary_json import export_json
from tests.review import patients
from tests.review.cases import CaseBuilder

PATIENTS: dict[str, Callable[[], CaseBuilder]] = {
    "acute": patients.acute_uncomplicated,
    "thinner": patients.on_a_blood_thinner,
    "numb": patients.cauda_equina,
    "declined": patients.declined,
    "under way": patients.under_way,
    "corrected": patients.corrected,
}
KEYS = {
    *("episode", "conversation", "patient", "channel", "status", "started_at", "updated_at"),
    *("facts", "skipped", "retracted", "corrections", "triage", "flags", "findings", "red_flags"),
    *("plan", "goals", "check_ins", "measures", "consents", "reviews", "transcript", "rulebook"),
}


def exported(builder: CaseBuilder) -> dict[str, object]:
    """What a reader of the file gets."""
    read: dict[str, object] = json.loads(json.dumps(export_json(builder.build())))
    return read


@pytest.mark.parametrize("name", PATIENTS)
def test_every_export_has_the_same_keys(name: str) -> None:
    document = exported(PATIENTS[name]())
    assert set(document) >= KEYS
    assert document.keys() == exported(PATIENTS["acute"]()).keys()


@pytest.mark.parametrize("name", PATIENTS)
def test_every_time_is_in_utc(name: str) -> None:
    def times(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [one for key, one in value.items() if key == "at" or key.endswith("_at")]
            return [one for one in own if one is not None] + [
                time for one in value.values() for time in times(one)
            ]
        return [time for one in value for time in times(one)] if isinstance(value, list) else []

    found = times(exported(PATIENTS[name]()))
    assert found
    for text in found:
        assert text.endswith("Z")
        assert datetime.fromisoformat(text.replace("Z", "+00:00")).utcoffset() == timedelta(0)


def test_a_fact_has_its_value_its_words_its_time_its_source_and_whether_it_is_restricted() -> None:
    facts = exported(patients.cauda_equina())["facts"]
    assert facts["saddle_numbness"] == {
        "value": "new",
        "words": "desk job, though i cant really feel when i wipe since yesterday",
        "at": "2026-11-25T09:03:00Z",
        "source": "screen",
        "restricted": False,
        "message": 3,
    }


def test_restricted_facts_are_marked() -> None:
    facts = exported(CaseBuilder().learns(iv_drug_use="no", age=40))["facts"]
    assert (facts["iv_drug_use"]["restricted"], facts["age"]["restricted"]) == (True, False)


def test_the_newest_answer_that_stands_is_the_fact_and_the_rest_is_history() -> None:
    document = exported(patients.corrected())
    assert document["facts"]["pain_avg"]["value"] == 4
    assert "anticoagulant" not in document["facts"]
    assert [(one["field"], one["value"], one["words"]) for one in document["retracted"]] == [
        ("anticoagulant", True, "I take warfarin")
    ]
    assert {"field": "pain_avg", "before": "7/10", "now": "4/10"}.items() <= document["corrections"][
        0
    ].items()


def test_the_plan_carries_the_options_as_they_were_stored() -> None:
    plan = exported(patients.on_a_blood_thinner())["plan"]
    assert (plan["version"], plan["status"], plan["rulebook"]) == (1, "draft", "2026-11-23+0123456789")
    assert plan["options"] == [patients.WALKING, patients.HEAT, patients.NEEDLES, patients.NO_TABLETS]


def test_only_the_latest_version_of_the_plan_is_given_whole() -> None:
    document = exported(patients.acute_uncomplicated().planned(patients.assessment(patients.HEAT)))
    assert [one["id"] for one in document["plan"]["options"]] == ["PM_HEAT"]
    assert [(one["version"], one["status"]) for one in document["plans"]] == [(1, "superseded"), (2, "draft")]


def test_without_a_plan_there_is_none_and_no_goal() -> None:
    document = exported(patients.cauda_equina())
    assert (document["plan"], document["goals"]) == (None, [])


def test_the_danger_box_is_there_for_machines_too() -> None:
    red_flags = exported(patients.cauda_equina())["red_flags"]
    assert red_flags["positive"][0]["field"] == "saddle_numbness"
    assert "A1" in red_flags["positive"][0]["rules"]
    assert {"field": "cancer_history", "answer": "unsure"} in red_flags["unclear"]
    assert "bladder_change" in red_flags["not_asked"]
    assert red_flags["negative"] == ["fever"]


def test_findings_name_the_rule_its_class_and_its_sources() -> None:
    finding = exported(patients.cauda_equina())["findings"][0]
    assert (finding["rule"], finding["urgency"], finding["flags"]) == ("A1", "emergency_now", ["FL_RED_CES"])
    assert finding["sources"] == ["GIRFT-3A", "BMJBP-CES"]
    assert "saddle_numbness" in finding["facts"]


def test_the_transcript_holds_every_line_in_order() -> None:
    transcript = exported(patients.cauda_equina())["transcript"]
    assert [(one["seq"], one["from"], one["asks"], one["kind"]) for one in transcript] == [
        (1, "patient", None, "info"),
        (2, "bot", "work_type", "question"),
        (3, "patient", None, "info"),
        (4, "bot", None, "safety"),
    ]
    assert transcript[2]["text"].startswith("desk job")


def test_check_ins_consents_measures_and_reviews_are_given() -> None:
    document = exported(patients.acute_uncomplicated().reviewed())
    assert [one["kind"] for one in document["check_ins"]] == ["day_3", "week_2"]
    assert {"purpose": "research", "granted": False}.items() <= document["consents"][3].items()
    assert [(one["name"], one["value"]) for one in document["measures"]] == [
        ("pain_avg", 5),
        ("pain_worst", 7),
        ("psfs", 3.0),
    ]
    assert document["reviews"][0]["decision"] == "accept"
    assert document["draft"] is False


@pytest.mark.parametrize(
    ("builder", "sharing"),
    [
        (patients.acute_uncomplicated, "agreed"),
        (patients.declined, "refused"),
        (CaseBuilder, "not_asked"),
    ],
    ids=["agreed", "refused", "not asked"],
)
def test_it_says_whether_the_patient_agreed_to_show_it(
    builder: Callable[[], CaseBuilder], sharing: str
) -> None:
    assert exported(builder())["sharing"] == sharing
