"""A one-time token takes a conversation to a chat on another channel, or to another device."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.store import ChatInUse, ConversationBusy, Database, MoveTokenInvalid, Store, StoreError, Told
from tests.store.clinic import Clinic, Clock, Patient, everything_in

CHAT = ("telegram", "4711")


def move(store: Store, token: str, external_id: str = "4711") -> str:
    return store.move_conversation(token, "telegram", external_id, "You are here now.", "moved").id


def on_the_web(clinic: Clinic) -> Patient:
    patient = clinic.new_patient("web")
    with patient.turn() as turn:
        turn.open_episode("intake")
        turn.say("How bad is it?", kind="question", asks="pain_avg")
    return patient


def test_the_conversation_is_found_at_its_new_address_with_all_that_was_said(clinic: Clinic) -> None:
    patient, store = on_the_web(clinic), clinic.store
    assert move(store, store.issue_move_token(patient.conversation.id)) == patient.conversation.id
    found = store.conversation_for_external(*CHAT)
    assert found is not None
    assert (found.id, found.patient_id) == (patient.conversation.id, patient.id)
    assert [m.text for m in store.messages_after(found.id, 0)] == ["How bad is it?", "You are here now."]
    delivery = store.next_delivery(found.id)
    assert delivery is not None
    assert (delivery.external_id, delivery.message.text) == ("4711", "You are here now.")
    still_there = store.conversation_for_token(patient.token)
    assert still_there is not None
    assert still_there.id == patient.conversation.id


def test_what_is_said_from_then_on_waits_to_be_sent(clinic: Clinic) -> None:
    patient, store = on_the_web(clinic), clinic.store
    assert store.waiting_chats("telegram") == []
    move(store, store.issue_move_token(patient.conversation.id))
    with patient.turn() as turn:
        turn.say("Go on.")
    assert store.waiting_chats("telegram") == [patient.conversation.id]


def test_a_turn_that_began_before_the_move_is_not_stored_without_being_sent(clinic: Clinic) -> None:
    patient, store = on_the_web(clinic), clinic.store
    turn = patient.look()
    turn.say("An answer for the web.")
    move(store, store.issue_move_token(patient.conversation.id))
    with pytest.raises(ConversationBusy):
        store.commit_turn(turn)


def test_a_token_works_once_and_for_a_quarter_of_an_hour(clinic: Clinic, clock: Clock) -> None:
    patient, store = on_the_web(clinic), clinic.store
    late, used = (store.issue_move_token(patient.conversation.id) for _ in range(2))
    move(store, used)
    with pytest.raises(MoveTokenInvalid):
        move(store, used, "another chat")
    clock.move(minutes=15)
    for token in (late, "", "no-such-token", "\ud800"):
        with pytest.raises(MoveTokenInvalid):
            move(store, token)


def test_a_token_that_comes_twice_at_once_moves_once(clinic: Clinic) -> None:
    patient, store = on_the_web(clinic), clinic.store
    token = store.issue_move_token(patient.conversation.id)

    def attempt(chat: int) -> bool:
        try:
            move(store, token, str(chat))
        except StoreError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(attempt, range(8))).count(True) == 1


def test_an_empty_chat_gives_way_and_one_with_answers_does_not(clinic: Clinic) -> None:
    patient, store = on_the_web(clinic), clinic.store
    token = store.issue_move_token(patient.conversation.id, valid=timedelta(hours=1))
    here = clinic.new_patient(*CHAT)
    with here.turn() as turn:
        turn.open_episode("intake")
        turn.say("How old are you?")
    with pytest.raises(ChatInUse):
        move(store, token)
    assert store.next_delivery(here.conversation.id) is not None
    with here.turn() as turn:
        turn.set_status("consent")
    assert move(store, token) == patient.conversation.id
    assert store.waiting_chats("telegram") == [patient.conversation.id]


def test_the_database_holds_no_token(clinic: Clinic, database: Database) -> None:
    token = clinic.store.issue_move_token(on_the_web(clinic).conversation.id)
    assert token not in str(everything_in(database))
    assert len(token) <= 64


def test_on_another_device_the_conversation_has_a_new_token_and_the_old_one_is_over(clinic: Clinic) -> None:
    patient, store = on_the_web(clinic), clinic.store
    found, token = store.renew_token(store.issue_move_token(patient.conversation.id))
    assert (found.id, found.patient_id) == (patient.conversation.id, patient.id)
    assert store.conversation_for_token(patient.token) is None
    there = store.conversation_for_token(token)
    assert there is not None
    assert there.id == patient.conversation.id


def test_where_nobody_spoke_yet_a_welcome_is_said_instead_of_the_foreword(clinic: Clinic) -> None:
    welcome = Told("Welcome.", "welcome")
    invited = clinic.store.invite("A 17")
    begun = clinic.store.issue_move_token(on_the_web(clinic).conversation.id)
    said = []
    for number, token in enumerate((invited.token, begun)):
        moved = clinic.store.move_conversation(
            token, "telegram", str(number), "You are here now.", "moved", welcome
        )
        said.append(clinic.store.messages_after(moved.id, 0)[-1].text)
    assert said == ["Welcome.", "You are here now."]


@pytest.mark.parametrize(("told", "kept"), [("Europe/London", "Europe/London"), ("Mars/Olympus", None)])
def test_a_time_zone_that_was_not_known_comes_with_the_new_device(
    clinic: Clinic, told: str, kept: str | None
) -> None:
    conversation, _ = clinic.store.renew_token(clinic.store.invite("A 17").token, told)
    assert conversation.timezone == kept


def test_a_token_for_another_device_works_once_and_for_a_while(clinic: Clinic, clock: Clock) -> None:
    patient, store = on_the_web(clinic), clinic.store
    used = store.issue_move_token(patient.conversation.id)
    _, token = store.renew_token(used)
    late = store.issue_move_token(patient.conversation.id)
    clock.move(minutes=15)
    for over in (used, late, "made-up"):
        with pytest.raises(MoveTokenInvalid):
            store.renew_token(over)
    assert store.conversation_for_token(token) is not None


def test_of_two_devices_that_follow_a_link_at_once_one_gets_the_conversation(clinic: Clinic) -> None:
    patient, store = on_the_web(clinic), clinic.store
    link = store.issue_move_token(patient.conversation.id)

    def follow(_device: int) -> str | None:
        try:
            return store.renew_token(link)[1]
        except MoveTokenInvalid:
            return None

    with ThreadPoolExecutor(4) as devices:
        tokens = [token for token in devices.map(follow, range(4)) if token]
    assert len(tokens) == 1
    assert store.conversation_for_token(tokens[0]) is not None
