"""What was understood is said back in plain words: everything that matters, briefly, with its field beside it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from bot.clinical.facts import FIELDS, Facts, Field, FieldKind
from bot.clinical.questions import acknowledge, read_back
from bot.clinical.rulebook import default_rulebook
from tests.clinical.fact_sets import people
from tests.clinical.interview import Interview

RULEBOOK = default_rulebook()


def sample(field: Field) -> list[Any]:
    """Values of which the words differ."""
    match field.kind:
        case FieldKind.BOOL:
            return [True, False, "unsure"]
        case FieldKind.CHOICE:
            return [*field.values, *(["unsure"] if field.accepts_unsure else [])]
        case FieldKind.INT | FieldKind.FLOAT:
            return [field.minimum, field.maximum]
        case FieldKind.TEXT:
            return ["GB"]
        case FieldKind.ACTIVITIES:
            return [[], [{"activity": "walk", "score": None}], [{"activity": "walk", "score": 3}]]
        case FieldKind.LIST:
            return [[], list(field.values[:3]), *([["my own words"]] if field.open_list else [])]


def words(facts: dict[str, Any]) -> list[str]:
    return [item.words for item in read_back(Facts.of(facts), RULEBOOK)]


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_every_value_of_every_field_has_words(field: Field) -> None:
    for value in sample(field):
        told = acknowledge(field.name, Facts.of({field.name: value})[field.name], RULEBOOK)
        assert told.startswith("OK, ")
        assert told.endswith(".")
        assert "{" not in told
        assert "_" not in told
        assert len(told.split()) <= 20


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("pain_avg", 4, "OK, pain 4 out of 10 on average."),
        ("fever", "no", "OK, no fever."),
        ("saddle_numbness", "new", "OK, new numbness between your legs."),
        ("duration_weeks", 0.5, "OK, it has lasted 4 days."),
        ("duration_weeks", 1.0, "OK, it has lasted about 1 week."),
        ("duration_weeks", 26.0, "OK, it has lasted about 6 months."),
        ("duration_weeks", 104.0, "OK, it has lasted about 2 years."),
        ("off_work_days", 1, "OK, off work for 1 day."),
        ("off_work_days", 0, "OK, no days off work."),
        ("pain_site", ["lower_back", "hip"], "OK, pain in your lower back and a hip."),
        ("cancer_history", "unsure", "OK, not sure about cancer, now or in the past."),
    ],
)
def test_a_correction_is_acknowledged_briefly(field: str, value: object, told: str) -> None:
    assert acknowledge(field, value, RULEBOOK) == told


def test_the_read_back_of_a_plain_strained_back() -> None:
    interview = Interview(RULEBOOK, {"age": {"age": 34}, "pain_avg": ["5"], "psfs_baseline": ["4"]})
    interview.run()
    items = read_back(interview.facts, RULEBOOK)
    said = [item.words for item in items]
    assert said[:4] == [
        "No emergency right now",
        "You are 34 years old",
        "Not pregnant",
        "No numbness between your legs",
    ]
    assert "Pain 5 out of 10 on average" in said
    assert "Hard for you: lift my child (4 out of 10)" in said
    assert "No pain, numbness or weakness in your legs" in said
    assert len(items) <= 32
    assert sum(len(one.split()) for one in said) <= 190


def test_everything_known_is_covered_unless_it_is_quiet_and_harmless() -> None:
    interview = Interview(RULEBOOK)
    interview.run()
    covered = {field for item in read_back(interview.facts, RULEBOOK) for field in item.fields}
    left_out = interview.facts.keys() - covered
    assert all(RULEBOOK.wording.noted[field].quiet for field in left_out)


def test_a_sign_is_said_by_itself_and_the_group_no_longer_as_one() -> None:
    calm = dict.fromkeys(
        ("abdominal_pain_new", "pulsating_abdomen", "loin_pain", "blood_in_urine", "dysuria"), False
    )
    calm |= {"calf_swelling": False, "spinal_deformity_new": "no"}
    assert words(calm) == ["No new tummy, side, urine, calf or back shape signs"]
    assert "Pain in the side" in words({**calm, "loin_pain": True})
    assert "No new tummy, side, urine, calf or back shape signs" not in words({**calm, "loin_pain": True})


def test_an_illness_is_read_back_and_a_no_to_one_is_not() -> None:
    assert words({"asthma": "nsaid_sensitive", "heart_failure": False}) == ["Asthma that ibuprofen sets off"]


def test_not_sure_is_read_back() -> None:
    assert words({"bladder_change": "unsure"}) == ["Not sure about a change in passing urine"]


def test_one_item_speaks_for_all_the_fields_of_its_question() -> None:
    (item,) = read_back(Facts.of({"major_trauma_recent": "no", "minor_trauma_recent": "no"}), RULEBOOK)
    assert (item.field, item.fields) == (
        "major_trauma_recent",
        ("major_trauma_recent", "minor_trauma_recent"),
    )


@settings(deadline=None)
@given(people())
def test_no_danger_is_left_out_and_nothing_is_said_twice(told: dict[str, Any]) -> None:
    facts = Facts.of(told)
    items = read_back(facts, RULEBOOK)
    fields = [field for item in items for field in item.fields]
    assert len(set(fields)) == len(fields)
    assert all(item.field == item.fields[0] for item in items)
    for field, value in facts.items():
        if isinstance(value, (bool, str)) and value in FIELDS[field].danger:
            assert (field,) in [item.fields for item in items]
