"""Danger outside the course of the intake, and what the end of the intake leads to."""

from __future__ import annotations

from actions import consent, emails
from actions.base import BackplanAction, Events, Scene
from actions.concluding import assess_now, conclude, decline, tell_safety_advice
from actions.hearing import take_in, take_in_danger
from actions.proxy import note_proxy

REFUSED = "FL_REFUSED"


class ActionSafety(BackplanAction):
    """Give the advice that the danger calls for, and nothing else in this turn.

    What was said about danger is kept even before consent: somebody has to see it.
    """

    def name(self) -> str:
        return "action_safety"

    def act(self, scene: Scene) -> Events:
        if scene.turn.episode is None:
            scene.turn.open_episode("consent")
        note_proxy(scene, aloud=False)
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


class ActionRefusedAdvice(BackplanAction):
    """The patient does not want to get help: say it once more, and let the clinic know at once."""

    def name(self) -> str:
        return "action_refused_advice"

    def act(self, scene: Scene) -> Events:
        return say_again(scene)


def say_again(scene: Scene) -> Events:
    """The same advice after a refusal."""
    assessment = assess_now(scene)
    reason = "Told to get help, and says that they will not or cannot go."
    scene.turn.raise_flag(REFUSED, assessment.triage.urgency, reason, rule="ADVICE_REFUSED")
    scene.voice.respond("utter_refused", kind="safety")
    tell_safety_advice(scene, assessment.triage, scene.turn.facts)
    return []
