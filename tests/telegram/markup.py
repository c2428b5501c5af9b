"""Telegram's HTML as the real server reads it: few tags, properly nested, known entities, or a refusal."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

TAGS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "code": "code"}
_TOKEN = re.compile(r"<(/?)([A-Za-z-]*)([^<>]*)>|(&(?:[A-Za-z]+|#\d+|#x[0-9A-Fa-f]+);)|(<)|([^<&]+|&)")


class CannotParse(Exception):
    """The text is no HTML that Telegram reads."""


@dataclass
class Read:
    text: str = ""
    entities: list[dict[str, object]] = field(default_factory=list)


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def read_html(source: str) -> Read:
    read, open_tags = Read(), []
    for closing, tag, rest, entity, stray, plain in _TOKEN.findall(source):
        if stray:
            raise CannotParse("Unclosed start tag")
        if tag or closing:
            if tag not in TAGS or rest.strip():
                raise CannotParse(f'Unsupported start tag "{tag}"')
            if not closing:
                open_tags.append((tag, units(read.text)))
                continue
            if not open_tags or open_tags[-1][0] != tag:
                raise CannotParse("Unmatched end tag")
            _, start = open_tags.pop()
            length = units(read.text) - start
            read.entities.append({"type": TAGS[tag], "offset": start, "length": length})
        elif entity:
            if entity[1:-1] not in {"lt", "gt", "amp", "quot"} and not entity.startswith("&#"):
                read.text += entity
            else:
                read.text += html.unescape(entity)
        elif "<" in plain or (">" in plain and plain == ">"):
            raise CannotParse("stray bracket")
        else:
            read.text += plain
    if open_tags:
        raise CannotParse("Can't find end tag")
    return read
