"""The patient writes on after the intake: what is new is noted, and danger is looked for again."""

from __future__ import annotations

from actions import consent, emails
from actions.base import BackplanAction, Events, Scene
from actions.concluding import assess_now, conclude
from actions.documents import asks_for_document, can_send_documents, send_document
from actions.hearing import take_in, take_in_danger
from actions.phases import TELLS_ITS_PLAN, WAITS_FOR_HELP
from actions.plan_telling import tell_options_asked_about, tell_plan
from actions.proxy import note_proxy
from actions.safety import say_again
from bot.clinical.assess import Assessment
from bot.clinical.status import Status


class ActionAfterIntake(BackplanAction):
    """Note new facts; when they change the picture, conclude again."""

    def name(self) -> str:
        return "action_after_intake"

    def act(self, scene: Scene) -> Events:
        settled = emails.take_answer(scene)
        if settled is not None and emails.says_no_more(scene):
            return settled
        note_proxy(scene)
        before = assess_now(scene)
        taken = take_in(scene) if consent.granted(scene.turn) else take_in_danger(scene)
        after = assess_now(scene)
        if after.triage.urgency > before.triage.urgency or _statuses(after) != _statuses(before):
            return conclude(scene)
        if scene.heard.refuses and _status(scene) in WAITS_FOR_HELP:
            return say_again(scene)
        if taken.learned:
            scene.voice.respond("utter_noted_after_plan")
        elif settled is None and emails.is_asked(scene):
            return emails.ask_again(scene)
        elif _status(scene) in WAITS_FOR_HELP:
            scene.voice.respond("utter_held_reminder", code=scene.case_code)
        elif settled is None and scene.turn.answers_clinician:
            scene.voice.respond("utter_answer_kept")
        elif settled is None:
            scene.voice.respond("utter_unclear")
        return settled or []


class ActionTellPlan(BackplanAction):
    """Say the stored plan again, or only the option that the message names."""

    def name(self) -> str:
        return "action_tell_plan"

    def act(self, scene: Scene) -> Events:
        plan = scene.turn.latest_plan
        if scene.heard.intent == "ask_why" and emails.is_asked(scene):
            scene.voice.respond("utter_email_why")
            return []
        if can_send_documents(scene) and asks_for_document(scene):
            send_document(scene)
        elif plan is not None and _status(scene) in TELLS_ITS_PLAN:
            if not tell_options_asked_about(scene, plan.assessment):
                tell_plan(scene, plan.assessment, reviewed=plan.status == "reviewed")
        elif _status(scene) in WAITS_FOR_HELP:
            scene.voice.respond("utter_held_reminder", code=scene.case_code)
        else:
            scene.voice.respond("utter_no_plan_yet")
        return []


def _statuses(assessment: Assessment) -> dict[str, Status]:
    return {planned.option.id: planned.status for planned in assessment.plan.options}


def _status(scene: Scene) -> str | None:
    return scene.turn.episode.status if scene.turn.episode else None
