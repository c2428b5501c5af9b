"""Reads the whole rulebook, checks all of it, and gives it a version."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from bot.clinical.rule_index import RuleIndex
from bot.clinical.rulebook.check_in_sheet import CheckInQuestions, parse_check_in_questions
from bot.clinical.rulebook.check_in_times import CheckInSheet, parse_check_ins
from bot.clinical.rulebook.document import Item, read
from bot.clinical.rulebook.goal_texts import GoalTexts, parse_goals
from bot.clinical.rulebook.measure_table import MeasureTable, parse_measures
from bot.clinical.rulebook.option_document import Contraindications, OptionTable, Personalisation
from bot.clinical.rulebook.option_names import OptionNames, parse_option_names
from bot.clinical.rulebook.option_rules import (
    parse_contraindications,
    parse_options,
    parse_personalisation,
)
from bot.clinical.rulebook.progress_rules import ProgressRules, parse_progress
from bot.clinical.rulebook.question import QuestionSheet
from bot.clinical.rulebook.question_texts import parse_questions
from bot.clinical.rulebook.rule import PhoneBook, PhoneNumbers, Rule, Source, TriageRule
from bot.clinical.rulebook.scope import DESIGN, GENERAL_KNOWLEDGE, Scope
from bot.clinical.rulebook.wording_texts import WordingSheet, parse_wording
from bot.clinical.rules import Condition

HERE = Path(__file__).parent

#: the files that every rulebook has, in the order in which they count for its version
_FILES = (
    *("definitions", "sources", "red_flags", "phone_numbers"),
    *("options", "contraindications", "personalisation", "goals"),
    *("measures", "progress", "option_names"),
    *("check_ins", "questions", "check_in_questions", "wording"),
)


@dataclass(frozen=True)
class Rulebook:
    """Every rule, definition, source and text, as loaded and checked.

    `version` is the newest date in the rules and a hash over the files: the same words give the same
    version, any edit another.
    """

    version: str
    red_flags: tuple[TriageRule, ...]
    definitions: Mapping[str, Condition]
    sources: Mapping[str, Source]
    phone_numbers: PhoneBook
    options: OptionTable
    contraindications: Contraindications
    personalisation: Personalisation
    goals: GoalTexts
    measures: MeasureTable
    progress: ProgressRules
    option_names: OptionNames
    check_ins: CheckInSheet
    questions: QuestionSheet
    check_in_questions: CheckInQuestions
    wording: WordingSheet

    @cached_property
    def red_flag_index(self) -> RuleIndex[TriageRule]:
        """The red flags by the answers they need, in their order."""
        return RuleIndex(self.red_flags, lambda rule: rule.when)


@lru_cache(maxsize=1)
def default_rulebook() -> Rulebook:
    """The rulebook that ships with the program, loaded once."""
    return load_rulebook()


def load_rulebook(directory: Path | None = None) -> Rulebook:
    """The rulebook of `directory` (default: the one that ships). Raises RulebookError at the first fault."""
    root = directory or HERE
    documents, digest = _read_all(root)
    sources = _sources(documents["sources"])
    scope = Scope(documents["definitions"].keys(("definitions",))["definitions"], sources)
    red_flags = _red_flags(documents["red_flags"], scope)
    options = parse_options(documents["options"], scope)
    contraindications = parse_contraindications(documents["contraindications"], scope, options)
    personalisation = parse_personalisation(documents["personalisation"], scope, options)
    goals = parse_goals(documents["goals"], scope)
    measures = parse_measures(documents["measures"], scope)
    progress = parse_progress(documents["progress"], scope)
    questions = parse_questions(documents["questions"], scope)
    dates = (
        _newest(red_flags),
        *(one.newest for one in (options, contraindications, personalisation, goals, measures, progress)),
    )
    return Rulebook(
        version=f"{max(dates):%Y-%m-%d}+{digest[:10]}",
        red_flags=red_flags,
        definitions={name: scope.definition(name) for name in scope.definition_names},
        sources=sources,
        phone_numbers=_phone_numbers(documents["phone_numbers"], scope),
        options=options,
        contraindications=contraindications,
        personalisation=personalisation,
        goals=goals,
        measures=measures,
        option_names=parse_option_names(documents["option_names"]),
        progress=progress,
        check_ins=parse_check_ins(documents["check_ins"], scope),
        questions=questions,
        check_in_questions=parse_check_in_questions(documents["check_in_questions"], scope, questions),
        wording=parse_wording(documents["wording"], scope),
    )


def read_documents(directory: Path | None = None) -> Mapping[str, Item]:
    """The files of a rulebook as they stand, by name; checked for YAML only. Raises RulebookError."""
    return _read_all(directory or HERE)[0]


def _read_all(root: Path) -> tuple[dict[str, Item], str]:
    documents: dict[str, Item] = {}
    digest = hashlib.sha256()
    for section in _FILES:
        documents[section], content = read(root / f"{section}.yaml")
        digest.update(section.encode() + b"\0" + content + b"\0")
    return documents, digest.hexdigest()


def _sources(document: Item) -> dict[str, Source]:
    table = document.keys(("sources",))["sources"].entries()
    for special in (DESIGN, GENERAL_KNOWLEDGE):
        if special in table:
            table[special].fail(f"{special} is a mark, not a source; choose another key")
    return {key: Source(key, item.text()) for key, item in table.items()}


def _red_flags(document: Item, scope: Scope) -> tuple[TriageRule, ...]:
    """Rules in the order of the file, those that look at conclusions last."""
    sections = document.keys(("red_flags", "unsure", "backstops", "routine_flags"))
    rules = tuple(scope.triage_rule(item) for section in sections.values() for item in section.items())
    return tuple(sorted(rules, key=lambda rule: rule.looks_at_conclusions))


def _newest(rules: tuple[Rule, ...]) -> datetime.date:
    return max(rule.since for rule in rules)


def _phone_numbers(document: Item, scope: Scope) -> PhoneBook:
    sections = document.keys(("unknown", "countries"))
    countries = {code: _lines(code, item, scope) for code, item in sections["countries"].entries().items()}
    return PhoneBook(_lines("", sections["unknown"], scope), countries)


def _lines(code: str, item: Item, scope: Scope) -> PhoneNumbers:
    entries = item.keys(("emergency", "sources", "checked"), ("urgent", "crisis", "poison", "status"))
    status = entries["status"].text() if "status" in entries else "cited"

    def line(name: str) -> str | None:
        return entries[name].text() if name in entries and entries[name].raw is not None else None

    return PhoneNumbers(
        country=code,
        emergency=entries["emergency"].text(),
        urgent=line("urgent"),
        crisis=line("crisis"),
        poison=line("poison"),
        sources=scope.sources(entries["sources"], status),
        checked=entries["checked"].date(),
    )
