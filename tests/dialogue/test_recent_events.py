"""A long session, shortened for Rasa, leaves the dialogue where the whole one does."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.recent_events import LATEST, WHOLE_UNTIL, amount_to, cut_of

Event = dict[str, Any]
START: list[Event] = [
    {"event": "action", "name": "action_session_start"},
    {"event": "session_started"},
    {"event": "slot", "name": "phase", "value": "intake"},
    {"event": "action", "name": "action_listen"},
]


def turn(number: int, *events: Event) -> list[Event]:
    """A message of the patient, an answer and what changed."""
    return [
        {"event": "user", "text": f"message {number}", "parse_data": {"intent": {"name": "inform"}}},
        {"event": "slot", "name": "asking", "value": f"question {number}"},
        *events,
        {"event": "bot", "text": f"answer {number}"},
        {"event": "action", "name": "action_listen"},
    ]


def session(turns: int) -> list[Event]:
    form = {"event": "active_loop", "name": "intake_form"}
    events = [*START, *turn(0, form), *turn(1, {"event": "slot", "name": "writes_for", "value": "mother"})]
    return [*events, *(event for number in range(2, turns) for event in turn(number))]


def shortened(events: list[Event]) -> list[Event]:
    cut = cut_of(events)
    return [*amount_to(events[:cut]), *events[cut:]]


def tracker(events: list[Event]) -> DialogueStateTracker:
    from rasa.shared.core.slots import AnySlot

    slots = [AnySlot(name, []) for name in ("asking", "phase", "writes_for")]
    stamped = [{"timestamp": float(n), **event} for n, event in enumerate(events)]
    return DialogueStateTracker.from_dict("patient", stamped, slots)


def test_an_ordinary_session_is_told_whole() -> None:
    events = session(60)
    assert len(events) < WHOLE_UNTIL
    assert shortened(events) == events


@pytest.mark.parametrize("turns", [100, 101, 300])
def test_slots_form_and_last_action_are_those_of_the_whole_session(turns: int) -> None:
    events = session(turns)
    whole, short = tracker(events), tracker(shortened(events))

    assert short.current_slot_values() == whole.current_slot_values()
    assert short.active_loop_name == whole.active_loop_name == "intake_form"
    assert short.latest_action_name == whole.latest_action_name
    assert [message.text for message in (short.latest_message, whole.latest_message) if message] == [
        f"message {turns - 1}"
    ] * 2
    assert LATEST - 10 < len(short.events) < LATEST + 10


def test_the_latest_events_begin_with_a_message_that_was_listened_for() -> None:
    events = session(150)
    short = shortened(events)
    first = next(place for place, event in enumerate(short) if event["event"] == "user")
    assert short[first - 1] == {"event": "action", "name": "action_listen"}


def test_a_form_that_was_left_stays_left() -> None:
    events = [*session(3), *turn(3, {"event": "active_loop", "name": None})]
    assert tracker(amount_to(events)).active_loop_name is None


def test_a_session_without_any_message_to_begin_at_is_told_whole() -> None:
    assert cut_of([{"event": "slot", "name": "asking", "value": None}] * (WHOLE_UNTIL + 1)) == 0
