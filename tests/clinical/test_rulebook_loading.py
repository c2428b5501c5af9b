"""A rulebook that is wrong in any way is refused, with the file, the line and what to mend."""

from __future__ import annotations

import datetime
import re
import shutil
import time
from pathlib import Path

import pytest

from bot.clinical.facts import FIELDS
from bot.clinical.rulebook import RulebookError, default_rulebook, load_rulebook
from bot.clinical.rulebook.loader import HERE
from bot.clinical.vocabulary import FLAGS

pytestmark = pytest.mark.usefixtures("unchanged_files_are_parsed_once")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The shipped files, to be spoiled."""
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def spoil(directory: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old` by `new`; the line (from 1) where it stood."""
    path = directory / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refusal(directory: Path) -> RulebookError:
    with pytest.raises(RulebookError) as refused:
        load_rulebook(directory)
    return refused.value


WHEN = "when: {saddle_numbness: [new, worsening]}"


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        (
            WHEN,
            "when: {saddle_numness: new}",
            "'saddle_numness' is not a known field or condition word; did you mean 'saddle_numbness'?",
        ),
        (
            WHEN,
            "when: {saddle_numbness: newish}",
            "saddle_numbness may be one of none, new, worsening, longstanding_stable, unsure",
        ),
        (
            WHEN,
            "when: {saddle_numbness: {min: 3}}",
            "saddle_numbness is not a number: write its value, or a list of values",
        ),
        (WHEN, "when: {age: sixty}", "age must be a whole number from 0 to 120"),
        (WHEN, "when: {age: {min: 200}}", "age only goes from 0 to 120"),
        (WHEN, "when: {age: {min: 60, below: 60}}", "no number can lie between these bounds"),
        (WHEN, "when: {age: {over: 60}}", "unknown key 'over'; did you mean 'above'?"),
        (WHEN, "when: {age: {}}", "give min, max, above or below"),
        (WHEN, "when: {age: unsure}", "age cannot be unsure; must be a whole number from 0 to 120"),
        (WHEN, "when: {pain_site: hip}", "pain_site is a list: write {contains: ..} or {contains_any: [..]}"),
        (
            WHEN,
            "when: {pain_site: {contains: knee}}",
            "pain_site must be a list of lower_back, mid_back, upper_back, whole_back, neck, "
            "buttock, hip, groin, tailbone, leg",
        ),
        (
            WHEN,
            "when: {pain_site: {contains: [hip, leg]}}",
            "`contains` takes one word; use `contains_any` for several",
        ),
        (WHEN, "when: {psfs: [walk]}", "psfs holds the patient's own words: only `known` can test it"),
        (WHEN, "when: {known: nothing}", "'nothing' is not a known field or condition word"),
        (WHEN, "when: {at_least: 2}", "`at_least` needs `of: [..]` beside it"),
        (WHEN, "when: {of: [{ibd: true}]}", "`of` needs `at_least` beside it"),
        (
            WHEN,
            "when: {at_least: 3, of: [{ibd: true}, {smoker: true}]}",
            "`at_least` must lie between 1 and the 2 conditions of `of`",
        ),
        (WHEN, "when: {any: []}", "list at least one condition here"),
        (WHEN, "when: {}", "write a condition here, or `always: true`"),
        (WHEN, "when: saddle_numbness", "expected keys with values here"),
        (WHEN, "when: {always: false}", "`always` can only be true; remove the rule instead"),
        (WHEN, "when: {is: chronical}", "'chronical' is not a known definition; did you mean 'chronic'?"),
        (WHEN, "when: {flag: FL_RED}", "'FL_RED' is not a known flag; did you mean 'FL_RED_CES'?"),
        (WHEN, "when: {urgency_at_least: soon}", "'soon' is not a known urgency"),
        (WHEN, "when: {profile: british}", "'british' is not a known profile"),
        (
            WHEN,
            "when: {change: {from: nprs_baseline, to: pain_trend, min: 2}}",
            "pain_trend is not a number, so it has no change",
        ),
        (
            WHEN,
            "when: {all: [{fever: no}, {fever: yes}]}",
            "this can never be true: no value of fever fits all of it",
        ),
        (
            WHEN,
            "when: {age: {min: 70}, all: [{age: {below: 50}}]}",
            "this can never be true: no value of age fits all of it",
        ),
        (
            WHEN,
            "when: {saddle_numbness: new, saddle_numbness: worsening}",
            "the key 'saddle_numbness' is given twice; keep one",
        ),
        (
            "triage: emergency_now",
            "triage: emergency",
            "'emergency' is not a known urgency; did you mean 'emergency_now'?",
        ),
        (
            "flag: FL_RED_CES",
            "flag: FL_RED_CESS",
            "'FL_RED_CESS' is not a known flag; did you mean 'FL_RED_CES'?",
        ),
        ("flag: FL_RED_CES", "flags: FL_RED_CES", "unknown key 'flags'; did you mean 'flag'?"),
        (
            "flag: FL_RED_CES",
            "actions: [ACT_PANIC]",
            "'ACT_PANIC' is not a known action; did you mean 'ACT_MATERNITY'?",
        ),
        (
            "flag: FL_RED_CES",
            "actions: [ACT_STOP_MED_ABRUPT]",
            "ACT_STOP_MED_ABRUPT may never be used; remove it",
        ),
        (
            "flag: FL_RED_CES",
            "adjustments: [ADJ_MORE]",
            "'ADJ_MORE' is not a known adjustment; did you mean 'ADJ_PROGRESS'?",
        ),
        (
            "flag: FL_RED_CES",
            "clarify: [leg_pain_since]",
            "'leg_pain_since' is not a known field; did you mean 'leg_pain_score'?",
        ),
        (
            "flag: FL_RED_CES",
            "raise: [{to: same_day, when: {fever: yes}}]",
            "a raise must go above emergency_now",
        ),
        (
            "sources: [GIRFT-3A, BMJBP-CES]",
            "sources: [GIRFT]",
            "'GIRFT' is not a known source; did you mean 'GIRFT-3A'?",
        ),
        (
            "sources: [GIRFT-3A, BMJBP-CES]",
            "sources: []",
            "give at least one source, or [DESIGN] with `status: design`",
        ),
        (
            "sources: [GIRFT-3A, BMJBP-CES]",
            "sources: [DESIGN]",
            "a rule that rests on DESIGN needs `status: design`",
        ),
        (
            "sources: [GIRFT-3A, BMJBP-CES]",
            "sources: [GK]",
            "a rule that rests on GK needs `status: to_verify`",
        ),
        (
            "sources: [GIRFT-3A, BMJBP-CES]",
            "sources: [GK]\n    status: agreed",
            "'agreed' is not a known status",
        ),
        ("    since: 2026-11-23\n", "    since: last week\n", "write a date here, as 2026-11-23"),
        ("- id: A1", "- id: A2", "the rule id 'A2' is taken at red_flags.yaml:9; choose another"),
        ("- id: A1", "- id: a 1", "a rule id is a capital letter followed by letters, digits or _"),
        ("- id: A1", "- name: A1", "unknown key 'name'"),
        (
            "patient: You told us about new numbness",
            "patient: You have nerve damage with",
            "say this without 'You have': no claims and no diagnosis",
        ),
        (
            "patient: You told us about new numbness",
            "patient: A proven treatment for",
            "say this without 'proven': no claims and no diagnosis",
        ),
        (
            "patient: You told us about new numbness",
            "patient: " + "very " * 40,
            "shorten this to 45 words; it has 59",
        ),
        ("red_flags:\n", "red_flags: [\n", "this is not YAML: did not find expected node content"),
    ],
)
def test_a_faulty_rule_is_refused_by_file_and_mend(directory: Path, old: str, new: str, mend: str) -> None:
    spoil(directory, "red_flags.yaml", old, new)
    refused = refusal(directory)
    assert refused.file == "red_flags.yaml"
    assert refused.mend == mend
    assert str(refused).startswith(f"red_flags.yaml:{refused.line}: ")


