"""Column types that behave the same on SQLite and PostgreSQL: text, JSON as text, aware UTC datetimes."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.types import TypeDecorator

from bot.store.errors import NaiveDatetime

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text as both databases can hold it: NUL and lone surrogates become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC; raises NaiveDatetime when it has no zone."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise NaiveDatetime("a datetime without a zone cannot be stored")
    return instant.astimezone(timezone.utc)


class Characters(TypeDecorator):
    """Text of any length, as `storable` makes it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else storable(value)


class UtcDateTime(TypeDecorator):
    """An instant. Aware datetimes of any zone go in, aware UTC datetimes come out; naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        value = as_utc(value)
        # SQLite keeps text without a zone; everything in it is UTC, so it also sorts as text.
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class Json(TypeDecorator):
    """A JSON value; every text in it is as `storable` makes it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Any) -> str:
        text = _dump(value)
        # The escapes of NUL, of lone surrogates, and also of half of an emoji.
        return _dump(_storable_json(value)) if "\\u0000" in text or "\\ud" in text else text

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else json.loads(value)


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _storable_json(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_storable_json(key): _storable_json(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable_json(each) for each in value]
    return value
