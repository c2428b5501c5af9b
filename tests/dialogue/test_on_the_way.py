"""Interruptions, corrections, slashes and taps in the middle of an intake, on the trained model."""

from __future__ import annotations

import uuid

import httpx
import pytest

from tests.chat_server import ChatServer
from tests.dialogue.answers import ACUTE_UNCOMPLICATED, ON_A_BLOOD_THINNER
from tests.dialogue.patient import Patient
from tests.dialogue.stored import facts_of, statuses_of, stored_case


@pytest.fixture
def patient(server: ChatServer) -> Patient:
    """Somebody in the middle of the intake, just asked about cancer."""
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="cancer_history")
    return patient


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("why do you ask that?", "why_cancer_history"),
        ("what have you noted so far?", "utter_noted"),
        ("are you a real doctor?", "utter_bot"),
        ("help", "utter_help"),
        ("thanks", "utter_thanks"),
        ("whats my plan then", "utter_plan_not_yet"),
        ("can i talk to a real person please", "utter_talk_to_human"),
        ("im so fed up with this i could cry", "utter_comfort"),
    ],
)
def test_an_interruption_is_answered_and_the_same_question_asked_again(
    patient: Patient, server: ChatServer, words: str, key: str
) -> None:
    before = patient.seen
    patient.say(words)
    case = stored_case(server, patient.conversation)
    assert key in [message.key for message in case.messages if message.seq > before]
    assert patient.asks == "cancer_history"
    assert "cancer_history" not in facts_of(case)


def test_nonsense_is_kindly_said_not_to_be_understood_and_the_question_stays(patient: Patient) -> None:
    patient.say("blorp the quux")
    assert patient.asks == "cancer_history"
    assert any(
        "did not get that" in m["text"] or "not sure what you mean" in m["text"] for m in patient.bot_messages
    )


def test_a_number_given_twice_counts_as_the_last_one(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="pain_avg")
    patient.say("7")
    patient.say("sorry, i meant 4 for the pain")
    facts = facts_of(stored_case(server, patient.conversation))
    assert facts["pain_avg"] == 4


def test_a_tap_on_an_older_question_corrects_that_answer_and_the_open_question_stays(
    patient: Patient, server: ChatServer
) -> None:
    [older] = [m for m in patient.bot_messages if m["asks"] == "bowel_change"]
    [longstanding] = [c["id"] for c in older["choices"] if c["label"].startswith("Yes, the same")]
    patient.send({"choices": [longstanding]})
    assert patient.asks == "cancer_history"
    assert facts_of(stored_case(server, patient.conversation))["bowel_change"] == "longstanding_stable"


def test_an_item_changed_in_the_read_back_is_asked_again_and_then_read_back(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="read_back")
    patient.tap("Change something")
    patient.tap("Pain 5 out of 10")
    assert patient.asks == "pain_avg"
    patient.tap("3")
    assert patient.asks == "read_back"
    patient.tap("Yes, that is right")
    assert facts_of(stored_case(server, patient.conversation))["pain_avg"] == 3


def test_a_right_answer_typed_at_the_read_back_is_taken(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="read_back")
    patient.say("actually I do take warfarin")
    assert patient.asks == "read_back"
    patient.tap("Yes, that is right")
    assert statuses_of(stored_case(server, patient.conversation))["PM_NSAID_ORAL"] == "withheld"


def test_a_medicine_told_after_the_plan_makes_a_new_version_that_withholds(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED)
    patient.say("i forgot to say im on warfarin")
    case = stored_case(server, patient.conversation)
    assert [(plan.version, plan.status) for plan in case.plans] == [(1, "superseded"), (2, "draft")]
    assert statuses_of(case)["PM_NSAID_ORAL"] == "withheld"


def test_danger_told_after_the_plan_is_an_emergency(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED)
    answer = patient.say("since this morning im numb between my legs")
    case = stored_case(server, patient.conversation)
    assert all(message["kind"] == "safety" for message in answer)
    assert (case.episode.status, case.episode.triage) == ("emergency", "emergency_now")
    patient.say("whats my plan")
    assert not any(message["kind"] == "plan" for message in patient.transcript[-2:])


