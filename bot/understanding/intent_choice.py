"""Which intent a message gets once the reading and the classifier are laid side by side."""

from __future__ import annotations

from bot.understanding.answers import NO, SKIP, UNSURE, YES
from bot.understanding.own_words import OWN_WORDS
from bot.understanding.read_fact import ANSWER, ReadFact
from bot.understanding.reading import Reading

REPORT_DANGER, INFORM, CORRECT, OUT_OF_SCOPE = "report_danger", "inform", "correct", "out_of_scope"
ASK_WHY = "ask_why"

_OF_ANSWER = {YES: "affirm", NO: "deny", UNSURE: "unsure", SKIP: "skip"}

#: The patient wants something else than to answer. Such a wish stands even beside facts.
_WISHES = frozenset(
    {
        *("ask_bot", "ask_noted", "ask_option", "ask_plan", "ask_why", "check_in_now", "delete_data"),
        "export_data",
        *("express_distress", "goodbye", "help", "insult", "medical_question", "pause", "restart_intake"),
        *("start_check_ins", "stop", "stop_check_ins", "talk_to_human", "withdraw_consent"),
    }
)
#: Confidence from which the classifier's wish stands beside facts, and beside a mere yes or no.
SURE_BESIDE_FACTS = 0.55
SURE_BESIDE_AN_ANSWER = 0.7
#: Confidence from which the classifier may say that a message without facts is a "not sure" or a "rather not".
SURE_OF_AN_ANSWER = 0.6


def choose_intent(reading: Reading, guess: str | None, confidence: float) -> tuple[str | None, float]:
    """The intent and how sure it is: danger first, then a wish, then what was read, then the guess."""
    if reading.safety is not None and reading.safety.interrupts:
        return REPORT_DANGER, 1.0
    if reading.asks_why:
        return ASK_WHY, confidence if guess == ASK_WHY else 1.0
    if reading.takes_back or (guess == CORRECT and reading.outright):
        return CORRECT, confidence if guess == CORRECT else 1.0
    needed = SURE_BESIDE_FACTS if reading.outright else SURE_BESIDE_AN_ANSWER
    if guess in _WISHES and not reading.whole and (confidence >= needed or not reading.says_something):
        return guess, confidence
    if reading.outright:
        return (_OF_ANSWER[NO] if _says_only_no(reading) else INFORM), 1.0
    if reading.answer is not None:
        return _OF_ANSWER[reading.answer], 1.0
    return guess, confidence


def _says_only_no(reading: Reading) -> bool:
    """ "No, no fever", asked about a fever, is a no."""
    return reading.answer == NO and all(
        fact.source == ANSWER and fact.value in (False, "no", "none") for fact in reading.facts
    )


def kept_facts(reading: Reading, intent: str | None) -> tuple[ReadFact, ...]:
    """The facts of a message with this intent: "can I talk to somebody" is no activity of the patient's."""
    if intent not in _WISHES and intent != OUT_OF_SCOPE:
        return reading.facts
    return tuple(fact for fact in reading.facts if fact.field not in OWN_WORDS)


def answer_of(reading: Reading, guess: str | None, confidence: float) -> str | None:
    """The answer that was read; else "not sure" or "rather not" when the classifier is sure of it.

    A yes or a no is never taken from a classifier: it could lower an urgency.
    """
    if reading.answer is not None or reading.facts or confidence < SURE_OF_AN_ANSWER:
        return reading.answer
    return guess if guess in (UNSURE, SKIP) else None
