"""A message made plain keeps the way back to what was typed."""

from __future__ import annotations

import pytest

from bot.understanding.lexicon import load_lexicon
from bot.understanding.plain_text import Plain, make_plain


def plain(text: str) -> Plain:
    return make_plain(text, load_lexicon().spelling.right)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I CAN'T feel it", "i cant feel it"),
        ("can’t", "cant"),
        ("It's numb", "its numb"),
        ("my groin's numb", "my groin numb"),
        ("self-harm", "self harm"),
        ("forty-five", "45"),
        ("two hundred and ten", "210"),
        ("two three days", "2 3 days"),
        ("the left one", "the left one"),
        ("one week", "1 week"),
        ("2½ weeks", "2.5 weeks"),
        ("７／１０", "7/10"),
        ("pain 3–4", "pain 3-4"),
        ("yes 👍", "yes yes "),
        ("no\nno", "no ; no"),
    ],
)
def test_what_the_patterns_read(typed: str, read: str) -> None:
    assert plain(typed).text == read


@pytest.mark.parametrize(
    "typed", ["my LEFT foot", "I’m forty-five years old", "é́ numb ́", "a\x00b", "🙂 7/10 🙂"]
)
def test_every_stretch_leads_back_to_the_message(typed: str) -> None:
    made = plain(typed)
    for start in range(len(made.text)):
        begin, stop = made.source(start, start + 1)
        assert 0 <= begin < stop <= len(typed)
    assert made.source(0, len(made.text))[1] <= len(typed)


def test_an_echo_is_read_three_times_and_no_more() -> None:
    assert plain("no numbness " * 300).text.count("numbness") < 10
    assert plain("no numbness " * 3).text.count("numbness") == 3
