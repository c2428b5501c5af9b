"""A word misspelt by a letter is read as the word that was meant; a word that is known stays as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.understanding import read
from bot.understanding.lexicon import load_lexicon
from bot.understanding.spelling import words_in

TODAY = date(2026, 11, 23)
HARMLESS = yaml.safe_load(
    (Path(__file__).parent / "safety_corpus" / "harmless.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("prefnant", "pregnant"),
        ("stockpied", "stockpiled"),
        ("gardning", "gardening"),
        ("tonihgt", "tonight"),
        ("suddennly", "suddenly"),
        ("ibuprofne", "ibuprofen"),
        ("liftin", "lifting"),
        ("thaats", "thats"),
    ],
)
def test_a_slip_of_one_letter_is_read_as_the_word_that_was_meant(typed: str, meant: str) -> None:
    assert load_lexicon().spelling.right(typed) == meant


@pytest.mark.parametrize(
    "word",
    ["sofa", "tena", "bats", "numb", "wee", "oramorph", "taangon", "covid", "x", "aches"],
)
def test_a_word_that_means_something_stays_as_it_is(word: str) -> None:
    assert load_lexicon().spelling.right(word) == word


@pytest.mark.parametrize("word", ["brrrrrr", "qwxzkj", "aaaaaaaa", "mylonglongword"])
def test_a_word_like_no_other_stays_as_it_is(word: str) -> None:
    assert load_lexicon().spelling.right(word) == word


def test_a_slip_of_a_known_misspelling_leads_to_the_right_word() -> None:
    assert load_lexicon().spelling.right("bladdders") == "bladder"


def test_danger_is_found_where_a_slip_is_nearer_to_a_harmless_word() -> None:
    assert load_lexicon().spelling.right("hels") == "help"
    reading = read("numb from my back to the hels, both of em, four days", None, TODAY)
    assert reading.safety is not None


def test_a_fact_keeps_the_words_as_they_were_typed() -> None:
    facts = {fact.field: fact for fact in read("slipd on the ice on sunday", "onset_cause", TODAY).facts}
    assert facts["onset_cause"].value == ("fall",)
    assert "slipd" in facts["onset_cause"].words


def test_harmless_messages_raise_no_alarm_by_being_spelt_in_other_ways(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spelt = [read(entry["text"], None, TODAY).safety for entry in HARMLESS]
    monkeypatch.setattr(type(load_lexicon().spelling), "other_ways", lambda self, text: iter(()))
    assert [read(entry["text"], None, TODAY).safety for entry in HARMLESS] == spelt


@pytest.mark.parametrize(
    "denied",
    ["nevr wet myself in my life", "pregabalin nveer made me drowsy", "nealy fainted when i saw the bill"],
)
def test_a_misspelt_denial_denies(denied: str) -> None:
    assert read(denied, None, TODAY).safety is None


def test_the_last_letter_before_a_question_mark_belongs_to_the_word() -> None:
    assert set(words_in("Any fever? Numb feet?")) == {"any", "fever", "numb", "feet"}


def test_who_says_hello_again_still_writes_for_the_same_patient() -> None:
    assert read("hi again", None, TODAY, patient="mum").written_for == "mum"
