"""The parts of FHIR R4 that a case needs, as frozen values; what is empty is left out of the JSON.

Attributes have FHIR's names in snake case; a trailing underscore keeps a word from being Python's own.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from bot.review.rendering import shown

Json = dict[str, object]


@dataclass(frozen=True)
class Coding:
    system: str
    code: str
    display: str | None = None


@dataclass(frozen=True)
class Concept:
    """A CodeableConcept."""

    text: str | None = None
    coding: tuple[Coding, ...] = ()


@dataclass(frozen=True)
class Reference:
    reference: str
    display: str | None = None


@dataclass(frozen=True)
class Identifier:
    system: str
    value: str


@dataclass(frozen=True)
class Quantity:
    value: int | float
    unit: str
    system: str
    code: str


@dataclass(frozen=True)
class Period:
    start: str


@dataclass(frozen=True)
class Annotation:
    text: str
    time: str | None = None
    author_string: str | None = None


@dataclass(frozen=True)
class Extension:
    url: str
    value_string: str | None = None
    value_decimal: int | None = None


@dataclass(frozen=True)
class Narrative:
    div: str
    status: str = "generated"


@dataclass(frozen=True)
class Name:
    """A HumanName."""

    text: str


@dataclass(frozen=True)
class Resource:
    """Base of everything that is an entry of its own; `id` is a UUID."""

    resource_type: ClassVar[str]

    id: str


def as_json(value: object) -> object:
    """The value as FHIR's JSON: camel case, nothing empty, stray characters visible."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {_camel(one.name): as_json(getattr(value, one.name)) for one in dataclasses.fields(value)}
        kept = {name: one for name, one in fields.items() if one is not None and one not in ("", [], {})}
        return {"resourceType": value.resource_type, **kept} if isinstance(value, Resource) else kept
    if isinstance(value, (tuple, list)):
        return [as_json(one) for one in value]
    return shown(value) if isinstance(value, str) else value


def _camel(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part.capitalize() for part in rest)
