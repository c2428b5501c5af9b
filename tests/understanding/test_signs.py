"""Danger in any words is found, and what only sounds like it stays quiet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.clinical.facts import is_danger
from bot.understanding import read

HERE = Path(__file__).parent / "signs"
TODAY = date(2026, 11, 23)

DANGER = [
    pytest.param(sign, words, id=f"{sign}: {words[:50]}")
    for sign, several in yaml.safe_load((HERE / "danger.yaml").read_text(encoding="utf-8")).items()
    for words in several
]
HARMLESS = yaml.safe_load((HERE / "harmless.yaml").read_text(encoding="utf-8"))

#: Signs of which any single one makes the message same-day or worse on its own (clinical.md §1.2).
ALARMING = frozenset(
    {
        *(
            "saddle_numbness",
            "bladder_change",
            "bowel_change",
            "sexual_change",
            "leg_weakness",
            "leg_numbness",
        ),
        *("leg_pain", "gait_unsteady_new", "foot_drop", "major_trauma_recent", "fever", "known_aaa"),
        *("chest_pain_or_breathless", "collapse_or_faint", "abdominal_pain_new", "calf_swelling", "uveitis"),
        *("suicidal_thoughts", "self_harm_recent", "overdose", "safeguarding_concern"),
        "drowsy_or_slow_breathing",
    }
)


@pytest.mark.parametrize(("sign", "words"), DANGER)
def test_a_danger_sign_is_found_in_any_words(sign: str, words: str) -> None:
    reading = read(words, None, TODAY)
    told = {fact.field: fact.value for fact in reading.facts}
    assert is_danger(sign, told.get(sign))
    if sign in ALARMING:
        assert reading.safety is not None


@pytest.mark.parametrize(("sign", "words"), DANGER[::9])
def test_danger_is_found_whatever_question_was_open(sign: str, words: str) -> None:
    for asks in ("pain_avg", "work_type", "goals", "current_meds", "age", "consent"):
        told = {fact.field: fact.value for fact in read(words, asks, TODAY).facts}
        assert is_danger(sign, told.get(sign)), asks


@pytest.mark.parametrize("words", HARMLESS)
def test_words_that_only_sound_like_danger_stay_quiet(words: str) -> None:
    assert read(words, None, TODAY).safety is None
