"""The JSON Schema of the JSON form: what a program that reads an exported case may rely on."""

from __future__ import annotations

from bot.clinical.fields import FIELDS, UNSURE, Field, FieldKind
from bot.clinical.urgency import Urgency
from bot.clinical.vocabulary import FAMILIES, FLAGS, OPTIONS, STATUSES
from bot.review.sharing import Sharing
from bot.store.records import CheckInStatus

Schema = dict[str, object]

#: grows when a key goes or changes its meaning; a new key does not change it
VERSION = "1"

_TEXT: Schema = {"type": "string"}
_YES_NO: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "number"}
_MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", "description": "UTC"}
_FIELD: Schema = {"$ref": "#/$defs/field"}
_URGENCY: Schema = {"enum": [one.value for one in Urgency]}


def case_schema() -> Schema:
    """The schema (JSON Schema 2020-12), by the vocabulary of this version."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://backplan.example/schema/case-{VERSION}.json",
        "title": "A case of Backplan, exported",
        "description": "Codes are those of the vocabulary; times are UTC. What is not known is null or [].",
        **_object({**_CASE, "email_reminders": _EMAIL}, optional=("email_reminders",)),
        "$defs": {
            "field": {
                "type": "string",
                "pattern": "^[a-z][a-z0-9_]*$",
                "description": "A field of the vocabulary.",
            },
            "fact": _fact(),
            "values": {
                "description": "What each field of this vocabulary may hold.",
                "type": "object",
                "properties": {
                    field.name: {"properties": {"value": _value(field)}} for field in FIELDS.values()
                },
            },
            "finding": _object(_FINDING),
            "option": _object(_OPTION, more=True),
        },
    }


def _object(parts: dict[str, Schema], *, optional: tuple[str, ...] = (), more: bool = False) -> Schema:
    """An object with these keys; `more` leaves room for others."""
    made: Schema = {
        "type": "object",
        "properties": parts,
        "required": [name for name in parts if name not in (*optional, *_OPTIONAL)],
    }
    return made if more else {**made, "additionalProperties": False}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _or_null(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "null"}]}


def _fact() -> Schema:
    return _object(
        {
            "value": {},
            "words": {**_or_null(_TEXT), "description": "What the patient wrote, word for word."},
            "at": _MOMENT,
            "source": _TEXT,
            "restricted": {**_YES_NO, "description": "Kept apart from other answers."},
            "message": _or_null(_COUNT),
        }
    )


def _value(field: Field) -> Schema:
    made: Schema
    match field.kind:
        case FieldKind.BOOL:
            made = _YES_NO
        case FieldKind.INT | FieldKind.FLOAT:
            made = {"type": "integer" if field.kind is FieldKind.INT else "number"}
            made.update(minimum=field.minimum, maximum=field.maximum)
        case FieldKind.CHOICE:
            made = {"enum": list(field.values)}
        case FieldKind.LIST:
            made = _list(_TEXT if field.open_list else {"enum": list(field.values)})
        case FieldKind.ACTIVITIES:
            made = _list(
                _object(
                    {"activity": _TEXT, "score": _or_null({"type": "integer", "minimum": 0, "maximum": 10})}
                )
            )
        case _:
            made = _TEXT
    return {"anyOf": [made, {"const": UNSURE}]} if field.accepts_unsure else made


_OPTIONAL = frozenset({"effect", "about", "positions", "instead", "daily", "goal", "start_week", "from_week"})
_EMAIL: Schema = {
    **_or_null(
        _object({"address": _TEXT, "given_at": _MOMENT, "confirmed_at": _or_null(_MOMENT), "works": _YES_NO})
    ),
    "description": "Where the patient wants reminders; only in a copy for the patient.",
}
_REASON = _object(
    {
        "rule": _TEXT,
        "effect": _TEXT,
        "text": {**_TEXT, "description": "What the patient reads."},
        "clinician": {**_TEXT, "description": "The technical reason."},
        "sources": _list(_TEXT),
        "status": _TEXT,
    },
    more=True,
)
_OPTION: dict[str, Schema] = {
    "id": {"type": "string", "description": f"One of {len(OPTIONS)} options of the vocabulary."},
    "name": _TEXT,
    "family": {"enum": list(FAMILIES)},
    "status": {"enum": list(STATUSES)},
    "shown": {**_YES_NO, "description": "Whether the patient is told of it as something that may be done."},
    "reasons": _list(_REASON),
    "about": {"type": "object", "additionalProperties": _TEXT},
    "positions": {
        "type": "object",
        "additionalProperties": {"type": "object", "required": ["body", "verdict"]},
    },
    "instead": _list(_TEXT),
    "daily": _object({"text": _TEXT, "minutes": _NUMBER}, optional=("minutes",), more=True),
    "goal": _TEXT,
    "start_week": _or_null(_NUMBER),
    "from_week": _NUMBER,
}
_FINDING: dict[str, Schema] = {
    "rule": _TEXT,
    "urgency": _URGENCY,
    "flags": _list(_TEXT),
    "facts": {**_list(_TEXT), "description": "The answers it rests on, in words."},
    "patient": _TEXT,
    "clinician": _TEXT,
    "sources": _list(_TEXT),
}
_PLAN_LINE: dict[str, Schema] = {
    "version": {"type": "integer", "minimum": 1},
    "status": {"enum": ["draft", "reviewed", "superseded"]},
    "created_at": _MOMENT,
}
_POSITIVE = _object(
    {
        "field": _FIELD,
        "value": _TEXT,
        "words": _or_null(_TEXT),
        "rules": _list(_TEXT),
        "reported_earlier": _YES_NO,
    }
)
_CASE: dict[str, Schema] = {
    "schema": {"const": f"case-{VERSION}"},
    "episode": _TEXT,
    "code": {**_TEXT, "description": "What the patient quotes to the clinic, such as K7M4-QX2P."},
    "reference": {**_or_null(_TEXT), "description": "What the clinic calls the patient."},
    "conversation": _TEXT,
    "patient": {**_TEXT, "description": "A pseudonym; no name is kept."},
    "channel": _TEXT,
    "timezone": _or_null(_TEXT),
    "country": _or_null(_TEXT),
    "status": _TEXT,
    "started_at": _MOMENT,
    "updated_at": _MOMENT,
    "draft": {**_YES_NO, "description": "True until a clinician signed the newest version."},
    "sharing": {"enum": [one.value for one in Sharing]},
    "completeness": _object(
        {
            "words": _TEXT,
            "danger_signs_answered": _COUNT,
            "danger_signs": _COUNT,
            "cauda_equina_complete": _YES_NO,
        }
    ),
    "triage": _or_null(_URGENCY),
    "red_flags": _object(
        {
            "positive": _list(_POSITIVE),
            "unclear": _list(_object({"field": _FIELD, "answer": _TEXT})),
            "not_asked": {**_list(_FIELD), "description": "Never the same as negative."},
            "negative": _list(_FIELD),
        }
    ),
    "flags": _list({"type": "string", "examples": list(FLAGS[:3])}),
    "flag_records": _list(
        _object(
            {
                "id": _TEXT,
                "code": _TEXT,
                "severity": _URGENCY,
                "reason": _TEXT,
                "rule": _or_null(_TEXT),
                "status": _TEXT,
                "raised_at": _MOMENT,
            }
        )
    ),
    "findings": _list({"$ref": "#/$defs/finding"}),
    "facts": {
        "type": "object",
        "description": "field -> the newest answer that stands",
        "propertyNames": _FIELD,
        "additionalProperties": {"$ref": "#/$defs/fact"},
        "allOf": [{"$ref": "#/$defs/values"}],
    },
    "retracted": _list({"type": "object", "required": ["field", "value", "words", "at"]}),
    "corrections": _list(
        _object(
            {"field": _FIELD, "before": _TEXT, "now": _or_null(_TEXT), "at": _MOMENT, "at_check_in": _YES_NO}
        )
    ),
    "skipped": _list(_FIELD),
    "plan": _or_null(
        _object(
            {**_PLAN_LINE, "options": _list({"$ref": "#/$defs/option"}), "rulebook": _or_null(_TEXT)},
            more=True,
        )
    ),
    "plans": _list(_object(_PLAN_LINE)),
    "goals": _list({"type": "object", "properties": {"text": _TEXT, "words": _TEXT}, "required": ["text"]}),
    "check_ins": _list(
        _object(
            {
                "id": _TEXT,
                "kind": _TEXT,
                "due_at": _MOMENT,
                "local": {**_TEXT, "description": "The time on the patient's clock."},
                "timezone": _TEXT,
                "status": {"enum": [one.value for one in CheckInStatus]},
                "asked_at": _or_null(_MOMENT),
            }
        )
    ),
    "measures": _list(_object({"name": _FIELD, "value": _NUMBER, "at": _MOMENT})),
    "trends": _list(
        _object(
            {
                "measure": _TEXT,
                "lower_is_better": _YES_NO,
                "baseline": _NUMBER,
                "best": _NUMBER,
                "now": _NUMBER,
                "change": _TEXT,
                "points": {
                    **_list(_object({"day": _COUNT, "value": _NUMBER, "at": _MOMENT})),
                    "minItems": 2,
                },
            }
        )
    ),
    "consents": _list(_object({"purpose": _TEXT, "granted": _YES_NO, "version": _TEXT, "at": _MOMENT})),
    "reviews": _list(
        _object(
            {
                "clinician": _TEXT,
                "decision": _TEXT,
                "plan_version": _or_null(_COUNT),
                "reason": _or_null(_TEXT),
                "at": _MOMENT,
            }
        )
    ),
    "remarks": _list(
        _object(
            {
                "clinician": _TEXT,
                "kind": _TEXT,
                "text": _TEXT,
                "at": _MOMENT,
                "message": _or_null(_COUNT),
                "flag": _or_null(_TEXT),
            }
        )
    ),
    "transcript": _list(
        _object(
            {
                "seq": _COUNT,
                "from": {"enum": ["bot", "patient"]},
                "at": _MOMENT,
                "text": _TEXT,
                "asks": _or_null(_TEXT),
                "kind": _TEXT,
                "key": _or_null(_TEXT),
                "choices": _list(_TEXT),
            }
        )
    ),
    "rulebook": _TEXT,
}
