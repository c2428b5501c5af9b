"""`backplan rulebook`: check it, print it, compare two of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.chat_server import ROOT
from tests.commands.conftest import Backplan

RULES = ROOT / "bot" / "clinical" / "rulebook"
PRINTED = ROOT / "docs" / "rulebook.md"


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    for path in RULES.glob("*.yaml"):
        shutil.copy(path, folder)
    flags = folder / "red_flags.yaml"
    flags.write_text(
        flags.read_text(encoding="utf-8").replace("emergency_now", "same_day", 1), encoding="utf-8"
    )
    return folder


def test_the_rulebook_and_its_document_are_in_order(backplan: Backplan) -> None:
    ran = backplan("rulebook", "check")
    assert ran.returncode == 0, ran.stderr
    assert "is in order" in ran.stderr


def test_the_document_can_be_printed_and_written(backplan: Backplan, tmp_path: Path) -> None:
    written = tmp_path / "rulebook.md"
    assert backplan("rulebook", "document", "-o", str(written)).returncode == 0
    assert written.read_text(encoding="utf-8") == PRINTED.read_text(encoding="utf-8")
    assert backplan("rulebook", "document").stdout == PRINTED.read_text(encoding="utf-8")


def test_a_document_that_cannot_be_written_says_what_to_do(backplan: Backplan, tmp_path: Path) -> None:
    ran = backplan("rulebook", "document", "-o", str(tmp_path / "nowhere" / "rulebook.md"))
    assert ran.returncode == 1
    assert "in a folder that exists" in " ".join(ran.stderr.split())


def test_a_difference_names_the_rule_and_the_vignette(backplan: Backplan, edited: Path) -> None:
    ran = backplan("rulebook", "diff", str(RULES), str(edited))
    assert ran.returncode == 0, ran.stderr
    assert "Changed: A1 in red_flags.yaml.\n  triage: emergency_now → same_day" in ran.stdout
    assert "Case open_cases.yaml O01_ces_classic comes out otherwise." not in ran.stdout  # A2 still says so
    assert ran.stdout.splitlines()[-1] == "0 of 12 cases change outcome."


def test_more_cases_can_be_tried(backplan: Backplan, edited: Path, tmp_path: Path) -> None:
    cases = tmp_path / "mine.yaml"
    cases.write_text("- {id: numb, facts: {saddle_numbness: new}}\n- {age: 40}\n", encoding="utf-8")
    ran = backplan("rulebook", "diff", str(RULES), str(edited), "--cases", str(cases))
    assert "Case mine.yaml numb comes out otherwise.\n  triage: emergency_now → same_day" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "1 of 14 cases change outcome."


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: shutil.rmtree(folder), "is no folder"),
        (lambda folder: (folder / "wording.yaml").unlink(), "wording.yaml:1: the file is missing"),
        (
            lambda folder: (folder / "sources.yaml").write_text(
                "sources: {A: b}\nmore: c\n", encoding="utf-8"
            ),
            "sources.yaml:2: unknown key 'more'",
        ),
    ],
)
def test_a_rulebook_that_cannot_be_compared_is_refused(
    backplan: Backplan, edited: Path, spoil: object, says: str
) -> None:
    assert callable(spoil)
    spoil(edited)
    ran = backplan("rulebook", "diff", str(RULES), str(edited))
    assert ran.returncode == 1
    assert says in " ".join(ran.stderr.split())
    assert ran.stdout == ""
