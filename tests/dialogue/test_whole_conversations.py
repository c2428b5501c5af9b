"""Whole conversations over the real web API on the trained model, down to what the store holds."""

from __future__ import annotations

import pytest

from tests.chat_server import ChatServer
from tests.dialogue.answers import ACUTE_UNCOMPLICATED, ON_A_BLOOD_THINNER
from tests.dialogue.patient import Patient
from tests.dialogue.stored import facts_of, statuses_of, stored_case, words_of

EMERGENCY_CES = "safety_emergency_ces"


def keys_after(patient_seq: int, server: ChatServer, patient: Patient) -> list[str | None]:
    """Keys of what the bot said after the message with this number."""
    case = stored_case(server, patient.conversation)
    return [message.key for message in case.messages if message.seq > patient_seq and message.sender == "bot"]


def test_acute_uncomplicated_gets_a_stored_draft_plan_with_reasons(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED)
    case = stored_case(server, patient.conversation)

    facts = facts_of(case)
    expected = {
        **{"age": 34, "duration_weeks": 1.0, "pain_avg": 5, "pain_trend": "improving", "leg_pain": "none"},
        **{
            "saddle_numbness": "none",
            "bladder_change": "none",
            "bowel_change": "none",
            "leg_weakness": "none",
        },
        **{"fever": "no", "cancer_history": "none", "major_trauma_recent": "no", "osteoporosis": "no"},
        **{"anticoagulant": False, "peptic_ulcer": "none", "asthma": "none", "kidney_disease": "none"},
        **{"fear_of_movement": 3, "recovery_expectation": 8, "work_type": "sedentary"},
        **{"pain_site": ["lower_back"], "onset_cause": ["lifting"], "pref_no_medication": False},
        "psfs": [{"activity": "sit at my desk for an hour", "score": 4}],
    }
    assert {field: facts.get(field) for field in expected} == expected
    assert words_of(case)["bladder_change"] == "no thats all normal"

    assert (case.episode.status, case.episode.triage, case.episode.flags) == ("planned", "self_manage", ())
    statuses = statuses_of(case)
    told = {
        **{"EDU_EXPLAIN": "recommend", "PT_ADVICE_ACTIVE": "recommend", "PT_GRADED_WALK": "recommend"},
        **{"PM_HEAT": "recommend", "PM_NSAID_ORAL": "consider", "LS_POSTURE_ERGONOMICS": "recommend"},
        **{"PM_STRONG_OPIOID": "not_offered", "IMG_ROUTINE": "not_offered", "BED_REST": "not_offered"},
    }
    assert {option: statuses.get(option) for option in told} == told
    assert all(option["reasons"] for option in case.plans[0].assessment["options"])

    assert [(plan.version, plan.status) for plan in case.plans] == [(1, "draft")]
    granted = {consent.purpose: consent.granted for consent in case.consents}
    assert granted == {
        "keep_answers": True,
        "share_with_clinician": True,
        "check_ins": True,
        "research": False,
    }
    assert [check_in.kind for check_in in case.check_ins] == [
        "day_3",
        "day_7",
        "week_2",
        "week_4",
        "week_6",
        "week_12",
    ]
    assert {check_in.zone for check_in in case.check_ins} == {"Europe/London"}
    assert all("09:00" <= check_in.wall_time[11:16] <= "19:00" for check_in in case.check_ins)


def test_acute_uncomplicated_takes_at_most_32_short_questions(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED)
    assert len(patient.questions_asked) <= 32
    assert len(set(patient.questions_asked)) == len(patient.questions_asked)
    for message in patient.bot_messages:
        assert len(message["text"].split()) <= (75 if message["kind"] == "safety" else 45), message["text"]
    last = patient.bot_messages[-1]
    assert not [message for message in patient.bot_messages if message["kind"] == "safety"]
    assert last["text"].startswith("Get help right away if you have: numbness between your legs")


