"""The four forms of a question: typed, one choice, boxes to tick, and a scale from 0 to 10."""

from __future__ import annotations

from collections.abc import Mapping

from bot.clinical.facts import FIELDS, UNSURE, FactError, FactValue, Field, FieldKind, check
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.question import NO, NONE, SKIP, YES, Choice, Question
from bot.clinical.rulebook.scope import MOST_WORDS, Scope

#: The longest statement of the RMDQ, whose words may not change.
MOST_LABEL_WORDS = 19
SCALE = tuple(range(11))  #: every scale goes from 0 to 10

FORMS = ("choices", "ticks", "scale")
TICKS = ("none", "unsure", "unticked", "also", "input")  #: keys that only boxes have
_TICK_INPUTS = ("multi_choice", "body_map")

Answers = dict[str, Mapping[str, FactValue]]


class Form:
    """The shape of one question: typed, single choice, boxes to tick, or a scale."""

    def __init__(self, field: Field, item: Item, entries: Mapping[str, Item], scope: Scope) -> None:
        self._field = field
        self._item = item
        self._entries = entries
        self._scope = scope
        given = [form for form in FORMS if form in entries]
        if len(given) > 1:
            item.fail(f"choose one of {', '.join(given)}")
        self._kind = given[0] if given else None
        stray = [key for key in TICKS if key in entries and self._kind != "ticks"]
        if stray:
            entries[stray[0]].fail(f"`{stray[0]}` belongs to a question with `ticks`")

    def question(self, section: str) -> Question:
        scope, entries = self._scope, self._entries
        choices, answers, unticked = self._answers()
        if "skip" in entries:
            choices = (*choices, Choice(label_of(entries["skip"], scope), SKIP))
        extra = tuple(name for facts in answers.values() for name in facts)
        return Question(
            field=self._field.name,
            section=section,
            text=scope.patient_text(entries["text"]),
            why=scope.patient_text(entries["why"]),
            input=self._input(),
            choices=choices,
            fields=tuple(dict.fromkeys((self._field.name, *extra, *unticked))),
            skippable=self._skippable(),
            example=self._example(),
            answers=answers,
            unticked=unticked,
        )

    def _input(self) -> str | None:
        if self._kind == "ticks":
            entries = self._entries
            return entries["input"].one_of(_TICK_INPUTS, "input") if "input" in entries else "multi_choice"
        return {"choices": "choice", "scale": "scale"}.get(self._kind or "")

    def _skippable(self) -> bool:
        entries = self._entries
        skippable = entries["skippable"].boolean() if "skippable" in entries else False
        if "skip" in entries and not skippable:
            entries["skip"].fail("a question with `skip` needs `skippable: true`")
        return skippable

    def _example(self) -> str | None:
        if "example" not in self._entries:
            return None
        text, example = self._entries["text"], self._entries["example"]
        words = len(text.text().split()) + len(example.text().split())
        if words > MOST_WORDS:
            example.fail(
                f"text and example are said together: shorten them to {MOST_WORDS} words from {words}"
            )
        return self._scope.patient_text(example)

    def _answers(self) -> tuple[tuple[Choice, ...], Answers, dict[str, FactValue]]:
        if self._kind == "choices":
            choices, answers = self._choices()
        elif self._kind == "scale":
            choices, answers = self._scale()
        elif self._kind == "ticks":
            return self._ticks()
        else:
            choices, answers = (), {}
        return choices, self._typed_words(answers), {}

    def _choices(self) -> tuple[tuple[Choice, ...], Answers]:
        choices: list[Choice] = []
        answers: Answers = {}
        for one in self._entries["choices"].items():
            keys = one.keys(("value", "label"), ("facts",))
            value = keys["value"].text()
            if value in answers:
                one.fail(f"the answer {value!r} is given twice")
            choices.append(Choice(label_of(keys["label"], self._scope), value))
            answers[value] = facts_of(keys["facts"]) if "facts" in keys else self._itself(value, one)
        return tuple(choices), answers

    def _itself(self, value: str, item: Item) -> Mapping[str, FactValue]:
        return {self._field.name: checked(self._field.name, value, item)}

    def _scale(self) -> tuple[tuple[Choice, ...], Answers]:
        ends = self._entries["scale"].keys(("low", "high"))
        words = {0: ends["low"], 10: ends["high"]}
        choices: list[Choice] = []
        answers: Answers = {}
        for number in SCALE:
            label = f"{number} ({label_of(words[number], self._scope)})" if number in words else str(number)
            choices.append(Choice(label, str(number)))
            answers[str(number)] = {self._field.name: checked(self._field.name, number, self._item)}
        return tuple(choices), answers

    def _typed_words(self, answers: Answers) -> Answers:
        """What a typed yes, no or "not sure" stores: as `said` says, else the answer that goes by that name."""
        said = self._entries["said"].keys((), (YES, NO, UNSURE)) if "said" in self._entries else {}
        for word, item in said.items():
            if item.is_mapping:
                answers[word] = facts_of(item)
            else:
                answers[word] = answers[item.one_of(answers, "answer of this question")]
        if NO not in answers and NONE in answers:
            answers[NO] = answers[NONE]
        if UNSURE not in answers and self._field.accepts_unsure:
            answers[UNSURE] = {self._field.name: UNSURE}
        return answers

    def _ticks(self) -> tuple[tuple[Choice, ...], Answers, dict[str, FactValue]]:
        entries, scope = self._entries, self._scope
        if "none" not in entries:
            self._item.fail("a question with `ticks` needs `none`: the words for no tick at all")
        choices: list[Choice] = []
        answers: Answers = {}
        for one in entries["ticks"].items():
            value, label, facts = self._tick(one)
            if value in answers or value in (NONE, UNSURE, SKIP):
                one.fail(f"the key {value!r} is taken; give this box a `value` of its own")
            choices.append(Choice(label, value))
            answers[value] = facts
        unticked = self._unticked(answers)
        choices.append(Choice(label_of(entries["none"], scope), NONE))
        if "unsure" in entries:
            choices.append(Choice(label_of(entries["unsure"], scope), UNSURE))
        answers[NONE] = answers[NO] = unticked
        also = also_of(entries)
        asked = [name for name in unticked if name not in also]
        answers[UNSURE] = {name: UNSURE for name in asked if FIELDS[name].accepts_unsure}
        if "said" in entries:
            said = entries["said"].keys((), (YES,))
            answers.update({word: facts_of(item) for word, item in said.items()})
        return tuple(choices), answers, unticked

    def _tick(self, item: Item) -> tuple[str, str, Mapping[str, FactValue]]:
        keys = item.keys(("label",), ("field", "is", "value", "facts"))
        label = label_of(keys["label"], self._scope)
        if "facts" in keys:
            if "value" not in keys or "field" in keys or "is" in keys:
                item.fail("a box with `facts` needs a `value`, and no `field`")
            return keys["value"].text(), label, facts_of(keys["facts"])
        if "field" not in keys and "is" not in keys:
            item.fail("a box needs a `field`, an `is`, or a `value` with `facts`")
        field = FIELDS[keys["field"].one_of(FIELDS, "field")] if "field" in keys else self._field
        told: object = keys["is"].plain() if "is" in keys else True
        value = field.name
        if field.kind is FieldKind.LIST:
            words = told if isinstance(told, list) else [told]
            value, told = str(words[0]), words
        if "value" in keys:
            value = keys["value"].text()
        return value, label, {field.name: checked(field.name, told, item)}

    def _unticked(self, answers: Answers) -> dict[str, FactValue]:
        given = facts_of(self._entries["unticked"]) if "unticked" in self._entries else {}
        also = also_of(self._entries)
        unticked: dict[str, FactValue] = {}
        for facts in answers.values():
            for name in facts:
                if name not in also and name not in unticked:
                    unticked[name] = given[name] if name in given else self._no(FIELDS[name])
        return {**unticked, **given}

    def _no(self, field: Field) -> FactValue:
        if field.kind is FieldKind.BOOL:
            return False
        if field.kind is FieldKind.LIST:
            return ()
        no = [value for value in (NO, NONE) if value in field.values]
        if not no:
            self._item.fail(f"say in `unticked` what an empty box means for {field.name}")
        return no[0]


def also_of(entries: Mapping[str, Item]) -> tuple[str, ...]:
    """Fields that an answer fills without the question being there for them."""
    return entries["also"].each_of(FIELDS, "field") if "also" in entries else ()


def label_of(item: Item, scope: Scope) -> str:
    return scope.patient_text(item, MOST_LABEL_WORDS)


def facts_of(item: Item) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = {}
    for name, value in item.entries().items():
        known = FIELDS[Item(value.place, name).one_of(FIELDS, "field")]
        facts[name] = checked(known.name, value.plain(), value)
    return facts


def checked(field: str, value: object, item: Item) -> FactValue:
    try:
        return check(field, value)
    except FactError as error:
        item.fail(f"{field} {error.message}")
