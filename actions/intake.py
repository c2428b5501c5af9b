"""The intake: consent, one dynamic form over the clinical questions, read-back, conclusion."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions import consent, contradictions, whereabouts
from actions.base import BackplanAction, Events, Scene
from actions.hearing import note_left_open, take_in, take_in_earlier
from actions.proxy import note_proxy
from actions.read_back import CHANGE, CONFIRMED, READ_BACK, ask_read_back, ask_what_to_change
from bot.clinical.course import Step, StepKind, next_step
from bot.clinical.facts import UNSURE
from bot.clinical.questions import (
    PSEUDO_FIELDS,
    acknowledge,
    question_for,
    read_back,
    remaining,
    screen_question,
)
from bot.clinical.urgency import Urgency

SCREEN = "emergency_screen"
START_AGAIN = "start_again"
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
        note_proxy(scene)
        return [*_opened(scene), SlotSet("asking", None)]


class ActionResume(BackplanAction):
    """Welcome somebody back; the form takes the message in and asks where it stopped."""

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
    """Have the form ask whether the patient really wants every question again: a lost answer loses trust."""

    def name(self) -> str:
        return "action_start_again"

    def act(self, scene: Scene) -> Events:
        return [*_opened(scene), SlotSet("confirmed", START_AGAIN)]


class ValidateIntake(BackplanAction):
    """Take the answer in. Returns nothing when the message interrupts: only then does a rule answer it."""

    def name(self) -> str:
        return "validate_intake"

    def act(self, scene: Scene) -> Events:
        agreed = consent.granted(scene.turn)
        note_proxy(scene, aloud=scene.heard.intent != "report_danger")
        if scene.asking is not None and _is_for_a_rule(scene, agreed=agreed):
            if agreed:
                take_in(scene)
            return []
        if not agreed:
            return _take_consent(scene)
        field = scene.heard.chosen_field or scene.asking
        if field == SCREEN:
            marks = _take_screen(scene)
        elif field == READ_BACK:
            marks = _take_read_back(scene)
        elif field in (whereabouts.COUNTRY, whereabouts.LOCAL_TIME):
            marks = _take_whereabouts(scene, field)
        elif field == START_AGAIN:
            marks = _take_start_again(scene)
        elif field == contradictions.WHICH:
            marks = _take_which(scene)
        else:
            marks = _take_answer(scene)
        return [*marks, *_complete(scene, marks)]


def _is_for_a_rule(scene: Scene, *, agreed: bool) -> bool:
    """Danger in the middle of the intake is an answer too: the course of the intake says that it ends.

    So is a word about permissions while they are being asked for.
    """
    answers = {"report_danger"} if agreed else {"change_consent", "withdraw_consent"}
    return scene.heard.interrupts and scene.heard.intent not in answers


def _opened(scene: Scene) -> Events:
    episode = scene.turn.episode
    return [
        SlotSet("phase", "open"),
        SlotSet("episode", episode.id if episode else None),
        SlotSet("intake_complete", None),
    ]


def _take_consent(scene: Scene) -> Events:
    """Nothing clinical is kept, and nothing is asked, before the patient agreed to it."""
    if scene.asking != consent.CONSENT:
        return [SlotSet("intake_complete", None)]
    answer = consent.take_answer(scene)
    if answer is False:
        return [SlotSet("intake_complete", True)]
    if answer:
        take_in_earlier(scene)
        return _complete(scene)
    if scene.heard.facts:
        scene.voice.respond("utter_consent_first")
    elif scene.heard.intent != "greet":
        scene.voice.respond("utter_not_understood")
    return [SlotSet("intake_complete", None)]


def _take_answer(scene: Scene) -> Events:
    """Take the facts in, but for one that contradicts an older answer: that one is asked about."""
    doubted = contradictions.find(scene)
    if doubted is None:
        _take_fact(scene)
        return []
    _take_fact(contradictions.without(scene, doubted), in_doubt=True)
    return contradictions.remember(doubted)


def _take_which(scene: Scene) -> Events:
    doubted = contradictions.open_doubt(scene)
    taken = take_in(scene)
    if doubted is None or contradictions.settle(scene, doubted, _ask_anew):
        return [SlotSet(contradictions.DOUBT, None)]
    if not taken.learned:
        scene.voice.respond("utter_not_understood")
    return []


def _take_fact(scene: Scene, *, in_doubt: bool = False) -> None:
    taken = take_in(scene)
    step = _step(scene)
    if step.kind is StepKind.CONCLUDE:
        # What follows may be an emergency: nothing else is talked about then.
        return
    suspected = scene.heard.doubted
    for field in taken.changed:
        if field in suspected:
            continue
        scene.voice.tell(acknowledge(field, scene.turn.facts[field], scene.rulebook), key=f"changed_{field}")
    wants_to_be_sure = step.question is not None and not set(suspected).isdisjoint(step.question.fields)
    if wants_to_be_sure:
        scene.voice.respond("utter_want_to_be_sure")
    asking = scene.asking
    if asking is None or asking in PSEUDO_FIELDS:
        return
    if taken.settled:
        _say_that_more_is_asked(scene, asking)
    elif not (taken.learned or in_doubt or wants_to_be_sure):
        scene.voice.respond("utter_not_understood")


def _say_that_more_is_asked(scene: Scene, asking: str) -> None:
    """A list of which some was answered in words is put again for the rest; say so."""
    listed = question_for(asking, scene.rulebook).fields
    following = _step(scene).question
    if len(listed) > 1 and following is not None and following.field in listed:
        scene.voice.respond("utter_and_the_rest")


def _take_screen(scene: Scene) -> Events:
    """A tap, a typed "no", or danger in the patient's own words answers the screen; anything else does not."""
    screen = screen_question(scene.rulebook)
    chosen = [str(value) for value in scene.heard.chosen_values]
    taken = take_in(scene)
    if not chosen and scene.heard.answer == "no":
        chosen = ["none"]
    if not chosen:
        danger = any(field in screen.fields for field in taken.learned)
        if not danger and not taken.learned:
            scene.voice.respond("utter_not_understood")
        return [SlotSet("screened", True)] if danger else []
    for value in chosen:
        for field, told in screen.facts_for(value).items():
            if field not in taken.learned:
                scene.turn.learn(field, told, scene.heard.text, "screen")
    return [SlotSet("screened", True)]


