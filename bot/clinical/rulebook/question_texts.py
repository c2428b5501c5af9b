"""Reads questions.yaml: every question of the intake, checked word by word. See there for the form."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.clinical.facts import FIELDS, UNSURE
from bot.clinical.rulebook.check_in_times import parse_check_ins
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.question import NO, NONE, SCREEN, SECTIONS, Asking, Choice, Question, QuestionSheet
from bot.clinical.rulebook.question_forms import FORMS, TICKS, Answers, Form, also_of, facts_of, label_of
from bot.clinical.rulebook.scope import Scope
from bot.clinical.rulebook.wording_texts import parse_wording
from bot.clinical.rules import Condition
from bot.clinical.vocabulary import RULE_STATUSES

__all__ = ["parse_check_ins", "parse_questions", "parse_wording"]

#: The one question on danger that may be skipped (clinical.md §1.2 A).
MAY_BE_SKIPPED = frozenset({"sexual_change"})

_TEXTS = ("text", "why", "sources")
_OPTIONAL = ("status", "since", "example", "when", "skippable", "skip", "said")


def parse_questions(document: Item, scope: Scope) -> QuestionSheet:
    """The questions of a document. Raises RulebookError."""
    entries = document.keys(("since", "screen", "sections"))
    since = entries["since"].date()
    askings: list[Asking] = []
    seen: set[str] = set()
    for section, item in _sections(entries["sections"]):
        asking = _asking(item, section, since, scope)
        if asking.question.field in seen:
            item.fail(f"{asking.question.field} has a question already; one is enough")
        seen.add(asking.question.field)
        askings.append(asking)
    sheet = tuple(replace(asking, leads=_leads(asking, seen)) for asking in askings)
    _each_led_once(sheet, entries["sections"])
    by_field: dict[str, Asking] = {}
    for asking in sheet:
        for name in asking.question.fields:
            by_field.setdefault(name, asking)
    return QuestionSheet(
        screen=_screen(entries["screen"], scope),
        askings=sheet,
        by_lead={lead: asking for asking in sheet for lead in asking.leads},
        by_field=by_field,
    )


def _sections(item: Item) -> Iterator[tuple[str, Item]]:
    """Each question with the section it stands in; sections come in their fixed order."""
    names = tuple(SECTIONS)
    last = -1
    for part in item.items():
        entries = part.keys(("section", "questions"))
        name = entries["section"].one_of(names, "section")
        if names.index(name) <= last:
            entries["section"].fail(f"{name} must come earlier; the order is {', '.join(names)}")
        last = names.index(name)
        for question in entries["questions"].items():
            yield name, question


def _leads(asking: Asking, own: set[str]) -> tuple[str, ...]:
    field = asking.question.field
    return (field, *(name for name in asking.core if name != field and name not in own))


def _each_led_once(askings: tuple[Asking, ...], item: Item) -> None:
    leads: dict[str, str] = {}
    for asking in askings:
        for lead in asking.leads:
            if lead in leads:
                item.fail(
                    f"{lead} is asked by both {leads[lead]} and {asking.question.field}; give it to one"
                )
            leads[lead] = asking.question.field


def _screen(item: Item, scope: Scope) -> Question:
    """The emergency screen: its answers only ever add danger, so no field has to be settled by it."""
    entries = item.keys((*_TEXTS, "choices"), ("status",))
    status = _status(entries)
    scope.sources(entries["sources"], status)
    choices: list[Choice] = []
    answers: Answers = {}
    for one in entries["choices"].items():
        keys = one.keys(("value", "label", "facts"))
        choices.append(Choice(label_of(keys["label"], scope), keys["value"].text()))
        answers[choices[-1].value] = facts_of(keys["facts"])
    if NONE not in answers:
        entries["choices"].fail("the screen needs the answer `none`")
    answers[NO] = answers[NONE]
    return Question(
        field=SCREEN,
        section="emergency",
        text=scope.patient_text(entries["text"]),
        why=scope.patient_text(entries["why"]),
        input="choice",
        choices=tuple(choices),
        fields=tuple(dict.fromkeys(name for facts in answers.values() for name in facts)),
        answers=answers,
    )


def _asking(item: Item, section: str, since: datetime.date, scope: Scope) -> Asking:
    entries = item.keys(("field", *_TEXTS), (*_OPTIONAL, *FORMS, *TICKS))
    status = _status(entries)
    field = FIELDS[entries["field"].one_of(FIELDS, "field")]
    question = Form(field, item, entries, scope).question(section)
    core = _core(question, entries)
    _check_danger(question, core, item)
    return Asking(
        question=question,
        core=core,
        leads=(),
        when=_when(entries, scope),
        since=entries["since"].date() if "since" in entries else since,
        sources=scope.sources(entries["sources"], status),
        status=status,
    )


def _core(question: Question, entries: Mapping[str, Item]) -> tuple[str, ...]:
    """The fields that must be settled: with boxes, all of them but those of `also`."""
    if not question.has_boxes:
        return (question.field,)
    also = also_of(entries)
    return tuple(name for name in question.fields if name not in also)


def _check_danger(question: Question, core: tuple[str, ...], item: Item) -> None:
    """A danger question lets the patient be unsure, is asked again with an example, and is not skipped."""
    dangers = [name for name in core if FIELDS[name].red_flag]
    if not dangers:
        return
    if question.example is None:
        item.fail("a question about danger needs an `example` for asking again")
    unsure = question.answers.get(UNSURE, {})
    shown = any(choice.value == UNSURE for choice in question.choices)
    if not shown or any(name not in unsure for name in dangers):
        item.fail("a question about danger needs the answer `unsure`")
    if question.skippable and not MAY_BE_SKIPPED.issuperset(dangers):
        item.fail("a question about danger may not be skipped")


def _when(entries: Mapping[str, Item], scope: Scope) -> Condition | None:
    if "when" not in entries:
        return None
    when = scope.condition(entries["when"])
    if when.looks_at_conclusions:
        entries["when"].fail("questions are asked by what the patient said, not by flags or urgency")
    return when


def _status(entries: Mapping[str, Item]) -> str:
    return entries["status"].one_of(RULE_STATUSES, "status") if "status" in entries else "cited"
