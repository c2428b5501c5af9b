"""A long session told in short: what the earlier events amount to, and the latest ones as they were.

Rasa replays every event of a session several times per message, so a session of 300 messages
answers six times as slowly as a fresh one. Its policies look back a few messages only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.store.records import JsonObject

WHOLE_UNTIL = 400  #: events of a session that is told whole, about 20 messages
LATEST = 250  #: events that a shortened session keeps as they were, about 12 messages
_SESSION = ("action_session_start", "session_started")


def cut_of(events: Sequence[JsonObject]) -> int:
    """Where the latest events begin: at a message of the patient; 0 for a session that is told whole."""
    if len(events) <= WHOLE_UNTIL:
        return 0
    for place in range(len(events) - LATEST, 0, -1):
        if events[place]["event"] == "user":
            return place
    return 0


def amount_to(events: Sequence[JsonObject]) -> list[JsonObject]:
    """The few events after which a tracker stands as it does after all of `events`."""
    opening: list[JsonObject] = []
    slots: dict[str, JsonObject] = {}
    loop: JsonObject | None = None
    action: JsonObject | None = None
    for event in events:
        kind = event["event"]
        if kind in {"restart", "reset_slots"}:
            slots.clear()
        if kind == "restart":
            loop = None
        elif kind == "slot":
            slots[_name(event)] = event
        elif kind == "active_loop":
            loop = event
        elif kind == "action":
            action = event
        if kind == "session_started" or (kind == "action" and event["name"] in _SESSION):
            opening.append(event)
    standing = [one for one in (loop, action) if one is not None]
    return [*opening, *slots.values(), *standing]


def _name(event: JsonObject) -> Any:
    return event["name"]
