"""The published schema of the JSON form: it is current, every case keeps it, and it finds what does not belong."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from bot.cli import app
from bot.clinical.fields import FIELDS
from bot.review.json_schema import case_schema
from bot.review.sharing import as_shared
from bot.review.summary_json import export_json
from tests.clinical.fact_sets import people
from tests.review import patients
from tests.review.cases import CaseBuilder
from tests.review.clinics import private
from tests.review.varied import planned, varied

Json = dict[str, Any]
PUBLISHED = Path(__file__).parents[2] / "docs" / "case.schema.json"


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))


def problems(document: Json) -> list[str]:
    written = json.loads(json.dumps(document))
    return [f"{error.json_path}: {error.message[:150]}" for error in validator().iter_errors(written)]


def test_the_published_schema_is_sound_and_current() -> None:
    Draft202012Validator.check_schema(case_schema())
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == case_schema(), (
        "write it anew: backplan export --schema > docs/case.schema.json"
    )


def test_the_command_line_prints_it() -> None:
    printed = CliRunner().invoke(app, ["export", "--schema"])
    assert json.loads(printed.stdout) == case_schema()


@pytest.mark.parametrize("name", varied())
def test_every_case_keeps_the_schema(name: str) -> None:
    assert problems(export_json(varied()[name])) == []


def test_a_withheld_case_keeps_it_too() -> None:
    assert problems(export_json(as_shared(private().build()))) == []


@settings(max_examples=25, deadline=None)
@given(answers=people(most=40))
def test_whatever_is_answered_keeps_it(answers: Json) -> None:
    builder = CaseBuilder("any").agrees(*patients.ALL).learns("in my own words", "answer", **answers)
    assert problems(export_json(planned(builder.triaged()).build())) == []


def test_it_describes_every_field_and_every_key() -> None:
    schema = case_schema()
    assert list(schema["$defs"]["values"]["properties"]) == list(FIELDS)  # type: ignore[index]
    exported = {*export_json(varied()["measured"]), "email_reminders"}
    assert set(schema["properties"]) == exported  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("facts", "pain_avg", "value"), 11),
        (("facts", "leg_pain", "value"), "somewhere"),
        (("facts", "age", "at"), "yesterday"),
        (("triage",), "quite urgent"),
        (("plan", "options", 0, "status"), "maybe"),
        (("surprise",), 1),
        (("check_ins", 0, "status"), "lost"),
        (("measures", 0, "value"), "7"),
        (("schema",), "case-0"),
    ],
)
def test_it_finds_what_does_not_belong(place: tuple[Any, ...], value: object) -> None:
    document = json.loads(json.dumps(export_json(varied()["measured"])))
    *way, last = place
    owner = document
    for step in way:
        owner = owner[step]
    owner[last] = value
    assert problems(document)
