"""A message that somebody writes for a relative: the relative's danger is told as the patient's."""

from __future__ import annotations

from datetime import date

import pytest

from bot.understanding import read
from bot.understanding.written_for import written_for_another

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("my dad has a fever and his back hurts and he is confused", "fever"),
        ("my mum, 81, fell in the bath yesterday and her back hurts", "minor_trauma_recent"),
        ("my son is 14, his back hurts and both his legs went weak", "leg_weakness"),
        ("grandad has an aneurysm and his back is terrible today", "known_aaa"),
    ],
)
def test_a_relative_in_danger_is_heard(words: str, sign: str) -> None:
    reading = read(words, None, TODAY)
    assert reading.safety is not None
    assert sign in {fact.field for fact in reading.facts}


def test_the_age_of_the_relative_is_the_patients_age() -> None:
    facts = {
        fact.field: fact.value for fact in read("father aged 84, back pain since monday", None, TODAY).facts
    }
    assert facts["age"] == 84


@pytest.mark.parametrize(
    "words",
    [
        "my dad has cancer and his back hurts, mine is only stiff",
        "my husband fell down the stairs years ago and his back still hurts",
        "my mum is 81 and i lift her",
        "my wife's on chemo, lifting her is what did my back",
        "the neighbour's dog had a tumour on its back",
    ],
)
def test_a_relative_who_is_only_mentioned_is_not_the_patient(words: str) -> None:
    assert read(words, None, TODAY).safety is None


def test_a_writer_who_speaks_of_themselves_writes_for_themselves() -> None:
    assert not written_for_another("my dads back hurts and i have a fever")
