"""The vocabulary: what may be said, in which form, and what counts as danger that stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clinical.facts import (
    FIELDS,
    UNSURE,
    Activity,
    FactError,
    Facts,
    FieldKind,
    check,
    is_danger,
    merge,
    plain,
)
from bot.clinical.urgency import Urgency


@pytest.mark.parametrize(
    ("field", "given_value", "kept"),
    [
        ("age", 41, 41),
        ("age", 41.0, 41),
        ("duration_weeks", 3, 3.0),
        ("fever", True, "yes"),
        ("fever", False, "no"),
        ("fever", "unsure", UNSURE),
        ("smoker", "yes", True),
        ("smoker", "unsure", UNSURE),
        ("suicidal_thoughts", "unsure", UNSURE),
        ("kidney_disease", "unsure", UNSURE),
        ("iv_drug_use", "undisclosed", "undisclosed"),
        ("country", "gb", "GB"),
        ("country", "GB-NIR", "GB-NIR"),
        ("pain_site", ["hip", "hip", "leg"], ("hip", "leg")),
        ("aggravated_by", ["gardening"], ("gardening",)),
        ("prev_helpful", ["PM_HEAT"], ("PM_HEAT",)),
        ("gpe", -3, -3),
        ("psfs", [{"activity": " lift my child ", "score": 3}], (Activity("lift my child", 3),)),
        ("psfs", [{"activity": "drive"}], (Activity("drive"),)),
    ],
)
def test_an_allowed_value_is_kept_in_its_one_form(field: str, given_value: object, kept: object) -> None:
    assert check(field, given_value) == kept


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("age", 121, "from 0 to 120"),
        ("age", 41.5, "whole number"),
        ("age", True, "whole number"),
        ("age", "41", "whole number"),
        ("pain_avg", -1, "from 0 to 10"),
        ("duration_weeks", float("nan"), "number"),
        ("age", UNSURE, "cannot be unsure"),
        ("work_type", UNSURE, "cannot be unsure"),
        ("fever", "maybe", "yes, no, unsure"),
        ("leg_pain", False, "none, above_knee"),
        ("leg_pain", "left", "unsure"),
        ("smoker", 1, "true, false or unsure"),
        ("pain_site", "hip", "list"),
        ("pain_site", ["knee"], "lower_back"),
        ("aggravated_by", [""], "words"),
        ("prev_helpful", ["heat"], "EDU_EXPLAIN"),
        ("country", "England", "two-letter"),
        ("psfs", [{"activity": "walk", "score": 11}], "0 to 10"),
        ("psfs", [{"activity": "", "score": 1}], "activities"),
        ("shoe_size", 42, "not a field"),
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(field: str, value: object, allowed: str) -> None:
    with pytest.raises(FactError) as refusal:
        check(field, value)
    assert refusal.value.field == field
    assert allowed in refusal.value.message


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("smoker", "perhaps", "may be true, false or unsure"),
        ("fever", "maybe", "may be one of yes, no, unsure"),
        ("work_type", "nights", "may be one of sedentary, mixed, heavy_manual, driving, not_working"),
        ("kidney_disease", "bad", "may be one of none, mild, moderate_severe, unsure"),
        ("age", "old", "must be a whole number from 0 to 120"),
        ("weight_kg", "heavy", "must be a number from 1 to 500"),
        ("country", "England", "must be a two-letter country code"),
        ("goals", "walk", "must be a list of words, each up to 300 characters"),
        ("past_treatments", "rest", "must be a list of words, each up to 300 characters"),
        ("prev_helpful", ["heat"], "must be a list of EDU_EXPLAIN, PT_ADVICE_ACTIVE, PT_GRADED_WALK"),
        ("psfs", "walk", "must be a list of activities, each with words and a whole score from 0 to 10"),
        ("psfs", 7, "must be a list of activities, each with words and a whole score from 0 to 10"),
        ("psfs", ["walk"], "must be a list of activities, each with words and a whole score from 0 to 10"),
        ("psfs", [{"activity": "walk", "points": 3}], "must be a list of activities, each with words"),
        ("psfs", [{"activity": "walk", "score": 3.5}], "must be a list of activities, each with words"),
        ("psfs", [{"activity": "w" * 301}], "must be a list of activities, each with words"),
        ("shoe_size", 42, "is not a field of the vocabulary"),
    ],
)
def test_a_refusal_says_in_full_what_is_allowed(field: str, value: object, message: str) -> None:
    with pytest.raises(FactError) as refusal:
        check(field, value)
    assert refusal.value.field == field
    assert refusal.value.message.startswith(message)
    assert str(refusal.value) == f"{field}: {refusal.value.message}"


def test_words_may_be_one_character_and_as_long_as_allowed() -> None:
    assert check("goals", ["x", "y" * 300]) == ("x", "y" * 300)
    assert check("psfs", [{"activity": "x"}, {"activity": "y" * 300, "score": 0}])
    for words in ("y" * 301, "   "):
        with pytest.raises(FactError):
            check("goals", [words])


def test_a_set_of_words_is_kept_in_alphabetical_order() -> None:
    assert check("goals", {"walk", "sleep", "drive", "climb"}) == ("climb", "drive", "sleep", "walk")
    assert check("goals", frozenset({"b", "a"})) == ("a", "b")


def test_an_activity_goes_out_under_its_two_names() -> None:
    kept = check("psfs", [{"activity": "walk", "score": 4}, {"activity": "sit"}])
    assert plain(kept) == [{"activity": "walk", "score": 4}, {"activity": "sit", "score": None}]


def test_a_skip_of_something_unknown_is_refused_by_name() -> None:
    with pytest.raises(FactError) as refusal:
        Facts.of({}).skip("shoe_size")
    assert (refusal.value.field, refusal.value.message) == ("shoe_size", "is not a field of the vocabulary")


def test_every_danger_ever_told_for_a_field_is_kept() -> None:
    facts = Facts.of({"bladder_change": "new"}).with_("bladder_change", "worsening")
    facts = facts.with_("bladder_change", "none")
    assert facts.ever == {"bladder_change": {"new", "worsening"}}
    taken_back = Facts.of({"fever": "no"}, ever={"fever": ["yes"]}).with_("fever", "yes").without("fever")
    assert taken_back.ever == {"fever": {"yes"}}


def test_taking_back_a_harmless_answer_leaves_no_trace() -> None:
    assert Facts.of({"fever": "no", "age": 40}).without("fever").without("age").ever == {}
    told = Facts.of({"psoriasis": True}).with_("psoriasis", False)
    assert told.without("psoriasis").ever == {}


def test_a_refusal_never_repeats_what_the_patient_wrote() -> None:
    with pytest.raises(FactError) as refusal:
        check("fever", "my secret words")
    assert "secret" not in str(refusal.value)


def test_every_red_flag_question_may_be_answered_unsure() -> None:
    for field in FIELDS.values():
        if field.red_flag:
            assert check(field.name, UNSURE) == UNSURE


def test_absent_unsure_and_undisclosed_are_not_knowledge() -> None:
    facts = Facts.of({"fever": "unsure", "iv_drug_use": "undisclosed", "age": 40, "pain_avg": None})
    assert not facts.known("fever")
    assert not facts.known("iv_drug_use")
    assert not facts.known("pain_avg")
    assert "pain_avg" not in facts
    assert facts.known("age")


def test_an_answer_after_a_skip_counts() -> None:
    facts = Facts.of({}, skipped=["sexual_change"])
    assert facts.skipped == {"sexual_change"}
    assert facts.with_("sexual_change", "none").skipped == frozenset()
    assert facts.with_("age", 30).skip("age").skipped == {"sexual_change"}


def test_a_later_no_leaves_the_danger_in_ever() -> None:
    facts = merge(merge(Facts.of({}), "fever", "yes"), "fever", "no")
    assert facts["fever"] == "no"
    assert facts.ever["fever"] == {"yes"}


def test_unsure_is_not_danger_so_a_second_answer_settles_it() -> None:
    facts = merge(Facts.of({"fever": "unsure"}), "fever", "no")
    assert "fever" not in facts.ever


def test_a_whole_history_may_be_given_and_only_danger_is_kept() -> None:
    facts = Facts.of(
        {"fever": "no"}, ever={"fever": ["no", "unsure", True], "age": [3, 30], "smoker": [True]}
    )
    assert facts.ever == {"fever": {"yes"}}


def test_taking_back_a_mistyped_answer_forgets_it_unless_it_is_a_red_flag() -> None:
    facts = Facts.of({"fever": "yes", "psoriasis": True}).without("fever").without("psoriasis")
    assert not facts.known("fever")
    assert facts.ever == {"fever": {"yes"}}


def test_facts_do_not_change_in_place() -> None:
    before = Facts.of({"age": 40})
    before.with_("age", 41)
    assert before["age"] == 40


def test_showing_facts_in_a_log_shows_no_answer() -> None:
    assert "unsure" not in repr(Facts.of({"suicidal_thoughts": "unsure"}))


def test_urgency_is_ordered_by_danger_and_named_as_published() -> None:
    assert [urgency.value for urgency in sorted(Urgency)] == [
        "self_manage",
        "routine_flag",
        "urgent_days",
        "same_day",
        "emergency_now",
    ]
    assert max(Urgency.SAME_DAY, Urgency.URGENT_DAYS) is Urgency.SAME_DAY


@settings(max_examples=50)
@given(st.data())
def test_a_value_survives_json_and_back(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(list(FIELDS.values())))
    value: object = {
        FieldKind.BOOL: st.sampled_from([True, False, UNSURE]),
        FieldKind.INT: st.integers(int(field.minimum or 0), int(field.maximum or 0)),
        FieldKind.FLOAT: st.floats(field.minimum or 0, field.maximum or 0),
        FieldKind.TEXT: st.just("US"),
        FieldKind.CHOICE: st.sampled_from(field.values or ("none",)),
        FieldKind.LIST: st.lists(st.sampled_from(field.values or ("word",))),
        FieldKind.ACTIVITIES: st.just([{"activity": "walk", "score": 4}]),
    }[field.kind]
    kept = check(field.name, data.draw(value))  # type: ignore[arg-type]
    assert check(field.name, plain(kept)) == kept


@pytest.mark.parametrize(
    ("field", "value", "danger"),
    [
        ("saddle_numbness", "new", True),
        ("saddle_numbness", "none", False),
        ("fever", UNSURE, False),
        ("known_aaa", True, True),
        ("constipation_only", True, False),
        ("pain_trend", "worsening", False),
        ("age", 80, False),
    ],
)
def test_danger_is_what_only_a_clinician_may_clear(field: str, value: object, danger: bool) -> None:
    assert is_danger(field, value) is danger
