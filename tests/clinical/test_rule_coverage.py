"""Every rule of the rulebook fires in a situation that is written down, and stays quiet in one close to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.clinical.rulebook.option_document import Option
from bot.clinical.rules import Always
from bot.clinical.status import Status
from tests.clinical.situations import FOLDERS, SUMMARY, Situation, columns_of_the_table, fired, situations

REPORT = Path(__file__).parents[2] / "results" / "rule_coverage.md"


@dataclass
class Coverage:
    """Rule -> the situations that fire it, and those in which it just does not."""

    fires: dict[str, list[str]] = field(default_factory=dict)
    near_misses: dict[str, list[str]] = field(default_factory=dict)
    situations: int = 0

    def add(self, situation: Situation, rules: frozenset[str]) -> None:
        self.situations += 1
        for rule in rules:
            self.fires.setdefault(rule, []).append(situation.name)
        for rule in situation.near_misses - rules:
            self.near_misses.setdefault(rule, []).append(situation.name)

    def report(self, rulebook: Rulebook) -> str:
        """A table, one line a rule."""
        lines = ["# Situations by rule", "", self.summary(rulebook), "", "| rule | fires in | near misses |"]
        lines.append("|---|---|---|")
        for rule in rules_of(rulebook):
            fires, near = self.fires.get(rule, []), self.near_misses.get(rule, [])
            lines.append(f"| {rule} | {_cell(fires)} | {_cell(near)} |")
        return "\n".join(lines) + "\n"

    def summary(self, rulebook: Rulebook) -> str:
        rules = rules_of(rulebook)
        both = [rule for rule in rules if self.fires.get(rule) and self.near_misses.get(rule)]
        for_all = hold_for_everybody(rulebook)
        return (
            f"{self.situations} situations, {len(rules)} rules: {len(both)} have a case and a near miss, "
            f"{len(for_all)} hold for everybody, {len(set(rules) - set(both) - for_all)} are not covered"
        )


def rules_of(rulebook: Rulebook) -> tuple[str, ...]:
    """The ids of all rules, the table's as T_ and the option."""
    book, person = rulebook.contraindications, rulebook.personalisation
    rules = (*rulebook.red_flags, *book.holds, *book.rules, *person.rules, *person.choices)
    progress = (one.rule.id for one in rulebook.progress.rules)
    table = (f"T_{option.id}" for option in rulebook.options.options.values() if _is_in_the_table(option))
    return (*(rule.id for rule in rules), *progress, *table)


def hold_for_everybody(rulebook: Rulebook) -> set[str]:
    """Rules that no answer can keep quiet: `always`, and options that are offered to nobody."""
    always = {rule.id for rule in rulebook.contraindications.rules if isinstance(rule.when, Always)}
    offered_to_nobody = {
        f"T_{option.id}"
        for option in rulebook.options.options.values()
        if all(row.same_for_all for row in option.rows.values()) and Status.NOT_OFFERED in option.because
    }
    return always | offered_to_nobody


def _is_in_the_table(option: Option) -> bool:
    """Whether the table ever lists the option; the others come in by rules of personalisation only."""
    cells = [cell for row in option.rows.values() for cell in row.columns.values()]
    return any(step.status is not None for cell in cells for step in cell)


def _cell(names: list[str]) -> str:
    shown = "; ".join(name.replace("|", "/") for name in names[:3])
    return f"{len(names)}: {shown}{' ...' if len(names) > 3 else ''}" if names else "none"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return default_rulebook()


@pytest.fixture(scope="module")
def coverage(rulebook: Rulebook) -> Coverage:
    found = Coverage()
    for folder in FOLDERS:
        if folder != "question_cases":
            for situation in situations(folder):
                found.add(situation, fired(situation, rulebook))
    for situation in columns_of_the_table():
        found.add(situation, fired(situation, rulebook))
    return found


def test_every_rule_has_a_situation_that_fires_it_and_a_near_miss(
    coverage: Coverage, rulebook: Rulebook, pytestconfig: pytest.Config
) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(coverage.report(rulebook), encoding="utf-8")
    where = REPORT.relative_to(REPORT.parents[1])
    pytestconfig.stash[SUMMARY] = f"Rule coverage: {coverage.summary(rulebook)} ({where})"
    every = set(rules_of(rulebook))
    assert every - coverage.fires.keys() == set(), "these rules fire in no situation"
    missing = every - coverage.near_misses.keys() - hold_for_everybody(rulebook)
    assert missing == set(), "these rules have no near miss"


def test_no_situation_names_a_rule_that_does_not_exist(coverage: Coverage, rulebook: Rulebook) -> None:
    named = {rule for rule in coverage.near_misses if not rule.startswith("T_")}
    assert named <= set(rules_of(rulebook))
    assert coverage.fires.keys() <= set(rules_of(rulebook))


def test_enough_is_written_down() -> None:
    names = [situation.name for folder in FOLDERS for situation in situations(folder)]
    assert len(names) >= 132


def test_a_rule_that_nothing_fires_would_be_named() -> None:
    empty = Coverage()
    empty.add(
        Situation("plan_cases", "one", {"facts": {}, "quiet": {"AT_YOGA": ["L14"]}}), frozenset({"L15"})
    )
    assert empty.fires == {"L15": ["one"]}
    assert empty.near_misses == {"L14": ["one"]}
