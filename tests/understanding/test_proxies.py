"""Somebody writes for a relative: the relative is the patient from then on, and nobody else is."""

from __future__ import annotations

import pytest

from bot.understanding.reading import read


@pytest.mark.parametrize(
    ("message", "patient"),
    [
        ("im asking for my mum", "mum"),
        ("Filling this in for my husband, he has back pain", "husband"),
        ("asking on behalf of my dad", "dad"),
        ("hi, its not for me its for my nan", "nan"),
        ("my husband is the one with the bad back", "husband"),
        ("im her daughter, she cant type", "they"),
        ("my husband cant pee, im writing for him", "they"),
        ("i am a carer for a resident here", "resident"),
        ("need some advice for my brother pls", "brother"),
    ],
)
def test_the_patient_is_the_one_who_is_written_for(message: str, patient: str) -> None:
    assert read(message, None).written_for == patient


@pytest.mark.parametrize(
    "message",
    [
        "my mum had breast cancer",
        "i want to get better for my daughter",
        "i have to lift my mum for her wash",
        "i'm doing this every day for my kids",
        "i need this sorted for my kids",
        "could you ask my wife",
        "my husband says i should ask",
    ],
)
def test_a_relative_who_is_only_mentioned_is_no_patient(message: str) -> None:
    assert read(message, None).written_for is None


@pytest.mark.parametrize(
    ("message", "patient", "facts"),
    [
        ("my mum cant pee since yesterday", "mum", {"bladder_change": "new"}),
        ("mother has no feeling between her legs since this morning", "mum", {"saddle_numbness": "new"}),
        ("she had breast cancer in 2015", "mum", {"cancer_history": "past"}),
        ("my dad had prostate cancer", "mum", {}),
        ("he is 78 now", "dad", {"age": 78}),
        ("shes about 70", "they", {"age": 70}),
    ],
)
def test_what_is_told_of_the_patient_counts_and_of_others_does_not(
    message: str, patient: str, facts: dict[str, object]
) -> None:
    assert {one.field: one.value for one in read(message, None, patient=patient).facts} == facts


@pytest.mark.parametrize(
    ("message", "asks", "facts"),
    [
        ("yes she says its numb there", "saddle_numbness", {"saddle_numbness": "new"}),
        ("no, she has none", "fever", {"fever": "no"}),
        ("her left leg", "leg_side", {"leg_side": "left"}),
    ],
)
def test_she_answers_like_i(message: str, asks: str, facts: dict[str, object]) -> None:
    assert {one.field: one.value for one in read(message, asks, patient="mum").facts} == facts


def test_without_a_proxy_a_mothers_cancer_is_the_mothers() -> None:
    assert read("my mum had breast cancer", None).facts == ()


def test_not_for_me_is_no_answer_to_the_open_question() -> None:
    assert read("its not for me its for my nan", "consent").answer is None
