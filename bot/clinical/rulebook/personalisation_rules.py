"""Reads personalisation.yaml: what fits a plan to the person, and how much it may start with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.option_document import (
    Choice,
    Limits,
    Option,
    OptionRule,
    OptionTable,
    Personalisation,
    Target,
    entry_status,
)
from bot.clinical.rulebook.option_selection import read_target, with_words
from bot.clinical.rulebook.option_terms import PERSONAL_EFFECTS, Effect, Mark, Tie
from bot.clinical.rulebook.patient_words import (
    CAUSES,
    Words,
    check_length,
    read_causes,
    sayable,
    words_of,
)
from bot.clinical.rulebook.scope import Scope
from bot.clinical.status import Status

CHOSEN = "chosen"  #: the gap that names the option that was chosen

_LIFTS = {Effect.RECOMMEND: Status.RECOMMEND, Effect.CONSIDER: Status.CONSIDER}
_BRING_IN = (*_LIFTS, Effect.RAISE)


def parse_personalisation(document: Item, scope: Scope, table: OptionTable) -> Personalisation:
    """The rules of clinical.md §5.1 and §5.2. Raises RulebookError at the first fault."""
    sections = document.keys(("limits", "ties", "choices", "rules"))
    limits = sections["limits"].keys(("daily_actions", "minutes_a_day"))
    ties = tuple(Tie(word) for word in sections["ties"].each_of(tuple(tie.value for tie in Tie), "tie"))
    if len(set(ties)) != len(Tie):
        sections["ties"].fail("name each of " + ", ".join(tie.value for tie in Tie) + " once, in order")
    return Personalisation(
        limits=Limits(_positive(limits["daily_actions"]), _positive(limits["minutes_a_day"])),
        ties=ties,
        choices=tuple(_choice(item, scope, table) for item in sections["choices"].items()),
        rules=tuple(_RuleReader(item, scope, table).read() for item in sections["rules"].items()),
    )


def _choice(item: Item, scope: Scope, table: OptionTable) -> Choice:
    rule, entries = scope.rule(item, required=("among",))
    mark = Mark(entries["among"].one_of(tuple(mark.value for mark in Mark), "mark"))
    among = tuple(option.id for option in table.options.values() if mark in option.marks)
    if len(among) < 2:
        entries["among"].fail("fewer than two options have this mark, so there is nothing to choose")
    words = words_of(rule.patient, entries["patient"], {CHOSEN})
    for option in among:
        check_length(entries["patient"], words, after=table.options[option].name)
    return Choice(**vars(rule), words=words, among=among)


class _RuleReader:
    """Reads one rule and checks that what it makes of each option can be said in words."""

    def __init__(self, item: Item, scope: Scope, table: OptionTable) -> None:
        self._scope = scope
        self._table = table
        self._rule, self._entries = scope.rule(
            item, required=("option", "effect"), optional=("also", "causes")
        )
        self._causes = read_causes(self._entries, scope, ())
        self._said = {*sayable(self._rule.when), *((CAUSES,) if self._causes else ())}

    def read(self) -> OptionRule:
        words = words_of(self._rule.patient, self._entries["patient"], self._said)
        targets = tuple(self._targets())
        if self._causes and not any(CAUSES in (target.words or words).gaps for target in targets):
            self._entries[CAUSES].fail("no text of this rule has {causes}; write it there or remove this")
        for target in targets:
            self._check(self._entries["patient"], target, target.words or words)
        return OptionRule(**vars(self._rule), words=words, causes=self._causes, targets=targets)

    def _targets(self) -> Iterator[Target]:
        yield self._told(self._entries)
        for item in self._entries["also"].items() if "also" in self._entries else ():
            entries = item.keys(("option", "effect"), ("patient",))
            target = self._told(entries)
            if "patient" in entries:
                text = self._scope.patient_text(entries["patient"])
                target = with_words(target, words_of(text, entries["patient"], self._said))
            yield target

    def _told(self, entries: Mapping[str, Item]) -> Target:
        return read_target(entries, self._rule.when, self._scope, self._table, PERSONAL_EFFECTS)

    def _check(self, item: Item, target: Target, words: Words) -> None:
        check_length(item, words, self._causes)
        for option in (self._table.options[one] for one in target.options):
            if target.effect in _BRING_IN and _may_be_absent(option):
                self._check_lift(item, option, _LIFTS.get(target.effect) or entry_status(option), words)

    def _check_lift(self, item: Item, option: Option, status: Status, words: Words) -> None:
        """The reason of an option that a rule brings in is the rule's text and the option's own, together."""
        because = option.because.get(status)
        if because is None:
            item.fail(f"options.yaml has no reason for {option.id} as {status.value}; add it there")
        unknown = set(because.gaps) - sayable(self._rule.when)
        if unknown:
            item.fail(
                f"the reason of {option.id} needs {', '.join(sorted(unknown))}, which is not known here"
            )
        check_length(item, words, self._causes, after=because.text)


def _may_be_absent(option: Option) -> bool:
    cells = [
        cell for row in option.rows.values() for cell in (row.acute, row.subacute, row.chronic, row.leg or ())
    ]
    return any(step.status is None for cell in cells for step in cell)


def _positive(item: Item) -> int:
    number = item.integer()
    if number < 1:
        item.fail("write a whole number above zero here")
    return number
