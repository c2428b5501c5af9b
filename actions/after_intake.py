"""The patient writes on after the intake: what is new is noted, and danger is looked for again."""

from __future__ import annotations

from actions.base import BackplanAction, Events, Scene
from actions.concluding import conclude
from actions.hearing import take_in
from actions.plan_telling import tell_plan
from bot.clinical.triage import triage


class ActionAfterIntake(BackplanAction):
    """Note new facts; when they change the picture, conclude again."""

    def name(self) -> str:
        return "action_after_intake"

    def act(self, scene: Scene) -> Events:
        turn = scene.turn
        before = triage(turn.facts, scene.rulebook)
        taken = take_in(scene)
        after = triage(turn.facts, scene.rulebook)
        if after.urgency > before.urgency:
            return conclude(scene)
        turn.record_triage(after)
        if taken.learned:
            scene.voice.respond("utter_noted_after_plan")
        elif turn.episode.status in {"emergency", "held"}:
            scene.voice.respond("utter_held_reminder")
        else:
            scene.voice.respond("utter_unclear")
        return []


class ActionTellPlan(BackplanAction):
    """Say the stored plan again."""

    def name(self) -> str:
        return "action_tell_plan"

    def act(self, scene: Scene) -> Events:
        plan = scene.turn.latest_plan
        if plan is not None and scene.turn.episode.status in {"planned", "reviewed"}:
            tell_plan(scene, plan.assessment)
        elif scene.turn.episode is not None and scene.turn.episode.status in {"emergency", "held"}:
            scene.voice.respond("utter_held_reminder")
        else:
            scene.voice.respond("utter_no_plan_yet")
        return []
