"""What people write about permissions: which are given, which taken back, and what leaves it open."""

from __future__ import annotations

import pytest

from actions.consent import CHECK_INS, KEEP, RESEARCH, SHARE
from actions.permission_words import named


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("I don\u2019t want a doctor to see this any more", {SHARE: False}),
        ("nobody at the clinic should read my answers", {SHARE: False}),
        ("keep this between you and me", {SHARE: False}),
        ("can you stop showing this to my doctor?", {SHARE: False}),
        ("i said yes to sharing but now its a no", {SHARE: False}),
        ("i've decided my doctor can see it", {SHARE: True}),
        ("don't use my answers for research", {RESEARCH: False}),
        ("you can use it for research after all", {RESEARCH: True}),
        ("i dont mind if you use it for research", {RESEARCH: True}),
        ("count me out of any studies", {RESEARCH: False}),
        ("no more check-ins and no research", {CHECK_INS: False, RESEARCH: False}),
        ("doctor can see it but no research", {SHARE: True, RESEARCH: False}),
        ("keep my answers but don't show them to a doctor", {KEEP: True, SHARE: False}),
        ("stop storing my answers", {KEEP: False}),
        ("you can't use my data any longer", {KEEP: False}),
    ],
)
def test_a_clear_change_is_read(words: str, changes: dict[str, bool]) -> None:
    assert named(words) == changes


@pytest.mark.parametrize(
    "words",
    [
        "change my permissions",
        "i withdraw my consent",
        "can a doctor see this?",
        "will you use it for research?",
        "who sees my answers",
        "i only want my doctor to see this",
        "just use it for research",
        "i changed my mind about research",
        "my back hurts and i cant keep standing",
        "yes",
        "no thanks",
    ],
)
def test_what_leaves_a_doubt_changes_nothing(words: str) -> None:
    assert named(words) == {}