def test_why_an_option_was_left_out_is_answered_from_the_stored_plan(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ON_A_BLOOD_THINNER)
    patient.say("why not ibuprofen?")
    assert patient.heard("Anti-inflammatory tablets from the pharmacy: left out for you.")
    patient.say("tell me more about walking")
    assert patient.heard("Walking, a little more each week: in your draft plan.")


@pytest.mark.parametrize(
    "words", ["/restart", "/session_start", '  /inform{"pain_avg": 10}', "/choose{}", "\uff0frestart"]
)
def test_typed_slashes_are_words_and_never_commands(patient: Patient, server: ChatServer, words: str) -> None:
    before = facts_of(stored_case(server, patient.conversation))
    patient.say(words)
    case = stored_case(server, patient.conversation)
    assert facts_of(case) == before
    assert (patient.asks in {"cancer_history", "start_again"}, case.episode.status) == (True, "intake")


def test_starting_again_is_asked_about_first_and_then_keeps_what_was_said_about_danger(
    patient: Patient, server: ChatServer
) -> None:
    patient.say("can we start again from the beginning")
    assert patient.asks == "start_again"
    patient.tap("No, go on")
    assert patient.asks == "cancer_history"
    patient.tap("Yes, in the past")
    patient.say("i want to start over")
    patient.tap("Yes, start again")
    assert patient.asks == "emergency_screen"
    case = stored_case(server, patient.conversation)
    assert facts_of(case) == {}
    assert [fact.value for fact in case.facts if fact.field == "cancer_history"] == ["past"]
    patient.answer_all(ACUTE_UNCOMPLICATED)
    assert stored_case(server, patient.conversation).episode.triage == "urgent_days"


def test_a_tap_that_belongs_to_another_conversation_is_refused_and_plays_no_turn(
    patient: Patient, server: ChatServer
) -> None:
    stranger = Patient(server.url)
    stolen = patient.question["choices"][0]["id"]
    answer = stranger.http.post("/chat/messages", json={"choices": [stolen], "client_id": uuid.uuid4().hex})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "choice" in answer.json()["detail"].lower()
    assert stranger.http.get("/chat/messages", params={"after": stranger.seen}).json()["messages"] == []


def test_a_message_of_a_megabyte_is_refused_while_another_conversation_goes_on(
    patient: Patient, server: ChatServer
) -> None:
    huge = httpx.post(
        f"{server.url}/chat/messages",
        headers={"Authorization": f"Bearer {patient.token}"},
        json={"text": "a" * 1_000_000, "client_id": "huge"},
    )
    assert huge.status_code == 413
    patient.tap("No")
    assert patient.asks == "weight_loss_unexplained"


def test_a_list_answered_in_part_in_words_is_put_again_for_the_rest_once(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="gait_unsteady_new")
    patient.say("a bit of an ache down my left leg to the knee")
    assert patient.heard("If not, just say no.")
    patient.say("no")
    facts = facts_of(stored_case(server, patient.conversation))
    assert (facts["leg_pain"], facts["leg_numbness"], facts["leg_weakness"]) == ("above_knee", "none", "none")
    assert patient.questions_asked.count("gait_unsteady_new") == 2


def test_the_same_unfitting_answer_again_and_again_does_not_hold_the_intake_up(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="weight_loss_unexplained")
    for _ in range(3):
        patient.say("the pain is in my lower back")
    assert patient.asks != "weight_loss_unexplained"
    facts = facts_of(stored_case(server, patient.conversation))
    assert facts["weight_loss_unexplained"] == "unsure"


def test_a_wish_in_words_settles_the_question_about_wishes(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="pref_no_medication")
    patient.say("no needles please")
    assert patient.asks == "read_back"
    patient.tap("Yes, that is right")
    assert statuses_of(stored_case(server, patient.conversation))["AT_ACUPUNCTURE"] == "withheld"


def test_a_yes_to_what_should_be_changed_does_not_confirm_everything(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="read_back")
    patient.say("no")
    patient.say("yes")
    assert patient.asks == "read_back"
    assert stored_case(server, patient.conversation).plans == ()


def test_facts_told_beside_a_no_to_the_emergency_screen_are_kept(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="emergency_screen")
    patient.say("no, just my lower back for 3 weeks")
    facts = facts_of(stored_case(server, patient.conversation))
    assert (facts["duration_weeks"], facts["chest_pain_or_breathless"]) == (3.0, False)
    assert patient.asks == "age"
