"""The printed rulebook holds every rule in words that a clinician can dispute, and is current."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from bot.clinical.printed import COMMAND, rulebook_document
from bot.clinical.printed.conditions import in_words
from bot.clinical.rulebook import default_rulebook
from bot.clinical.rulebook.document import parse
from bot.clinical.rulebook.loader import HERE
from bot.clinical.vocabulary import OPTIONS, RULE_STATUSES

PRINTED = Path(__file__).parents[2] / "docs" / "rulebook.md"


@lru_cache(maxsize=1)
def document() -> str:
    return rulebook_document()


def row(name: str) -> str:
    """The first line of a table that is about this rule or option."""
    return next(line for line in document().splitlines() if line.startswith(f"| **{name}** |"))


def words(condition: str) -> str:
    return in_words(parse(condition, "test.yaml"))


def test_the_printed_rulebook_is_current() -> None:
    assert PRINTED.read_text(encoding="utf-8") == document(), f"make it again: {COMMAND}"


def test_every_rule_is_in_it_with_both_voices_sources_and_mark() -> None:
    book = default_rulebook()
    progress = [one.rule for one in book.progress.rules]
    care, person = book.contraindications, book.personalisation
    marks = {"cited": "cited", "design": "our proposal", "to_verify": "**to be verified**"}
    for rule in (*book.red_flags, *care.holds, *care.rules, *person.rules, *person.choices, *progress):
        line = row(rule.id)
        assert f"{rule.since}" in line
        assert rule.patient in line
        assert rule.clinician in line
        assert line.endswith(f"| {', '.join(rule.sources)} | {marks[rule.status]} |")


def test_every_option_is_in_it_with_what_it_is_and_what_guidelines_say() -> None:
    text = document()
    for option in default_rulebook().options.options.values():
        assert option.name in row(option.id)
        assert option.about.risks in text
        assert all(reason.text in text for reason in option.because.values())
        for body, position in option.positions.items():
            verdict = "says nothing" if position.verdict == "none" else position.verdict
            assert f"| **{option.id}** | {body} | {verdict} |" in text


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_shows_where_it_stands_in_each_column(option: str) -> None:
    cells = row(option).split(" | ")[3:7]
    columns = default_rulebook().options.options[option].rows["international"].columns
    for cell, steps in zip(
        cells, columns.values(), strict=False
    ):  # without a leg column the last cell is empty
        assert len(cell.split("; else ")) == len(steps)
        assert cell.endswith(
            "absent" if steps[-1].status is None else steps[-1].status.value.replace("_", " ")
        )


@pytest.mark.parametrize("file", sorted(path.stem for path in HERE.glob("*.yaml")))
def test_no_text_of_any_file_is_left_out(file: str) -> None:
    printed = " ".join(document().split())

    def check(value: object) -> None:
        if isinstance(value, dict):
            for key, one in value.items():
                if key not in ("when", "id", "field"):
                    check(one)
        elif isinstance(value, list):
            for one in value:
                check(one)
        elif isinstance(value, str) and " " in value.strip():
            assert " ".join(value.split()).replace("|", "\\|") in printed

    check(yaml.safe_load((HERE / f"{file}.yaml").read_text(encoding="utf-8")))


def test_every_table_has_as_many_cells_in_each_line_as_in_its_head() -> None:
    width = 0
    for line in document().splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not cells or not width or cells == width, line
        width = cells


def test_nothing_of_the_marks_is_lost() -> None:
    files = [
        yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("red_flags", "progress")
    ]
    statuses = [
        rule.get("status", "cited")
        for file in files
        for rules in file.values()
        for rule in rules
        if "id" in rule
    ]
    assert set(statuses) <= set(RULE_STATUSES)
    assert document().count("**to be verified**") > statuses.count("to_verify") > 0


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("{saddle_numbness: [new, worsening]}", "saddle numbness is new or worsening"),
        ("{age: {min: 18, below: 60}}", "age is at least 18 and under 60"),
        ("{duration_weeks: {above: 12}}", "duration weeks is over 12 weeks"),
        ("{leg_pain_onset_days: {max: 14}}", "leg pain onset days is at most 14 days"),
        ("{fever: 'yes', known_aaa: true}", "fever is yes and known aaa is yes"),
        (
            "{any: [{fever: 'yes'}, {age: {min: 60}, leg_pain: both_legs}]}",
            "(fever is yes or (age is at least 60 and leg pain is both legs))",
        ),
        (
            "{all: [{fever: 'yes'}, {any: [{known_aaa: true}, {dysuria: true}]}]}",
            "fever is yes and (known aaa is yes or dysuria is yes)",
        ),
        (
            "{fever: 'yes', unless: [{constipation_only: true}]}",
            "fever is yes and it is not known that constipation only is yes",
        ),
        (
            "{none: [{fever: 'yes'}, {dysuria: true}]}",
            "it is known that none of these holds: [fever is yes; dysuria is yes]",
        ),
        (
            "{at_least: 2, of: [{fever: 'yes'}, {dysuria: true}]}",
            "at least 2 of these hold: [fever is yes; dysuria is yes]",
        ),
        ("{is: getting_worse}", "“getting worse”"),
        ("{known: pain_avg}", "pain avg was answered"),
        ("{skipped: sexual_change}", "sexual change was asked and not answered"),
        ("{current_meds: {contains: paracetamol}}", "current meds includes paracetamol"),
        ("{pain_site: {contains_any: [hip, groin]}}", "pain site includes hip or groin"),
        (
            "{change: {from: nprs_baseline, to: nprs_now, min: 2}}",
            "the change from nprs baseline to nprs now is at least 2",
        ),
        (
            "{change_percent: {from: nprs_baseline, to: nprs_now, max: -30}}",
            "the change from nprs baseline to nprs now is at most -30 percent",
        ),
        ("{at_start: {leg_pain: none}}", "when the plan began, leg pain is none"),
        ("{before: {gpe: {max: -2}}}", "at an earlier check-in, gpe is at most -2"),
        ("{last_time: {flag: FL_RED_CES}}", "at the last contact, the flag FL_RED_CES is raised"),
        (
            "{rise_from_best: {of: nprs_now, min: 3}}",
            "nprs now has risen by at least 3 above its best so far",
        ),
        ("{urgency_at_least: same_day}", "the class is same day or worse"),
        ("{profile: nice}", "the guideline profile is nice"),
        ("{always: true}", "always"),
    ],
)
def test_a_condition_reads_as_english(condition: str, said: str) -> None:
    assert words(condition) == said
