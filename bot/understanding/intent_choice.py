"""Which intent a message gets once the reading and the classifier are laid side by side."""

from __future__ import annotations

from bot.clinical.facts import FIELDS, is_danger
from bot.understanding.answers import NO, SKIP, UNSURE, YES
from bot.understanding.own_words import OWN_WORDS
from bot.understanding.read_fact import ANSWER, ReadFact
from bot.understanding.reading import Reading

REPORT_DANGER, INFORM, CORRECT, OUT_OF_SCOPE = "report_danger", "inform", "correct", "out_of_scope"
ASK_WHY, RESUME, PAUSE_CHECK_INS = "ask_why", "resume", "pause_check_ins"
CHANGE_CONSENT = "change_consent"

#: What the bot asks about a wish -> that wish, to which a plain yes or no belongs.
WISH_ASKED_ABOUT = {
    "permissions": CHANGE_CONSENT,
    "consent_sure": CHANGE_CONSENT,
    "delete_sure": "delete_data",
}

_OF_ANSWER = {YES: "affirm", NO: "deny", UNSURE: "unsure", SKIP: "skip"}

#: The patient wants something else than to answer. Such a wish stands even beside facts.
_WISHES = frozenset(
    {
        *("ask_bot", "ask_noted", "ask_option", "ask_plan", "ask_why", "check_in_now", "delete_data"),
        *("change_consent", "change_language", "export_data"),
        *("express_distress", "goodbye", "help", "insult", "medical_question", "pause", "restart_intake"),
        *(
            "pause_check_ins",
            "refuse_advice",
            "start_check_ins",
            "stop",
            "stop_check_ins",
            "talk_to_human",
            "withdraw_consent",
        ),
    }
)
#: Confidence from which the classifier's wish stands beside facts, and beside a mere yes or no.
SURE_BESIDE_FACTS = 0.55
#: Confidence from which it may call a message with facts in it out of scope, or a correction.
SURE_OF_STRANGE, SURE_OF_CORRECTING = 0.65, 0.5
_YES = (True, "yes", "new")
#: Facts that a wish only seems to tell: "can I see my physio", "my dinner is burning".
LOOSE = frozenset(
    {
        *("pain_character", "pain_site", "onset_cause", "past_treatments", "aggravated_by", "relieved_by"),
        *(
            "pref_group",
            "pref_budget",
            "work_type",
            "acute_illness_dehydration",
            "current_meds",
            "previous_episode",
        ),
    }
)
SURE_BESIDE_AN_ANSWER = 0.8
#: So many telling words beyond the answer may make it no answer.
_MUCH_LEFT = 2
#: The same beside facts that only seem to be told, and where no question is open and nothing was told.
SURE_BESIDE_LITTLE = 0.35
#: Confidence from which the classifier may say that a message without facts is a "not sure" or a "rather not".
SURE_OF_AN_ANSWER = 0.6
#: Confidence from which "ok, lets go on" is no yes to the question that is still open.
SURE_OF_RESUMING = 0.9
#: Confidence from which a wish, anger or "lets go on" is that where any words may be the answer, as a goal.
SURE_AT_OWN_WORDS = 0.9


def choose_intent(reading: Reading, guess: str | None, confidence: float) -> tuple[str | None, float]:
    """The intent and how sure it is: danger first, then a wish, then what was read, then the guess."""
    if guess == RESUME and _only_resumes(reading, confidence):
        return RESUME, confidence
    if reading.safety is not None and reading.safety.interrupts:
        return REPORT_DANGER, 1.0
    if guess in _WISHES and _tells_own_words_only(reading) and confidence >= SURE_AT_OWN_WORDS:
        return guess, confidence
    if reading.asks_why:
        return ASK_WHY, confidence if guess == ASK_WHY else 1.0
    if guess == OUT_OF_SCOPE and _is_strange(reading, confidence):
        return OUT_OF_SCOPE, confidence
    unasked = not reading.asked and not reading.facts and not reading.whole
    if unasked and guess is not None and confidence >= SURE_BESIDE_LITTLE:
        return guess, confidence
    if (
        reading.takes_back
        or (reading.corrects and not reading.whole)
        or (guess == CORRECT and reading.outright and confidence >= SURE_OF_CORRECTING)
    ):
        return CORRECT, confidence if guess == CORRECT else 1.0
    if guess in _WISHES and _says_little(reading) and confidence >= SURE_BESIDE_LITTLE:
        return guess, confidence
    answered = any(fact.source == ANSWER for fact in reading.facts)
    needed = SURE_BESIDE_FACTS if reading.outright and not answered else SURE_BESIDE_AN_ANSWER
    if guess in _WISHES and not reading.whole and (confidence >= needed or not reading.says_something):
        return guess, confidence
    if reading.answer == SKIP and not answered and not _grave(reading):
        return _OF_ANSWER[SKIP], 1.0
    if reading.outright:
        plain = _plain_answer(reading)
        return (INFORM if plain is None else _OF_ANSWER[plain]), 1.0
    if reading.answer is not None:
        return _OF_ANSWER[reading.answer], 1.0
    return guess, confidence