def test_the_refusal_names_the_line_of_the_fault(directory: Path) -> None:
    line = spoil(directory, "red_flags.yaml", "{bladder_change: [new, worsening]}", "{bladder_change: newer}")
    assert refusal(directory).line == line


def test_a_missing_text_or_source_is_refused(directory: Path) -> None:
    text = (directory / "red_flags.yaml").read_text(encoding="utf-8")
    for key in ("patient", "clinician", "sources", "since", "when", "triage"):
        without = re.sub(rf"\n    {key}:.*", "", text, count=1)
        (directory / "red_flags.yaml").write_text(without, encoding="utf-8")
        assert f"add the key '{key}'" in refusal(directory).mend
    empty = re.sub(r"\n    clinician:.*", "\n    clinician:", text, count=1)
    (directory / "red_flags.yaml").write_text(empty, encoding="utf-8")
    assert "write some words" in refusal(directory).mend


def test_definitions_that_lead_back_to_themselves_are_refused(directory: Path) -> None:
    spoil(directory, "definitions.yaml", "when: {duration_weeks: {below: 6}}", "when: {is: chronic}")
    spoil(directory, "definitions.yaml", "when: {duration_weeks: {above: 12}}", "when: {none: [{is: acute}]}")
    refused = refusal(directory)
    assert refused.file == "definitions.yaml"
    assert "acute → chronic → acute" in refused.mend


