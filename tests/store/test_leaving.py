"""A patient who has everything deleted: gone from every table in the turn that says so, and free to begin anew."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.store import ConversationBusy, Database, Kept, Store
from tests.databases import SqliteFiles
from tests.store.clinic import Clinic, Clock, Patient, everything_in, triaged
from tests.store.test_erasure import chat

FAREWELL = "utter_data_deleted"
HOUR = timedelta(hours=1)


def leaves(patient: Patient, words: str = "yes, delete it") -> str:
    """The patient has everything deleted; gives the conversation that goes on."""
    with patient.turn(patient.say(words)) as turn:
        turn.learn("goals", ["alpaca"], "alpaca", "answer")
        turn.erase()
        turn.say("Done.", key=FAREWELL)
    assert turn.begun_anew is not None
    return turn.begun_anew


def talkative(clinic: Clinic, channel: str = "web", external_id: str | None = None) -> Patient:
    patient = clinic.new_patient(channel, external_id, timezone="Europe/London")
    with patient.turn(patient.say("my alpaca kicked my back")) as turn:
        turn.open_episode("intake")
        turn.learn("goals", ["alpaca"], "my alpaca kicked my back", "answer")
        turn.consent("keep_answers", True, "2026-11")
        turn.raise_flag("REQ_PERSON", "routine_flag", "alpaca")
        turn.plan_check_ins([("day_3", clinic.clock.now)])
        turn.append_events([{"event": "user", "text": "alpaca"}])
        turn.say("Is it the alpaca?", choices=[("alpaca", {"field": "goals", "value": "alpaca"})])
    return patient


def test_nothing_is_left_but_the_chat_its_last_word_and_an_audit_row(
    clinic: Clinic, store: Store, database: Database
) -> None:
    patient = talkative(clinic, "telegram", "4711")
    episode = patient.case().episode.id
    leaves(patient)
    left = everything_in(database)
    assert {table for table in left if left[table]} == {"patients", "conversations", "messages", "audit"}
    assert not any(each in repr(left) for each in ("alpaca", patient.conversation.id, episode))
    assert [message.text for message in store.messages_after(_here(patient), 0)] == ["Done."]
    assert [(row.actor, row.action, row.subject) for row in store.audit_rows()] == [
        ("patient", "erase", patient.id)
    ]
    assert store.check_audit().intact


def test_the_chat_goes_on_with_its_secret_and_its_numbers(clinic: Clinic, store: Store) -> None:
    patient = talkative(clinic)
    last = patient.say("delete it all").seq
    store.commit_turn(store.begin_turn(patient.conversation.id, store.next_inbound(patient.conversation.id)))
    anew = leaves(patient)
    conversation = store.conversation_for_token(patient.token)
    assert conversation is not None
    assert (conversation.id, conversation.timezone, conversation.version) == (anew, "Europe/London", 0)
    assert conversation.patient_id != patient.id
    [farewell] = store.messages_after(anew, last)
    assert (farewell.key, farewell.seq) == (FAREWELL, last + 2)
    store.accept(anew, "next", "hello", None)
    assert store.begin_turn(anew, store.next_inbound(anew)).episode is None


def test_on_a_channel_that_pushes_the_last_word_waits_to_be_sent(clinic: Clinic, store: Store) -> None:
    patient = talkative(clinic, "telegram", "4711")
    anew = leaves(patient)
    assert store.waiting_chats("telegram") == [anew]
    delivery = store.next_delivery(anew)
    assert delivery is not None
    assert (delivery.external_id, delivery.message.key) == ("4711", FAREWELL)


def test_words_typed_meanwhile_come_over_and_taps_on_what_is_gone_do_not(
    clinic: Clinic, store: Store
) -> None:
    patient = talkative(clinic)
    [question] = [each for each in store.messages_after(patient.conversation.id, 0) if each.choices]
    inbound = patient.say("yes, delete it")
    store.accept(patient.conversation.id, "words", "and now i cannot feel my legs", None)
    store.accept(patient.conversation.id, "tap", None, [question.choices[0].id])
    turn = store.begin_turn(patient.conversation.id, inbound)
    turn.erase()
    turn.say("Done.", key=FAREWELL)
    store.commit_turn(turn)
    assert turn.begun_anew is not None
    waiting = store.next_inbound(turn.begun_anew)
    assert waiting is not None
    assert waiting.text == "and now i cannot feel my legs"
    assert store.pending_conversations() == [turn.begun_anew]
    with_answer = store.begin_turn(turn.begun_anew, waiting)
    store.commit_turn(with_answer)
    assert store.next_inbound(turn.begun_anew) is None


def test_a_turn_that_another_one_has_overtaken_erases_nothing(
    clinic: Clinic, store: Store, database: Database
) -> None:
    patient = talkative(clinic)
    late = store.begin_turn(patient.conversation.id, patient.say("yes"))
    late.erase()
    with patient.turn():
        pass
    before = everything_in(database)
    with pytest.raises(ConversationBusy):
        store.commit_turn(late)
    assert everything_in(database) == before


def test_what_a_clinician_has_worked_on_is_kept(clinic: Clinic, store: Store) -> None:
    doctor, decided, asked, seen = clinic.new_clinician(), *(talkative(clinic) for _ in range(3))
    store.add_review(decided.case().episode.id, doctor.id, "call_in", None)
    store.add_remark(asked.case().episode.id, doctor.id, "note", "Call back.")
    store.mark_seen(seen.case().episode.id, doctor.id)
    assert [each.look().kept for each in (decided, asked, seen)] == [Kept.REVIEWED, Kept.REVIEWED, None]
    with pytest.raises(ValueError, match="reviewed"):
        decided.look().erase()


@pytest.mark.parametrize("urgency", ["emergency_now", "same_day"])
def test_what_needs_a_clinician_today_is_kept_for_one(clinic: Clinic, urgency: str) -> None:
    by_triage = clinic.patient_in("held", triage=triaged(urgency, "FL_RED_CES"))
    by_flag = talkative(clinic)
    with by_flag.turn() as turn:
        turn.raise_flag("FL_NO_REPLY", urgency, "Not seen yet.")
    earlier = clinic.patient_in("emergency", triage=triaged(urgency, "FL_RED_CES"))
    with earlier.turn() as turn:
        turn.open_episode("intake")
    assert [each.look().kept for each in (by_triage, by_flag, earlier)] == [Kept.DANGER] * 3


def test_danger_that_this_very_turn_found_keeps_the_data_too(clinic: Clinic) -> None:
    turn = talkative(clinic).look()
    assert turn.kept is None
    turn.record_triage(triaged("same_day", "FL_RED_INFECTION"))
    assert turn.kept is Kept.DANGER


def test_the_empty_chat_goes_in_its_turn_unless_somebody_came_back(
    clinic: Clinic, store: Store, clock: Clock
) -> None:
    gone, back, unsent = talkative(clinic), talkative(clinic), talkative(clinic, "telegram", "4711")
    leaves(gone)
    leaves(back)
    leaves(unsent)
    with_nothing_said = clinic.new_patient()
    turn = store.begin_turn(_here(back), None)
    store.commit_turn(turn)
    assert store.forget_who_left(clock.now - HOUR) == 0
    clock.move(hours=2)
    assert store.forget_who_left(clock.now - HOUR) == 1
    assert store.conversation_for_token(gone.token) is None
    assert all(store.conversation_for_token(each.token) for each in (back, unsent, with_nothing_said))


def test_no_byte_of_who_left_is_in_the_files_of_sqlite(sqlite: SqliteFiles) -> None:
    url, clock = sqlite.new(), Clock()
    database = Database(url)
    path = Path(str(make_url(url).database))
    clinic = Clinic(Store(database, clock=clock), clock)
    leaving, [other] = talkative(clinic), chat(clinic, ["badger"])
    leaves(leaving)
    content = path.read_bytes()
    assert b"alpaca" not in content
    assert leaving.conversation.id.encode() not in content
    assert b"badger" in content
    assert other.look().latest_plan is not None
    database.dispose()


def _here(patient: Patient) -> str:
    found = patient.store.conversation_for_token(patient.token)
    assert found is not None
    return found.id
