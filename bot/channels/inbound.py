"""Cleans what a patient typed, the same way for every channel, before anything else sees it."""

from __future__ import annotations

import re
import unicodedata

#: The most characters that one message may have, counted as typed.
MAX_CHARACTERS = 4000

_NEWLINES = re.compile("\r\n|[\r\u0085\u2028\u2029]")

#: Controls, direction marks and characters without a shape. Newline and tab stay.
_INVISIBLE = re.compile(
    "["
    "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"  # C0 and C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # tags and selectors
    "]"
)

#: Everything that reads as a slash to a person, or could be folded into one further on.
_SLASHES = frozenset("/\u2044\u2215\u2571\u27cb\u29f8\uff0f")

#: What carries no meaning at the start of a message but could hide a slash: spaces, formats, loose accents.
_HOLLOW = frozenset({"Cc", "Cf", "Mc", "Me", "Mn", "Zl", "Zp", "Zs"})


class UnusableText(ValueError):
    """A message that cannot be taken. `advice` says what to do and never quotes the message."""

    def __init__(self, advice: str) -> None:
        self.advice = advice
        super().__init__(advice)


def clean(text: str, limit: int = MAX_CHARACTERS) -> str:
    """Return `text` as visible characters in composed form, never starting with a slash.

    Rasa runs a message that starts with "/" as an intent, so no such text may pass here.
    Raises `UnusableText` for more than `limit` characters, NUL, lone surrogates, or nothing left.
    """
    if len(text) > limit:
        raise _too_long(limit)
    if "\x00" in text or not _encodable(text):
        raise UnusableText("The message holds characters that are not text. Please type it again.")
    visible = _INVISIBLE.sub("", _NEWLINES.sub("\n", text))
    cleaned = _without_hollow_start(unicodedata.normalize("NFC", visible)).rstrip()
    if not cleaned:
        raise UnusableText("The message is empty. Please type your answer in words or numbers.")
    if len(cleaned) > limit:
        raise _too_long(limit)
    return cleaned


def _too_long(limit: int) -> UnusableText:
    return UnusableText(f"The message has more than {limit:,} characters. Please send it in smaller parts.")


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _without_hollow_start(text: str) -> str:
    start = 0
    while start < len(text) and (text[start] in _SLASHES or unicodedata.category(text[start]) in _HOLLOW):
        start += 1
    return text[start:]
