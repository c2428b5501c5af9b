"""Reads wording.yaml: safety messages, and how every fact is said back. See there for the form."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass

from bot.clinical.facts import FIELDS, UNDISCLOSED, UNSURE, FactValue, Field, FieldKind
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.scope import MOST_WORDS, Scope
from bot.clinical.rules import Condition
from bot.clinical.urgency import Urgency
from bot.clinical.vocabulary import RULE_STATUSES

MOST_EMERGENCY_WORDS = 75  #: in one emergency message (clinical.md §9)

#: What a safety message may hold in braces.
PLACES = ("emergency_number", "urgent_line", "crisis_line", "poison_line", "items", "unsure")
LINES = ("urgent", "crisis", "poison")
UNITS = ("weeks", "days", "minutes")  #: how a number may be said
CLASSES = (Urgency.EMERGENCY_NOW, Urgency.SAME_DAY, Urgency.URGENT_DAYS)

_VALUE = "value"


@dataclass(frozen=True, eq=False)
class Noted:
    """How one field is said back.

    `about` names it after "not sure about"; `said` holds the words of single values; `template` has a
    {value}, said in `unit` or with the words of `words`; `empty` is for an empty list
    or a number that is 0. `reported` holds
    the words by which a value is told to a nurse or doctor, where `about` does not fit. A `quiet` field
    is not read back while it is harmless.
    """

    field: str
    about: str
    said: Mapping[FactValue, str]
    template: str | None
    unit: str | None
    words: Mapping[str, str]
    empty: str | None
    reported: Mapping[FactValue, str]
    quiet: bool


@dataclass(frozen=True, eq=False)
class Together:
    """Harmless answers that are said back as one."""

    fields: tuple[str, ...]
    text: str


@dataclass(frozen=True, eq=False)
class Bundle:
    """Words for a field that stands for several signs at once, as after the emergency screen."""

    field: str
    when: Condition
    text: str


@dataclass(frozen=True, eq=False)
class SafetyText:
    """One safety message: for which findings of its class it is, and the words with places to fill.

    `otherwise` marks the message for findings that no other one covers. `always` messages are said even
    beside a worse class.
    """

    key: str
    urgency: Urgency
    rules: frozenset[str]
    text: str
    most: int
    otherwise: bool
    always: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class WordingSheet:
    """Every text of wording.yaml, safety messages in the order in which they are said."""

    safety_net: str
    incomplete: str
    lines: Mapping[str, str]
    no_items: str
    messages: tuple[SafetyText, ...]
    noted: Mapping[str, Noted]
    together: tuple[Together, ...]
    bundles: tuple[Bundle, ...]


def parse_wording(document: Item, scope: Scope) -> WordingSheet:
    """The texts of a document. Raises RulebookError."""
    keys = (
        "since",
        "safety_net",
        "incomplete",
        "lines",
        "no_items",
        "messages",
        "bundles",
        "together",
        "noted",
    )
    entries = document.keys(keys)
    entries["since"].date()
    lines = entries["lines"].keys(LINES)
    return WordingSheet(
        safety_net=_one_text(entries["safety_net"], scope),
        incomplete=_one_text(entries["incomplete"], scope),
        lines={name: scope.patient_text(item) for name, item in lines.items()},
        no_items=scope.patient_text(entries["no_items"]),
        messages=_messages(entries["messages"], scope),
        noted=_noted(entries["noted"], scope),
        together=tuple(_together(item, scope) for item in entries["together"].items()),
        bundles=tuple(_bundle(item, scope) for item in entries["bundles"].items()),
    )


def _one_text(item: Item, scope: Scope) -> str:
    entries = item.keys(("text", "sources"), ("status",))
    _sources(entries, scope)
    return scope.patient_text(entries["text"])


def _sources(entries: Mapping[str, Item], scope: Scope) -> tuple[str, ...]:
    status = entries["status"].one_of(RULE_STATUSES, "status") if "status" in entries else "cited"
    return scope.sources(entries["sources"], status)


def _messages(item: Item, scope: Scope) -> tuple[SafetyText, ...]:
    classes = item.keys([urgency.value for urgency in CLASSES])
    messages: list[SafetyText] = []
    for urgency in CLASSES:
        of_class = [_message(one, urgency, scope) for one in classes[urgency.value].items()]
        if sum(message.otherwise for message in of_class) != 1:
            classes[urgency.value].fail("give each class one message with `otherwise: true`")
        messages.extend(of_class)
    keys = [message.key for message in messages]
    for key in keys:
        if keys.count(key) > 1:
            item.fail(f"the key {key!r} is given twice")
    return tuple(messages)


def _message(item: Item, urgency: Urgency, scope: Scope) -> SafetyText:
    entries = item.keys(("key", "text", "sources"), ("rules", "otherwise", "always", "most", "status"))
    most = MOST_EMERGENCY_WORDS if urgency is Urgency.EMERGENCY_NOW else MOST_WORDS
    if "most" in entries:
        most = entries["most"].integer()
        if most not in (MOST_WORDS, MOST_EMERGENCY_WORDS):
            entries["most"].fail(f"`most` is {MOST_WORDS} or {MOST_EMERGENCY_WORDS} words")
    otherwise = _flag(entries, "otherwise")
    if otherwise == ("rules" in entries):
        item.fail("write `rules`, or `otherwise: true` for the findings that are left")
    text = scope.patient_text(entries["text"], most)
    for place in _places(text, entries["text"]):
        if place not in PLACES:
            entries["text"].fail(f"{{{place}}} is not filled here; use {', '.join(PLACES)}")
    return SafetyText(
        key=entries["key"].text(),
        urgency=urgency,
        rules=frozenset(_words(entries["rules"])) if "rules" in entries else frozenset(),
        text=text,
        most=most,
        otherwise=otherwise,
        always=_flag(entries, "always"),
        sources=_sources(entries, scope),
    )


def _flag(entries: Mapping[str, Item], key: str) -> bool:
    return key in entries and entries[key].boolean()


def _words(item: Item) -> tuple[str, ...]:
    return tuple(one.text() for one in item.one_or_more())


def _places(text: str, item: Item) -> tuple[str, ...]:
    try:
        return tuple(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    except ValueError:
        item.fail("a brace is not closed")


def _bundle(item: Item, scope: Scope) -> Bundle:
    entries = item.keys(("field", "when", "say"))
    return Bundle(
        entries["field"].one_of(FIELDS, "field"),
        scope.condition(entries["when"]),
        scope.patient_text(entries["say"]),
    )


def _together(item: Item, scope: Scope) -> Together:
    entries = item.keys(("fields", "say"))
    return Together(entries["fields"].each_of(FIELDS, "field"), scope.patient_text(entries["say"]))


def _noted(item: Item, scope: Scope) -> Mapping[str, Noted]:
    entries = item.entries()
    for name in entries:
        Item(entries[name].place, name).one_of(FIELDS, "field")
    for name in FIELDS:
        if name not in entries:
            item.fail(f"say how {name} is read back")
    return {name: _one_noted(FIELDS[name], one, scope) for name, one in entries.items()}


def _one_noted(field: Field, item: Item, scope: Scope) -> Noted:
    values = _values_of(field)
    optional = ("say", "unit", "words", "empty", "reported", "quiet", *values, UNSURE, UNDISCLOSED)
    entries = item.keys(("about",), optional)
    said = {_value(field, name): scope.patient_text(entries[name]) for name in values if name in entries}
    about = scope.patient_text(entries["about"])
    for extra, phrase in (
        (UNSURE, f"Not sure about {about}"),
        (UNDISCLOSED, f"You would rather not say about {about}"),
    ):
        said[extra] = scope.patient_text(entries[extra]) if extra in entries else phrase
    template = scope.patient_text(entries["say"]) if "say" in entries else None
    _check_words(field, item, values, template)
    list_words = entries["words"].entries() if "words" in entries else {}
    reported = entries["reported"].keys((), values) if "reported" in entries else {}
    return Noted(
        field=field.name,
        about=about,
        said=said,
        template=template,
        unit=entries["unit"].one_of(UNITS, "unit") if "unit" in entries else None,
        words={name: scope.patient_text(one) for name, one in list_words.items()},
        empty=scope.patient_text(entries["empty"]) if "empty" in entries else None,
        reported={_value(field, name): scope.patient_text(one) for name, one in reported.items()},
        quiet=_flag(entries, "quiet"),
    )


def _values_of(field: Field) -> tuple[str, ...]:
    if field.kind is FieldKind.BOOL:
        return ("yes", "no")
    if field.kind is FieldKind.CHOICE:
        return tuple(value for value in field.values if value not in (UNSURE, UNDISCLOSED))
    return ()


def _value(field: Field, name: str) -> FactValue:
    return name == "yes" if field.kind is FieldKind.BOOL else name


def _check_words(field: Field, item: Item, values: tuple[str, ...], template: str | None) -> None:
    missing = [value for value in values if value not in item.entries()]
    if values and missing:
        item.fail(f"say {field.name} in words for {', '.join(missing)}")
    if not values and (template is None or _VALUE not in _places(template, item)):
        item.fail(f"{field.name} needs `say` with {{value}} in it")
    if field.kind is FieldKind.LIST and "empty" not in item.entries():
        item.fail(f"say in `empty` what an empty list of {field.name} means")
