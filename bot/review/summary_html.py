"""The summary as one self-contained page: no script, no request to anywhere, readable on paper."""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.review.rendering import environment, page_file
from bot.review.summary import summarise
from bot.store.records import Case


def export_html(case: Case, rulebook: Rulebook | None = None, *, withheld: bool = False) -> str:
    """The page as text; `withheld` says that the answers were taken out of the case.

    The stylesheet is inside, and its hash is the only thing the page may load.
    """
    style = page_file("style.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        environment()
        .get_template("summary_page.html")
        .render(
            summary=summarise(case, rulebook or default_rulebook(), withheld=withheld),
            style=Markup(style),  # noqa: S704 - our own file, not a word of a patient in it
            style_hash=f"sha256-{digest}",
        )
    )
