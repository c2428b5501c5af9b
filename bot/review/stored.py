"""Reading stored JSON, such as an assessment, without trusting its shape: what does not fit is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def text(document: Mapping[str, object], key: str) -> str:
    """The text at `key`, or "" when there is none."""
    value = document.get(key)
    return value if isinstance(value, str) else ""


def number(document: Mapping[str, object], key: str) -> float | None:
    """The number at `key`, or None."""
    value = document.get(key)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def texts(document: Mapping[str, object], key: str) -> tuple[str, ...]:
    """The texts in the list at `key`."""
    return tuple(item for item in _items(document.get(key)) if isinstance(item, str))


def objects(document: Mapping[str, object], key: str) -> tuple[Mapping[str, object], ...]:
    """The objects in the list at `key`."""
    return tuple(item for item in _items(document.get(key)) if isinstance(item, Mapping))


def mapping(document: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The object at `key`, or an empty one."""
    value = document.get(key)
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else ()
