"""YAML values that know the file and line they came from, so that a refusal can name them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

import yaml

from bot.clinical.rulebook.errors import RulebookError

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML was built without libyaml: the same result, slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


@dataclass(frozen=True)
class Place:
    """A line of a rulebook file, counted from 1."""

    file: str
    line: int

    def fail(self, mend: str) -> NoReturn:
        """Refuse the rulebook. Raises RulebookError."""
        raise RulebookError(self.file, self.line, mend)


@dataclass(frozen=True)
class Item:
    """One YAML value and its place. `raw` is a scalar, a tuple of items or a dict of items."""

    place: Place
    raw: Any

    def fail(self, mend: str) -> NoReturn:
        """Refuse the rulebook at this line. Raises RulebookError."""
        self.place.fail(mend)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.raw, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.raw, tuple)

    def entries(self) -> dict[str, Item]:
        """The keys and items of a mapping."""
        if not isinstance(self.raw, dict):
            self.fail("expected keys with values here")
        return self.raw

    def keys(self, required: Collection[str] = (), optional: Collection[str] = ()) -> dict[str, Item]:
        """The entries of a mapping that has all `required` keys and none beyond `optional`."""
        entries = self.entries()
        for key, item in entries.items():
            if key not in required and key not in optional:
                item.fail(f"unknown key {key!r}{_nearest(key, (*required, *optional))}")
        for key in required:
            if key not in entries:
                self.fail(f"add the key {key!r}")
        return entries

    def items(self) -> tuple[Item, ...]:
        """The items of a list."""
        if not isinstance(self.raw, tuple):
            self.fail("expected a list here")
        return self.raw

    def one_or_more(self) -> tuple[Item, ...]:
        """The items of a list, or the single value as a list of one."""
        return self.raw if isinstance(self.raw, tuple) else (self,)

    def text(self) -> str:
        """Words, with line breaks of folded YAML made single spaces; never empty."""
        if not isinstance(self.raw, str) or not self.raw.strip():
            self.fail("write some words here (quote them if YAML reads them as something else)")
        return " ".join(self.raw.split())

    def paragraphs(self) -> str:
        """Words that keep their line breaks; never empty."""
        if not isinstance(self.raw, str) or not self.raw.strip():
            self.fail("write some words here (quote them if YAML reads them as something else)")
        return self.raw.strip()

    def boolean(self) -> bool:
        if not isinstance(self.raw, bool):
            self.fail("write true or false here")
        return self.raw

    def number(self) -> float:
        if isinstance(self.raw, bool) or not isinstance(self.raw, (int, float)):
            self.fail("write a number here")
        return self.raw

    def integer(self) -> int:
        if isinstance(self.raw, bool) or not isinstance(self.raw, int):
            self.fail("write a whole number here")
        return self.raw

    def date(self) -> datetime.date:
        if isinstance(self.raw, datetime.datetime) or not isinstance(self.raw, datetime.date):
            self.fail("write a date here, as 2026-11-23")
        return self.raw

    def one_of(self, vocabulary: Iterable[str], what: str) -> str:
        """A word of a closed vocabulary; `what` names it in the refusal ("flag", "option")."""
        allowed = vocabulary if isinstance(vocabulary, (Mapping, tuple, frozenset)) else tuple(vocabulary)
        if not isinstance(self.raw, str) or self.raw not in allowed:
            shown = self.raw if isinstance(self.raw, (str, int, float, bool)) else "this"
            self.fail(f"{shown!r} is not a known {what}{_nearest(str(shown), allowed)}")
        return self.raw

    def each_of(self, vocabulary: Iterable[str], what: str) -> tuple[str, ...]:
        """Words of a closed vocabulary: a list, or one word."""
        return tuple(item.one_of(vocabulary, what) for item in self.one_or_more())

    def plain(self) -> Any:
        """The value without its places: dicts, lists and scalars."""
        if isinstance(self.raw, dict):
            return {key: item.plain() for key, item in self.raw.items()}
        if isinstance(self.raw, tuple):
            return [item.plain() for item in self.raw]
        return self.raw


def read(path: Path) -> tuple[Item, bytes]:
    """A YAML file with its places, and its bytes (for the version). Raises RulebookError."""
    try:
        content = path.read_bytes()
    except OSError:
        raise RulebookError(path.name, 1, "the file is missing or cannot be read") from None
    return parse(content, path.name), content


def parse(content: bytes | str, file: str) -> Item:
    """YAML text with its places. Raises RulebookError for bad YAML, an empty file or a key given twice."""
    loader = _Loader(content)
    try:
        node = loader.get_single_node()
        if node is None:
            raise RulebookError(file, 1, "the file is empty; remove it or fill it")
        return _item(node, file, loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulebookError(file, line, f"this is not YAML: {error.problem}") from None
    except yaml.YAMLError:
        raise RulebookError(file, 1, "this is not YAML") from None
    finally:
        loader.dispose()


def _item(node: yaml.Node, file: str, loader: Any) -> Item:
    place = Place(file, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return Item(place, dict(_pairs(node, file, loader)))
    if isinstance(node, yaml.SequenceNode):
        return Item(place, tuple(_item(child, file, loader) for child in node.value))
    return Item(place, loader.construct_object(node))


def _pairs(node: yaml.MappingNode, file: str, loader: Any) -> Iterator[tuple[str, Item]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        place = Place(file, key_node.start_mark.line + 1)
        if not isinstance(key_node, yaml.ScalarNode):
            place.fail("a key must be one word")
        key = str(key_node.value)
        if key in seen:
            place.fail(f"the key {key!r} is given twice; keep one")
        seen.add(key)
        item = _item(value_node, file, loader)
        # A refusal about a value is easiest to find at the line of its key.
        yield key, Item(place, item.raw)


def _nearest(word: str, allowed: Iterable[str]) -> str:
    close = get_close_matches(word, [str(one) for one in allowed], n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
