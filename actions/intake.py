"""The intake: consent, one dynamic form over the clinical questions, read-back, conclusion."""

from __future__ import annotations

from bot.clinical.questions import acknowledge, remaining, screen_question
from rasa_sdk.events import SlotSet

from actions import consent
from actions.base import BackplanAction, Events, Scene
from actions.hearing import take_in
from actions.read_back import CHANGE, CONFIRMED, READ_BACK, ask_read_back, ask_what_to_change
from bot.clinical.course import Step, StepKind, next_step

SCREEN = "emergency_screen"
PROGRESS_EVERY = 6  #: questions between two words about how many are left


class ActionWelcome(BackplanAction):
    """Say what this is and what it is not, and open the episode."""

    def name(self) -> str:
        return "action_welcome"

    def act(self, scene: Scene) -> Events:
        scene.voice.respond("utter_welcome")
        scene.voice.respond("utter_not_emergency_service", emergency_number=scene.emergency_number)
        if scene.turn.episode is None:
            scene.turn.open_episode("consent")
        return _opened(scene)


class ActionResume(BackplanAction):
    """Welcome somebody back; the form asks where it stopped."""

    def name(self) -> str:
        return "action_resume"

    def act(self, scene: Scene) -> Events:
        if scene.turn.episode is None:
            scene.turn.open_episode("consent")
        elif consent.granted(scene.turn):
            scene.turn.set_status("intake")
            scene.voice.respond("utter_resume")
        else:
            scene.turn.set_status("consent")
        return _opened(scene)


class ActionStartAgain(BackplanAction):
    """Go through the questions again. What was said about danger stays until a clinician has seen it."""

    def name(self) -> str:
        return "action_start_again"

    def act(self, scene: Scene) -> Events:
        scene.turn.start_over()
        scene.voice.respond("utter_start_again")
        return [*_opened(scene), SlotSet("screened", None), SlotSet("confirmed", None)]


class ValidateIntake(BackplanAction):
    """Take the answer in. Returns nothing when the message interrupts: only then does a rule answer it."""

    def name(self) -> str:
        return "validate_intake"

    def act(self, scene: Scene) -> Events:
        if scene.heard.interrupts and scene.asking is not None:
            if consent.granted(scene.turn):
                take_in(scene)
            return []
        if not consent.granted(scene.turn):
            return _take_consent(scene)
        field = scene.heard.chosen_field or scene.asking
        if field == SCREEN:
            marks = _take_screen(scene)
        elif field == READ_BACK:
            marks = _take_read_back(scene)
        else:
            marks = _take_fact(scene)
        return [*marks, SlotSet("intake_complete", _complete(scene, marks))]


def _opened(scene: Scene) -> Events:
    return [
        SlotSet("phase", "open"),
        SlotSet("episode", scene.turn.episode.id),
        SlotSet("intake_complete", None),
        SlotSet("asking", None),
    ]


def _take_consent(scene: Scene) -> Events:
    if scene.asking == consent.CONSENT:
        answer = consent.take_answer(scene)
        if answer is False:
            return [SlotSet("intake_complete", True)]
        if answer is None and scene.heard.intent != "greet":
            scene.voice.respond("utter_not_understood")
    return [SlotSet("intake_complete", None)]


def _take_fact(scene: Scene) -> Events:
    taken = take_in(scene)
    for field in taken.changed:
        scene.voice.tell(acknowledge(field, scene.turn.facts[field], scene.rulebook), key=f"changed_{field}")
    if scene.asking is not None and not taken.settled and not taken.learned:
        scene.voice.respond("utter_not_understood")
    return []


def _take_screen(scene: Scene) -> Events:
    chosen = scene.heard.chosen_values
    answer = chosen[0] if chosen else "none" if scene.heard.answer == "no" else None
    if answer is None:
        return [SlotSet("screened", True)] if take_in(scene).learned else []
    for fact, value in screen_question(scene.rulebook).facts_for(answer).items():
        scene.turn.learn(fact, value, scene.heard.text, "screen")
    return [SlotSet("screened", True)]


def _take_read_back(scene: Scene) -> Events:
    chosen, heard = scene.heard.chosen_values, scene.heard
    plain = not chosen and not heard.facts
    if CONFIRMED in chosen or (plain and heard.answer == "yes"):
        return [SlotSet("confirmed", "yes")]
    if CHANGE in chosen or (plain and heard.answer == "no"):
        return [SlotSet("confirmed", "change")]
    for field in chosen:
        scene.turn.retract(field)
    if not chosen:
        _take_fact(scene)
    return [SlotSet("confirmed", None)]


def _complete(scene: Scene, marks: Events) -> bool | None:
    step = _step(scene, marks)
    scene.turn.record_triage(step.triage)
    return True if step.kind is StepKind.CONCLUDE else None


def _step(scene: Scene, marks: Events = ()) -> Step:
    slots = {**scene.slots, **{mark["name"]: mark["value"] for mark in marks}}
    return next_step(
        scene.turn.facts, scene.turn.asked, scene.rulebook, read_back=slots.get("confirmed") == "yes"
    )


class ActionAskIntakeComplete(BackplanAction):
    """Ask what the core says is next."""

    def name(self) -> str:
        return "action_ask_intake_complete"

    def act(self, scene: Scene) -> Events:
        asked = _ask_next(scene)
        scene.turn.note_asked(asked)
        return [SlotSet("asking", asked)]


def _ask_next(scene: Scene) -> str:
    if not consent.granted(scene.turn):
        consent.ask(scene)
        return consent.CONSENT
    if not scene.slots.get("screened"):
        scene.voice.ask(screen_question(scene.rulebook))
        return SCREEN
    step = _step(scene)
    if step.question is None:
        if scene.slots.get("confirmed") == "change":
            ask_what_to_change(scene)
        else:
            ask_read_back(scene)
        return READ_BACK
    _tell_progress(scene)
    scene.voice.ask(step.question)
    return step.question.field


def _tell_progress(scene: Scene) -> None:
    asked = sum(scene.turn.asked.values())
    left = remaining(scene.turn.facts, scene.turn.asked, scene.rulebook)
    if left > 1 and asked and asked % PROGRESS_EVERY == 0:
        scene.voice.respond("utter_progress", count=left)