def of_the_wish(asks: str | None, name: str | None, answer: str | None) -> str | None:
    """The wish that a yes or no is about, when that was asked; else the intent as it is."""
    wish = WISH_ASKED_ABOUT.get(asks or "")
    return wish if wish is not None and answer in (YES, NO) and name in _OF_ANSWER.values() else name


def _plain_answer(reading: Reading) -> str | None:
    """The answer of a message that adds nothing to it: "no, no fever", asked about a fever, is a no."""
    if not any(fact.source == ANSWER for fact in reading.facts):
        return None
    if all(fact.value == UNSURE for fact in reading.facts if fact.source == ANSWER):
        return UNSURE
    if all(_denied(fact) for fact in reading.facts):
        return NO if reading.answer == NO or reading.denies else None
    only_the_asked = all(fact.source == ANSWER and fact.value in _YES for fact in reading.facts)
    return YES if only_the_asked and reading.answer == YES and reading.answers_first else None


def _denied(fact: ReadFact) -> bool:
    return fact.value is False or fact.value in ("no", "none") or fact.value == ()


def _grave(reading: Reading) -> bool:
    return any(is_danger(fact.field, fact.value) and fact.field != "pregnant" for fact in reading.facts)


def _says_little(reading: Reading) -> bool:
    """Only facts that a wish may seem to tell, none of them asked for."""
    return bool(reading.facts) and all(
        fact.source != ANSWER and (fact.field in LOOSE or fact.field in OWN_WORDS) for fact in reading.facts
    )


def _is_strange(reading: Reading, confidence: float) -> bool:
    """Whether a message that the classifier calls out of scope is, whatever was read in it.

    "Whats 20 percent off 84.99" is no answer to how often the exercises were done.
    """
    if confidence >= SURE_BESIDE_AN_ANSWER and reading.left >= _MUCH_LEFT and not _grave(reading):
        return True
    return confidence >= SURE_OF_STRANGE and _nothing_asked_or_grave(reading)


def _nothing_asked_or_grave(reading: Reading) -> bool:
    """Nothing was read that answers the open question or that is a red flag, and there is more to the message."""
    return (
        reading.safety is None
        and not reading.whole
        and not any(fact.source == ANSWER or FIELDS[fact.field].red_flag for fact in reading.facts)
    )


def _only_resumes(reading: Reading, confidence: float) -> bool:
    """Whether "ok, lets go on" is just that, and neither a yes nor an activity."""
    if _tells_own_words_only(reading):
        return confidence >= SURE_AT_OWN_WORDS
    return confidence >= SURE_OF_RESUMING and not (reading.outright or reading.whole)


def _tells_own_words_only(reading: Reading) -> bool:
    return bool(reading.facts) and all(fact.field in OWN_WORDS for fact in reading.facts)


def kept_facts(reading: Reading, intent: str | None) -> tuple[ReadFact, ...]:
    """The facts of a message with this intent: "can I talk to somebody" is no activity of the patient's."""
    if intent == RESUME:
        return ()
    if intent == PAUSE_CHECK_INS:
        return tuple(fact for fact in reading.facts if FIELDS[fact.field].red_flag)
    if intent == OUT_OF_SCOPE:
        return tuple(fact for fact in reading.facts if FIELDS[fact.field].red_flag)
    if intent not in _WISHES:
        return reading.facts
    return tuple(
        fact
        for fact in reading.facts
        if fact.field not in OWN_WORDS and (fact.source == ANSWER or fact.field not in LOOSE)
    )


def answer_of(reading: Reading, guess: str | None, confidence: float) -> str | None:
    """The answer that was read; else "not sure" or "rather not" when the classifier is sure of it.

    A yes or a no is never taken from a classifier: it could lower an urgency.
    """
    if reading.answer is not None or reading.facts or confidence < SURE_OF_AN_ANSWER:
        return reading.answer
    return guess if guess in (UNSURE, SKIP) else None


def unsure_of(asks: str | None, answer: str | None, said: str) -> tuple[ReadFact, ...]:
    """ "Not sure" of the field that was asked, where the vocabulary has it, said by the whole message."""
    known = FIELDS.get(asks or "")
    if answer != UNSURE or known is None or not known.accepts_unsure:
        return ()
    return (ReadFact(known.name, UNSURE, said, 0, len(said), source=ANSWER),)
