"""How templates are found and values become text; everything is escaped, and stray characters are shown."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.review.summary_json import iso
from bot.review.trend import TrendView
from bot.review.trend_picture import picture
from bot.store.case_codes import case_code

_PAGES = "bot.review.pages"
#: Control characters, and those that turn the direction of the text around them or cannot be encoded.
_STRAY = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of the summary and the console."""
    made = Environment(
        loader=PackageLoader("bot.review", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(shown=shown, iso=iso, moment=moment, ago=ago, picture=_picture, code=case_code)
    return made


@lru_cache(maxsize=8)
def page_file(name: str) -> str:
    """The text of a file that is served as it is, such as the stylesheet."""
    return (resources.files(_PAGES) / name).read_text(encoding="utf-8")


def _picture(trend: TrendView) -> Markup:
    return Markup(picture(trend))  # noqa: S704 - numbers and our own words, escaped where they are set


def shown(text: str) -> str:
    """The text with its stray characters made visible, so that nothing it holds can hide or turn the page."""
    return _STRAY.sub(lambda found: f"\u27e8U+{ord(found[0]):04X}\u27e9", text)


def moment(at: datetime) -> str:
    """A moment in words, in UTC."""
    return f"{at.astimezone(timezone.utc):%d %b %Y, %H:%M} UTC"


def ago(span: timedelta) -> str:
    """How long something has waited, in its largest unit."""
    minutes = max(0, int(span.total_seconds() // 60))
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        count = minutes // size
        if count:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "less than a minute"
