"""Notes, questions and messages of clinicians, flags they deal with, and what a patient is told of it."""

from __future__ import annotations

import pytest

from bot.store import (
    ClinicianUnknown,
    ConversationUnknown,
    Database,
    EpisodeUnknown,
    FlagUnknown,
    PendingInbound,
    PlanChanged,
    Store,
    Told,
)
from tests.store.clinic import TABLETS, WALKING, Clinic, Patient, everything_in, option, plan

SIGNED = Told("Dr Amara Osei has signed your plan.", "review_signed")
ASKED = Told("Dr Amara Osei asks: since when?", "review_question")


def planned(clinic: Clinic) -> Patient:
    patient = clinic.patient_in("intake")
    with patient.turn() as turn:
        turn.store_plan(plan(WALKING, TABLETS))
        turn.set_status("planned")
        turn.raise_flag("REQ_PERSON", "routine_flag", "Wants to talk.")
        turn.say("This is your draft plan.", kind="plan")
    clinic.clock.move(hours=1)
    return patient


def heard(patient: Patient) -> list[tuple[int, str, str | None]]:
    messages = patient.store.messages_after(patient.conversation.id, 0)
    return [(one.seq, one.text, one.key) for one in messages if one.sender == "bot"]


def test_a_patient_is_told_of_a_decision_in_the_next_message(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    store.add_review(patient.case().episode.id, doctor.id, "accept", 1, told=[SIGNED])
    assert heard(patient)[1:] == [(2, SIGNED.text, "review_signed")]
    with patient.turn(patient.say("thanks")) as turn:
        turn.say("You are welcome.")
    assert [seq for seq, _, _ in heard(patient)] == [1, 2, 4]


def test_what_is_told_waits_for_a_channel_that_sends_by_itself(clinic: Clinic, store: Store) -> None:
    patient = clinic.new_patient("telegram", external_id="42")
    assert store.tell(patient.conversation.id, [SIGNED, ASKED]) == (1, 2)
    assert [one.message.text for one in store.undelivered("telegram")] == [SIGNED.text, ASKED.text]
    with pytest.raises(ConversationUnknown):
        store.tell("nobody", [SIGNED])


def test_a_refused_decision_tells_nothing(clinic: Clinic, store: Store, database: Database) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    before = everything_in(database)
    with pytest.raises(PlanChanged):
        store.add_review(patient.case().episode.id, doctor.id, "accept", 7, told=[SIGNED])
    assert everything_in(database) == before


def test_a_changed_plan_is_the_next_version_signed_and_the_one_before_stays(
    clinic: Clinic, store: Store
) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    read = patient.case().episode
    changed = plan(WALKING, option("PM_NSAID_ORAL", "consider", family="pain"))
    review = store.sign_changed_plan(
        read.id, doctor.id, 1, changed, "INR is stable.", as_of=read.updated_at, told=[SIGNED]
    )
    case = patient.case()
    assert [(one.version, one.status) for one in case.plans] == [(1, "superseded"), (2, "reviewed")]
    assert case.plans[0].assessment == plan(WALKING, TABLETS)
    assert case.plans[1].assessment == changed
    assert (review.decision, review.plan_version, case.episode.status) == ("accept", 2, "reviewed")
    assert heard(patient)[-1][2] == "review_signed"


def test_of_two_clinicians_who_read_the_same_the_second_is_refused(clinic: Clinic, store: Store) -> None:
    patient, first, second = planned(clinic), clinic.new_clinician(), clinic.new_clinician("Dr B")
    read = patient.case().episode
    store.add_review(read.id, first.id, "accept", 1, as_of=read.updated_at)
    clinic.clock.move(minutes=1)
    with pytest.raises(PlanChanged):
        store.add_review(read.id, second.id, "reject", 1, as_of=read.updated_at)
    with pytest.raises(PlanChanged):
        store.sign_changed_plan(read.id, second.id, 1, plan(WALKING), as_of=read.updated_at)


def test_a_decision_without_a_plan_outdates_what_others_read_too(clinic: Clinic, store: Store) -> None:
    patient, doctor = clinic.patient_in("emergency"), clinic.new_clinician()
    read = patient.case().episode
    clinic.clock.move(minutes=1)
    store.add_review(read.id, doctor.id, "call_in", None, as_of=read.updated_at)
    assert patient.case().episode.status == "emergency"
    with pytest.raises(PlanChanged):
        store.add_review(read.id, doctor.id, "accept", None, as_of=read.updated_at)
    with pytest.raises(PlanChanged):
        store.sign_changed_plan(read.id, doctor.id, 1, plan(WALKING))


def test_calling_a_patient_in_holds_the_plan_back(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    store.add_review(patient.case().episode.id, doctor.id, "call_in", 1)
    assert patient.case().episode.status == "held"
    assert patient.case().plans[0].status == "draft"


def test_a_note_stays_with_the_case_and_is_told_to_nobody(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    before = heard(patient)
    note = store.add_remark(patient.case().episode.id, doctor.id, "note", "Sounds anxious.")
    assert patient.case().remarks == (note,)
    assert (note.clinician, note.message_seq) == ("Dr Amara Osei", None)
    assert heard(patient) == before


def test_a_question_is_told_and_its_answer_shows_in_the_list(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    with patient.turn(patient.say("hello?")):
        pass
    question = store.add_remark(patient.case().episode.id, doctor.id, "question", "Since when?", [ASKED])
    assert heard(patient)[-1] == (question.message_seq, ASKED.text, "review_question")
    assert store.episodes()[0].answered_at is None
    answered = clinic.clock.move(minutes=5)
    inbound = patient.say("since monday")
    assert store.episodes()[0].answered_at == answered
    assert answers_clinician(patient, inbound)


def test_what_comes_after_the_bots_next_word_is_no_answer_to_a_clinician(
    clinic: Clinic, store: Store
) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    episode = patient.case().episode.id
    assert not answers_clinician(patient, patient.say("hello?"))
    store.add_remark(episode, doctor.id, "message", "All is well.", [SIGNED])
    assert not answers_clinician(patient, patient.say("fine"))
    store.add_remark(episode, doctor.id, "question", "Since when?", [ASKED])
    assert answers_clinician(patient, patient.say("since monday"))
    assert not answers_clinician(patient, patient.say("or sunday"))


def answers_clinician(patient: Patient, inbound: PendingInbound) -> bool:
    """Whether the turn of this message knows that a clinician asked; the bot answers in it."""
    with patient.turn(inbound) as turn:
        turn.say("Thank you.")
        return turn.answers_clinician


def test_a_flag_is_acknowledged_and_then_closed_with_its_reason(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    episode, (flag,) = patient.case().episode.id, patient.case().flags
    store.set_flag(episode, flag.id, doctor.id, "acknowledged")
    assert [one.status for one in patient.case().flags] == ["acknowledged"]
    clinic.clock.move(minutes=1)
    store.set_flag(episode, flag.id, doctor.id, "closed", "Spoke on the phone.")
    assert [one.status for one in patient.case().flags] == ["closed"]
    said = [(one.kind, one.text, one.flag_id) for one in patient.case().remarks]
    assert said == [("flag", "acknowledged", flag.id), ("flag", "closed: Spoke on the phone.", flag.id)]


def test_what_does_not_fit_is_refused_and_changes_nothing(
    clinic: Clinic, store: Store, database: Database
) -> None:
    patient, stranger, doctor = planned(clinic), planned(clinic), clinic.new_clinician()
    gone = clinic.new_clinician("Dr Gone")
    store.disable_clinician(gone.name)
    episode, (foreign,) = patient.case().episode.id, stranger.case().flags
    before = everything_in(database)
    with pytest.raises(FlagUnknown):
        store.set_flag(episode, foreign.id, doctor.id, "closed", "Not mine.")
    with pytest.raises(ValueError, match="open, acknowledged, closed"):
        store.set_flag(episode, foreign.id, doctor.id, "gone")
    with pytest.raises(ValueError, match="note, question"):
        store.add_remark(episode, doctor.id, "rumour", "x")
    for call in (lambda: store.add_remark("nothing", doctor.id, "note", "x"),
                 lambda: store.mark_seen("nothing", doctor.id)):  # fmt: skip
        with pytest.raises(EpisodeUnknown):
            call()
    with pytest.raises(ClinicianUnknown):
        store.add_remark(episode, gone.id, "question", "x", [ASKED])
    assert everything_in(database) == before


def test_each_clinician_has_seen_a_case_at_their_own_time(clinic: Clinic, store: Store) -> None:
    patient, first, second = planned(clinic), clinic.new_clinician(), clinic.new_clinician("Dr B")
    episode = patient.case().episode.id
    store.mark_seen(episode, first.id)
    later = clinic.clock.move(hours=1)
    store.mark_seen(episode, first.id)
    assert store.last_seen(episode, first.id) == later
    assert store.last_seen(episode, second.id) is None


def test_erasing_a_patient_takes_remarks_and_views_along(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    episode, (flag,) = patient.case().episode.id, patient.case().flags
    store.add_remark(episode, doctor.id, "note", "Private.")
    store.set_flag(episode, flag.id, doctor.id, "closed", "Done.")
    store.mark_seen(episode, doctor.id)
    assert store.erase_patient(patient.id)
    rows = everything_in(store._database)
    assert rows["remarks"] == rows["case_views"] == rows["flags"] == []
