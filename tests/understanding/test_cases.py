"""What patients say and what is read from it: every case of `cases/*.yaml` as its own test."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clinical.facts import FIELDS, FactValue, check
from bot.understanding import Reading, read

#: A Monday; the cases that name a weekday or a date count from here.
TODAY = date(2026, 11, 23)
KEYS = {"says", "asks", "before", "facts", "only", "absent", "about", "answer", "safety", "whole"}

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['says'][:60]}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_the_message_is_read_as_its_case_says(case: dict[str, Any]) -> None:
    assert case.keys() <= KEYS, "a case has a key that no test looks at"
    reading = read(case["says"], case.get("asks"), TODAY, case.get("before"))
    told = {fact.field: fact.value for fact in reading.facts}
    expected = {field: _expected(field, value) for field, value in case.get("facts", {}).items()}

    assert {field: told.get(field) for field in expected} == expected
    if "only" in case:
        assert told == {field: _expected(field, value) for field, value in case["only"].items()}
    assert not told.keys() & set(case.get("absent", ()))
    assert (reading.safety.urgency if reading.safety else None) == case.get("safety")
    if "answer" in case:
        assert reading.answer == case["answer"]
    if "whole" in case:
        assert reading.whole is case["whole"]
    assert _vague(reading) >= set(case.get("about", ()))


def _expected(field: str, value: object) -> FactValue:
    assert field in FIELDS
    return check(field, value)


def _vague(reading: Reading) -> set[str]:
    return {fact.field for fact in reading.facts if fact.about}
