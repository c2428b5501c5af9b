"""Conversations are opened with a secret and found again by it, and by their id on the channel's side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.store import ConversationUnknown, Database, Store
from tests.store.clinic import MONDAY_MORNING, Clinic, everything_in


def test_a_new_conversation_is_found_by_its_token(store: Store) -> None:
    conversation, token = store.open_conversation("web", timezone="Pacific/Auckland", locale="en-NZ")
    assert store.conversation_for_token(token) == conversation
    assert store.conversation(conversation.id) == conversation
    assert (conversation.channel, conversation.timezone, conversation.locale) == (
        "web",
        "Pacific/Auckland",
        "en-NZ",
    )
    assert (conversation.created_at, conversation.version) == (MONDAY_MORNING, 0)


def test_each_conversation_has_a_patient_of_its_own(store: Store) -> None:
    one, _ = store.open_conversation("web")
    other, _ = store.open_conversation("web")
    assert one.id != other.id
    assert one.patient_id != other.patient_id


def test_tokens_are_long_and_only_their_hash_is_kept(store: Store, database: Database) -> None:
    _, token = store.open_conversation("web")
    assert len(token) >= 43
    assert token not in repr(everything_in(database))


@pytest.mark.parametrize("token", ["", "nobody", "x" * 10_000, "\x00", "\ud800", "' OR 1=1 --"])
def test_a_token_that_was_not_issued_opens_nothing(store: Store, token: str) -> None:
    store.open_conversation("web")
    assert store.conversation_for_token(token) is None


def test_an_unknown_id_raises(store: Store) -> None:
    for unknown in ("", "nobody", "\x00", "\ud800"):
        with pytest.raises(ConversationUnknown):
            store.conversation(unknown)
        with pytest.raises(ConversationUnknown):
            store.begin_turn(unknown, None)
        with pytest.raises(ConversationUnknown):
            store.accept(unknown, "client", "hello", None)


def test_the_same_external_id_gives_the_same_conversation_and_a_fresh_token(store: Store) -> None:
    first, old_token = store.open_conversation("telegram", external_id="4711")
    again, new_token = store.open_conversation("telegram", external_id="4711")
    assert again == first
    assert store.conversation_for_token(new_token) == first
    assert store.conversation_for_token(old_token) is None
    assert store.conversation_for_external("telegram", "4711") == first


def test_the_same_id_on_another_channel_is_another_patient(store: Store) -> None:
    telegram, _ = store.open_conversation("telegram", external_id="4711")
    rasa, _ = store.open_conversation("rasa", external_id="4711")
    assert telegram.id != rasa.id
    assert store.conversation_for_external("web", "4711") is None


def test_threads_that_open_the_same_external_id_at_once_get_one_conversation(
    store: Store, database: Database
) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: store.open_conversation("telegram", "4711"), range(16)))
    assert len({conversation.id for conversation, _ in opened}) == 1
    assert len(everything_in(database)["patients"]) == 1
    assert sum(store.conversation_for_token(token) is not None for _, token in opened) == 1


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "Europe", "\x00", "x" * 1000])
def test_a_zone_that_is_not_known_is_not_kept(store: Store, zone: str) -> None:
    conversation, _ = store.open_conversation("web", timezone=zone)
    assert conversation.timezone is None


def test_the_place_of_a_patient_is_kept_with_the_turn(clinic: Clinic) -> None:
    patient = clinic.new_patient(timezone="Europe/London")
    with patient.turn() as turn:
        turn.locate(country="IE", timezone="Not/AZone")
        turn.locate(locale="en-IE")
        assert turn.conversation.country == "IE"
    found = clinic.store.conversation(patient.conversation.id)
    assert (found.timezone, found.locale, found.country) == ("Europe/London", "en-IE", "IE")
