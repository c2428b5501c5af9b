"""Reads check_in_questions.yaml: what a check-in asks, and how long it waits. See there for the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.clinical.fields import FIELDS, Field, FieldKind
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.question import Question, QuestionSheet
from bot.clinical.rulebook.question_forms import FORMS, TICKS, Form, also_of
from bot.clinical.rulebook.scope import Scope
from bot.clinical.rules import Condition
from bot.clinical.vocabulary import RULE_STATUSES

SECTION = "check_in"
ACTIVITY = "{activity}"

_OPTIONAL = (
    *("field", "ask", "intake", "danger", "free", "then", "when", "text", "why", "example"),
    *("skippable", "skip", "said", "sources", "status"),
)


@dataclass(frozen=True, eq=False)
class CheckInItem:
    """One question of a check-in. `core` are the fields of which each is told once it is answered.

    `danger` questions come first and are asked to the end. `free` ones take any words. `then` names, by
    tapped key, the questions of the intake that are asked anew.
    """

    question: Question
    core: tuple[str, ...]
    when: Condition | None
    danger: bool
    free: bool
    then: Mapping[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        """What is asked: the `asks` of its message."""
        return self.question.field


@dataclass(frozen=True)
class PictureWords:
    """What stands behind the bars of a trend, after the number."""

    start: str
    before: str
    now: str


@dataclass(frozen=True, eq=False)
class CheckInQuestions:
    """Everything that a check-in says and asks, and how long it waits for an answer."""

    start: Question
    regular: tuple[CheckInItem, ...]
    safety: tuple[CheckInItem, ...]
    ready: str
    reminder: str
    picture: PictureWords
    remind_after: tuple[timedelta, ...]
    missed_after: timedelta
    safety_missed_after: timedelta
    by_name: Mapping[str, Question]


def parse_check_in_questions(document: Item, scope: Scope, intake: QuestionSheet) -> CheckInQuestions:
    """The questions of a document. Raises RulebookError."""
    entries = document.keys(
        (
            *("since", "remind_after_hours", "missed_after_hours", "safety_missed_after_hours"),
            *("texts", "start", "regular", "safety"),
        )
    )
    entries["since"].date()
    texts = entries["texts"].keys(("ready", "reminder", "picture"))
    behind = texts["picture"].keys(("start", "before", "now"))
    start = _item(entries["start"], scope, intake)
    regular = tuple(_item(one, scope, intake) for one in entries["regular"].items())
    safety = tuple(_item(one, scope, intake) for one in entries["safety"].items())
    names = [one.name for one in (start, *regular, *safety)]
    if len(set(names)) != len(names):
        document.fail("a question is listed twice; once is enough")
    return CheckInQuestions(
        start=start.question,
        regular=regular,
        safety=safety,
        ready=scope.patient_text(texts["ready"]),
        reminder=scope.patient_text(texts["reminder"]),
        picture=PictureWords(**{key: scope.patient_text(words) for key, words in behind.items()}),
        remind_after=tuple(_hours(one) for one in entries["remind_after_hours"].items()),
        missed_after=_hours(entries["missed_after_hours"]),
        safety_missed_after=_hours(entries["safety_missed_after_hours"]),
        by_name={one.name: one.question for one in (start, *regular, *safety)},
    )


def _item(item: Item, scope: Scope, intake: QuestionSheet) -> CheckInItem:
    entries = item.keys((), (*_OPTIONAL, *FORMS, *TICKS))
    lead = [key for key in ("field", "ask", "intake") if key in entries]
    if len(lead) != 1:
        item.fail("give one of field, ask and intake")
    when = scope.condition(entries["when"]) if "when" in entries else None
    danger = "danger" in entries and entries["danger"].boolean()
    if lead == ["intake"]:
        question = intake.by_lead[entries["intake"].one_of(tuple(intake.by_lead), "question")].question
        return CheckInItem(question, (question.field,), when, danger, free=False, then={})
    question, core = _question(item, entries, scope)
    if danger and question.has_boxes and question.example is None:
        item.fail("a question about danger needs an `example` for asking again")
    return CheckInItem(
        question,
        core,
        when,
        danger,
        free="free" in entries and entries["free"].boolean(),
        then=_then(entries, intake),
    )


def _question(item: Item, entries: Mapping[str, Item], scope: Scope) -> tuple[Question, tuple[str, ...]]:
    for key in ("text", "why", "sources"):
        if key not in entries:
            item.fail(f"add the key {key!r}")
    status = entries["status"].one_of(RULE_STATUSES, "status") if "status" in entries else "cited"
    scope.sources(entries["sources"], status)
    if "field" in entries:
        field = FIELDS[entries["field"].one_of(FIELDS, "field")]
        question = Form(field, item, entries, scope).question(SECTION)
        return question, (field.name,)
    name = entries["ask"].text()
    if name in FIELDS:
        entries["ask"].fail(f"{name} is a field of the vocabulary; write `field: {name}`")
    made = Form(Field(name, FieldKind.TEXT), item, entries, scope).question(SECTION)
    fields = tuple(one for one in made.fields if one in FIELDS)
    also = also_of(entries)
    return replace(made, fields=fields), tuple(one for one in fields if one not in also)


def _then(entries: Mapping[str, Item], intake: QuestionSheet) -> dict[str, tuple[str, ...]]:
    if "then" not in entries:
        return {}
    asked = tuple(intake.by_lead)
    return {key: one.each_of(asked, "question") for key, one in entries["then"].entries().items()}


def _hours(item: Item) -> timedelta:
    hours = item.integer()
    if hours < 1:
        item.fail("give a whole number of hours from 1 on")
    return timedelta(hours=hours)
