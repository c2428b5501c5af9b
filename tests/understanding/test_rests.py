"""For how long check-ins are to rest."""

from __future__ import annotations

import pytest

from bot.understanding.rests import rest_days


@pytest.mark.parametrize(
    ("message", "days"),
    [
        ("pause the check-ins for 3 weeks", 21),
        ("No check-ins for a fortnight, please", 14),
        ("i'm away for ten days", 10),
        ("hold them for a month", 30),
        ("no check ins for the next two weeks im travelling", 14),
        ("snooze for 1 week and a half", 11),
        ("pause the check-ins", None),
        ("give me half an hour", None),
    ],
)
def test_the_time_that_is_named_is_taken(message: str, days: int | None) -> None:
    assert rest_days(message) == days
