"""The start of a session: a new conversation, or somebody who comes back after a silence."""

from __future__ import annotations

from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet

from actions.base import BackplanAction, Events, Scene
from actions.phases import phase_of


class ActionSessionStart(BackplanAction):
    """Set the few slots a dialogue needs; the stock one repeats every slot ever set."""

    def name(self) -> str:
        return "action_session_start"

    def act(self, scene: Scene) -> Events:
        episode = scene.turn.episode
        return [
            SessionStarted(),
            SlotSet("phase", phase_of(episode)),
            SlotSet("episode", episode.id if episode else None),
            ActionExecuted("action_listen"),
        ]
