"""Check-ins on the trained model, begun by the runner of a real server and answered over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.store import CheckInStatus
from tests.chat_server import ChatServer
from tests.dialogue.answers import ACUTE_UNCOMPLICATED
from tests.dialogue.due_check_ins import begin_check_in, check_ins_of, daytime_zone
from tests.dialogue.patient import Patient
from tests.dialogue.stored import facts_of, stored_case, words_of

FINE: Mapping[str, Any] = {
    "new_danger": ["None of these"],
    "nprs_now": "about a 4",
    "psfs_now": ["5"],
    "gpe": "a little better",
    "adherence_pct": "5 days",
    "barriers": ["No time"],
    "adverse_event": "no",
    "health_change": "nothing",
    "wish": "no thanks",
    "leg_pain": ["No leg pain"],
    "leg_numbness": ["No"],
    "leg_weakness": ["No"],
}


@pytest.fixture(scope="module")
def clinic(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatServer]:
    """A server that looks for due check-ins every moment."""
    server = ChatServer(
        tmp_path_factory.mktemp("check-ins"), models, {"BACKPLAN_CHECK_IN_SECONDS": "0.2"}
    ).start()
    yield server
    server.stop()


@pytest.fixture
def patient(clinic: ChatServer) -> Patient:
    """Somebody whose intake has just ended with a plan."""
    patient = Patient(clinic.url, timezone=daytime_zone())
    patient.answer_all(ACUTE_UNCOMPLICATED)
    return patient


def test_a_check_in_is_asked_answered_in_own_words_and_stored_with_them(
    clinic: ChatServer, patient: Patient
) -> None:
    begin_check_in(clinic, patient, "day_7", days=7)
    assert patient.asks == "new_danger"
    asked_before = len(patient.questions_asked)
    patient.answer_all(FINE, limit=15)
    assert len(patient.questions_asked) - asked_before <= 9
    case = stored_case(clinic, patient.conversation)
    facts = facts_of(case)
    assert (facts["nprs_now"], facts["psfs_now"], facts["gpe"], facts["adherence_pct"]) == (4, 5.0, 1, 71)
    assert (facts["adverse_event"], facts["checkin_day"], facts["saddle_numbness"]) == ("none", 7, "none")
    assert words_of(case)["nprs_now"] == "about a 4"
    assert check_ins_of(case)["day_7"].status is CheckInStatus.ANSWERED
    assert patient.heard("Your pain went") or patient.heard("Your pain was")
    assert case.episode.status == "planned"


def test_a_danger_sign_in_own_words_ends_the_check_in_with_the_advice(
    clinic: ChatServer, patient: Patient
) -> None:
    begin_check_in(clinic, patient, "week_2", days=14)
    patient.say("yes since yesterday i cant feel when i wipe")
    case = stored_case(clinic, patient.conversation)
    assert "safety_emergency_ces" in [message.key for message in case.messages]
    assert case.episode.status == "emergency"
    assert "FL_RED_CES" in {flag.code for flag in case.flags}
    assert patient.asks is None
    kinds = {kind for kind, one in check_ins_of(case).items() if one.status is CheckInStatus.PLANNED}
    assert {"safety_1h_day_14", "safety_24h_day_14"} <= kinds


def test_danger_volunteered_at_a_later_question_ends_the_check_in(
    clinic: ChatServer, patient: Patient
) -> None:
    begin_check_in(clinic, patient, "week_4", days=28)
    patient.answer_all(FINE, limit=12, until="adherence_pct")
    patient.say("to be honest ive started wetting myself and both legs are numb")
    case = stored_case(clinic, patient.conversation)
    assert case.episode.status == "emergency"
    assert patient.asks is None


def test_black_stools_are_an_emergency_and_the_plan_is_not_told_any_more(
    clinic: ChatServer, patient: Patient
) -> None:
    begin_check_in(clinic, patient, "day_3", days=3)
    patient.answer_all({**FINE, "adverse_event": "my poo has been black and tarry"}, limit=12)
    case = stored_case(clinic, patient.conversation)
    assert "FL_ADVERSE" in {flag.code for flag in case.flags if flag.severity == "emergency_now"}
    assert case.episode.status == "emergency"
    assert patient.heard("Take no more anti-inflammatory tablets")


def test_getting_worse_goes_to_the_clinician_and_into_a_new_draft(
    clinic: ChatServer, patient: Patient
) -> None:
    begin_check_in(clinic, patient, "week_2", days=14)
    patient.answer_all({**FINE, "nprs_now": "8 out of 10", "gpe": "much worse"}, limit=15)
    case = stored_case(clinic, patient.conversation)
    assert ("FL_WORSENING", "routine_flag") in {(flag.code, flag.severity) for flag in case.flags}
    assert len(case.plans) == 2
    assert "ADJ_REGRESS" in case.plans[-1].assessment["adjustments"]
    assert patient.heard("Go back to an easier step")


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("why do you ask that?", "why_nprs_now"),
        ("what have you noted so far?", "utter_noted"),
        ("are you a real doctor?", "utter_bot"),
        ("help", "utter_help"),
        ("thanks", "utter_thanks"),
        ("whats my plan", "utter_plan_intro"),
        ("can i talk to a real person please", "utter_talk_to_human"),
        ("im so fed up with this i could cry", "utter_comfort"),
    ],
)
def test_an_interruption_is_answered_and_the_same_question_asked_again(
    clinic: ChatServer, asked_about_pain: Patient, words: str, key: str
) -> None:
    before = asked_about_pain.seen
    asked_about_pain.say(words)
    case = stored_case(clinic, asked_about_pain.conversation)
    assert key in [message.key for message in case.messages if message.seq > before]
    assert asked_about_pain.asks == "nprs_now"


@pytest.fixture(scope="module")
def asked_about_pain(clinic: ChatServer) -> Patient:
    patient = Patient(clinic.url, timezone=daytime_zone())
    patient.answer_all(ACUTE_UNCOMPLICATED)
    begin_check_in(clinic, patient, "day_7", days=7)
    patient.answer_all(FINE, limit=3, until="nprs_now")
    return patient


def test_stopping_keeps_what_was_told_and_gives_the_safety_net(clinic: ChatServer, patient: Patient) -> None:
    begin_check_in(clinic, patient, "day_7", days=7)
    patient.answer_all(FINE, limit=3, until="psfs_now")
    patient.say("stop")
    case = stored_case(clinic, patient.conversation)
    assert facts_of(case)["nprs_now"] == 4
    assert check_ins_of(case)["day_7"].status is CheckInStatus.ANSWERED
    assert [m.key for m in case.messages if m.sender == "bot"][-1] == "safety_net"
    assert "FL_INCOMPLETE" not in {flag.code for flag in case.flags}


def test_no_more_check_ins_ends_them_for_good(clinic: ChatServer, patient: Patient) -> None:
    begin_check_in(clinic, patient, "day_7", days=7)
    patient.say("no more check-ins please")
    case = stored_case(clinic, patient.conversation)
    assert {c.purpose: c.granted for c in case.consents}["check_ins"] is False
    assert not [one for one in case.check_ins if one.status is CheckInStatus.PLANNED]
    assert patient.heard("I send no more check-ins")


def test_after_an_emergency_the_patient_is_asked_whether_somebody_saw_them(
    clinic: ChatServer, patient: Patient
) -> None:
    patient.say("i cant feel when i wipe since this morning")
    begin_check_in(clinic, patient, "safety_24h", days=1)
    assert patient.asks == "were_you_seen"
    patient.say("not yet")
    patient.answer_all({"got_worse": ["Nothing new"]}, limit=3)
    case = stored_case(clinic, patient.conversation)
    assert ("FL_NO_REPLY", "same_day", "NOT_SEEN_YET") in {
        (flag.code, flag.severity, flag.rule) for flag in case.flags
    }
    assert [m.key for m in case.messages].count("safety_emergency_ces") == 2


@pytest.mark.parametrize("words", ["check in now", "can i do my check-in today pls", "ready for the checkin"])
def test_a_check_in_may_be_asked_for_in_words(clinic: ChatServer, patient: Patient, words: str) -> None:
    patient.say(words)
    assert patient.asks == "new_danger"
    patient.answer_all(FINE, limit=15)
    case = stored_case(clinic, patient.conversation)
    assert check_ins_of(case)["by_patient_1"].status is CheckInStatus.ANSWERED
    assert case.episode.status == "planned"


def test_check_ins_that_were_stopped_come_again_on_a_word(clinic: ChatServer, patient: Patient) -> None:
    patient.say("no more check-ins please")
    patient.say("hm ok start the check ins again")
    assert patient.heard("I check in with you again")
    case = stored_case(clinic, patient.conversation)
    assert {c.purpose: c.granted for c in case.consents}["check_ins"] is True
    assert [one.kind for one in case.check_ins if one.status is CheckInStatus.PLANNED][:1] == ["day_3"]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("pause the check-ins for 3 weeks pls im away", 21),
        ("can my check ins wait a bit, i'm travelling", 14),
    ],
)
def test_check_ins_rest_on_a_word(clinic: ChatServer, patient: Patient, words: str, days: int) -> None:
    patient.say(words)
    assert patient.heard(f"no check-ins for {days} days")
    case = stored_case(clinic, patient.conversation)
    waiting = [one.due_at for one in case.check_ins if one.status is CheckInStatus.PLANNED]
    assert min(waiting) - datetime.now(timezone.utc) > timedelta(days=days) - timedelta(hours=1)
    assert "duration_weeks" not in {fact.field for fact in case.facts if fact.at > case.plans[0].created_at}


def test_a_break_after_the_plan_says_how_check_ins_may_rest(patient: Patient) -> None:
    patient.say("pause")
    assert patient.heard("pause the check-ins")


def test_a_check_in_asked_for_too_early_is_kindly_put_off(clinic: ChatServer) -> None:
    patient = Patient(clinic.url, timezone=daytime_zone())
    patient.answer_all(ACUTE_UNCOMPLICATED, until="age")
    patient.say("can we do my check-in now")
    assert patient.heard("no check-in yet") or patient.heard("no plan yet")
    assert patient.asks == "age"


def test_a_permission_changed_in_a_check_in_is_noted_and_the_same_question_asked_again(
    clinic: ChatServer, patient: Patient
) -> None:
    begin_check_in(clinic, patient, "day_7", days=7)
    patient.answer_all(FINE, limit=3, until="nprs_now")
    patient.say("don't show my answers to the clinic any more")
    assert patient.asks == "nprs_now"
    patient.say("change my permissions")
    assert patient.asks == "consent"
    patient.tap("Keep my answers", "Send me check-in", "Use them for research")
    assert patient.asks == "nprs_now"
    patient.answer_all(FINE, limit=15)
    case = stored_case(clinic, patient.conversation)
    allowed = {c.purpose: c.granted for c in case.consents}
    assert (allowed["share_with_clinician"], allowed["research"], allowed["check_ins"]) == (False, True, True)
    assert check_ins_of(case)["day_7"].status is CheckInStatus.ANSWERED
    assert facts_of(case)["nprs_now"] == 4


def test_a_permission_for_check_ins_that_is_taken_back_in_one_ends_it(
    clinic: ChatServer, patient: Patient
) -> None:
    begin_check_in(clinic, patient, "day_7", days=7)
    patient.say("change my permissions")
    patient.tap("Keep my answers", "Show them")
    case = stored_case(clinic, patient.conversation)
    assert patient.asks is None
    assert not [one for one in case.check_ins if one.status in (CheckInStatus.PLANNED, CheckInStatus.ASKED)]
    patient.say("what is my plan?")
    assert patient.heard("Here is your draft plan")


def test_consent_taken_back_in_a_check_in_ends_it_and_what_was_to_come(
    clinic: ChatServer, patient: Patient
) -> None:
    begin_check_in(clinic, patient, "day_7", days=7)
    patient.answer_all(FINE, limit=3, until="psfs_now")
    patient.say("i withdraw my consent")
    assert patient.asks == "consent_sure"
    patient.say("yes")
    case = stored_case(clinic, patient.conversation)
    assert case.episode.status == "withdrawn"
    assert patient.asks == "delete_sure"
    assert {c.purpose: c.granted for c in case.consents} == dict.fromkeys(
        ("keep_answers", "share_with_clinician", "check_ins", "research"), False
    )
    assert not [one for one in case.check_ins if one.status in (CheckInStatus.PLANNED, CheckInStatus.ASKED)]
