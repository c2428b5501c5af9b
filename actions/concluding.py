"""What follows from the answers: safety advice, or a stored draft plan with its check-ins."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rasa_sdk.events import SlotSet

from actions import consent
from actions.base import Events, Scene
from actions.phases import phase_of
from actions.plan_telling import tell_plan
from bot.clinical.assess import Assessment, assess
from bot.clinical.facts import Facts
from bot.clinical.schedule import local_due
from bot.clinical.triage import Triage
from bot.clinical.wording import safety_messages, safety_net


def conclude(scene: Scene) -> Events:
    """Assess everything known, store what follows, and tell the patient."""
    turn = scene.turn
    assessment = assess_now(scene)
    turn.record_triage(assessment.triage)
    _raise_flags(scene, assessment)
    warned = tell_safety_advice(scene, assessment.triage, turn.facts)
    if assessment.shows_plan:
        document = _store_plan(scene, assessment)
        tell_plan(scene, document)
    turn.set_status(assessment.episode_status)
    _plan_check_ins(scene, assessment)
    tell_safety_net(scene, kind="safety" if warned else "info")
    return closed(scene)


def assess_now(scene: Scene) -> Assessment:
    """What follows from everything known at this moment."""
    turn = scene.turn
    return assess(turn.facts, scene.rulebook, scene.services.guideline_profile, on=turn.now.date())


def decline(scene: Scene) -> Events:
    """End without a plan, because answers may not be kept; the safety net is given all the same."""
    scene.voice.respond("utter_consent_needed")
    tell_safety_net(scene)
    return closed(scene)


def _store_plan(scene: Scene, assessment: Assessment) -> dict[str, object]:
    document = assessment.as_json()
    latest = scene.turn.latest_plan
    if latest is None or latest.assessment != document:
        scene.turn.store_plan(document)
    return document


def _raise_flags(scene: Scene, assessment: Assessment) -> None:
    for finding in assessment.triage.findings:
        for flag in finding.flags:
            scene.turn.raise_flag(flag, finding.urgency, finding.clinician, rule=finding.rule)


def _plan_check_ins(scene: Scene, assessment: Assessment) -> None:
    """Write the schedule, where the patient agreed to check-ins or was told to get help."""
    turn = scene.turn
    zone = ZoneInfo(turn.conversation.timezone or "UTC")
    due = [
        (planned.kind, local_due(turn.now, planned.offset, zone))
        for planned in assessment.check_ins
        if planned.safety or consent.granted(turn, consent.CHECK_INS)
    ]
    turn.plan_check_ins(due)


def tell_safety_advice(scene: Scene, triage: Triage, facts: Facts) -> bool:
    """What the class calls for, in the words for this country; whether there was anything to say."""
    messages = safety_messages(triage, facts, scene.rulebook, scene.country)
    for message in messages:
        scene.voice.tell(message.text, kind="safety", key=message.key)
    return bool(messages)


def tell_safety_net(scene: Scene, kind: str = "info") -> None:
    """The same words end every conversation; they alarm only where something else does too."""
    scene.voice.tell(safety_net(scene.rulebook), kind=kind, key="safety_net")


def closed(scene: Scene) -> Events:
    """Nothing is asked any more; the dialogue is in the phase that the episode's status says."""
    return [SlotSet("phase", phase_of(scene.turn.episode)), SlotSet("asking", None)]
