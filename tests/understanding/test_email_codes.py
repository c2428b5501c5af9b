"""The code from an e-mail, as people type it."""

from __future__ import annotations

import pytest

from bot.understanding.email_codes import email_code, only_gives_a_code


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("123456", "123456"),
        ("oh it is 023 456", "023456"),
        ("12-34-56 it says", "123456"),
        ("my number is 12345", None),
        ("0207 1234567", None),
        ("it has not come", None),
    ],
)
def test_six_digits_that_stand_together_are_the_code(message: str, code: str | None) -> None:
    assert email_code(message) == code


def test_a_message_with_more_to_say_is_not_only_a_code() -> None:
    assert only_gives_a_code("sorry, here it is: 123456")
    assert not only_gives_a_code("is it 123456?")
    assert not only_gives_a_code("it says 123456 and now i cant feel my legs any more")
    assert not only_gives_a_code("no code here")
