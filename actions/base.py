"""What every action has: its services, the turn it writes into, and a voice."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Heard, HeardFact, facts_in_events
from actions.voice import Voice
from bot.clinical.rulebook import Rulebook
from bot.store import Conversation, Turn
from bot.store.case_codes import case_code
from bot.store.zones import country_of

Events = list[dict[str, Any]]


class Turns(Protocol):
    """Where an action finds the turn of a conversation."""

    def of(self, conversation_id: str) -> AbstractContextManager[Turn]: ...


@dataclass(frozen=True)
class Services:
    """What actions work with, wired once by the server or by `actions.standalone`."""

    turns: Turns
    rulebook: Rulebook
    guideline_profile: str = "international"
    country: str | None = None
    emails: bool = False  #: whether a mail server is set, so that reminders by e-mail may be offered

    def country_of(self, conversation: Conversation) -> str | None:
        """The country of the patient's clock, else the one the clinic set."""
        return conversation.country or country_of(conversation.timezone) or self.country


@dataclass(frozen=True)
class Scene:
    """One call of one action: the turn, what was heard, and the voice to answer with."""

    turn: Turn
    heard: Heard
    voice: Voice
    slots: Mapping[str, Any]
    services: Services
    said_before: Callable[[], tuple[HeardFact, ...]] = tuple
    loop: str | None = None  #: the form that is on

    @property
    def rulebook(self) -> Rulebook:
        return self.services.rulebook

    @property
    def country(self) -> str | None:
        """ISO 3166-1 alpha-2: the one the patient names, else that of their clock, else the one the clinic set."""
        told = self.turn.facts.get("country")
        return str(told) if told else self.services.country_of(self.turn.conversation)

    @property
    def case_code(self) -> str:
        """What the patient can quote to the clinic; "" before an episode."""
        return case_code(self.turn.episode.id) if self.turn.episode else ""

    @property
    def emergency_number(self) -> str:
        return self.rulebook.phone_numbers.of(self.country).emergency

    @property
    def asking(self) -> str | None:
        return self.slots.get("asking")


def _said_before(turn: Turn, tracker: Tracker, heard: Heard) -> tuple[HeardFact, ...]:
    """Every fact the patient typed in this session; the tracker of a long session begins late."""
    if len(tracker.events) >= len(turn.tracker_events):
        return facts_in_events(tracker.events)
    return (*facts_in_events(turn.tracker_events), *heard.facts)


class BackplanAction(Action, ABC):
    """An action that runs inside a turn. Services come from the server, or from `actions.standalone`."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    @abstractmethod
    def name(self) -> str: ...

    @abstractmethod
    def act(self, scene: Scene) -> Events:
        """Do the action's work on `scene` and return Rasa events."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        if self._services is None:
            from actions.standalone import services_from_environment

            self._services = services_from_environment()
        services = self._services
        with services.turns.of(tracker.sender_id) as turn:
            heard = Heard.from_tracker(tracker)
            scene = Scene(
                turn,
                heard,
                Voice(dispatcher),
                dict(tracker.slots),
                services,
                said_before=lambda: _said_before(turn, tracker, heard),
                loop=tracker.active_loop_name,
            )
            return self.act(scene)
