"""`backplan assess`: facts in, JSON out, and a clear word for what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.chat_server import ROOT
from tests.commands.conftest import Backplan

VIGNETTES = ROOT / "tests" / "clinical" / "vignettes"

ACUTE = (
    "{age: 34, duration_weeks: 0.7, pain_avg: 5, leg_pain: none, saddle_numbness: none, bladder_change: none}"
)


def test_one_fact_set_gives_one_line_of_json_with_the_published_keys(backplan: Backplan) -> None:
    ran = backplan("assess", "-", typed=ACUTE)
    assert ran.returncode == 0, ran.stderr
    [line] = ran.stdout.splitlines()
    result = json.loads(line)
    assert {
        "triage",
        "flags",
        "actions",
        "adjustments",
        "options",
        "goals",
        "check_ins",
        "rulebook",
    } <= result.keys()
    assert result["triage"] == "self_manage"


def test_every_option_carries_its_reasons_with_rule_text_and_sources(backplan: Backplan) -> None:
    result = json.loads(backplan("assess", "-", typed=ACUTE).stdout)
    assert result["options"]
    for option in result["options"]:
        assert {"id", "family", "status", "reasons"} <= option.keys()
        assert option["reasons"], option["id"]
        for reason in option["reasons"]:
            assert all(reason[part] for part in ("rule", "text", "sources")), option["id"]


def test_a_list_gives_a_line_for_each_entry_in_order(backplan: Backplan) -> None:
    ran = backplan(
        "assess", "-", typed=f"- {{id: a, facts: {ACUTE}}}\n- {{id: b, facts: {{saddle_numbness: new}}}}"
    )
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(line["id"], line["triage"]) for line in lines] == [("a", "self_manage"), ("b", "emergency_now")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("{age: 400}", "age: must be a whole number from 0 to 120"),
        ("{shoe_size: 9}", "shoe_size: is not a field of the vocabulary"),
        ("[1, 2]", "Entry 1"),
        ("{age: [", "is not YAML"),
        ("just words", "is not a set of facts"),
    ],
)
def test_what_cannot_be_assessed_is_said_on_stderr_and_nothing_on_stdout(
    backplan: Backplan, typed: str, says: str
) -> None:
    ran = backplan("assess", "-", typed=typed)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert says in " ".join(ran.stderr.split())
    assert "Traceback" not in ran.stderr


def test_a_missing_file_is_named(backplan: Backplan, tmp_path: Path) -> None:
    ran = backplan("assess", str(tmp_path / "none.yaml"))
    assert ran.returncode == 1
    assert "none.yaml" in ran.stderr.replace("\n", "")


def test_the_guideline_profile_is_chosen_by_option_or_setting(backplan: Backplan) -> None:
    def acupuncture(*words: str, **environ: str) -> str:
        options = json.loads(backplan("assess", "-", *words, typed=ACUTE, **environ).stdout)["options"]
        return str(next(option["status"] for option in options if option["id"] == "AT_ACUPUNCTURE"))

    assert acupuncture() == "consider"
    assert acupuncture("--profile", "nice") == "not_offered"
    assert acupuncture(BACKPLAN_GUIDELINE_PROFILE="nice") == "not_offered"
    assert backplan("assess", "-", "--profile", "mine", typed=ACUTE).returncode == 1