def test_on_a_blood_thinner_tablets_are_withheld_with_the_reason_and_a_clinician_is_told(
    server: ChatServer,
) -> None:
    patient = Patient(server.url)
    patient.answer_all(ON_A_BLOOD_THINNER)
    case = stored_case(server, patient.conversation)

    facts = facts_of(case)
    assert facts["anticoagulant"] is True
    assert facts["current_meds"] == ["apixaban"]
    assert words_of(case)["anticoagulant"] is not None
    assert (case.episode.status, case.episode.triage) == ("planned", "routine_flag")
    assert "FL_MED_INTERACTION" in case.episode.flags
    statuses = statuses_of(case)
    assert statuses["PM_NSAID_ORAL"] == "withheld"
    assert statuses["PM_MED_REVIEW"] in {"recommend", "consider", "clinician_only"}
    assert (statuses["MT_MANIPULATION"], statuses["AT_ACUPUNCTURE"]) == ("clinician_only", "clinician_only")
    [tablets] = [o for o in case.plans[0].assessment["options"] if o["id"] == "PM_NSAID_ORAL"]
    assert "N04" in {reason["rule"] for reason in tablets["reasons"]}
    assert patient.heard("You take a blood thinner (apixaban). Do not add an anti-inflammatory tablet")
    [flag] = [flag for flag in case.flags if flag.code == "FL_MED_INTERACTION"]
    assert (flag.status, flag.severity, flag.rule) == ("open", "routine_flag", "N04")


@pytest.mark.parametrize(
    "words",
    [
        "i cant feel anything down below when i wipe and ive started wetting myself",
        "since yesterday my bits have gone numb and I can't pee",
    ],
)
def test_cauda_equina_said_outright_stops_everything_at_once(server: ChatServer, words: str) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="age")
    answer = patient.say(words)
    case = stored_case(server, patient.conversation)

    assert [message["kind"] for message in answer] == ["safety"] * len(answer)
    assert patient.asks is None
    keys = [message.key for message in case.messages]
    assert EMERGENCY_CES in keys
    assert (case.episode.status, case.episode.triage) == ("emergency", "emergency_now")
    assert "FL_RED_CES" in case.episode.flags
    assert facts_of(case)["saddle_numbness"] in {"new", "worsening"}
    assert case.plans == ()
    assert [check_in.kind for check_in in case.check_ins] == ["safety_1h", "safety_24h"]
    assert [flag.severity for flag in case.flags if flag.code == "FL_RED_CES"].count("emergency_now") >= 1


def test_cauda_equina_said_in_the_very_first_words_before_consent_is_answered_as_an_emergency(
    server: ChatServer,
) -> None:
    patient = Patient(server.url)
    answer = patient.say("hi my back went and now im numb between the legs and cant control my bladder")
    case = stored_case(server, patient.conversation)
    assert all(message["kind"] == "safety" for message in answer)
    assert (case.episode.status, case.episode.triage) == ("emergency", "emergency_now")
    assert case.plans == ()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("psfs", "sitting at my desk, though i cant really feel when i wipe since yesterday"),
        ("sleep_problem", "not great, 4. oh and ive been leaking wee since this morning without noticing"),
        ("pain_avg", "about a 6, plus both legs have gone weak today"),
    ],
)
def test_cauda_equina_slipped_into_the_answer_to_another_question_is_caught(
    server: ChatServer, asked: str, words: str
) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until=asked)
    assert patient.asks == asked
    answer = patient.say(words)
    case = stored_case(server, patient.conversation)
    assert all(message["kind"] == "safety" for message in answer)
    assert (case.episode.status, case.episode.triage) == ("emergency", "emergency_now")
    assert "FL_RED_CES" in case.episode.flags
    assert case.plans == ()
    assert patient.asks is None


def test_an_emergency_stays_one_whatever_is_said_afterwards(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="bladder_change")
    patient.tap("Yes, new")
    patient.say("no wait, my bladder is fine really")
    case = stored_case(server, patient.conversation)
    assert (case.episode.status, case.episode.triage) == ("emergency", "emergency_now")
    assert case.plans == ()


