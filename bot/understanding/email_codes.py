"""The code from an e-mail, in answer to "please type the six digits"."""

from __future__ import annotations

import re

EMAIL_CODE = "email_code"  #: the question

_CODE = re.compile(r"(?<!\d)\d(?:[ -]?\d){5}(?!\d)")
#: More words than this tell something beside the code.
_FEW_WORDS = 7


def email_code(message: str) -> str | None:
    """The first six digits that stand together, blanks and hyphens between them left out; None without any."""
    found = _CODE.search(message)
    return None if found is None else re.sub(r"\D", "", found.group())


def only_gives_a_code(message: str) -> bool:
    """Whether the code is what the message is for: "oh it is 123456", and no question.

    Which digits they happen to be must not decide what kind of message it is, as it would for a classifier.
    """
    return email_code(message) is not None and len(message.split()) <= _FEW_WORDS and "?" not in message
