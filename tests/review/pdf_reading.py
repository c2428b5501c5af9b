"""A PDF as a screen reader meets it: its tags in order with the words in them, and what it says of itself."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject, StreamObject

_BF_CHAR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_BLOCKS = re.compile(r"begin(bfchar|bfrange)(.*?)end\1", re.S)
_PAINTS = frozenset(
    {b"Tj", b"TJ", b"'", b'"', b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"Do", b"sh"}
)


@dataclass
class Tag:
    """One element of the structure: its role, its words, and its text alternative if it has one."""

    role: str
    alternative: str | None = None
    parts: list[Tag | str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Everything in it, in reading order, as one line."""
        inside = (part if isinstance(part, str) else part.words for part in self.parts)
        return " ".join("".join(f"{one} " for one in inside).split())

    def all(self, *roles: str) -> list[Tag]:
        """The elements of these roles in it, in reading order; without roles every one."""
        found: list[Tag] = []
        for part in self.parts:
            if isinstance(part, Tag):
                found += [part] if not roles or part.role in roles else []
                found += part.all(*roles)
        return found


class PaperPdf:
    """An exported file, read back."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(content), strict=True)
        self.root: Any = self.reader.trailer["/Root"]
        self.unmarked: list[str] = []
        self._words = [dict(self._marked(page)) for page in self.reader.pages]
        self._numbers = {page.indirect_reference.idnum: n for n, page in enumerate(self.reader.pages)}  # type: ignore[union-attr]

    @property
    def pages(self) -> int:
        return len(self.reader.pages)

    @property
    def tags(self) -> Tag:
        """The whole document as its tags have it."""
        return self._tag(self.root["/StructTreeRoot"], None)

    @property
    def fonts(self) -> list[DictionaryObject]:
        """Every font that a page uses."""
        return [
            font.get_object()
            for page in self.reader.pages
            for font in page["/Resources"].get("/Font", {}).values()
        ]

    def _tag(self, element: Any, page: int | None) -> Tag:
        role = str(element.get("/S", "/Root")).lstrip("/")
        if "/Pg" in element:
            page = self._numbers[element.raw_get("/Pg").idnum]
        alternative = str(element["/Alt"]) if "/Alt" in element else None
        kids = element.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        return Tag(role, alternative, [part for one in kids for part in self._kid(one, page)])

    def _kid(self, kid: Any, page: int | None) -> Iterator[Tag | str]:
        kid = kid.get_object()
        if isinstance(kid, int):
            assert page is not None
            yield self._words[page].get(int(kid), "")
        elif kid.get("/Type") == "/MCR":
            number = self._numbers[kid.raw_get("/Pg").idnum] if "/Pg" in kid else page
            assert number is not None
            yield self._words[number].get(int(kid["/MCID"]), "")
        elif kid.get("/Type") != "/OBJR":
            yield self._tag(kid, page)

    def _marked(self, page: Any) -> Iterator[tuple[int, str]]:
        """The words of each piece of marked content; what is painted outside of any is noted."""
        maps = {
            name: _characters(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()
        }
        within: list[int | None] = []
        words: dict[int, str] = {}
        letters: dict[int, str] = {}
        for operands, operator in ContentStream(page.get_contents(), self.reader).operations:
            if operator in (b"BDC", b"BMC"):
                properties = operands[1] if len(operands) > 1 else {}
                within.append(properties.get("/MCID") if isinstance(properties, dict) else None)
            elif operator == b"EMC":
                within.pop()
            elif operator == b"Tf":
                letters = maps[operands[0]]
            elif operator in _PAINTS and not within:
                self.unmarked.append(operator.decode())
            if (
                operator in (b"Tj", b"TJ")
                and (number := next((one for one in reversed(within) if one is not None), None)) is not None
            ):
                words[number] = words.get(number, "") + _text(operands[0], letters)
        yield from words.items()


def _text(shown: Any, letters: dict[int, str]) -> str:
    pieces = shown if isinstance(shown, list) else [shown]
    codes = b"".join(_bytes(one) for one in pieces if not isinstance(one, (int, float)))
    return "".join(letters.get(codes[n] << 8 | codes[n + 1], "\ufffd") for n in range(0, len(codes), 2))


def _bytes(piece: Any) -> bytes:
    return piece if isinstance(piece, bytes) else bytes(piece.original_bytes)


def _characters(font: Any) -> dict[int, str]:
    """glyph -> what it says, by the font's own table"""
    stream = font["/ToUnicode"]
    assert isinstance(stream, StreamObject)
    found: dict[int, str] = {}
    for kind, body in _BLOCKS.findall(stream.get_data().decode("latin-1")):
        assert kind == "bfchar"
        for code, said in _BF_CHAR.findall(body):
            found[int(code, 16)] = bytes.fromhex(said).decode("utf-16-be")
    return found