def test_who_declines_consent_leaves_no_facts_and_may_come_back(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.tap("None of these")
    case = stored_case(server, patient.conversation)
    assert (case.episode.status, case.facts, case.plans, case.check_ins) == ("declined", (), (), ())
    assert {consent.granted for consent in case.consents} == {False}
    assert patient.heard("Without keeping your answers I cannot make a plan")
    assert patient.bot_messages[-1]["text"].startswith("Get help right away")

    patient.say("ok i changed my mind, lets do it")
    assert patient.asks == "consent"
    patient.say("yes")
    assert patient.asks == "emergency_screen"
    assert stored_case(server, patient.conversation).episode.status == "intake"


def test_who_stops_halfway_comes_back_to_the_same_question_with_every_answer_kept(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="fever")
    patient.say("i need to stop now, kids are home")
    stopped = stored_case(server, patient.conversation)
    assert stopped.episode.status == "stopped"
    assert patient.asks is None
    before = facts_of(stopped)

    patient.say("hi again")
    assert patient.asks == "fever"
    patient.answer_all(ACUTE_UNCOMPLICATED)
    case = stored_case(server, patient.conversation)
    assert case.episode.id == stopped.episode.id
    assert before.items() <= facts_of(case).items()
    assert case.episode.status == "planned"
    asked = patient.questions_asked
    assert [field for field in asked if asked.count(field) > 1] == ["fever", "fever"]


def test_what_is_told_before_consent_is_used_after_it(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.say("hi, I hurt my back lifting a box about a week ago, it's a 5 out of 10")
    assert patient.asks == "consent"
    assert facts_of(stored_case(server, patient.conversation)) == {}
    patient.answer_all(ACUTE_UNCOMPLICATED)
    facts = facts_of(stored_case(server, patient.conversation))
    assert (facts["pain_avg"], facts["duration_weeks"]) == (5, 1.0)
    assert not {"pain_avg", "duration_weeks"} & set(patient.questions_asked)


@pytest.mark.parametrize(
    ("words", "key", "flag"),
    [
        ("honestly i just want to end it all", "safety_crisis", "FL_MH_SUICIDE"),
        ("my husband hits me and im scared to go home", "safety_safeguarding", "FL_SAFEGUARDING"),
    ],
)
def test_a_word_of_suicide_or_violence_ends_the_form_and_shows_where_a_person_can_be_reached(
    server: ChatServer, words: str, key: str, flag: str
) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="bowel_change")
    answer = patient.say(words)
    case = stored_case(server, patient.conversation)
    assert patient.asks is None
    assert {message["kind"] for message in answer} == {"safety"}
    assert key in [message.key for message in case.messages]
    assert flag in case.episode.flags
    assert (case.episode.status, case.episode.triage, case.plans) == ("held", "same_day", ())


def test_a_same_day_sign_is_answered_at_once_and_the_other_danger_questions_follow(
    server: ChatServer,
) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="cancer_history")
    patient.say("no. but my foot has been dragging since yesterday and the leg is weak")
    case = stored_case(server, patient.conversation)
    assert "utter_same_day_soon" in [message.key for message in case.messages]
    assert patient.asks is not None
    assert (case.episode.status, case.episode.triage) == ("intake", "same_day")


def test_who_leaves_in_the_middle_hears_what_to_watch_for_and_the_clinic_is_told(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, until="bladder_change")
    patient.say("i need to stop now, kids are home")
    case = stored_case(server, patient.conversation)
    assert patient.heard("Get help right away if you have: numbness between your legs")
    assert (case.episode.status, case.plans) == ("stopped", ())
    assert "FL_INCOMPLETE" in [flag.code for flag in case.flags]


def test_a_copy_of_everything_is_there_for_the_patient_and_gone_with_the_deletion(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED)
    patient.say("send me my data please")
    assert patient.heard("Save my data")
    copy = patient.http.get("/chat/copy").json()
    words = {answer["field"]: answer["words"] for answer in copy["episodes"][0]["answers"]}
    assert words["fever"] == "nope"
    assert [plan["status"] for plan in copy["episodes"][0]["plans"]] == ["draft"]
    assert copy["messages"][0]["text"].startswith("Hello, I am Backplan.")
    patient.say("delete my data")
    patient.tap("Yes, delete")
    copy = patient.http.get("/chat/copy").json()
    assert (copy["episodes"], len(copy["messages"])) == ([], 1)
