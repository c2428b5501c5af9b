"""A turn is stored whole or not at all, once, and only on what it began with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from bot.store import ConversationBusy, ConversationUnknown, Database, NoEpisode, Store, Turn
from tests.store.clinic import TABLETS, WALKING, Clinic, Clock, Patient, everything_in, plan, triaged

#: Every statement of a commit, by a piece of its SQL.
STATEMENTS = (
    "UPDATE messages",
    "INSERT INTO episodes",
    "INSERT INTO facts",
    "INSERT INTO plans",
    "INSERT INTO plan_options",
    "INSERT INTO plan_reasons",
    "INSERT INTO consents",
    "INSERT INTO check_ins",
    "INSERT INTO flags",
    "INSERT INTO messages",
    "INSERT INTO issued_choices",
    "INSERT INTO tracker_events",
    "UPDATE conversations",
)


class PowerCut(RuntimeError):
    """What a test puts in the way of a statement."""


@contextmanager
def power_cut_at(database: Database, statement: str) -> Iterator[None]:
    def cut(*arguments: Any) -> None:
        if arguments[2].startswith(statement):
            raise PowerCut

    event.listen(database.engine, "before_cursor_execute", cut)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", cut)


def full_turn(turn: Turn, clock: Clock) -> Turn:
    """Do everything that a turn can do."""
    turn.open_episode("intake")
    turn.consent("keep_answers", True, "2026-11")
    turn.learn("pain_avg", 6, "six", "answer")
    turn.learn("fever", "yes", "bit feverish", "volunteered")
    turn.skip("smoker")
    turn.note_asked("pain_avg")
    turn.record_triage(triaged("same_day", "FL_RED_INFECTION", fever="yes"))
    turn.store_plan(plan(WALKING, TABLETS))
    turn.plan_check_ins([("day_3", clock.now), ("week_1", clock.now)])
    turn.raise_flag("REQ_PERSON", "routine_flag", "The patient wants to talk to a person.")
    turn.say("Thank you.")
    turn.say("And?", kind="question", asks="age", choices=[("40", {"field": "age", "value": 40})])
    turn.append_events([{"event": "session_started", "timestamp": 1.0}, {"event": "action"}])
    turn.locate(country="GB")
    return turn


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_failure_anywhere_in_the_commit_leaves_nothing_behind(
    clinic: Clinic, database: Database, clock: Clock, statement: str
) -> None:
    patient = clinic.new_patient()
    turn = full_turn(clinic.store.begin_turn(patient.conversation.id, patient.say("hello")), clock)
    before = everything_in(database)
    with power_cut_at(database, statement), pytest.raises(PowerCut):
        clinic.store.commit_turn(turn)
    assert everything_in(database) == before

    clinic.store.commit_turn(turn)
    assert {table for table, rows in everything_in(database).items() if rows != before[table]} == {
        *("conversations", "messages", "issued_choices", "tracker_events", "consents", "episodes"),
        *("facts", "plans", "plan_options", "plan_reasons", "check_ins", "flags"),
    }


def test_what_a_turn_did_is_what_the_next_one_begins_with(clinic: Clinic, clock: Clock) -> None:
    patient = clinic.new_patient()
    with patient.turn(patient.say("hello")) as first:
        full_turn(first, clock)
    second = patient.look()
    assert second.episode == first.episode
    assert (second.facts, second.asked) == (first.facts, {"pain_avg": 1})
    assert second.facts.skipped == {"smoker"}
    assert second.history == first.history
    assert second.findings == first.findings
    assert [finding["rule"] for finding in second.findings] == ["E1"]
    assert second.latest_plan == first.latest_plan
    assert second.consents == {"keep_answers": True}
    assert second.tracker_events == first.tracker_events
    assert second.last_question is not None
    assert second.last_question.asks == "age"
    assert second.conversation.version == first.conversation.version + 1


def test_a_turn_shows_what_was_said_to_it_before_it_is_stored(clinic: Clinic, clock: Clock) -> None:
    turn = full_turn(clinic.new_patient().look(), clock)
    assert turn.episode is not None
    assert turn.episode.triage == "same_day"
    assert turn.facts["pain_avg"] == 6
    assert turn.latest_plan is not None
    assert turn.latest_plan.version == 1
    assert turn.conversation.country == "GB"


def test_what_is_begun_and_not_committed_leaves_no_trace(
    clinic: Clinic, database: Database, clock: Clock
) -> None:
    patient = clinic.new_patient()
    before = everything_in(database)
    full_turn(patient.look(), clock)
    assert everything_in(database) == before


def test_a_turn_is_stored_once(clinic: Clinic, database: Database, clock: Clock) -> None:
    patient = clinic.new_patient()
    turn = full_turn(patient.look(), clock)
    clinic.store.commit_turn(turn)
    after = everything_in(database)
    with pytest.raises(ConversationBusy):
        clinic.store.commit_turn(turn)
    assert everything_in(database) == after


def test_of_two_turns_begun_together_the_second_is_refused(clinic: Clinic, database: Database) -> None:
    patient = clinic.new_patient()
    one, other = patient.look(), patient.look()
    one.say("one")
    other.say("other")
    clinic.store.commit_turn(one)
    after = everything_in(database)
    with pytest.raises(ConversationBusy):
        clinic.store.commit_turn(other)
    assert everything_in(database) == after


def test_a_message_that_was_answered_is_never_answered_again(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    inbound = patient.say("hello")
    with patient.turn(inbound) as turn:
        turn.say("Hello.")
    late = clinic.store.begin_turn(patient.conversation.id, inbound)
    late.say("Hello again.")
    with pytest.raises(ConversationBusy):
        clinic.store.commit_turn(late)
    lines = clinic.store.messages_after(patient.conversation.id, 0)
    assert [line.text for line in lines] == ["hello", "Hello."]
    assert clinic.store.next_inbound(patient.conversation.id) is None


def test_a_turn_without_a_message_answers_none(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    inbound = patient.say("hello")
    with patient.turn() as greeting:
        greeting.say("Good morning.")
    assert clinic.store.next_inbound(patient.conversation.id) == inbound


def test_a_message_of_another_conversation_cannot_be_answered(clinic: Clinic) -> None:
    patient, stranger = clinic.new_patient(), clinic.new_patient()
    with pytest.raises(ValueError, match="another conversation"):
        clinic.store.begin_turn(patient.conversation.id, stranger.say("hello"))


def test_a_turn_of_an_erased_patient_is_refused(clinic: Clinic, database: Database, clock: Clock) -> None:
    patient = clinic.new_patient()
    turn = full_turn(patient.look(), clock)
    clinic.store.erase_patient(patient.id)
    with pytest.raises(ConversationUnknown):
        clinic.store.commit_turn(turn)
    assert not any(everything_in(database).values())


def session(name: str) -> list[dict[str, Any]]:
    return [{"event": "session_started", "timestamp": 1.5}, {"event": "user", "text": name, "timestamp": 2}]


def test_a_turn_begins_with_the_events_of_the_newest_session(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    before = [{"event": "action", "name": "action_session_start"}]
    with patient.turn() as turn:
        turn.append_events(before)
    assert patient.look().tracker_events == before
    with patient.turn() as turn:
        turn.append_events(session("monday"))
    assert patient.look().tracker_events == session("monday")
    with patient.turn() as turn:
        turn.append_events([{"event": "slot", "name": "phase", "value": None}])
        turn.append_events([*before, *session("tuesday")])
        turn.append_events([{"event": "undo"}])
    assert patient.look().tracker_events == [*session("tuesday"), {"event": "undo"}]


def test_within_a_turn_the_events_go_on_over_a_new_session(clinic: Clinic) -> None:
    patient = clinic.new_patient()
    with patient.turn() as turn:
        turn.append_events(session("monday"))
    turn = patient.look()
    turn.append_events(session("tuesday"))
    assert turn.tracker_events == [*session("monday"), *session("tuesday")]


def test_without_an_episode_nothing_clinical_can_be_written(clinic: Clinic) -> None:
    turn = clinic.new_patient().look()
    assert (turn.episode, dict(turn.facts), turn.history, turn.latest_plan) == (None, {}, [], None)
    for attempt in (
        lambda: turn.learn("pain_avg", 4, "4", "answer"),
        lambda: turn.retract("pain_avg"),
        lambda: turn.skip("pain_avg"),
        lambda: turn.set_status("held"),
        lambda: turn.start_over(),
        lambda: turn.store_plan(plan()),
        lambda: turn.cancel_check_ins(),
    ):
        with pytest.raises(NoEpisode):
            attempt()


def test_words_outside_the_lists_are_refused_at_once(clinic: Clinic) -> None:
    turn = clinic.new_patient().look()
    for attempt in (
        lambda: turn.open_episode("cured"),
        lambda: turn.say("x", kind="shout"),
        lambda: turn.say("x", input="slider"),
    ):
        with pytest.raises(ValueError, match="must be one of"):
            attempt()


def test_a_new_episode_leaves_the_one_before_as_it_was(clinic: Clinic, store: Store) -> None:
    patient = clinic.patient_in("planned", pain_avg=6)
    before = patient.case()
    with patient.turn() as turn:
        turn.open_episode("intake")
        turn.learn("pain_avg", 2, "two", "answer")
    assert before.episode.id != patient.case().episode.id
    assert store.case(before.episode.id).facts == before.facts
    assert store.case(before.episode.id).episode == before.episode
    assert patient.look().facts["pain_avg"] == 2


def test_two_episodes_may_change_in_one_turn(clinic: Clinic, store: Store) -> None:
    patient = clinic.patient_in("intake")
    old = patient.case().episode
    with patient.turn() as turn:
        turn.set_status("closed")
        turn.open_episode("consent")
    assert store.case(old.id).episode.status == "closed"
    assert patient.case().episode.status == "consent"


def test_decisions_about_purposes_are_kept_and_the_newest_holds(clinic: Clinic) -> None:
    patient: Patient = clinic.patient_in("intake")
    with patient.turn(patient.say("yes")) as turn:
        turn.consent("check_ins", True, "2026-11")
        turn.consent("research", False, "2026-11")
    clinic.clock.move(days=1)
    with patient.turn() as turn:
        turn.consent("check_ins", False, "2026-12")
        assert turn.consents["check_ins"] is False
    assert patient.look().consents == {"check_ins": False, "research": False}
    assert [(each.purpose, each.granted, each.version) for each in patient.case().consents] == [
        ("check_ins", True, "2026-11"),
        ("research", False, "2026-11"),
        ("check_ins", False, "2026-12"),
    ]
    assert patient.case().consents[-1].at == clinic.clock.now