def _take_read_back(scene: Scene) -> Events:
    chosen, heard = scene.heard.chosen_values, scene.heard
    plain = not chosen and not heard.facts
    right = plain and heard.answer == "yes" and scene.slots.get("confirmed") != CHANGE
    if CONFIRMED in chosen or right:
        return [SlotSet("confirmed", "yes")]
    if CHANGE in chosen or (plain and heard.answer == "no"):
        return [SlotSet("confirmed", CHANGE)]
    for item in read_back(scene.turn.facts, scene.rulebook) if chosen else ():
        if item.field in chosen:
            for field in item.fields or (item.field,):
                _ask_anew(scene, field)
    if not chosen:
        _take_fact(scene)
        if plain:
            scene.voice.respond("utter_not_understood")
    return [SlotSet("confirmed", None)]


def _take_whereabouts(scene: Scene, field: str) -> Events:
    taken = take_in(scene)
    if not whereabouts.take(scene, field) and not taken.learned and scene.heard.answer is None:
        scene.voice.respond("utter_not_understood")
    return []


def _take_start_again(scene: Scene) -> Events:
    """Start over on a clear yes. What was said about danger stays until a clinician has seen it."""
    chosen, answer = scene.heard.chosen_values, scene.heard.answer
    if True in chosen or (not chosen and answer == "yes"):
        scene.turn.start_over()
        scene.voice.respond("utter_start_again")
        return [SlotSet(slot, None) for slot in ("asking", "screened", "confirmed")]
    if not chosen and answer != "no":
        _take_fact(scene)
    return [SlotSet("confirmed", None)]


def _ask_anew(scene: Scene, field: str) -> None:
    """Take back every report of the field: an older answer must not come back in place of a wrong one."""
    while scene.turn.retract(field):
        pass


def _complete(scene: Scene, told: Events | None = None) -> Events:
    """Note what the picture is now; the form ends where the course of the intake does."""
    step = _step(scene, told or [])
    note_left_open(scene, step.left_open)
    scene.turn.record_triage(step.triage)
    marks: Events = []
    if step.kind is StepKind.ASK and not scene.slots.get("warned") and _is_settled_for_today(scene, step):
        scene.voice.respond("utter_same_day_soon", kind="safety")
        marks = [SlotSet("warned", True)]
    return [*marks, SlotSet("intake_complete", True if step.kind is StepKind.CONCLUDE else None)]


def _is_settled_for_today(scene: Scene, step: Step) -> bool:
    """A same-day finding that no further answer can lower is told at once: the patient may leave any moment.

    A first "not sure" settles nothing: the same question follows once more, with an example.
    """
    again = step.question is not None and scene.turn.facts.lookup(step.question.field) == UNSURE
    return step.triage.urgency is Urgency.SAME_DAY and not step.triage.clarify and not again


def _step(scene: Scene, marks: Events | None = None) -> Step:
    slots = {**scene.slots, **{mark["name"]: mark["value"] for mark in marks or []}}
    asked = scene.turn.asked
    if scene.heard.interrupts and scene.asking in asked:
        # The patient asked something instead of answering: the question stands, however often it was put.
        asked[scene.asking] -= 1
    return next_step(
        scene.turn.facts,
        asked,
        scene.rulebook,
        read_back=slots.get("confirmed") == "yes",
        doubted=scene.heard.doubted,
    )


class ActionAskIntakeComplete(BackplanAction):
    """Ask what the core says is next."""

    def name(self) -> str:
        return "action_ask_intake_complete"

    def act(self, scene: Scene) -> Events:
        asked = consent.ask_change(scene, scene.slots.get("permissions"))
        if asked is None:
            asked = _ask_next(scene)
            if not _stands_again(scene, asked):
                scene.turn.note_asked(asked)
        return [SlotSet("asking", asked), SlotSet("permissions", None)]


def _stands_again(scene: Scene, asked: str) -> bool:
    """Whether the question stands again because the message was about other things, and so counts once."""
    if scene.asking in consent.CHANGES:
        return asked in scene.turn.asked
    learned = scene.turn.learned
    about_others = scene.heard.interrupts or (bool(learned) and asked not in learned)
    return asked == scene.asking and about_others


def _ask_next(scene: Scene) -> str:
    if not consent.granted(scene.turn):
        consent.ask(scene)
        return consent.CONSENT
    if scene.slots.get("confirmed") == START_AGAIN:
        scene.voice.ask_response(START_AGAIN, "utter_start_again_sure", "choice")
        return START_AGAIN
    if not scene.slots.get("screened"):
        scene.voice.ask(screen_question(scene.rulebook))
        return SCREEN
    doubted = contradictions.open_doubt(scene)
    if doubted is not None:
        contradictions.ask(scene, doubted)
        return contradictions.WHICH
    where = whereabouts.next_to_ask(scene)
    if where is not None:
        whereabouts.ask(scene, where)
        return where
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
