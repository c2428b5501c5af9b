"""The facts as a Questionnaire and its response: `linkId` is the field, and every value comes back as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from bot.clinical.fields import FIELDS, UNSURE, Field, FieldKind
from bot.review.fhir.codes import LOCAL, QUESTIONNAIRE, WORDS, id_of, local
from bot.review.fhir.types import Coding, Extension, Json, Reference, Resource
from bot.review.labels import label_of
from bot.review.words import value_words
from bot.store.records import FactRecord

#: the answer that an empty list gets, so that "none" is not lost
NOTHING = "nothing-of-these"
#: a code for how each of the patient's own activities is answered
_ACTIVITY, _SCORE = "activity", "score"
_BOOLEANS = {"true": True, "false": False}
_TYPES: Mapping[FieldKind, str] = {
    FieldKind.BOOL: "choice",
    FieldKind.INT: "integer",
    FieldKind.FLOAT: "decimal",
    FieldKind.TEXT: "string",
    FieldKind.CHOICE: "choice",
    FieldKind.LIST: "open-choice",
    FieldKind.ACTIVITIES: "group",
}


@dataclass(frozen=True)
class Option:
    value_coding: Coding


@dataclass(frozen=True)
class Question:
    link_id: str
    text: str
    type: str
    repeats: bool | None = None
    answer_option: tuple[Option, ...] = ()
    item: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Questionnaire(Resource):
    resource_type: ClassVar[str] = "Questionnaire"

    url: str
    version: str
    title: str
    status: str
    subject_type: tuple[str, ...]
    item: tuple[Question, ...]


@dataclass(frozen=True)
class Answer:
    value_integer: int | None = None
    value_decimal: float | None = None
    value_string: str | None = None
    value_coding: Coding | None = None


@dataclass(frozen=True)
class Item:
    link_id: str
    text: str
    extension: tuple[Extension, ...] = ()
    answer: tuple[Answer, ...] = ()
    item: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Response(Resource):
    resource_type: ClassVar[str] = "QuestionnaireResponse"

    questionnaire: str
    status: str
    subject: Reference
    authored: str
    author: Reference
    source: Reference
    item: tuple[Item, ...]


def questionnaire(version: str) -> Questionnaire:
    """Every field of the vocabulary as a question."""
    return Questionnaire(
        id=id_of("questionnaire", version),
        url=QUESTIONNAIRE,
        version=version,
        title="Low back pain intake",
        status="active",
        subject_type=("Patient",),
        item=tuple(_question(field) for field in FIELDS.values()),
    )


def items(records: Iterable[FactRecord]) -> tuple[Item, ...]:
    """The answers that stand, in the order of the vocabulary, with the patient's own words beside each."""
    standing = {one.field: one for one in records if not one.retracted and one.field in FIELDS}
    return tuple(one for name in FIELDS if name in standing for one in _items(standing[name]))


def facts_in(bundle: Json) -> dict[str, object]:
    """field -> value as it is stored, read back from an exported Bundle."""
    found: dict[str, object] = {}
    for entry in _list(bundle, "entry"):
        resource = entry["resource"]
        if isinstance(resource, dict) and resource.get("resourceType") == "QuestionnaireResponse":
            for item in _list(resource, "item"):
                _read(item, found)
    return found


def _question(field: Field) -> Question:
    if field.kind is FieldKind.ACTIVITIES:
        return Question(
            field.name,
            label_of(field.name),
            "group",
            repeats=True,
            item=(
                Question(f"{field.name}.{_ACTIVITY}", "Activity", "string"),
                Question(f"{field.name}.{_SCORE}", "Score, 0 unable to 10 as before", "integer"),
            ),
        )
    many = field.kind is FieldKind.LIST
    return Question(
        field.name,
        label_of(field.name),
        _TYPES[field.kind],
        repeats=True if many else None,
        answer_option=tuple(Option(local(code, words)) for code, words in _codes(field)),
    )


def _codes(field: Field) -> Iterator[tuple[str, str]]:
    if field.kind is FieldKind.BOOL:
        yield from (("true", "yes"), ("false", "no"))
    for value in field.values:
        yield value, value_words(field.name, value)
    if field.accepts_unsure and UNSURE not in field.values:
        yield UNSURE, "unsure"
    if field.kind is FieldKind.LIST:
        yield NOTHING, "none of these"


def _items(record: FactRecord) -> Iterator[Item]:
    field, value = FIELDS[record.field], record.value
    words = (Extension(WORDS, record.words),) if record.words else ()
    if field.kind is FieldKind.ACTIVITIES and isinstance(value, list) and value:
        for each in value:
            yield Item(field.name, label_of(field.name), words, item=tuple(_of_activity(field.name, each)))
        return
    answers = [_answer(field, one) for one in value] if isinstance(value, list) else [_answer(field, value)]
    if not answers and field.kind is not FieldKind.ACTIVITIES:
        answers = [Answer(value_coding=local(NOTHING, "none of these"))]
    yield Item(field.name, label_of(field.name), words, tuple(answers))


def _of_activity(name: str, value: Mapping[str, object]) -> Iterator[Item]:
    yield Item(f"{name}.{_ACTIVITY}", "Activity", answer=(Answer(value_string=str(value["activity"])),))
    score = value.get("score")
    if isinstance(score, int):
        yield Item(f"{name}.{_SCORE}", "Score", answer=(Answer(value_integer=score),))


def _answer(field: Field, value: object) -> Answer:
    if isinstance(value, bool):
        return Answer(value_coding=local(str(value).lower(), "yes" if value else "no"))
    if isinstance(value, int) and field.kind is FieldKind.INT:
        return Answer(value_integer=value)
    if isinstance(value, (int, float)):
        return Answer(value_decimal=value)
    text = str(value)
    if text in field.values or text == UNSURE:
        return Answer(value_coding=local(text, value_words(field.name, text)))
    return Answer(value_string=text)


def _read(item: Mapping[str, object], found: dict[str, object]) -> None:
    name = str(item["linkId"])
    field = FIELDS[name]
    if field.kind is FieldKind.ACTIVITIES:
        listed = found.setdefault(name, [])
        assert isinstance(listed, list)
        parts = {str(one["linkId"]): one for one in _list(item, "item")}
        if parts:
            score = parts.get(f"{name}.{_SCORE}")
            listed.append(
                {
                    "activity": _value(parts[f"{name}.{_ACTIVITY}"]["answer"]),
                    "score": _value(score["answer"]) if score else None,
                }
            )
        return
    answers = _list(item, "answer")
    values = [_value([one]) for one in answers]
    if field.kind is FieldKind.LIST:
        found[name] = [] if "valueCoding" in answers[0] and values == [NOTHING] else values
        return
    value = values[0]
    found[name] = _BOOLEANS.get(str(value), value) if field.kind is FieldKind.BOOL else value


def _value(answers: object) -> object:
    assert isinstance(answers, list)
    answer = answers[0]
    coding = answer.get("valueCoding")
    if coding is not None:
        assert coding["system"] == LOCAL
        return coding["code"]
    return next(iter(answer.values()))


def _list(owner: Mapping[str, object], key: str) -> list[Json]:
    value = owner.get(key, [])
    assert isinstance(value, list)
    return value
