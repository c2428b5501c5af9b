"""The facts as a Questionnaire and its response: `linkId` is the field, and every value comes back as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from bot.clinical.fields import FIELDS, ITEMS_OF, RMDQ_PARTS, UNSURE, Field, FieldKind
from bot.clinical.questions import question_for
from bot.clinical.rulebook import Rulebook
from bot.review.fhir.codes import (
    IDS,
    ITEM_ANSWERS,
    ITEM_CODES,
    LOCAL,
    LOINC,
    ORDINAL,
    QUESTIONNAIRE,
    WORDS,
    id_of,
    local,
)
from bot.review.fhir.types import Coding, Extension, Identifier, Json, Reference, Resource
from bot.review.labels import label_of
from bot.review.words import value_words
from bot.store.records import FactRecord

#: the answer that an empty list gets, so that "none" is not lost
NOTHING = "nothing-of-these"
#: a code for how each of the patient's own activities is answered
_ACTIVITY, _SCORE = "activity", "score"
_BOOLEANS = {"true": True, "false": False}
_SCORES = {coding.code: score for score, coding in enumerate(ITEM_ANSWERS)}
#: items of instruments: asked in the instrument's own words, which the Questionnaire repeats
_EXACT = frozenset(item for items in ITEMS_OF.values() for item in items)
#: what identifies the response that holds every fact that stands, beside those of single check-ins
_EPISODE = f"{IDS}/episode"
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
    extension: tuple[Extension, ...] = ()


@dataclass(frozen=True)
class Question:
    link_id: str
    text: str
    type: str
    code: tuple[Coding, ...] = ()
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
    copyright: str
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

    identifier: Identifier
    questionnaire: str
    status: str
    subject: Reference
    authored: str
    author: Reference
    source: Reference
    item: tuple[Item, ...]


def questionnaire(version: str, rulebook: Rulebook) -> Questionnaire:
    """Every field of the vocabulary as a question; the items of instruments in their own words."""
    notices = [rulebook.measures.measures[name].licence.notice for name in (*ITEMS_OF, "psfs")]
    return Questionnaire(
        id=id_of("questionnaire", version),
        url=QUESTIONNAIRE,
        version=version,
        title="Low back pain intake",
        status="active",
        subject_type=("Patient",),
        copyright="\n\n".join(dict.fromkeys(one for one in notices if one)),
        item=tuple(_question(field, rulebook) for field in FIELDS.values()),
    )


def items(records: Iterable[FactRecord], rulebook: Rulebook) -> tuple[Item, ...]:
    """The answers that stand, in the order of the vocabulary, with the patient's own words beside each."""
    standing = {one.field: one for one in records if not one.retracted and one.field in FIELDS}
    return tuple(one for name in FIELDS if name in standing for one in _items(standing[name], rulebook))


def facts_in(bundle: Json) -> dict[str, object]:
    """field -> value as it is stored, read back from an exported Bundle."""
    found: dict[str, object] = {}
    for entry in _list(bundle, "entry"):
        resource = entry["resource"]
        if isinstance(resource, dict) and resource.get("resourceType") == "QuestionnaireResponse":
            if resource["identifier"]["system"] != _EPISODE:
                continue
            for item in _list(resource, "item"):
                _read(item, found)
    return found


def _question(field: Field, rulebook: Rulebook) -> Question:
    if field.name in ITEM_CODES:
        return Question(
            field.name,
            _text(field.name, rulebook),
            "choice",
            code=(ITEM_CODES[field.name],),
            answer_option=tuple(
                Option(coding, (Extension(ORDINAL, value_decimal=score),))
                for score, coding in enumerate(ITEM_ANSWERS)
            ),
        )
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
        _text(field.name, rulebook),
        _TYPES[field.kind],
        repeats=True if many else None,
        answer_option=tuple(Option(local(code, words)) for code, words in _codes(field, rulebook)),
    )


def _text(name: str, rulebook: Rulebook) -> str:
    return question_for(name, rulebook).text if name in _EXACT else label_of(name)


def _codes(field: Field, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    if field.kind is FieldKind.BOOL:
        yield from (("true", "yes"), ("false", "no"))
    for value in field.values:
        yield value, _words_of(field.name, value, rulebook)
    if field.accepts_unsure and UNSURE not in field.values:
        yield UNSURE, "unsure"
    if field.kind is FieldKind.LIST:
        yield NOTHING, "none of these"


def _words_of(name: str, value: str, rulebook: Rulebook) -> str:
    if name in RMDQ_PARTS and value != UNSURE:
        statements = rulebook.measures.measures["rmdq"].items
        return statements[int(value) - 1]
    return value_words(name, value)


def _items(record: FactRecord, rulebook: Rulebook) -> Iterator[Item]:
    field, value = FIELDS[record.field], record.value
    words = (Extension(WORDS, record.words),) if record.words else ()
    if field.kind is FieldKind.ACTIVITIES and isinstance(value, list) and value:
        for each in value:
            yield Item(field.name, label_of(field.name), words, item=tuple(_of_activity(field.name, each)))
        return
    values = value if isinstance(value, list) else [value]
    answers = [_answer(field, one, rulebook) for one in values]
    if not answers and field.kind is not FieldKind.ACTIVITIES:
        answers = [Answer(value_coding=local(NOTHING, "none of these"))]
    yield Item(field.name, _text(field.name, rulebook), words, tuple(answers))


def _of_activity(name: str, value: Mapping[str, object]) -> Iterator[Item]:
    yield Item(f"{name}.{_ACTIVITY}", "Activity", answer=(Answer(value_string=str(value["activity"])),))
    score = value.get("score")
    if isinstance(score, int):
        yield Item(f"{name}.{_SCORE}", "Score", answer=(Answer(value_integer=score),))


def _answer(field: Field, value: object, rulebook: Rulebook) -> Answer:
    if isinstance(value, bool):
        return Answer(value_coding=local(str(value).lower(), "yes" if value else "no"))
    if isinstance(value, int) and field.name in ITEM_CODES:
        return Answer(value_coding=ITEM_ANSWERS[value])
    if isinstance(value, int) and field.kind is FieldKind.INT:
        return Answer(value_integer=value)
    if isinstance(value, (int, float)):
        return Answer(value_decimal=value)
    text = str(value)
    if text in field.values or text == UNSURE:
        return Answer(value_coding=local(text, _words_of(field.name, text, rulebook)))
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
        if coding["system"] == LOINC:
            return _SCORES[coding["code"]]
        assert coding["system"] == LOCAL
        return coding["code"]
    return next(iter(answer.values()))


def _list(owner: Mapping[str, object], key: str) -> list[Json]:
    value = owner.get(key, [])
    assert isinstance(value, list)
    return value