def test_a_definition_needs_a_meaning(directory: Path) -> None:
    line = spoil(directory, "definitions.yaml", "    meaning: This episode has lasted under 6 weeks.\n", "")
    refused = refusal(directory)
    assert "add the key 'meaning'" in refused.mend
    assert abs(refused.line - line) <= 1


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        (
            'emergency: "999"',
            "emergency: 999",
            "write some words here (quote them if YAML reads them as something else)",
        ),
        ('emergency: "999"', 'urgent: "111"', "the key 'urgent' is given twice; keep one"),
        ("sources: [NHS111-MH, NPIS]", "sources: [NHS999]", "'NHS999' is not a known source"),
        ("checked: 2026-11-23", "checked: soon", "write a date here, as 2026-11-23"),
    ],
)
def test_a_faulty_phone_line_is_refused(directory: Path, old: str, new: str, mend: str) -> None:
    spoil(directory, "phone_numbers.yaml", old, new)
    refused = refusal(directory)
    assert refused.file == "phone_numbers.yaml"
    assert refused.mend == mend


@pytest.mark.parametrize("name", ["red_flags", "definitions", "sources", "phone_numbers"])
def test_a_missing_or_empty_file_is_refused(directory: Path, name: str) -> None:
    (directory / f"{name}.yaml").write_text("", encoding="utf-8")
    assert "empty" in refusal(directory).mend
    (directory / f"{name}.yaml").unlink()
    assert "missing" in refusal(directory).mend


def test_a_mark_may_not_be_used_as_a_source_key(directory: Path) -> None:
    spoil(directory, "sources.yaml", "sources:\n", "sources:\n  DESIGN: us\n")
    assert "is a mark" in refusal(directory).mend


def test_the_version_is_a_date_and_a_hash_that_any_edit_changes(directory: Path) -> None:
    before = load_rulebook(directory).version
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}\+[0-9a-f]{10}", before)
    assert load_rulebook(directory).version == before
    spoil(directory, "red_flags.yaml", "marked weakness", "clear weakness")
    assert load_rulebook(directory).version != before


def test_a_number_is_looked_up_by_country_region_and_then_in_words() -> None:
    numbers = default_rulebook().phone_numbers
    assert numbers.of("gb").crisis == "Samaritans 116 123, or NHS 111"
    assert numbers.of("GB-NIR").urgent == "your GP or GP out-of-hours service"
    assert numbers.of("GB-SCT").emergency == "999"
    assert numbers.of("FR").emergency == "112"
    assert numbers.of("FR").crisis is None
    assert numbers.of("ZZ").emergency == numbers.of(None).emergency == "your local emergency number"


def test_the_rulebook_loads_once_and_quickly() -> None:
    began = time.perf_counter()
    load_rulebook()
    assert time.perf_counter() - began < 2
    assert default_rulebook() is default_rulebook()


def test_every_unsure_red_flag_question_is_named_in_a_definition() -> None:
    definitions = default_rulebook().definitions
    named = definitions["red_flag_unsure"].fields() | definitions["any_ces_unsure"].fields()
    assert {field.name for field in FIELDS.values() if field.red_flag} <= named


def test_rules_are_dated_and_raise_known_flags() -> None:
    for rule in default_rulebook().red_flags:
        assert isinstance(rule.since, datetime.date)
        assert {one.flag for one in rule.flags} <= set(FLAGS)
