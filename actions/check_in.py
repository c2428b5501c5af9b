"""The check-in: one dynamic form over the questions of the core, and what its answers lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk.events import SlotSet

from actions import consent, emails
from actions.base import BackplanAction, Events, Scene
from actions.concluding import closed, tell_safety_advice, tell_safety_net
from actions.hearing import words_kept
from bot.clinical.check_in import (
    CheckInStep,
    is_safety,
    next_step,
    question_named,
    takes_any_words,
    told_by,
)
from bot.clinical.facts import FIELDS, UNSURE, FactError, FieldKind, check
from bot.clinical.rulebook.question import SKIP, Question
from bot.clinical.trend_picture import trend_picture
from bot.clinical.urgency import Urgency
from bot.clinical.wording import incomplete_message
from bot.store import PUSH_CHANNELS, Turn
from bot.store.check_in_turns import (
    CheckInOutcome,
    conclude_check_in,
    facts_of_check_in,
    history_of,
    notes_of,
    opt_out,
)

START, SEEN, WISH = "check_in_start", "were_you_seen", "wish"
OPT_OUT, LATER, PERSON = "opt_out", "later", "person"
#: What interrupts elsewhere and is an answer here: danger, and "start", said to the question whether it suits.
_TAKEN_AS_ANSWERS = frozenset({"report_danger", "restart_intake"})
_NOT_SEEN = "FL_NO_REPLY"
WORDS_KEPT = 200  #: characters of what was typed to a question that is no clinical fact


class ActionBeginCheckIn(BackplanAction):
    """Say that it is time; a channel that pushes its messages gets words that anybody may read."""

    def name(self) -> str:
        return "action_begin_check_in"

    def act(self, scene: Scene) -> Events:
        open_one = scene.turn.check_in
        if open_one is None:
            return closed(scene)
        if _is_pushed(scene.turn):
            scene.voice.tell(scene.rulebook.check_in_questions.ready, key="check_in_ready")
        elif not is_safety(open_one.kind):
            scene.voice.respond("utter_check_in_hello")
        return opened()


class ActionResumeCheckIn(BackplanAction):
    """Go on with an open check-in; the form takes the message in and asks what is left."""

    def name(self) -> str:
        return "action_resume_check_in"

    def act(self, scene: Scene) -> Events:
        return [SlotSet("phase", "check_in"), SlotSet("check_in_complete", None)]


class ValidateCheckIn(BackplanAction):
    """Take the answer in. Returns nothing when the message interrupts: only then does a rule answer it."""

    def name(self) -> str:
        return "validate_check_in"

    def act(self, scene: Scene) -> Events:
        heard, turn = scene.heard, scene.turn
        if turn.check_in is None:
            return [SlotSet("check_in_complete", True)]
        if heard.is_external:
            return [] if scene.slots.get("asking") else [SlotSet("check_in_complete", None)]
        if heard.interrupts and heard.intent not in _TAKEN_AS_ANSWERS:
            _learn(scene, _heard_values(scene))
            return []
        understood = _take(scene)
        step = _step(scene)
        for field in step.left_open:
            _learn(scene, {field: UNSURE}, source="left_open")
        done = step.question is None or _chosen_to_end(turn)
        if not done and not understood and scene.asking is not None and heard.intent != "greet":
            scene.voice.respond("utter_not_understood")
        return [SlotSet("check_in_complete", True if done else None)]


class ActionAskCheckInComplete(BackplanAction):
    """Ask what the core says is next."""

    def name(self) -> str:
        return "action_ask_check_in_complete"

    def act(self, scene: Scene) -> Events:
        turn, notes = scene.turn, notes_of(scene.turn)
        asked = consent.ask_change(scene, scene.slots.get("permissions"))
        if asked is not None:
            return [SlotSet("asking", asked), SlotSet("permissions", None)]
        question = _step(scene).question
        if _is_pushed(turn) and START not in notes.answered and not notes.answered:
            question = scene.rulebook.check_in_questions.start
        if question is None:
            return [SlotSet("asking", None)]
        scene.voice.ask(question)
        back = scene.asking in consent.CHANGES and question.field in notes.asked
        if not back and (question.field != scene.asking or not (scene.heard.interrupts or scene.heard.facts)):
            turn.note_in_check_in(notes.asking(question.field).as_json())
        return [SlotSet("asking", question.field)]


class ActionConcludeCheckIn(BackplanAction):
    """The form has ended: what follows from the answers, in words, in flags and in the plan."""

    def name(self) -> str:
        return "action_conclude_check_in"

    def act(self, scene: Scene) -> Events:
        turn = scene.turn
        if turn.check_in is None:
            return closed(scene)
        answered = notes_of(turn).answered
        if LATER in answered.get(START, ()):
            turn.note_in_check_in({**notes_of(turn).as_json(), "answered": {}})
            scene.voice.respond("utter_check_in_later")
            return [SlotSet("phase", "check_in"), SlotSet("asking", START)]
        if OPT_OUT in answered.get(START, ()):
            return _opted_out(scene)
        wishes = answered.get(WISH, ())
        _tell(scene, _conclude(scene), answered.get(SEEN))
        if PERSON in wishes:
            turn.raise_flag(
                "REQ_PERSON", "routine_flag", "The patient wants to talk to a person.", "REQ_PERSON"
            )
            scene.voice.respond("utter_talk_to_human", emergency_number=scene.emergency_number)
        if OPT_OUT in wishes:
            return _opted_out(scene)
        return [*closed(scene), *emails.offer(scene)]


class ActionStopCheckIn(BackplanAction):
    """Stop in the middle: what was told counts, and danger that was not asked about goes to the clinician."""

    def name(self) -> str:
        return "action_stop_check_in"

    def act(self, scene: Scene) -> Events:
        if scene.turn.check_in is None:
            scene.voice.respond("utter_stopped")
        else:
            leave_open_check_in(scene, "utter_check_in_stopped")
        return closed(scene)


def leave_open_check_in(scene: Scene, calm_words: str | None) -> None:
    """End the open check-in where it stands. `calm_words` are for when nothing grave was told."""
    turn = scene.turn
    through, seen = _step(scene).through_danger, notes_of(turn).answered.get(SEEN)
    outcome = _conclude(scene)
    if outcome.assessment.triage.urgency >= Urgency.URGENT_DAYS:
        _tell(scene, outcome, seen)
        return
    if calm_words is not None:
        scene.voice.respond(calm_words)
    if not through:
        reason = "A check-in was stopped before its questions about danger were through."
        turn.raise_flag("FL_INCOMPLETE", Urgency.ROUTINE_FLAG, reason, rule="CHECK_IN_STOPPED")
        scene.voice.tell(incomplete_message(scene.rulebook), kind="safety", key="check_in_incomplete")
    tell_safety_net(scene, kind="safety")


def _take(scene: Scene) -> bool:
    """Take the message in; whether it answered something."""
    heard, turn = scene.heard, scene.turn
    if heard.chosen_field is not None:
        return _take_choice(scene, heard.chosen_field)
    told = _learn(scene, _heard_values(scene))
    asking = None if scene.asking in consent.CHANGES else scene.asking
    question = question_named(asking, scene.rulebook) if asking else None
    if question is None:
        return bool(told)
    if question.field in told or any(field in told for field in question.fields):
        _settle(turn, question.field, ("said",))
        return True
    key = heard.answer if heard.answer in question.answers else None
    if question.field == START and not key:
        key = LATER if heard.answer == "no" else "start"
    if key is not None and not (question.has_boxes and key == "yes"):
        _answer(scene, question, [key])
        return True
    if heard.answer in (SKIP, UNSURE) and question.skippable:
        _settle(turn, question.field, (SKIP,))
        return True
    if takes_any_words(question.field, scene.rulebook) and not heard.interrupts and heard.text.strip():
        _settle(turn, question.field, (heard.text[:WORDS_KEPT],))
        return True
    return bool(told)


def _take_choice(scene: Scene, field: str) -> bool:
    values = [str(value) for value in scene.heard.chosen_values]
    if field in emails.ASKED:
        return emails.take_answer(scene) is not None
    try:
        question = question_named(field, scene.rulebook)
    except KeyError:
        return False
    if SKIP in values:
        _settle(scene.turn, field, (SKIP,))
    else:
        _answer(scene, question, values)
    return True


def _answer(scene: Scene, question: Question, keys: list[str]) -> None:
    told = told_by(question, keys, scene.turn.facts)
    _learn(scene, told, source="choice")
    _settle(scene.turn, question.field, ["none" if key == "no" else key for key in keys])


def _settle(turn: Turn, name: str, keys: Iterable[str]) -> None:
    turn.note_in_check_in(notes_of(turn).answering(name, keys).as_json())


def _heard_values(scene: Scene) -> dict[str, Any]:
    return {fact.field: fact.value for fact in scene.heard.facts}


def _learn(scene: Scene, values: Mapping[str, Any], source: str | None = None) -> tuple[str, ...]:
    """Report the values, also those that were reported before: today is another day.

    Without permission to keep answers only danger is noted: a contact after advice to get help comes all the same.
    """
    turn = scene.turn
    may_keep_all = consent.granted(turn)
    said = {fact.field: fact for fact in scene.heard.facts}
    learned = []
    for field, value in values.items():
        try:
            checked = check(field, value)
        except FactError:
            continue
        if not may_keep_all and not FIELDS[field].red_flag:
            continue
        if FIELDS[field].kind is FieldKind.LIST and isinstance(checked, tuple):
            before = turn.facts.get(field)
            checked = (*dict.fromkeys((*(before if isinstance(before, tuple) else ()), *checked)),)
        words = words_kept(scene, said[field]) if field in said else scene.heard.text
        turn.learn(field, checked, None if source == "left_open" else words, source or said[field].source)
        learned.append(field)
    if learned:
        turn.note_in_check_in(notes_of(turn).telling(learned).as_json())
    return tuple(learned)


def _step(scene: Scene) -> CheckInStep:
    turn = scene.turn
    kind = turn.check_in.kind if turn.check_in else ""
    return next_step(kind, facts_of_check_in(turn), notes_of(turn), history_of(turn), scene.rulebook)


def _chosen_to_end(turn: Turn) -> bool:
    return not {LATER, OPT_OUT}.isdisjoint(notes_of(turn).answered.get(START, ()))


def _conclude(scene: Scene) -> CheckInOutcome:
    turn = scene.turn
    seen = notes_of(turn).answered.get(SEEN)
    outcome = conclude_check_in(turn, scene.rulebook, scene.services.guideline_profile)
    if seen is not None and "yes" not in seen:
        reason = "Told to get help, and not seen by anybody yet at the follow-up."
        if "waiting" in seen:
            reason = "Told to get help; says that help is booked or on the way."
        turn.raise_flag(_NOT_SEEN, Urgency.SAME_DAY, reason, rule="NOT_SEEN_YET")
    return outcome


def _tell(scene: Scene, outcome: CheckInOutcome, seen: tuple[str, ...] | None) -> None:
    """What follows, the most important first. `seen`: what was said about having been seen, if it was asked."""
    triage = outcome.assessment.triage
    if seen is not None and "yes" in seen:
        scene.voice.respond("utter_check_in_seen")
    elif triage.urgency >= Urgency.URGENT_DAYS:
        tell_safety_advice(scene, triage, outcome.progress.facts)
    pictures = {one.told: trend_picture(one, scene.rulebook) for one in outcome.progress.trends}
    for text in outcome.progress.told if seen is None else ():
        picture = pictures.get(text)
        scene.voice.tell(f"{text}\n{picture}" if picture else text, key="check_in_result")
    for change in outcome.changes:
        response = "utter_check_in_option_came" if change.came else "utter_check_in_option_left"
        scene.voice.respond(response, kind="plan", option=change.name)
        if change.why:
            scene.voice.tell(change.why, kind="plan", key="check_in_option_why")
    if outcome.new_version is not None:
        scene.voice.respond("utter_check_in_new_draft", kind="plan")
    if triage.urgency < Urgency.SAME_DAY and outcome.next_due is not None:
        scene.voice.respond("utter_check_in_next")
    tell_safety_net(scene, kind="safety")


def _opted_out(scene: Scene) -> Events:
    opt_out(scene.turn, consent.VERSION)
    scene.voice.respond("utter_check_ins_off")
    return closed(scene)


def _is_pushed(turn: Turn) -> bool:
    return turn.conversation.channel in PUSH_CHANNELS


def opened() -> Events:
    return [SlotSet("phase", "check_in"), SlotSet("check_in_complete", None), SlotSet("asking", None)]
