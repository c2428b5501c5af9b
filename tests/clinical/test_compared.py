"""Two rulebooks are compared in plain words, down to the cases that come out otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.clinical.compared import Case, Change, compare
from bot.clinical.facts import Facts
from bot.clinical.rulebook import RulebookError
from bot.clinical.rulebook.loader import HERE

pytestmark = pytest.mark.usefixtures("unchanged_files_are_parsed_once")

CES = Case("numb", Facts.of({"saddle_numbness": "new"}))
CALM = Case("calm", Facts.of({"age": 40, "duration_weeks": 2}))
THINNER = Case("thinner", Facts.of({"age": 40, "duration_weeks": 2, "anticoagulant": True}))


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """The shipped files, to be edited."""
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def edit(directory: Path, file: str, old: str, new: str) -> None:
    path = directory / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_same_rulebook_twice_differs_in_nothing() -> None:
    found = compare(HERE, HERE, [CES, CALM])
    assert (found.added, found.removed, found.changed, found.outcomes) == ((), (), {}, {})
    assert found.in_words() == "No rule and no text differs.\n\n0 of 2 cases change outcome."


def test_a_remark_is_no_difference(edited: Path) -> None:
    edit(edited, "red_flags.yaml", "red_flags:", "# a remark\nred_flags:")
    assert compare(HERE, edited, []).changed == {}


def test_a_changed_class_is_told_with_the_case_that_it_changes(edited: Path) -> None:
    edit(edited, "red_flags.yaml", "triage: emergency_now", "triage: same_day")
    found = compare(HERE, edited, [CES, CALM])
    assert found.changed == {"A1 in red_flags.yaml": (Change("triage", "emergency_now", "same_day"),)}
    assert found.outcomes["numb"][0] == Change("triage", "emergency_now", "same_day")
    assert "calm" not in found.outcomes
    assert "Changed: A1 in red_flags.yaml.\n  triage: emergency_now → same_day" in found.in_words()
    assert found.in_words().endswith("1 of 2 cases change outcome.")


def test_a_changed_condition_is_told_in_words(edited: Path) -> None:
    edit(edited, "personalisation.yaml", "fear_of_movement: {min: 7}", "fear_of_movement: {min: 6}")
    (change,) = compare(HERE, edited, []).changed["L01 in personalisation.yaml"]
    assert change == Change("when", "fear of movement is at least 7", "fear of movement is at least 6")


def test_rules_come_and_go(edited: Path) -> None:
    path = edited / "red_flags.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  - id: A2\n"), text.index("  - id: A3\n")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    gone, come = compare(HERE, edited, []), compare(edited, HERE, [])
    assert (gone.removed, gone.added) == (("A2 in red_flags.yaml",), ())
    assert (come.removed, come.added) == ((), ("A2 in red_flags.yaml",))
    assert "Removed: A2 in red_flags.yaml." in gone.in_words()
    assert "Added: A2 in red_flags.yaml." in come.in_words()


def test_an_option_that_stands_elsewhere_and_a_flag_are_outcomes(edited: Path) -> None:
    path = edited / "contraindications.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  - id: N04\n"), text.index("  - id: N05\n")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    outcome = compare(HERE, edited, [THINNER]).outcomes["thinner"]
    assert Change("flags", "FL_MED_INTERACTION", "none") in outcome
    assert Change("option PM_NSAID_ORAL", "withheld", "consider") in outcome


def test_a_key_that_is_new_or_gone_is_told_as_such(edited: Path) -> None:
    edit(edited, "red_flags.yaml", "    clarify: [leg_pain_onset_days]\n", "")
    gone, come = compare(HERE, edited, []), compare(edited, HERE, [])
    assert "  clarify: no longer leg_pain_onset_days" in gone.in_words()
    assert "  clarify: now leg_pain_onset_days" in come.in_words()


@pytest.mark.parametrize(
    ("file", "old", "new", "name"),
    [
        ("questions.yaml", "How old are you, in years?", "How old are you?", "age in questions.yaml"),
        ("options.yaml", "tier: 1", "tier: 2", "EDU_EXPLAIN in options.yaml"),
        ("check_ins.yaml", "hours: 1}", "hours: 2}", "after_emergency in check_ins.yaml"),
        (
            "personalisation.yaml",
            "daily_actions: 3",
            "daily_actions: 2",
            "(the file itself) in personalisation.yaml",
        ),
        (
            "check_in_questions.yaml",
            "- {value: easier, label: Make it easier,",
            "- {value: easier, label: Make it lighter,",
            "wish in check_in_questions.yaml",
        ),
        (
            "check_in_questions.yaml",
            "- {intake: bladder_change, danger: true, when: {is: any_leg_symptom}}",
            "- {intake: bladder_change, danger: true}",
            "bladder_change in check_in_questions.yaml",
        ),
        ("check_in_questions.yaml", "Not yet,", "Not so far,", "were_you_seen in check_in_questions.yaml"),
        ("wording.yaml", "Call\n", "Phone\n", "safety_emergency_overdose in wording.yaml"),
        ("phone_numbers.yaml", '"999"', '"112"', "(the file itself) in phone_numbers.yaml"),
    ],
)
def test_every_file_is_compared(edited: Path, file: str, old: str, new: str, name: str) -> None:
    edit(edited, file, old, new)
    assert list(compare(HERE, edited, []).changed) == [name]


def test_a_list_is_told_on_one_line_without_marks_of_a_page(edited: Path) -> None:
    edit(edited, "check_in_questions.yaml", "label: Make it easier,", "label: Make it lighter,")
    (change,) = compare(HERE, edited, []).changed["wish in check_in_questions.yaml"]
    assert change.field == "choices"
    assert "<br>" not in f"{change.old} {change.new}"
    assert "value: easier; label: Make it lighter" in (change.new or "")


def test_a_rulebook_that_does_not_load_is_refused(edited: Path) -> None:
    edit(edited, "red_flags.yaml", "triage: emergency_now", "triage: soon")
    with pytest.raises(RulebookError, match="not a known urgency"):
        compare(HERE, edited, [])
