"""What the summary of a case says, patient by patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clinical.fields import FIELDS
from bot.clinical.rulebook import default_rulebook
from bot.review.document import Summary
from bot.review.reported import LONGEST_QUOTE
from bot.review.summary import summarise
from tests.review import patients
from tests.review.cases import CaseBuilder, no_danger


def summary_of(builder: CaseBuilder) -> Summary:
    return summarise(builder.build(), default_rulebook())


def positives(summary: Summary) -> dict[str, str]:
    return {one.report.field: one.report.value for one in summary.danger.positive}


def test_an_uncomplicated_patient_is_complete_and_without_danger() -> None:
    summary = summary_of(patients.acute_uncomplicated())
    assert summary.person == "34 years old, male, GB"
    assert summary.progress == "Complete."
    assert summary.danger.positive == summary.danger.unclear == summary.danger.not_asked == ()
    assert summary.danger.cauda_equina_complete
    assert summary.triage.name == "Self-manage"
    assert summary.triage.findings == ()


def test_every_danger_sign_is_in_exactly_one_place() -> None:
    for builder in (patients.acute_uncomplicated(), patients.cauda_equina(), patients.corrected()):
        danger = summary_of(builder).danger
        places = [
            *(one.report.field for one in danger.positive),
            *(one.field for one in danger.unclear),
            *danger.not_asked_fields,
            *danger.negative_fields,
        ]
        signs = sorted(name for name, field in FIELDS.items() if field.red_flag)
        assert len(places) == len(set(places)) == danger.applicable
        assert len(places) + len(danger.not_applicable) == len(signs)


def test_a_man_is_not_told_to_have_been_spared_the_questions_of_pregnancy() -> None:
    summary = summary_of(CaseBuilder().learns(sex_at_birth="male"))
    assert "Pregnant" in summary.danger.not_applicable
    assert "pregnant" not in summary.danger.not_asked_fields


def test_a_pregnancy_sign_that_was_reported_is_shown_whatever_the_sex() -> None:
    summary = summary_of(CaseBuilder().learns(sex_at_birth="male", pregnancy_bleeding_or_waters=True))
    assert positives(summary) == {"pregnancy_bleeding_or_waters": "yes"}


def test_an_emergency_shows_the_sign_the_words_and_the_rules() -> None:
    summary = summary_of(patients.cauda_equina())
    first = summary.danger.positive[0]
    assert (first.report.field, first.report.value) == ("saddle_numbness", "new")
    assert "cant really feel when i wipe" in (first.report.words or "")
    assert "A1" in first.rules
    assert first.report.seq == 3
    assert summary.triage.urgency == "emergency_now"
    assert summary.triage.findings[0].rule == "A1"
    assert summary.triage.findings[0].sources == ("GIRFT-3A", "BMJBP-CES")
    assert summary.plan is None
    assert summary.progress == "Incomplete: the questions ended early."
    assert [one.text for one in summary.safety_advice] == [patients.CES_ADVICE]


def test_unsure_and_skipped_danger_signs_are_neither_negative_nor_unasked() -> None:
    danger = summary_of(patients.cauda_equina()).danger
    assert {one.field: one.answer for one in danger.unclear} == {
        "sexual_change": "prefers not to answer",
        "cancer_history": "unsure",
    }
    assert danger.negative_fields == ("fever",)
    assert "bladder_change" in danger.not_asked_fields
    assert not danger.cauda_equina_complete


def test_an_undisclosed_answer_is_unclear() -> None:
    danger = summary_of(CaseBuilder().learns(iv_drug_use="undisclosed")).danger
    assert [(one.field, one.answer) for one in danger.unclear] == [("iv_drug_use", "prefers not to say")]


def test_danger_that_was_said_earlier_stands_with_the_newest_answer_beside_it() -> None:
    fever = next(one for one in summary_of(patients.corrected()).danger.positive)
    assert (fever.report.value, fever.report.words) == ("yes", "yes I had a fever last night")
    assert fever.since is not None
    assert (fever.since.value, fever.since.words) == ("no", "no, no fever")
    assert not fever.taken_back


def test_danger_that_was_taken_back_stands_until_a_clinician_clears_it() -> None:
    summary = summary_of(
        CaseBuilder().patient("numb down there", saddle_numbness="new").takes_back("saddle_numbness")
    )
    assert positives(summary) == {"saddle_numbness": "new"}
    assert summary.danger.positive[0].taken_back


def test_corrections_say_what_was_before_and_what_is_now() -> None:
    corrections = summary_of(patients.corrected()).corrections
    assert [(one.field, one.before.value, one.now.value if one.now else None) for one in corrections] == [
        ("pain_avg", "7/10", "4/10"),
        ("anticoagulant", "yes", None),
        ("fever", "yes", "no"),
    ]
    assert not any(one.later for one in corrections)


def test_a_new_answer_after_a_check_in_is_news_and_no_correction() -> None:
    builder = patients.acute_uncomplicated().check_in("day_7", timedelta(days=7), asked=True)
    changed = summary_of(builder.later(timedelta(days=7)).patient("now 3", pain_avg=3)).corrections
    assert [(one.field, one.later) for one in changed] == [("pain_avg", True)]


def test_the_same_answer_twice_is_no_correction() -> None:
    assert summary_of(CaseBuilder().learns(pain_avg=5).learns(pain_avg=5)).corrections == ()


def test_a_patient_under_way_is_incomplete_and_nothing_unasked_counts_as_no() -> None:
    summary = summary_of(patients.under_way())
    assert summary.progress == "Incomplete: the questions are still open."
    assert summary.danger.answered == 2
    assert set(summary.danger.negative_fields) == {"bladder_change", "saddle_numbness"}
    assert summary.plan is None


def test_a_patient_who_declined_has_consents_and_little_else() -> None:
    summary = summary_of(patients.declined())
    assert [one.granted for one in summary.consents] == [False] * 4
    assert summary.history == ()
    assert summary.triage.name == "Not triaged yet"
    assert summary.person == "age not known, sex not known, GB"


def test_the_history_tells_what_was_said_what_was_denied_and_what_gates_a_medicine_unasked() -> None:
    history = {part.title: part for part in summary_of(patients.on_a_blood_thinner()).history}
    assert [(row.field, row.value) for row in history["Medicines"].rows] == [
        ("current_meds", "apixaban"),
        ("anticoagulant", "yes"),
    ]
    assert "NSAID or aspirin allergy" in history["Medicines"].not_asked
    assert history["Legs and nerves"].denied == ("Leg pain", "Leg numbness", "Leg weakness")
    assert history["Onset and course"].not_asked == ()


def test_a_withheld_option_keeps_its_reason_its_sources_and_what_is_offered_instead() -> None:
    plan = summary_of(patients.on_a_blood_thinner()).plan
    assert plan is not None
    tablets = next(one for family in plan.families for one in family.options if one.id == "PM_NSAID_ORAL")
    assert (tablets.status_words, tablets.shown, tablets.offered) == ("Withheld", False, False)
    assert [(one.rule, one.effect, one.mark) for one in tablets.reasons] == [
        ("N04", "withheld", "our design, awaits sign-off")
    ]
    assert tablets.reasons[0].sources == ("ARTHRITIS-CA", "GGC-NSAID")
    assert tablets.instead == ("Warmth",)
    assert [(one.words, one.names) for one in plan.glance] == [
        ("Recommended", ("Walking, a little more each week", "Warmth")),
        ("Clinician only", ("Acupuncture",)),
        ("Withheld", ("Anti-inflammatory tablets (N04)",)),
    ]


def test_options_stay_in_the_order_of_the_stored_plan_within_their_family() -> None:
    plan = summary_of(patients.acute_uncomplicated()).plan
    assert plan is not None
    assert [(family.title, [one.id for one in family.options]) for family in plan.families] == [
        ("Movement and exercise", ["PT_GRADED_WALK"]),
        ("Pain relief and medicines", ["PM_HEAT", "PM_NSAID_ORAL"]),
        ("Devices, imaging and rest", ["BED_REST"]),
    ]


def test_every_guideline_named_in_the_plan_is_named_with_its_year() -> None:
    plan = summary_of(patients.acute_uncomplicated()).plan
    assert plan is not None
    assert dict(plan.bodies).keys() == {"NICE", "ACP"}
    assert "2017, lapsed 2022" in dict(plan.bodies)["ACP"]


def test_every_source_says_where_it_was_read_and_marks_what_is_no_source() -> None:
    sources = dict(summary_of(patients.acute_uncomplicated()).sources)
    assert sources["AAFP-ACP"].startswith("aafp.org")
    assert sources["GK"] == "general knowledge, to be verified"
    assert list(sources) == sorted(sources)


def test_a_flag_from_planning_and_one_from_triage_are_both_listed() -> None:
    flags = {one.code: one for one in summary_of(patients.cauda_equina()).flags}
    assert flags["FL_RED_CES"].rule == "A1"
    assert flags["FL_RED_CES"].reason == "Suspected cauda equina; MRI within 4 hours."
    assert flags["FL_CES_UNCERTAIN"].severity == "Same day"


def test_check_ins_are_listed_by_time_with_the_patients_clock() -> None:
    check_ins = summary_of(patients.acute_uncomplicated()).check_ins
    assert [(one.kind, one.local, one.status) for one in check_ins] == [
        ("Day 3", "28 Nov 2026, 09:00", "planned"),
        ("Week 2", "09 Dec 2026, 09:00", "planned"),
    ]


def test_a_score_that_was_mistyped_and_put_right_is_no_course() -> None:
    (pain,) = summary_of(CaseBuilder().learns(pain_avg=7).learns(pain_avg=4)).measures
    assert [value for value, _ in pain.values] == ["4/10"]


@pytest.mark.parametrize(
    ("builder", "signed", "text"),
    [
        (
            lambda: patients.acute_uncomplicated(),
            False,
            "Draft. No clinician has signed it. Not a diagnosis.",
        ),
        (
            lambda: patients.acute_uncomplicated().reviewed(),
            True,
            "Reviewed: accepted by dr.rossi on 25 Nov 2026.",
        ),
        (
            lambda: patients.acute_uncomplicated().reviewed("amend"),
            False,
            "Draft: to be changed by dr.rossi on 25 Nov 2026. Not a diagnosis.",
        ),
        (
            lambda: patients.acute_uncomplicated().reviewed().planned(patients.assessment(patients.HEAT)),
            False,
            "Draft, changed since it was accepted by dr.rossi on 25 Nov 2026. Not a diagnosis.",
        ),
        (
            lambda: patients.cauda_equina().reviewed(plan_version=None),
            True,
            "Reviewed: accepted by dr.rossi on 25 Nov 2026.",
        ),
    ],
    ids=["no review", "accepted", "to be changed", "plan changed since", "accepted without a plan"],
)
def test_it_is_a_draft_until_this_version_is_accepted(
    builder: Callable[[], CaseBuilder], signed: bool, text: str
) -> None:
    mark = summary_of(builder()).mark
    assert (mark.signed, mark.text) == (signed, text)


def test_a_long_message_is_quoted_in_part_and_kept_whole_in_the_transcript() -> None:
    story = "my back went and " * 100
    summary = summary_of(CaseBuilder().patient(story, pain_avg=5))
    quoted = summary.history[0].rows[0].words or ""
    assert quoted.endswith(" …")
    assert len(quoted) <= LONGEST_QUOTE + 2
    assert summary.transcript[0].text == story


def test_a_stored_assessment_of_another_shape_is_shown_as_far_as_it_goes() -> None:
    odd = {
        "triage": "self_manage",
        "flags": [],
        "options": [
            {"id": "NEW_OPTION", "status": "later", "reasons": ["x", {"text": "why"}], "positions": 3}
        ],
        "goals": "none",
    }
    plan = summary_of(CaseBuilder().planned(odd)).plan
    assert plan is not None
    (option,) = plan.families[0].options
    assert (option.name, option.status_words) == ("NEW_OPTION", "later")
    assert [reason.text for reason in option.reasons] == ["why"]


def test_a_fact_of_an_older_vocabulary_is_still_shown() -> None:
    builder = CaseBuilder().learns(pain_avg=5)
    record = builder.build().facts[0]
    case = replace(builder.build(), facts=(replace(record, field="pain_colour", value="red_hot"),))
    (part,) = summarise(case, default_rulebook()).history
    assert [(row.label, row.value) for row in part.rows] == [("pain colour", "red_hot")]


def test_nothing_a_patient_wrote_is_in_the_repr() -> None:
    builder = CaseBuilder().learns(**no_danger()).patient("SECRETWORD", goals=["SECRETWORD"])
    summary = summary_of(builder.planned(patients.assessment(goals=[{"text": "SECRETWORD"}])))
    assert "SECRETWORD" not in repr(summary)
