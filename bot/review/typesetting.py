"""Sets a page of texts as a tagged PDF (PDF/UA-1) with typst, whatever letters are in it."""

from __future__ import annotations

import json
import re

import typst

from bot.review.rendering import page_file, shown

#: of the pictures; one that comes with typst
FONT = "Libertinus Serif"
#: what the embedded fonts can set: Latin, Greek and Cyrillic with their punctuation and a few signs
_SETTABLE = re.compile(
    "[^\n\t\u0020-\u04ff\u1e00-\u1fff\u2010-\u2027\u2030-\u203a\u20ac\u2190-\u2193\u27e8\u27e9]"
)

Page = dict[str, object]


class PdfFailed(RuntimeError):
    """The page could not be set; says nothing of what is on it."""


def typeset(template: str, page: Page) -> bytes:
    """The page, set by a template of `pages/`. Raises PdfFailed.

    A character for which this machine has no font is shown by its number, so that no message of a
    patient stops the export.
    """
    text = json.dumps(page, ensure_ascii=False)
    for attempt in (text, _SETTABLE.sub(lambda found: f"\u27e8U+{ord(found[0]):04X}\u27e9", text)):
        try:
            return bytes(
                typst.compile(
                    page_file(template).encode(),
                    format="pdf",
                    pdf_standards=["ua-1"],
                    sys_inputs={"data": attempt},
                )
            )
        except typst.TypstError:
            continue
    # Without the reason: it may quote a line of the page.
    raise PdfFailed("the page could not be set as a PDF")


def visible(page: Page) -> Page:
    """The page with its stray characters made visible."""
    return {key: _shown(one) for key, one in page.items()}


def _shown(value: object) -> object:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return visible(value)
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return value
