"""The inbox takes each message once; both sides share one row of numbers; buttons belong to one patient."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.store import (
    ClientIdReused,
    Database,
    Message,
    MessageRefused,
    Store,
    StoreError,
    TextTooLong,
    UnknownChoice,
)
from tests.store.clinic import Clinic, Patient, everything_in


def ask_about_work(patient: Patient) -> dict[str, str]:
    """Ask with three buttons; gives their ids by label."""
    with patient.turn() as turn:
        turn.say("What is your work like?", kind="question", asks="work_type", input="choice",
                 choices=[("Desk", {"field": "work_type", "value": "sedentary"}),
                          ("Heavy", {"field": "work_type", "value": "heavy_manual"}),
                          ("None", {"field": "work_type", "value": "not_working"})])  # fmt: skip
    question = patient.look().last_question
    assert question is not None
    return {choice.label: choice.id for choice in question.choices}


def transcript(patient: Patient) -> list[Message]:
    return patient.store.messages_after(patient.conversation.id, 0)


def test_an_accepted_message_waits_for_its_turn(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    assert clinic.store.pending_conversations() == []
    accepted = clinic.store.accept(patient.conversation.id, "1", "it hurts", None)
    assert (accepted.seq, accepted.duplicate) == (1, False)
    assert clinic.store.pending_conversations() == [patient.conversation.id]
    pending = clinic.store.next_inbound(patient.conversation.id)
    assert pending is not None
    assert (pending.seq, pending.text, pending.choices) == (1, "it hurts", ())


def test_conversations_are_taken_up_in_the_order_of_their_waiting(clinic: Clinic) -> None:
    first, second = clinic.new_patient(), clinic.new_patient()
    second.say("I came first")
    clinic.clock.move(seconds=1)
    first.say("I came second")
    clinic.clock.move(seconds=1)
    second.say("and again")
    waiting = [second.conversation.id, first.conversation.id]
    assert clinic.store.pending_conversations() == waiting


def test_messages_are_answered_in_the_order_they_came(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    for number in range(3):
        clinic.store.accept(patient.conversation.id, f"c{number}", f"message {number}", None)
    heard = []
    while inbound := clinic.store.next_inbound(patient.conversation.id):
        heard.append(inbound.text)
        with patient.turn(inbound):
            pass
    assert heard == ["message 0", "message 1", "message 2"]


def test_both_sides_share_one_row_of_numbers(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    with patient.turn() as greeting:
        greeting.say("Hello.")
        greeting.say("How are you?", kind="question", asks="pain_avg")
    with patient.turn(patient.say("bad")) as answer:
        answer.say("I am sorry.")
    assert [(line.seq, line.sender, line.text) for line in transcript(patient)] == [
        (1, "bot", "Hello."),
        (2, "bot", "How are you?"),
        (3, "patient", "bad"),
        (4, "bot", "I am sorry."),
    ]
    assert [line.seq for line in clinic.store.messages_after(patient.conversation.id, 2)] == [3, 4]
    assert [line.seq for line in clinic.store.messages_after(patient.conversation.id, 0, limit=2)] == [1, 2]


def test_a_message_that_arrives_during_a_turn_is_numbered_before_its_answer(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    with patient.turn(patient.say("one")) as turn:
        turn.say("answer to one")
        clinic.store.accept(patient.conversation.id, "late", "two", None)
    assert [line.text for line in transcript(patient)] == ["one", "two", "answer to one"]
    waiting = clinic.store.next_inbound(patient.conversation.id)
    assert waiting is not None
    assert waiting.text == "two"


def test_a_message_shows_how_it_is_to_be_asked(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    with patient.turn() as turn:
        turn.say("How bad?", kind="question", asks="pain_avg", input="scale", key="ask_pain_avg",
                 choices=[("4", {"field": "pain_avg", "value": 4})], metadata={"low": "none"})  # fmt: skip
    (line,) = transcript(patient)
    assert (line.kind, line.asks, line.input, line.key) == ("question", "pain_avg", "scale", "ask_pain_avg")
    assert [choice.label for choice in line.choices] == ["4"]
    assert line.metadata == {"low": "none"}
    assert clinic.store.latest_bot_message(patient.conversation.id) == line


def test_the_same_message_sent_again_gets_the_same_number(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    receipts = [clinic.store.accept(patient.conversation.id, "same", "it hurts", None) for _ in range(3)]
    assert [(receipt.seq, receipt.duplicate) for receipt in receipts] == [(1, False), (1, True), (1, True)]
    assert len(transcript(patient)) == 1


def test_a_repeat_after_the_answer_is_still_a_repeat(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    clinic.store.accept(patient.conversation.id, "same", "it hurts", None)
    with patient.turn(clinic.store.next_inbound(patient.conversation.id)):
        pass
    assert clinic.store.accept(patient.conversation.id, "same", "it hurts", None).duplicate
    assert clinic.store.next_inbound(patient.conversation.id) is None


def test_a_client_id_cannot_carry_another_message(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    choices = ask_about_work(patient)
    clinic.store.accept(patient.conversation.id, "same", "it hurts", None)
    with pytest.raises(ClientIdReused):
        clinic.store.accept(patient.conversation.id, "same", "it does not", None)
    with pytest.raises(ClientIdReused):
        clinic.store.accept(patient.conversation.id, "same", None, [choices["Desk"]])


def test_two_patients_may_use_the_same_client_id(clinic: Clinic) -> None:
    one, other = clinic.new_patient(), clinic.new_patient()
    assert not clinic.store.accept(one.conversation.id, "1", "mine", None).duplicate
    assert not clinic.store.accept(other.conversation.id, "1", "theirs", None).duplicate
    assert [line.text for line in transcript(other)] == ["theirs"]


def test_threads_that_send_the_same_message_at_once_store_it_once(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    with ThreadPoolExecutor(8) as pool:
        receipts = list(
            pool.map(lambda _: clinic.store.accept(patient.conversation.id, "same", "x", None), range(16))
        )
    assert sorted(receipt.duplicate for receipt in receipts) == [False] + [True] * 15
    assert {receipt.seq for receipt in receipts} == {1}


def test_a_tap_comes_back_with_its_meaning_and_its_question(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    choices = ask_about_work(patient)
    inbound = patient.say(choices=[choices["Heavy"], choices["Desk"], choices["Heavy"]])
    assert inbound.text is None
    assert [(tap.field, tap.value, tap.label, tap.asked_seq) for tap in inbound.choices] == [
        ("work_type", "heavy_manual", "Heavy", 1),
        ("work_type", "sedentary", "Desk", 1),
    ]
    assert transcript(patient)[-1].text == "Heavy, Desk"


def test_a_button_of_an_earlier_question_still_works(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    old = ask_about_work(patient)
    ask_about_work(patient)
    assert patient.say(choices=[old["Desk"]]).choices[0].asked_seq == 1


@pytest.mark.parametrize("foreign", ["of another patient", "made up", "with an own one"])
def test_a_button_that_was_not_issued_here_is_refused(clinic: Clinic, foreign: str) -> None:
    patient, stranger = clinic.new_patient(), clinic.new_patient()
    own, theirs = ask_about_work(patient), ask_about_work(stranger)
    sent = {
        "of another patient": [theirs["Desk"]],
        "made up": ["\ud800 made up \x00"],
        "with an own one": [own["Desk"], theirs["Heavy"]],
    }[foreign]
    with pytest.raises(UnknownChoice):
        clinic.store.accept(patient.conversation.id, "tap", None, sent)
    assert clinic.store.next_inbound(patient.conversation.id) is None
    assert clinic.store.accept(patient.conversation.id, "tap", "typed instead", None).seq == 2


def test_buttons_cannot_be_guessed(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    ids = [*ask_about_work(patient).values(), *ask_about_work(patient).values()]
    assert len(set(ids)) == 6
    assert all(20 <= len(each) <= 64 and each.isascii() for each in ids)


@pytest.mark.parametrize(
    ("client_id", "text", "choices", "refusal"),
    [
        ("", "hello", None, MessageRefused),
        ("x" * 201, "hello", None, MessageRefused),
        ("1", None, None, MessageRefused),
        ("1", None, [], MessageRefused),
        ("1", "hello", ["a"], MessageRefused),
        ("1", " \n", None, MessageRefused),
        ("1", None, [str(number) for number in range(65)], MessageRefused),
        ("1", "x" * 4001, None, TextTooLong),
    ],
)
def test_what_is_no_message_is_refused(
    clinic: Clinic,
    database: Database,
    client_id: str,
    text: str | None,
    choices: list[str] | None,
    refusal: type[StoreError],
) -> None:
    patient = clinic.new_patient()
    before = everything_in(database)
    with pytest.raises(refusal):
        clinic.store.accept(patient.conversation.id, client_id, text, choices)
    assert everything_in(database) == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("naïve çà 背中が痛い ظهري", "naïve çà 背中が痛い ظهري"),
        ("👩‍⚕️🙏🏽", "👩‍⚕️🙏🏽"),
        ("it\x00hurts", "it\ufffdhurts"),
        ("half an emoji \ud83d", "half an emoji \ufffd"),
        ("'; DROP TABLE messages; -- %s %(x)s :y ?", "'; DROP TABLE messages; -- %s %(x)s :y ?"),
        ("x" * 4000, "x" * 4000),
    ],
)
def test_any_text_comes_back_as_it_was_typed_or_without_what_is_no_text(
    clinic: Clinic, typed: str, kept: str
) -> None:
    patient = clinic.new_patient()
    with patient.turn(patient.say(typed)) as turn:
        turn.open_episode("intake")
        turn.learn("goals", [typed[:300]], typed, "answer")
        turn.say(typed, choices=[(typed, {"field": "goals", "value": typed})], metadata={typed: [typed]})
        turn.append_events([{"event": "user", "timestamp": 1.0, "text": typed}])
    inbound, answer = transcript(patient)
    assert (inbound.text, answer.text, answer.choices[0].label) == (kept, kept, kept)
    assert answer.metadata == {kept: [kept]}
    assert patient.case().facts[0].words == kept
    assert patient.case().facts[0].value == [kept[:300]]
    assert patient.look().tracker_events == [{"event": "user", "timestamp": 1.0, "text": kept}]


def test_a_channel_that_sends_by_itself_finds_what_it_has_to_send(clinic: Clinic) -> None:
    patient = clinic.new_patient("telegram", external_id="4711")
    on_the_web = clinic.new_patient("web")
    for each in (patient, on_the_web):
        with each.turn() as turn:
            turn.say("Hello.")
            turn.say("Ready?", choices=[("Yes", {"field": "consent", "value": "yes"})])
    first, second = clinic.store.undelivered("telegram")
    assert (first.external_id, first.message.text) == ("4711", "Hello.")
    assert [choice.label for choice in second.message.choices] == ["Yes"]
    assert clinic.store.undelivered("web") == []
    clinic.store.mark_delivered(patient.conversation.id, first.message.seq)
    clinic.store.mark_delivered(patient.conversation.id, second.message.seq, failed=True)
    assert clinic.store.undelivered("telegram") == []


def test_a_store_without_a_conversation_has_nothing_to_say(store: Store) -> None:
    assert store.next_inbound("nobody") is None
    assert store.messages_after("nobody", 0) == []
    assert store.latest_bot_message("nobody") is None
