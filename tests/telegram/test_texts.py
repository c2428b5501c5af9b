"""What the channel says by itself is short, plain, and fits Telegram."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import rendering, texts
from bot.settings import Settings, SettingsError
from bot.store import IssuedChoice, Message
from tests.channels.fakes import STARTED
from tests.clinical.readability import grade
from tests.telegram.bot_api import TOKEN
from tests.telegram.markup import read_html, units

SAID = {
    "privacy": texts.privacy(None),
    "moved": texts.moved(None),
    **{
        name: getattr(texts, name)
        for name in (
            *("LINK_OVER", "CHAT_IN_USE", "NO_FILES", "NO_VOICE", "NO_PLACE", "NO_CONTACT", "PRIVATE_ONLY"),
            *("WHICH_ANSWER", "BUTTON_OVER", "NO_DOCUMENT", "TICK_FIRST"),
        )
    },
}
MESSAGE = Message(conversation_id="c", seq=1, sender="bot", at=STARTED, text="")


@pytest.mark.parametrize("name", SAID)
def test_every_text_is_short_and_plain(name: str) -> None:
    assert grade(SAID[name]) <= 8
    assert len(SAID[name].split()) <= 45


@given(st.text(max_size=300).filter(str.strip), st.integers(min_value=20, max_value=60))
def test_cutting_loses_nothing_but_space_and_no_piece_is_too_long(text: str, longest: int) -> None:
    cut = rendering.split(text, longest)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(0 < units(piece) <= longest for piece in cut)


@given(st.text(max_size=200).filter(str.strip), st.sampled_from(["info", "safety"]))
def test_any_words_come_out_of_the_markup_as_they_went_in(text: str, kind: str) -> None:
    [piece] = rendering.pieces(dataclasses.replace(MESSAGE, text=text, kind=kind))
    assert read_html(piece).text == text.strip()


def test_a_choice_of_the_store_fits_a_button() -> None:
    choice = IssuedChoice("a" * 22, "Yes")
    markup = rendering.keyboard(dataclasses.replace(MESSAGE, choices=(choice,), input="multi_choice"))
    assert markup is not None
    assert rendering.ticked(rendering.with_ticks(markup, [choice.id])) == [choice.id]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BACKPLAN_TELEGRAM_TOKEN", "12345"),
        ("BACKPLAN_TELEGRAM_WEBHOOK_URL", "http://chat.example.org"),
        ("BACKPLAN_PUBLIC_URL", "chat.example.org"),
        ("BACKPLAN_TELEGRAM_API_URL", "https://[broken"),
    ],
)
def test_a_setting_that_cannot_work_is_named_at_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


def test_the_token_is_not_in_the_settings_repr() -> None:
    settings = Settings.from_env({"BACKPLAN_TELEGRAM_TOKEN": TOKEN})
    assert settings.telegram_token == TOKEN
    assert TOKEN not in repr(settings)
