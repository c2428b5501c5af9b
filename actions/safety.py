"""Danger outside the course of the intake, and what the end of the intake leads to."""

from __future__ import annotations

from actions import consent, emails
from actions.base import BackplanAction, Events, Scene
from actions.concluding import conclude, decline
from actions.hearing import take_in, take_in_danger


class ActionSafety(BackplanAction):
    """Give the advice that the danger calls for, and nothing else in this turn.

    What was said about danger is kept even before consent: somebody has to see it.
    """

    def name(self) -> str:
        return "action_safety"

    def act(self, scene: Scene) -> Events:
        if scene.turn.episode is None:
            scene.turn.open_episode("consent")
        if consent.granted(scene.turn):
            take_in(scene)
        else:
            take_in_danger(scene)
        return conclude(scene)


class ActionConcludeIntake(BackplanAction):
    """The form has ended: say what follows from the answers, or from having declined."""

    def name(self) -> str:
        return "action_conclude_intake"

    def act(self, scene: Scene) -> Events:
        episode = scene.turn.episode
        if episode is not None and episode.status == "declined":
            return decline(scene)
        return [*conclude(scene), *emails.offer(scene)]
