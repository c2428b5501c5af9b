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
        events = turn.tracker_events
        if not events:
            return None
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        turn = current_turn()
        seen = len(turn.tracker_events)
        turn.append_events([event.as_dict() for event in _from(tracker.events, seen)])

    async def keys(self) -> Iterable[str]:
        return [current_turn().conversation.id]


def _from(events: Iterable[Event], start: int) -> List[Event]:
    return list(events)[start:]


def install(agent: Agent) -> None:
    """Replace the fail-safe store of a fresh agent; call before its model is loaded."""
    agent.tracker_store = TurnTrackerStore(agent.domain)
