"""Reads progress.yaml: what the answers of a check-in mean. See there for the form."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.clinical.rule_index import RuleIndex
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.patient_words import read_words
from bot.clinical.rulebook.rule import TriageRule
from bot.clinical.rulebook.scope import Scope
from bot.clinical.status import Status
from bot.clinical.vocabulary import ADJUSTMENTS, OPTIONS

_OWN = ("options", "instead_of")
_STATUSES = tuple(status.value for status in Status if status.shown)


@dataclass(frozen=True)
class OptionAdded:
    """An option that a rule puts before a clinician or into the plan, and how freely it may be taken up."""

    option: str
    status: Status


@dataclass(frozen=True, eq=False)
class ProgressRule:
    """A rule on a check-in: class, flags and adjustments as of any triage rule, and options to add.

    `instead_of` names the rules whose words to the patient are left out when this one speaks.
    """

    rule: TriageRule
    options: tuple[OptionAdded, ...]
    instead_of: frozenset[str]


@dataclass(frozen=True, eq=False)
class ProgressRules:
    """Everything of progress.yaml. `kept_on_hold`: the adjustments that stand while a plan is suspended."""

    rules: tuple[ProgressRule, ...]
    kept_on_hold: frozenset[str]

    @property
    def newest(self) -> datetime.date:
        """The date of the newest rule."""
        return max(one.rule.since for one in self.rules)

    @cached_property
    def index(self) -> RuleIndex[ProgressRule]:
        """The rules by the answers they need."""
        return RuleIndex(self.rules, lambda one: one.rule.when)

    @cached_property
    def _by_id(self) -> Mapping[str, ProgressRule]:
        return {one.rule.id: one for one in self.rules}

    def by_id(self, rule: str) -> ProgressRule | None:
        """The rule of this id, or None."""
        return self._by_id.get(rule)


def parse_progress(document: Item, scope: Scope) -> ProgressRules:
    """The rules of clinical.md §6.3. Raises RulebookError at the first fault."""
    entries = document.keys(("kept_on_hold", "rules"))
    kept = entries["kept_on_hold"].each_of(ADJUSTMENTS, "adjustment")
    items = entries["rules"].items()
    if not items:
        entries["rules"].fail("list at least one rule")
    rules = tuple(_rule(item, scope) for item in items)
    names = [one.rule.id for one in rules]
    for item in items:
        _check_instead_of(item, names)
    return ProgressRules(rules, frozenset(kept))


def _rule(item: Item, scope: Scope) -> ProgressRule:
    entries = item.entries()
    shared = {key: value for key, value in entries.items() if key not in _OWN}
    rule = scope.triage_rule(Item(item.place, shared))
    read_words(entries["patient"], scope)
    return ProgressRule(
        rule,
        options=tuple(_option(one) for one in _members(entries, "options")),
        instead_of=frozenset(one.text() for one in _members(entries, "instead_of")),
    )


def _option(item: Item) -> OptionAdded:
    entries = item.keys(("option", "status"))
    status = Status(entries["status"].one_of(_STATUSES, "status of something that is shown"))
    return OptionAdded(entries["option"].one_of(OPTIONS, "option"), status)


def _check_instead_of(item: Item, names: Collection[str]) -> None:
    entries = item.entries()
    for one in _members(entries, "instead_of"):
        if one.one_of(tuple(names), "rule of this file") == entries["id"].raw:
            one.fail("a rule cannot speak instead of itself")


def _members(entries: Mapping[str, Item], key: str) -> tuple[Item, ...]:
    return entries[key].one_or_more() if key in entries else ()
