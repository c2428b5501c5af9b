"""A new answer that does not fit an older one: the patient says which is right, and nothing is lost until then."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

from rasa_sdk.events import SlotSet

from actions.base import Events, Scene
from actions.heard import HeardFact
from bot.clinical.facts import FIELDS, FactError, FactValue, FieldKind, check
from bot.clinical.questions import in_plain_words
from bot.clinical.triage import triage

WHICH, DOUBT = "which_is_right", "doubt"
BEFORE, NOW, NEITHER = "before", "now", "neither"
_ONE_VALUE = frozenset({FieldKind.BOOL, FieldKind.INT, FieldKind.FLOAT, FieldKind.CHOICE})
#: What differs from one hour to the next contradicts nothing.
_CHANGES_BY_THE_HOUR = frozenset({"pain_now", "nprs_now", "leg_pain_score", "checkin_day"})
_SCORE_APART, _SCORE_TOP = 2, 10
_TIMES_APART = 1.5  #: a length of time that is told again may be this many times as long
_FIRST = re.compile(r"\b(?:first|earlier|before|old|older|original|former|previous)\b", re.IGNORECASE)
_SECOND = re.compile(r"\b(?:second|now|new|newer|latter|last|latest|just said)\b", re.IGNORECASE)


def find(scene: Scene) -> HeardFact | None:
    """A fact of this message that was told differently before, was not asked for, and is not meant as a correction.

    What makes the case more urgent is never put in doubt: it counts at once (clinical.md §1.1).
    """
    heard = scene.heard
    if heard.chosen_field is not None or heard.intent == "correct":
        return None
    return next((fact for fact in heard.facts if _contradicts(scene, fact)), None)


def without(scene: Scene, doubted: HeardFact) -> Scene:
    """The same message with the doubted fact left out."""
    kept = tuple(fact for fact in scene.heard.facts if fact is not doubted)
    return replace(scene, heard=replace(scene.heard, facts=kept))


def remember(doubted: HeardFact) -> Events:
    noted = {"field": doubted.field, "value": doubted.value, "words": doubted.words}
    return [SlotSet(DOUBT, json.dumps(noted))]


def open_doubt(scene: Scene) -> HeardFact | None:
    """What is in doubt; None too when the older answer has been taken back since."""
    if not scene.slots.get(DOUBT):
        return None
    noted = json.loads(str(scene.slots[DOUBT]))
    if noted["field"] not in scene.turn.facts:
        return None
    return HeardFact(noted["field"], noted["value"], noted["words"], "volunteered")


def ask(scene: Scene, doubted: HeardFact) -> None:
    before = in_plain_words(doubted.field, scene.turn.facts[doubted.field], scene.rulebook)
    now = in_plain_words(doubted.field, doubted.value, scene.rulebook)
    scene.voice.ask_response(
        WHICH, "utter_which_is_right", "choice", [(before, BEFORE), (now, NOW)], before=before, now=now
    )


def settle(scene: Scene, doubted: HeardFact, ask_anew: Callable[[Scene, str], None]) -> bool:
    """Take the answer in; whether the doubt is over. Asked twice in vain, the newer answer counts."""
    meant = _meant(scene, doubted)
    if meant is None and scene.turn.asked.get(WHICH, 0) > 1:
        meant = NOW
    if meant == NOW:
        scene.turn.learn(doubted.field, check(doubted.field, doubted.value), doubted.words, doubted.source)
    elif meant == NEITHER:
        ask_anew(scene, doubted.field)
    if meant is not None:
        scene.turn.forget_asked(WHICH)
    return meant is not None


def _meant(scene: Scene, doubted: HeardFact) -> str | None:
    heard = scene.heard
    if heard.chosen_field == WHICH:
        return str(heard.chosen_values[0])
    if any(fact.field == doubted.field for fact in heard.facts):
        return BEFORE  # its value is taken in with the other facts of the message
    first, second = _FIRST.search(heard.text), _SECOND.search(heard.text)
    if heard.answer == "no" or (first is None and second is None):
        return NEITHER if heard.answer == "no" else None
    return BEFORE if first is not None else NOW


def _contradicts(scene: Scene, fact: HeardFact) -> bool:
    field = FIELDS.get(fact.field)
    if field is None or field.kind not in _ONE_VALUE or field.red_flag or field.name in _CHANGES_BY_THE_HOUR:
        return False
    known = scene.turn.facts.get(fact.field)
    if known is None or fact.source != "volunteered" or fact.field == scene.asking:
        return False
    try:
        told = check(fact.field, fact.value)
    except FactError:
        return False
    return _far_apart(known, told, field.maximum) and not _is_graver(scene, fact.field, told)


def _is_graver(scene: Scene, field: str, told: FactValue) -> bool:
    facts = scene.turn.facts
    return triage(facts.with_(field, told), scene.rulebook).urgency > triage(facts, scene.rulebook).urgency


def _far_apart(known: FactValue, told: FactValue, top: float | None) -> bool:
    numbers = (int, float)
    if isinstance(known, bool) or isinstance(told, bool):
        return isinstance(known, bool) and isinstance(told, bool) and known is not told
    if isinstance(known, numbers) and isinstance(told, numbers):
        if top is not None and top <= _SCORE_TOP:
            return abs(known - told) >= _SCORE_APART
        low, high = sorted((float(known), float(told)))
        return high > low * _TIMES_APART if top is None or top > 150 else high != low
    return "unsure" not in (known, told) and known != told
