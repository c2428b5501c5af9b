"""Sending into a chat: one server at a time, in order, with a memory of how far it got."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.store import ConversationUnknown, Database, Store
from tests.store.clinic import Clinic, Clock, Patient

LEASE = timedelta(seconds=10)


def waiting(clinic: Clinic, *texts: str, external_id: str = "4711") -> Patient:
    patient = clinic.new_patient("telegram", external_id=external_id)
    with patient.turn() as turn:
        turn.open_episode("intake")
        for text in texts:
            turn.say(text)
    return patient


def test_only_one_server_may_send_into_a_chat_until_its_lease_is_over(clinic: Clinic, clock: Clock) -> None:
    chat = waiting(clinic, "Hello.").conversation.id
    assert clinic.store.claim_chat(chat, "one", LEASE)
    assert not clinic.store.claim_chat(chat, "two", LEASE)
    clock.move(seconds=9)
    assert clinic.store.claim_chat(chat, "one", LEASE)
    clock.move(seconds=9)
    assert not clinic.store.claim_chat(chat, "two", LEASE)
    clock.move(seconds=2)
    assert clinic.store.claim_chat(chat, "two", LEASE)
    assert not clinic.store.claim_chat(chat, "one", LEASE)


def test_a_chat_that_was_released_is_free_at_once(clinic: Clinic) -> None:
    chat = waiting(clinic, "Hello.").conversation.id
    clinic.store.claim_chat(chat, "one", LEASE)
    clinic.store.release_chat(chat, "two")
    assert not clinic.store.claim_chat(chat, "two", LEASE)
    clinic.store.release_chat(chat, "one")
    assert clinic.store.claim_chat(chat, "two", LEASE)


def test_of_servers_that_claim_at_once_one_gets_the_chat(clinic: Clinic, database: Database) -> None:
    chat = waiting(clinic, "Hello.").conversation.id
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda owner: clinic.store.claim_chat(chat, f"{owner}", LEASE), range(16)))
    assert got.count(True) == 1


def test_an_erased_chat_cannot_be_claimed(clinic: Clinic) -> None:
    patient = waiting(clinic, "Hello.")
    clinic.store.erase_patient(patient.id)
    assert clinic.store.waiting_chats("telegram") == []
    with pytest.raises(ConversationUnknown):
        clinic.store.claim_chat(patient.conversation.id, "one", LEASE)


def test_messages_come_in_order_and_a_long_one_goes_on_where_it_stopped(clinic: Clinic) -> None:
    chat = waiting(clinic, "One.", "Two.").conversation.id
    store = clinic.store
    first = store.next_delivery(chat)
    assert first is not None
    assert (first.external_id, first.message.text, first.parts_sent) == ("4711", "One.", 0)
    store.note_part_sent(chat, first.message.seq, 2)
    again = store.next_delivery(chat)
    assert again is not None
    assert (again.message.text, again.parts_sent) == ("One.", 2)
    store.mark_delivered(chat, first.message.seq)
    second = store.next_delivery(chat)
    assert second is not None
    assert (second.message.text, second.parts_sent) == ("Two.", 0)
    store.mark_delivered(chat, second.message.seq)
    assert store.next_delivery(chat) is None


def test_the_chat_that_waits_longest_comes_first(clinic: Clinic, clock: Clock) -> None:
    late = waiting(clinic, "Hello.", external_id="2").conversation.id
    clock.move(minutes=-5)
    early = waiting(clinic, "Hello.", external_id="1").conversation.id
    clinic.new_patient("web")
    assert clinic.store.waiting_chats("telegram") == [early, late]
    assert clinic.store.waiting_chats("web") == []


def test_a_patient_who_cannot_be_reached_is_flagged_once_and_nothing_waits_for_them(clinic: Clinic) -> None:
    patient = waiting(clinic, "One.", "Two.")
    chat, store = patient.conversation.id, clinic.store
    assert store.is_reachable(chat)
    store.mark_unreachable(chat, "The patient blocked the bot.")
    store.mark_unreachable(chat, "The patient blocked the bot.")
    assert not store.is_reachable(chat)
    assert store.waiting_chats("telegram") == []
    [flag] = patient.case().flags
    assert (flag.code, flag.severity, flag.status) == ("UNREACHABLE", "routine_flag", "open")
    store.mark_reachable(chat)
    assert store.is_reachable(chat)


def test_a_message_that_can_never_be_sent_does_not_hold_up_the_next(clinic: Clinic) -> None:
    patient = waiting(clinic, "One.", "Two.")
    chat, store = patient.conversation.id, clinic.store
    first = store.next_delivery(chat)
    assert first is not None
    store.mark_undeliverable(chat, first.message.seq, "A message could not be sent.")
    second = store.next_delivery(chat)
    assert second is not None
    assert second.message.text == "Two."
    assert [flag.code for flag in patient.case().flags] == ["UNREACHABLE"]


def test_a_patient_without_an_episode_can_be_unreachable_too(clinic: Clinic) -> None:
    patient = clinic.new_patient("telegram", external_id="4711")
    clinic.store.mark_unreachable(patient.conversation.id, "The patient blocked the bot.")
    assert not clinic.store.is_reachable(patient.conversation.id)


def test_the_newest_inbound_message_is_the_patients_last(store: Store, clinic: Clinic) -> None:
    patient = clinic.new_patient("telegram", external_id="4711")
    assert store.newest_inbound(patient.conversation.id) is None
    store.accept(patient.conversation.id, "first", "hello")
    store.accept(patient.conversation.id, "second", "hello")
    assert store.newest_inbound(patient.conversation.id) == ("second", 2)
