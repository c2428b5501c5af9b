"""The lexicon loads, knows the rulebook's medicines, and refuses what the vocabulary does not know."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.clinical.rulebook
from bot.clinical.fields import FIELDS
from bot.understanding.lexicon import Lexicon, LexiconError, load_lexicon, loading
from bot.understanding.lexicon.answer_words import Anywhere
from bot.understanding.lexicon.first_look import needed_literals
from bot.understanding.lexicon.openings import WholeWords, WordStarts, openings
from bot.understanding.lexicon.phrase import Near
from bot.understanding.plain_text import make_plain

HERE = Path(__file__).parent
RULEBOOK = Path(bot.clinical.rulebook.__file__).parent


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def test_every_danger_sign_that_can_be_volunteered_has_words(lexicon: Lexicon) -> None:
    worded = {phrase.field for phrase in lexicon.phrases if not phrase.asked}
    signs = {name for name, field in FIELDS.items() if field.red_flag}
    assert signs <= worded


def test_most_phrases_are_passed_over_by_the_first_look(lexicon: Lexicon) -> None:
    assert len(lexicon.candidates(WordStarts("good morning to you"))) < len(lexicon.phrases) / 10


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(?:numb|dead) (?:leg|foot)", "my foot is a dead foot"),
        ("fever\\w*", "feverish"),
        ("a|bc(?:def)?", "bc"),
    ],
)
def test_the_first_look_never_hides_a_match(pattern: str, text: str) -> None:
    assert re.search(pattern, text)
    literals = needed_literals(pattern)
    assert not literals or any(literal in text for literal in literals)


def a_long_message(lexicon: Lexicon) -> WordStarts:
    """4,000 characters of what different people wrote."""
    written = yaml.safe_load((HERE / "development" / "other_words.yaml").read_text(encoding="utf-8"))
    told = " ".join(example["text"] for example in written)[:4000]
    return WordStarts(make_plain(told, lexicon.spelling.right).text)


def test_trying_a_phrase_only_where_its_openings_stand_finds_what_trying_it_everywhere_finds(
    lexicon: Lexicon,
) -> None:
    words = a_long_message(lexicon)
    candidates = lexicon.candidates(words)
    for phrase in lexicon.phrases:
        for piece in phrase.pieces:
            anywhere = [match.span() for match in piece.pattern.finditer(words.text)]
            assert [match.span() for match in piece.finditer(words)] == anywhere, piece.pattern.pattern
        assert phrase in candidates or not list(phrase.find(words))


def test_in_a_long_message_a_phrase_is_tried_at_one_word_in_twenty(lexicon: Lexicon) -> None:
    words = a_long_message(lexicon)
    # Those of one question are tried in answers to it only.
    anywhere = [phrase for phrase in lexicon.phrases if not phrase.asked]
    tried = [piece.places(words) for phrase in anywhere for piece in phrase.pieces]
    named = [len(places) for places in tried if places is not None]
    assert len(named) > 0.95 * len(tried)
    assert sum(named) < len(named) * words.text.count(" ") / 20


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\b(?:numb|weak\w*)", {"numb", "weak"}),
        (r"\b(?:my )?leg", {"my le", "leg"}),
        (r"\b[ab]c", {"ac", "bc"}),
        (r"^no|\byes", {"no", "yes"}),
        (r"\b(?:no )*(?!x)way", {"no no", "no wa", "way"}),
        (r"\b\w+ing", set()),
        (r"numb", set()),
        (r"\b ?numb", set()),
        (r"\b(?:numb)?", set()),
    ],
)
def test_the_openings_of_a_pattern_are_what_its_matches_begin_with(pattern: str, expected: set[str]) -> None:
    assert openings(pattern) == expected


@settings(max_examples=300, deadline=None)
@given(text=st.text("yesno w,.", max_size=40))
def test_a_way_that_begins_as_words_do_hides_none_of_the_others(text: str) -> None:
    ways = ["^no now", r"\byes\b", r"\bno (?:way|w)", ", ?so", r"(?<=w)yes"]
    one = re.search("|".join(ways), text)
    found = Anywhere.of(ways).search(WordStarts(text))
    assert (found and found.span()) == (one and one.span())


def test_two_pieces_are_found_in_either_order_and_not_across_a_stop_word(lexicon: Lexicon) -> None:
    pieces = WholeWords.of("bladder"), WholeWords.of("numb")
    near = Near(*pieces, re.compile(r"\bfine\b"), reach=3)

    def places(text: str) -> list[int]:
        return [found.start for found in near.find(WordStarts(text))]

    assert places("my bladder has gone numb") == [3]
    assert places("numb in the bladder") == [0]
    assert not places("bladder is fine but numb")
    assert not places("bladder. numb")
    assert not places("bladder one two three four five numb")


def test_every_medicine_name_of_the_rulebook_is_known_with_its_class(lexicon: Lexicon) -> None:
    document = yaml.safe_load((RULEBOOK / "contraindications.yaml").read_text(encoding="utf-8"))
    for group in document["medicines"].values():
        for name in group["names"]:
            if name.startswith(("patch", "transdermal")):
                continue  # a form, not a medicine
            generic, classes = lexicon.medicines[name]
            if "answers" in group:
                assert group["answers"] in classes, name
            assert any(known in generic for known in group["names"]), f"{name} is stored as {generic}"


def test_no_misspelling_is_a_word_that_patterns_use_themselves(lexicon: Lexicon) -> None:
    spellings = lexicon.spelling.written_down
    assert not set(spellings) & set(spellings.values()) - {"shoulder"}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"field": "shoe_size", "style": "symptom", "say": ["x"]}, "shoe_size"),
        ({"field": "fever", "style": "symptom", "value": "maybe", "say": ["x"]}, "fever"),
        ({"field": "fever", "style": "loud", "say": ["x"]}, "loud"),
        ({"field": "fever", "style": "symptom", "says": ["x"]}, "says"),
        ({"field": "fever", "style": "symptom", "say": ["(x"]}, "subpattern"),
        ({"field": "fever", "style": "symptom", "say": ["<no_such_macro>"]}, "no_such_macro"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file(
    entry: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in Path(loading.__file__).parent.glob("*.yaml"):
        if not path.name.startswith("phrases_"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "phrases_wrong.yaml").write_text(yaml.safe_dump([entry]), encoding="utf-8")
    monkeypatch.setattr(loading, "_HERE", tmp_path)
    with pytest.raises(LexiconError, match=message):
        loading.load_lexicon.__wrapped__()
