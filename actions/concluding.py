"""What follows from the answers: safety advice, or a stored draft plan with its check-ins."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.clinical.assess import Assessment, assess
from bot.clinical.schedule import local_due, schedule
from bot.clinical.wording import safety_messages, safety_net
from rasa_sdk.events import SlotSet

from actions import consent
from actions.base import Events, Scene
from actions.phases import phase_of
from actions.plan_telling import tell_plan


def conclude(scene: Scene) -> Events:
    """Assess everything known, store what follows, and tell the patient."""
    turn = scene.turn
    if turn.episode.status == "declined":
        scene.voice.respond("utter_consent_needed")
        scene.voice.tell(safety_net(scene.rulebook), kind="safety", key="safety_net")
        return _closed(scene)
    assessment = assess(turn.facts, scene.rulebook, scene.services.guideline_profile)
    turn.record_triage(assessment.triage)
    for text in safety_messages(assessment.triage, turn.facts, scene.rulebook, scene.country):
        scene.voice.tell(text.text, kind="safety", key=text.key)
    if assessment.shows_plan:
        _store_plan(scene, assessment)
        tell_plan(scene, assessment.as_json())
    turn.set_status(assessment.episode_status)
    _plan_check_ins(scene, assessment)
    scene.voice.tell(safety_net(scene.rulebook), kind="safety", key="safety_net")
    return _closed(scene)


def _store_plan(scene: Scene, assessment: Assessment) -> None:
    document = assessment.as_json()
    latest = scene.turn.latest_plan
    if latest is None or latest.assessment != document:
        scene.turn.store_plan(document)


def _plan_check_ins(scene: Scene, assessment: Assessment) -> None:
    """Write the schedule, where the patient agreed to check-ins or was told to get help."""
    turn = scene.turn
    zone = ZoneInfo(turn.conversation.timezone or "UTC")
    due = [
        (planned.kind, local_due(turn.now, planned.offset, zone))
        for planned in schedule(turn.facts, assessment.triage, scene.rulebook)
        if planned.safety or consent.granted(turn, consent.CHECK_INS)
    ]
    turn.plan_check_ins(due)


def _closed(scene: Scene) -> Events:
    return [SlotSet("phase", phase_of(scene.turn.episode)), SlotSet("asking", None)]
