"""Reads contraindications.yaml: holds of the whole plan, rules on options, and names of medicines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bot.clinical.facts import FIELDS, FieldKind
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.option_document import (
    Contraindications,
    Hold,
    MedicineClass,
    OptionRule,
    OptionTable,
    Target,
)
from bot.clinical.rulebook.option_selection import read_target
from bot.clinical.rulebook.option_terms import SAFETY_EFFECTS, Effect
from bot.clinical.rulebook.patient_words import (
    CAUSES,
    Cause,
    Words,
    check_length,
    read_causes,
    read_words,
    sayable,
    words_of,
)
from bot.clinical.rulebook.scope import Scope
from bot.clinical.rules import Condition
from bot.clinical.status import Status
from bot.clinical.vocabulary import FLAGS, OPTIONS

_OPTIONAL = ("raise", "also", "adds", "added", "flag", "if_withheld", "causes")
_LISTED = "current_meds"


def parse_contraindications(document: Item, scope: Scope, table: OptionTable) -> Contraindications:
    """The rules of clinical.md §4 and the holds of §0.3. Raises RulebookError at the first fault."""
    sections = document.keys(("holds", "rules", "medicines"))
    medicines = {name: _medicine_class(name, item) for name, item in sections["medicines"].entries().items()}
    for item in (*sections["holds"].items(), *sections["rules"].items()):
        _check_listed_medicines(item, medicines)
    gaps = {*medicines, *(one.answers for one in medicines.values() if one.answers is not None)}
    return Contraindications(
        holds=tuple(_hold(item, scope) for item in sections["holds"].items()),
        rules=tuple(_rule(item, scope, table, gaps) for item in sections["rules"].items()),
        medicines=medicines,
    )


def _hold(item: Item, scope: Scope) -> Hold:
    rule, entries = scope.rule(item, required=("keeps",))
    words_of(rule.patient, entries["patient"])
    return Hold(**vars(rule), keeps=frozenset(entries["keeps"].each_of(OPTIONS, "option")))


def _rule(item: Item, scope: Scope, table: OptionTable, medicines: Collection[str]) -> OptionRule:
    rule, entries = scope.rule(item, required=("option", "effect"), optional=_OPTIONAL)
    causes = read_causes(entries, scope, medicines)
    said = {*sayable(rule.when), *medicines, *((CAUSES,) if causes else ())}
    words = words_of(rule.patient, entries["patient"], said)
    if causes and CAUSES not in words.gaps:
        entries[CAUSES].fail("the patient's text has no {causes}; write it there or remove this")
    check_length(entries["patient"], words, causes)
    added = _added(entries, scope, words, said)
    return OptionRule(
        **vars(rule),
        words=words,
        causes=causes,
        targets=tuple(_targets(entries, rule.when, scope, table)),
        adds=_adds(entries, table, added, causes),
        added=added,
        flag=entries["flag"].one_of(FLAGS, "flag") if "flag" in entries else None,
        if_withheld=entries["if_withheld"].one_of(OPTIONS, "option") if "if_withheld" in entries else None,
    )


def _targets(
    entries: Mapping[str, Item], when: Condition, scope: Scope, table: OptionTable
) -> Iterator[Target]:
    main = read_target(entries, when, scope, table, SAFETY_EFFECTS)
    if main.effect is Effect.OPENS:
        for option in main.options:
            if Status.CLINICIAN_ONLY not in table.options[option].because:
                entries["option"].fail(f"options.yaml has no reason for {option} as clinician_only; add it")
    yield main
    for item in entries["also"].items() if "also" in entries else ():
        yield read_target(item.keys(("option", "effect")), when, scope, table, SAFETY_EFFECTS)


def _added(entries: Mapping[str, Item], scope: Scope, words: Words, said: Collection[str]) -> Words | None:
    """The reason of an added option: words of its own, or the first sentence, which names the situation."""
    if "adds" not in entries:
        if "added" in entries:
            entries["added"].fail("nothing is added here; write `adds` or remove this")
        return None
    if "added" in entries:
        return read_words(entries["added"], scope, said)
    first = words.text.partition(". ")[0]
    return words_of(first if first.endswith(".") else f"{first}.", entries["patient"], said)


def _adds(
    entries: Mapping[str, Item], table: OptionTable, added: Words | None, causes: Collection[Cause]
) -> tuple[str, ...]:
    if added is None:
        return ()
    options = entries["adds"].each_of(OPTIONS, "option")
    for option in options:
        because = table.options[option].because.get(Status.RECOMMEND)
        if because is None or because.gaps:
            entries["adds"].fail(f"options.yaml has no reason without gaps for {option} as recommend; add it")
        check_length(entries["adds"], added, causes, after=because.text)
    return options


def _medicine_class(name: str, item: Item) -> MedicineClass:
    entries = item.keys(("names",), ("answers", "unless"))
    answers = entries["answers"].one_of(FIELDS, "field") if "answers" in entries else None
    if answers is not None and FIELDS[answers].kind is not FieldKind.BOOL:
        entries["answers"].fail(f"{answers} is not answered with yes or no, so no name can answer it")
    names = tuple(one.text() for one in entries["names"].items())
    twice = next((one for one in names if names.count(one) > 1), None)
    if not names or twice is not None:
        entries["names"].fail(f"the name {twice!r} is here twice; keep one" if twice else "give a name here")
    unless = tuple(one.text() for one in entries["unless"].items()) if "unless" in entries else ()
    return MedicineClass(name, answers, names, unless)


def _check_listed_medicines(item: Item, medicines: Collection[str]) -> None:
    """A word of the medicine list that is no class would never be found, and the rule never fire."""
    if item.is_list:
        for member in item.items():
            _check_listed_medicines(member, medicines)
    elif item.is_mapping:
        for key, value in item.entries().items():
            if key == _LISTED and value.is_mapping:
                for words in value.entries().values():
                    words.each_of(medicines, "medicine class")
            else:
                _check_listed_medicines(value, medicines)
