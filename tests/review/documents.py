"""Reading a page back: its elements, its words, and what it would load."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = frozenset({"meta", "link", "input", "br", "img", "hr"})
_NOT_WORDS = frozenset({"style", "script", "title"})


@dataclass
class Element:
    """A tag with its attributes and the words directly and indirectly in it."""

    tag: str
    attributes: dict[str, str]
    words: str = ""


@dataclass
class Document(HTMLParser):
    """Every element of a page in order; `words` is what a reader sees."""

    elements: list[Element] = field(default_factory=list)
    words: str = ""
    unclosed: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @classmethod
    def of(cls, page: str) -> Document:
        document = cls()
        document.feed(page)
        document.close()
        document.unclosed.extend(element.tag for element in document._open)
        return document

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    @property
    def ids(self) -> list[str]:
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements and the names of their attributes, without any words."""
        return [(element.tag, tuple(element.attributes)) for element in self.elements]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.unclosed.append(tag)
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words += data
        if not any(element.tag in _NOT_WORDS for element in self._open):
            self.words += data
