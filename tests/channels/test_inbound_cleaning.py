"""What a patient typed arrives as words: no text is a command, whatever it is dressed up as."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.inbound import MAX_CHARACTERS, UnusableText, clean
from tests.channels.conftest import Patient, problem_of
from tests.channels.fakes import FakeConversations
from tests.channels.hostile_texts import COMMANDS, EMPTY, WORDS


def could_be_a_command(text: str) -> bool:
    """Whether any reader further on, however it strips and folds, would find a slash in front."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return visible.strip().startswith(("/", "\u2044", "\u2215"))


def test_the_corpus_is_as_large_as_the_fault_list_asks() -> None:
    assert len(set(COMMANDS)) >= 60
    assert sum(could_be_a_command(text) for text in COMMANDS) >= 40


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_in_any_disguise_is_only_words(text: str) -> None:
    cleaned = clean(text)
    assert not could_be_a_command(cleaned)
    assert cleaned[0].isalpha() or cleaned[0] == "["


@pytest.mark.parametrize("text", EMPTY)
def test_a_message_without_anything_to_read_is_refused_with_advice(text: str) -> None:
    with pytest.raises(UnusableText) as refused:
        clean(text)
    assert "type your answer" in refused.value.advice


@pytest.mark.parametrize(("text", "read"), WORDS)
def test_words_stay_what_they_are(text: str, read: str) -> None:
    assert clean(text) == read


def test_no_character_at_all_can_carry_a_slash_past_the_door() -> None:
    passed = []
    for number in range(1, sys.maxunicode + 1):
        character = chr(number)
        if unicodedata.category(character) in {"Cn", "Co", "Cs"}:
            continue
        if could_be_a_command(clean(f"{character}restart")) or could_be_a_command(
            clean(f"{character}/restart")
        ):
            passed.append(f"U+{number:04X}")
    assert passed == []


@given(st.text(max_size=60))
@example("/\u0338/")
@example("a" * MAX_CHARACTERS)
def test_a_cleaned_text_is_never_a_command_and_cleaning_it_again_changes_nothing(text: str) -> None:
    try:
        cleaned = clean(text)
    except UnusableText:
        return
    assert cleaned
    assert not could_be_a_command(cleaned)
    assert clean(cleaned) == cleaned


@given(st.text(alphabet=st.sampled_from("/\u2044\uff0f \u200b\u202e\u0338\ufe0f\u3000\t\nr"), max_size=30))
def test_no_mixture_of_slashes_and_invisible_characters_is_a_command(text: str) -> None:
    try:
        assert clean(text).startswith("r")
    except UnusableText:
        assert "r" not in text


def test_advice_never_quotes_the_message() -> None:
    for text in ("secret\x00", "secret\ud800", "secret" * 1000):
        with pytest.raises(UnusableText) as refused:
            clean(text)
        assert "secret" not in refused.value.advice
        assert "secret" not in str(refused.value)


async def test_over_the_api_every_command_reaches_the_dialogue_as_words(
    patient: Patient, dialogue: FakeConversations
) -> None:
    for number, text in enumerate(COMMANDS):
        assert (await patient.send(text=text, client_id=str(number))).status_code == 202
    heard = [heard.text or "" for heard in dialogue.heard(patient.conversation)]
    assert heard == [clean(text) for text in COMMANDS]
    assert not any(could_be_a_command(text) for text in heard)


async def test_over_the_api_words_arrive_as_they_were_typed(
    patient: Patient, dialogue: FakeConversations
) -> None:
    for number, (text, _) in enumerate(WORDS):
        assert (await patient.send(text=text, client_id=str(number))).status_code == 202
    assert [heard.text for heard in dialogue.heard(patient.conversation)] == [read for _, read in WORDS]


async def test_over_the_api_a_message_without_words_is_refused(
    patient: Patient, dialogue: FakeConversations
) -> None:
    for number, text in enumerate(EMPTY):
        assert problem_of(await patient.send(text=text, client_id=str(number)))[0] == 422
    assert dialogue.heard(patient.conversation) == []
