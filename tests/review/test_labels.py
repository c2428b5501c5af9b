"""Everything the core may name has words for clinicians."""

from __future__ import annotations

import pytest

from actions.interruptions import _WISHES
from actions.proxy import FLAG as PROXY
from actions.safety import REFUSED
from bot.clinical.fields import FIELDS, UNSURE, FieldKind
from bot.clinical.urgency import Urgency
from bot.clinical.vocabulary import FAMILIES, FLAGS, RULE_STATUSES, STATUSES
from bot.review import words
from bot.review.labels import AREAS, GATES_TREATMENT, HISTORY, LABELS
from bot.store.outbox import UNREACHABLE
from bot.store.records import DECISIONS, EPISODE_STATUSES, CheckInStatus


def test_every_field_of_the_vocabulary_has_one_label() -> None:
    named = [field for area in AREAS for field in area.fields]
    assert sorted(named) == sorted(FIELDS)


def test_no_two_fields_share_a_label() -> None:
    texts = [label.text for label in LABELS.values()]
    assert len(texts) == len(set(texts))


def test_every_danger_sign_is_in_an_area_of_the_danger_box() -> None:
    boxed = {field for area in AREAS if area.danger for field in area.fields}
    assert {field.name for field in FIELDS.values() if field.red_flag} <= boxed


def test_the_history_names_every_area_once() -> None:
    assert sorted(HISTORY) == sorted(area.key for area in AREAS)
    assert set(HISTORY) >= GATES_TREATMENT


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.name)
def test_every_closed_value_reads_as_words(field: object) -> None:
    for value in (*field.values, UNSURE):
        stored = [value] if field.kind is FieldKind.LIST else value
        if value.isupper():
            continue  # ids of options: the plan names them
        assert "_" not in words.value_words(field.name, stored)


@pytest.mark.parametrize(
    ("codes", "table"),
    [
        (
            (*FLAGS, UNREACHABLE, PROXY, REFUSED, "REQ_DELETE", *(code for code, _ in _WISHES.values())),
            words.FLAG,
        ),
        (STATUSES, words.OPTION_STATUS),
        (tuple(FAMILIES), words.FAMILY),
        (RULE_STATUSES, words.RULE_MARK),
        (EPISODE_STATUSES, words.EPISODE_STATUS),
        (DECISIONS, words.DECISION),
        (tuple(status.value for status in CheckInStatus), words.CHECK_IN_STATUS),
        (tuple(urgency.value for urgency in Urgency), words.TRIAGE),
    ],
    ids=["flags", "option statuses", "families", "marks", "episodes", "decisions", "check-ins", "triage"],
)
def test_every_code_has_words(codes: tuple[str, ...], table: dict[str, object]) -> None:
    assert set(codes) == set(table)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("duration_weeks", 0.7, "0.7 weeks"),
        ("duration_weeks", 1.0, "1 week"),
        ("leg_pain_onset_days", 6, "6 days ago"),
        ("leg_pain_onset_days", 1, "1 day ago"),
        ("pain_avg", 5, "5/10"),
        ("gpe", 2, "+2"),
        ("anticoagulant", True, "yes"),
        ("saddle_numbness", "longstanding_stable", "long-standing, unchanged"),
        ("leg_weakness", "both", "both legs"),
        ("pain_side", "both", "both sides"),
        ("iv_drug_use", "undisclosed", "prefers not to say"),
        ("onset_cause", ["lifting", "fell_off_a_ladder"], "lifting; fell_off_a_ladder"),
        ("goals", ["free"], "free"),
        ("psfs", [{"activity": "lift my_son", "score": 3}], "lift my_son (3/10)"),
        ("psfs", [{"activity": "swim", "score": None}], "swim (not scored)"),
    ],
)
def test_values_in_words_and_the_patients_own_words_untouched(field: str, value: object, said: str) -> None:
    assert words.value_words(field, value) == said
