"""The tracker store of the chat server: events go into the turn, and a failure fails the turn.

Rasa wraps every store in one that falls back to memory on an error, so that a conversation goes on
with nothing kept. `install` takes that wrapper away again.
"""

from typing import Any, Iterable, List, Optional

from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.current_turn import current_turn
from bot.dialogue.recent_events import amount_to, cut_of
from bot.store import Turn
from bot.store.records import JsonObject


class TurnTrackerStore(TrackerStore):
    """Reads the session's events from the turn and hands the new ones to it; keeps nothing itself."""

    def __init__(self, domain: Optional[Domain] = None, **kwargs: Any) -> None:
        super().__init__(domain)

    @property
    def domain(self) -> Domain:
        return self._domain

    @domain.setter
    def domain(self, domain: Optional[Domain]) -> None:
        self._domain = domain or Domain.empty()

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        turn = current_turn()
        if not turn.tracker_events:
            return None
        return DialogueStateTracker.from_dict(sender_id, _told_to_rasa(turn), self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        turn = current_turn()
        seen = len(_told_to_rasa(turn))
        turn.append_events([event.as_dict() for event in _from(tracker.events, seen)])

    async def keys(self) -> Iterable[str]:
        return [current_turn().conversation.id]


def _told_to_rasa(turn: Turn) -> List[JsonObject]:
    """The session's events; the earlier ones of a long session as what they amount to."""
    # Only what was there when the turn began decides, so that a tracker is saved as it was read.
    loaded = len(turn.tracker_events) - len(turn.pending.events)
    cut = cut_of(turn.tracker_events[:loaded])
    return [*amount_to(turn.tracker_events[:cut]), *turn.tracker_events[cut:]]


def _from(events: Iterable[Event], start: int) -> List[Event]:
    return list(events)[start:]


def install(agent: Agent) -> None:
    """Replace the fail-safe store of a fresh agent; call before its model is loaded."""
    agent.tracker_store = TurnTrackerStore(agent.domain)
