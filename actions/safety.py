"""Danger outside the course of the intake: the screen found it in what the patient wrote."""

from __future__ import annotations

from actions.base import BackplanAction, Events, Scene
from actions.concluding import conclude
from actions.hearing import take_in


class ActionSafety(BackplanAction):
    """Give the advice that the danger calls for, and nothing else in this turn.

    What was said about danger is kept even before consent: somebody has to see it.
    """

    def name(self) -> str:
        return "action_safety"

    def act(self, scene: Scene) -> Events:
        if scene.turn.episode is None:
            scene.turn.open_episode("consent")
        take_in(scene)
        return conclude(scene)


class ActionConcludeIntake(BackplanAction):
    """The form has ended: say what follows from the answers."""

    def name(self) -> str:
        return "action_conclude_intake"

    def act(self, scene: Scene) -> Events:
        return conclude(scene)
