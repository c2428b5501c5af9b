"""Reads the whole rulebook, checks all of it, and gives it a version."""

from __future__ import annotations

import datetime
import hashlib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.clinical.rulebook.document import Item, read
from bot.clinical.rulebook.rule import PhoneBook, PhoneNumbers, Rule, Source, TriageRule
from bot.clinical.rulebook.scope import DESIGN, GENERAL_KNOWLEDGE, Scope
from bot.clinical.rules import Condition

HERE = Path(__file__).parent

#: section -> (module here that reads it, its function from the document's Item and the Scope to the section).
#: A section whose module or file is not there is None.
_SECTIONS: Mapping[str, tuple[str, str]] = {
    "options": ("option_rules", "parse_options"),
    "contraindications": ("option_rules", "parse_contraindications"),
    "personalisation": ("option_rules", "parse_personalisation"),
    "check_ins": ("question_texts", "parse_check_ins"),
    "questions": ("question_texts", "parse_questions"),
    "wording": ("question_texts", "parse_wording"),
}


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
    options: Any = field(default=None)
    contraindications: Any = field(default=None)
    personalisation: Any = field(default=None)
    check_ins: Any = field(default=None)
    questions: Any = field(default=None)
    wording: Any = field(default=None)


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
    sections = {
        section: getattr(importlib.import_module(f"{__package__}.{module}"), function)(
            documents[section], scope
        )
        for section, (module, function) in _SECTIONS.items()
        if section in documents
    }
    return Rulebook(
        version=f"{_newest(red_flags):%Y-%m-%d}+{digest[:10]}",
        red_flags=red_flags,
        definitions={name: scope.definition(name) for name in scope.definition_names},
        sources=sources,
        phone_numbers=_phone_numbers(documents["phone_numbers"], scope),
        **sections,
    )


def _read_all(root: Path) -> tuple[dict[str, Item], str]:
    documents: dict[str, Item] = {}
    digest = hashlib.sha256()
    for section in ("definitions", "sources", "red_flags", "phone_numbers", *_SECTIONS):
        path = root / f"{section}.yaml"
        if section in _SECTIONS and not (path.exists() and (HERE / f"{_SECTIONS[section][0]}.py").exists()):
            continue
        documents[section], content = read(path)
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
