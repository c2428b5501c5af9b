"""What time it is where the patient is, in their words."""

from __future__ import annotations

import pytest

from bot.understanding.clock_times import clock_minutes


@pytest.mark.parametrize(
    ("message", "minutes"),
    [
        ("14:05", 845),
        ("its 2 pm", 840),
        ("2.30pm here", 870),
        ("half past i think, 9:30 am", 570),
        ("12 am", 0),
        ("12:15pm", 735),
        ("noon", 720),
        ("about 7 o'clock in the morning", 420),
        ("no idea", None),
    ],
)
def test_the_first_time_of_the_day_is_taken(message: str, minutes: int | None) -> None:
    assert clock_minutes(message) == minutes
