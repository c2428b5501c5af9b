"""What the patient's clock shows, in answer to "what time is it where you are?"."""

from __future__ import annotations

import re

LOCAL_TIME = "local_time"  #: the question

_NOON = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 0}
_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4])(?:[:. h](?P<minute>[0-5]\d))?(?![\d:])\s*(?:o'?clock)?\s*"
    r"(?P<half>[ap])?\.?(?:m\b)?",
    re.IGNORECASE,
)


def clock_minutes(message: str) -> int | None:
    """Minutes since midnight (0 to 1439) of the first time of the day in the message; None when there is none."""
    word = next((name for name in _NOON if re.search(rf"\b{name}\b", message.lower())), None)
    if word is not None:
        return _NOON[word]
    found = _TIME.search(message)
    if found is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        half = ""
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour % 24
    return hour * 60 + int(found["minute"] or 0)
