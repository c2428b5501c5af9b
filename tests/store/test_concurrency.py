"""Threads and processes on one database: nothing is lost, nothing happens twice, nobody waits for ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from bot.store import ConversationBusy, ConversationUnknown, Database, PendingInbound, Store
from tests.store.clinic import Clinic, Patient
from tests.store.turn_writer import answer, answer_what_waits, start_writer, whole_turns

TOGETHER = 8


def test_messages_accepted_by_threads_are_numbered_without_gaps(clinic: Clinic, store: Store) -> None:
    patient = clinic.new_patient()
    with ThreadPoolExecutor(TOGETHER) as pool:
        receipts = list(
            pool.map(
                lambda number: store.accept(patient.conversation.id, f"c{number}", f"m{number}", None),
                range(40),
            )
        )
    assert sorted(receipt.seq for receipt in receipts) == list(range(1, 41))
    lines = store.messages_after(patient.conversation.id, 0)
    assert {line.seq: line.text for line in lines} == {
        receipt.seq: f"m{number}" for number, receipt in enumerate(receipts)
    }


def test_of_many_turns_begun_together_one_is_stored(clinic: Clinic, store: Store, database: Database) -> None:
    patient = clinic.new_patient()
    inbound = patient.say("hello")
    at_once = threading.Barrier(TOGETHER)

    def play(number: int) -> bool:
        turn = store.begin_turn(patient.conversation.id, inbound)
        turn.say(f"answer {number}")
        at_once.wait()
        try:
            store.commit_turn(turn)
        except ConversationBusy:
            return False
        return True

    with ThreadPoolExecutor(TOGETHER) as pool:
        stored = list(pool.map(play, range(TOGETHER)))
    assert stored.count(True) == 1
    lines = store.messages_after(patient.conversation.id, 0)
    assert [line.text for line in lines] == ["hello", f"answer {stored.index(True)}"]


def test_threads_may_send_and_answer_in_one_conversation_all_at_once(
    store: Store, database: Database
) -> None:
    conversation, _ = store.open_conversation("web")

    def chat(name: int) -> None:
        for number in range(4):
            store.accept(conversation.id, f"{name} {number}", f"message {number}", None)
            answer_what_waits(store, conversation.id)

    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(chat, range(TOGETHER)))
    assert store.next_inbound(conversation.id) is None
    assert whole_turns(database, conversation.id) == 4 * TOGETHER


def test_conversations_do_not_disturb_each_other(clinic: Clinic, store: Store) -> None:
    patients = [clinic.new_patient() for _ in range(TOGETHER)]

    def chat(patient: Patient) -> None:
        for number in range(5):
            answer(store, patient.say(f"message {number}"))

    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(chat, patients))
    for patient in patients:
        assert len(store.messages_after(patient.conversation.id, 0)) == 15
        assert patient.look().conversation.version == 5
        assert len(patient.look().history) == 5


def test_processes_that_answer_the_same_conversation_share_the_work(
    url: str, store: Store, database: Database
) -> None:
    conversation, _ = store.open_conversation("web")
    processes = [start_writer(url, conversation.id, f"process {number}", "12") for number in range(3)]
    ended = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], [errors for _, errors in ended]
    printed = "".join(output for output, _ in ended).splitlines()
    answered = [line for line in printed if line.startswith("answered")]
    assert len(answered) == len(set(answered)) == 36
    assert whole_turns(database, conversation.id) == 36


def test_an_erasure_in_the_middle_of_a_chat_ends_it_cleanly(clinic: Clinic, store: Store) -> None:
    """Commits and the erasure lock in the same order, so neither waits for the other for ever."""
    for _ in range(3):
        patient = clinic.new_patient()
        begun = threading.Event()

        def chat(patient: Patient = patient, begun: threading.Event = begun) -> str:
            try:
                for number in range(10_000):
                    store.accept(patient.conversation.id, f"{number}", "hello", None)
                    inbound: PendingInbound | None = store.next_inbound(patient.conversation.id)
                    if inbound is not None:
                        turn = store.begin_turn(patient.conversation.id, inbound)
                        turn.consent("research", True, "1")
                        store.commit_turn(turn)
                    begun.set()
            except ConversationUnknown:
                return "ended"
            return "went on"

        with ThreadPoolExecutor(1) as pool:
            chatting = pool.submit(chat)
            begun.wait()
            assert store.erase_patient(patient.id)
            assert chatting.result() == "ended"
