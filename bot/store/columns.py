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


class Characters(TypeDecorator):
    """Text of any length. What a database cannot hold, NUL and lone surrogates, becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else _UNSTORABLE.sub("\ufffd", value)


class UtcDateTime(TypeDecorator):
    """An instant. Aware datetimes of any zone go in, aware UTC datetimes come out; naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise NaiveDatetime("a datetime without a zone cannot be stored")
        value = value.astimezone(timezone.utc)
        # SQLite keeps text without a zone; everything in it is UTC, so it also sorts as text.
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class Json(TypeDecorator):
    """A JSON value, kept as the exact text that was written."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Any) -> str:
        # ASCII only: PostgreSQL refuses NUL and lone surrogates, which JSON can escape.
        return json.dumps(value, separators=(",", ":"), allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else json.loads(value)
