"""The safety corpus holds: danger reaches its class in any form, and what is harmless seldom alarms."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.clinical.urgency import Urgency
from bot.understanding import read
from bot.understanding.danger import urgency_of
from bot.understanding.lexicon import load_lexicon

HERE = Path(__file__).parent / "safety_corpus"
TODAY = date(2026, 11, 23)

DANGER = yaml.safe_load((HERE / "danger.yaml").read_text(encoding="utf-8"))
HARMLESS = yaml.safe_load((HERE / "harmless.yaml").read_text(encoding="utf-8"))

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
#: Each letter -> those beside it on a phone's keyboard.
NEIGHBOURS = {
    letter: (row[at - 1 : at] if at else "") + row[at + 1 : at + 2]
    for row in ROWS
    for at, letter in enumerate(row)
}

#: Groups of danger.yaml (clinical.md §1.2) of which every message must be found.
GROUPS = ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J")
#: Those of which every message must be found behind a polite beginning too.
FOUND_BEHIND_A_BEGINNING = GROUPS
BEGINNINGS = (
    "morning, not sure if this matters but ",
    "hi there hope you are well, ",
    "hello doctor sorry to bother you. ",
    "Good evening, I don't want to waste your time but ",
)
#: The most of harmless.yaml, in percent, that may alarm; only ever to be lowered.
MOST_ALARMS = 1.0


def _urgency(text: str, asks: str | None = None) -> Urgency:
    return urgency_of(read(text, asks, TODAY).safety)


def _misses(group: str, before: str = "", asks: str | None = None, *, loud: bool = False) -> Iterator[str]:
    for entry in DANGER:
        if entry["group"] != group:
            continue
        text = before + entry["text"]
        if _urgency(text.upper() if loud else text, asks) < Urgency(entry["class"]):
            yield entry["text"]


@pytest.mark.parametrize("group", GROUPS)
def test_every_dangerous_message_reaches_its_class(group: str) -> None:
    assert list(_misses(group)) == []


@pytest.mark.parametrize("group", GROUPS)
def test_danger_is_found_in_capitals(group: str) -> None:
    assert list(_misses(group, loud=True)) == []


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("group", FOUND_BEHIND_A_BEGINNING)
def test_danger_is_found_after_a_polite_beginning(group: str, beginning: str) -> None:
    assert list(_misses(group, beginning)) == []


@pytest.mark.parametrize("group", GROUPS)
def test_danger_is_found_in_the_answer_to_another_question(group: str) -> None:
    assert list(_misses(group, asks="work_type")) == []


@pytest.mark.parametrize("seed", range(6))
def test_danger_is_found_when_a_word_is_misspelt_by_one_letter(seed: int) -> None:
    """A slip that makes another English word ("he beast me") is left to the reader, as no dictionary can tell."""
    chance = random.Random(seed)
    slipped = [(entry, _with_a_slip(entry["text"], chance)) for entry in DANGER]
    misspelt = [(entry, text) for entry, text in slipped if text is not None]
    assert len(misspelt) > 500
    assert [text for entry, text in misspelt if _urgency(text) < Urgency(entry["class"])] == []


def _with_a_slip(text: str, chance: random.Random) -> str | None:
    """`text` with one letter of one of its words left out, doubled, swapped or mistyped; None without such a word."""
    is_word = load_lexicon().spelling.is_word
    words = [word for word in re.finditer(r"[A-Za-z]{5,}", text) if is_word(word.group().lower())]
    for _ in range(len(words) and 20):
        word = chance.choice(words)
        wrong = _slip(word.group(), chance)
        if not is_word(wrong.lower()):
            return text[: word.start()] + wrong + text[word.end() :]
    return None


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    beside = NEIGHBOURS.get(letter.lower(), "e")
    return chance.choice(
        [
            before + after,
            before + 2 * letter + after,
            before + after[0] + letter + after[1:],
            before + chance.choice(beside) + after,
        ]
    )


def test_what_is_harmless_seldom_alarms() -> None:
    alarms = [entry["text"] for entry in HARMLESS if _urgency(entry["text"]) >= Urgency.SAME_DAY]
    assert 100 * len(alarms) / len(HARMLESS) <= MOST_ALARMS, alarms
