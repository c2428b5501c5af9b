"""The start of a session: a new conversation, or somebody who comes back after a silence."""

from __future__ import annotations

from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet

from actions import proxy
from actions.base import BackplanAction, Events, Scene
from actions.phases import phase_of
from bot.clinical.questions import PSEUDO_FIELDS


class ActionSessionStart(BackplanAction):
    """Set the few slots a dialogue needs; the stock one repeats every slot ever set."""

    def name(self) -> str:
        return "action_session_start"

    def act(self, scene: Scene) -> Events:
        episode = scene.turn.episode
        return [
            SessionStarted(),
            SlotSet("phase", "check_in" if scene.turn.check_in is not None else phase_of(episode)),
            SlotSet("episode", episode.id if episode else None),
            # Somebody who answers the old question after a night's sleep is still answering it.
            SlotSet("asking", _open_question(scene)),
            *proxy.remembered(scene),
            SlotSet("screened", True if _is_screened(scene) else None),
            ActionExecuted("action_listen"),
        ]


def _open_question(scene: Scene) -> str | None:
    episode, last = scene.turn.episode, scene.turn.last_question
    if episode is None or last is None:
        return None
    if scene.turn.check_in is None and episode.status not in {"consent", "intake"}:
        return None
    return last.asks


def _is_screened(scene: Scene) -> bool:
    """The emergency screen comes before every clinical question: one of those says that it was answered."""
    return bool(scene.turn.asked.keys() - PSEUDO_FIELDS)
