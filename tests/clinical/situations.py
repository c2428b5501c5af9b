"""Every situation written down in YAML, and the rules that fire in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clinical.assess import assess
from bot.clinical.facts import Facts
from bot.clinical.history import History, PastCheckIn
from bot.clinical.progress import progress
from bot.clinical.rulebook import Rulebook
from bot.clinical.urgency import Urgency

HERE = Path(__file__).parent
FOLDERS = ("red_flag_cases", "plan_cases", "progress_cases", "question_cases", "vignettes")

#: the line on rule coverage that ends a run, once test_rule_coverage.py has run
SUMMARY = pytest.StashKey[str]()

#: the columns of plan_table, as facts
COLUMNS: dict[str, dict[str, Any]] = {
    "acute": {"duration_weeks": 3},
    "subacute": {"duration_weeks": 8},
    "chronic": {"duration_weeks": 30},
    "leg": {
        "duration_weeks": 3,
        "leg_pain": "below_knee",
        "leg_pain_onset_days": 20,
        "leg_pain_trend": "stable",
    },
    "unknown": {},
}


@dataclass(frozen=True)
class Situation:
    """One case of a YAML file. `near_misses` are the rules that it is a near miss of, by its own word."""

    folder: str
    name: str
    case: dict[str, Any]

    @property
    def near_misses(self) -> frozenset[str]:
        quiet = self.case.get("quiet", ())
        rules = [rule for rules in quiet.values() for rule in rules] if isinstance(quiet, dict) else quiet
        plan = self.case.get("plan", {})
        table = [f"T_{option}" for option, status in plan.items() if status in ("absent", "withheld")]
        return frozenset((*rules, *table))


def situations(folder: str) -> Iterator[Situation]:
    """The situations of one folder, in the order of its files."""
    for path in sorted((HERE / folder).glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield Situation(folder, str(case.get("case") or case["id"]), case)


def columns_of_the_table() -> Iterator[Situation]:
    """The table of clinical.md §3.3, one situation a column."""
    table = yaml.safe_load((HERE / "plan_table" / "international.yaml").read_text(encoding="utf-8"))
    words = {"-": "absent"}
    for column, facts in COLUMNS.items():
        plan = {option: words.get(cells[column], cells[column]) for option, cells in table.items()}
        yield Situation("plan_table", f"the {column} column", {"facts": {"age": 40, **facts}, "plan": plan})


def fired(situation: Situation, rulebook: Rulebook) -> frozenset[str]:
    """The ids of all rules that fire: red flags, of check-ins, on options, and of the table."""
    case = situation.case
    facts = Facts.of(case["facts"], case.get("skipped", ()), case.get("ever"))
    if situation.folder == "progress_cases":
        found = progress(facts, history_of(case), rulebook)
        return frozenset(finding.rule for finding in (*found.triage.findings, *found.findings))
    result = assess(facts, rulebook, case.get("profile", "international"))
    reasons = (reason.rule for option in result.plan.options for reason in option.reasons)
    findings = (finding.rule for finding in result.triage.findings)
    return frozenset((*findings, *reasons, *result.plan.held_by))


def history_of(case: dict[str, Any]) -> History:
    """The time before a case; a check-in is its day and what was told on it."""
    told = case.get("history", {})
    return History(
        start=Facts.of(told.get("start", {})),
        check_ins=tuple(
            PastCheckIn(one["day"], Facts.of({name: value for name, value in one.items() if name != "day"}))
            for one in told.get("check_ins", ())
        ),
        missed=told.get("missed", 0),
        urgency=Urgency(told.get("urgency", "self_manage")),
        flags=frozenset(told.get("flags", ())),
        told=told.get("told", {}),
        settled=told.get("settled", {}),
    )
