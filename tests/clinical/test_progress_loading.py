"""Check-in rules that are wrong in any way are refused, with the line and what to mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.clinical.rulebook import RulebookError, Scope, default_rulebook, load_rulebook
from bot.clinical.rulebook.document import parse
from bot.clinical.rulebook.loader import HERE
from bot.clinical.rulebook.progress_rules import parse_progress

pytestmark = pytest.mark.usefixtures("unchanged_files_are_parsed_once")


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        (
            "kept_on_hold: [ADJ_SUSPEND_PLAN",
            "kept_on_hold: [ADJ_HOLD",
            "'ADJ_HOLD' is not a known adjustment",
        ),
        ("kept_on_hold: ", "kept: ", "unknown key 'kept'"),
        (
            "{is: getting_worse}",
            "{is: getting_worst}",
            "'getting_worst' is not a known definition; did you mean 'getting_worse'?",
        ),
        ("checkin_day: {min: 28}", "checkin_day: {min: -1}", "checkin_day only goes from 0 to 3650"),
        (
            "flag: FL_WORSENING",
            "flag: FL_WORSE",
            "'FL_WORSE' is not a known flag; did you mean 'FL_WORSENING'?",
        ),
        ("instead_of: [K7]", "instead_of: [K8]", "a rule cannot speak instead of itself"),
        ("instead_of: [K7]", "instead_of: [A1]", "'A1' is not a known rule of this file"),
        (
            "status: clinician_only}",
            "status: withheld}",
            "'withheld' is not a known status of something that is shown",
        ),
        (
            "option: PSY_COMBINED_PROGRAMME",
            "option: PSY_COMBINED",
            "'PSY_COMBINED' is not a known option; did you mean 'PSY_COMBINED_PROGRAMME'?",
        ),
        (
            "Please pause your plan",
            "Please {pause} your plan",
            "{pause} cannot be filled here: the condition does not say that it is known",
        ),
        (
            "You are getting better",
            "You have sciatica",
            "say this without 'You have': no claims and no diagnosis",
        ),
        (
            "sources: [FARRAR, SUZUKI-20",
            "sources: [FARAR, SUZUKI-20",
            "'FARAR' is not a known source; did you mean 'FARRAR'?",
        ),
        (
            "{before: {adverse_event: flare_over_48h}}",
            "{before: {flag: FL_ADVERSE}}",
            "`before` looks at what was told; use `last_time` for flags and urgency",
        ),
    ],
)
def test_a_faulty_check_in_rule_is_refused(old: str, new: str, mend: str) -> None:
    text = (HERE / "progress.yaml").read_text(encoding="utf-8")
    assert old in text
    definitions = parse((HERE / "definitions.yaml").read_text(encoding="utf-8"), "definitions.yaml")
    scope = Scope(definitions.entries()["definitions"], default_rulebook().sources)
    with pytest.raises(RulebookError) as refused:
        parse_progress(parse(text.replace(old, new, 1), "progress.yaml"), scope)
    assert refused.value.file == "progress.yaml"
    assert refused.value.mend == mend
    assert refused.value.line > 1


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The shipped files, to be spoiled."""
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_a_rule_may_not_take_the_id_of_a_red_flag(directory: Path) -> None:
    file = directory / "progress.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("- id: K2\n", "- id: A2\n"), encoding="utf-8")
    with pytest.raises(RulebookError, match=r"is taken at red_flags\.yaml:"):
        load_rulebook(directory)


@pytest.mark.parametrize("name", ["progress", "measures"])
def test_a_rulebook_without_one_of_its_files_is_refused(directory: Path, name: str) -> None:
    (directory / f"{name}.yaml").unlink()
    with pytest.raises(RulebookError, match="missing"):
        load_rulebook(directory)


def test_an_edit_of_a_check_in_rule_changes_the_version(directory: Path) -> None:
    before = load_rulebook(directory).version
    file = directory / "progress.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("min: 28", "min: 29"), encoding="utf-8")
    assert load_rulebook(directory).version != before
