"""The safety corpus holds: danger reaches its class in any form, and what is harmless seldom alarms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.clinical.urgency import Urgency
from bot.understanding import read

HERE = Path(__file__).parent / "safety_corpus"
TODAY = date(2026, 11, 23)

DANGER = yaml.safe_load((HERE / "danger.yaml").read_text(encoding="utf-8"))
HARMLESS = yaml.safe_load((HERE / "harmless.yaml").read_text(encoding="utf-8"))

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
    safety = read(text, asks, TODAY).safety
    return Urgency.SELF_MANAGE if safety is None else Urgency(safety.urgency)


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


def test_what_is_harmless_seldom_alarms() -> None:
    alarms = [entry["text"] for entry in HARMLESS if _urgency(entry["text"]) >= Urgency.SAME_DAY]
    assert 100 * len(alarms) / len(HARMLESS) <= MOST_ALARMS, alarms
