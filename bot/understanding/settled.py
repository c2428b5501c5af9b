"""Whether the reading alone decides what a message is, so that nothing learned needs to look at it."""

from __future__ import annotations

import re

from bot.understanding.answers import SKIP, UNSURE
from bot.understanding.intent_choice import LOOSE
from bot.understanding.own_words import OWN_WORDS
from bot.understanding.read_fact import ANSWER, ReadFact
from bot.understanding.reading import Reading

#: Words of somebody who may want something else than to answer: to stop, to ask, to correct, to talk, to go on, or to
#: have something done that is no business of ours.
_MAY_WISH = re.compile(
    r"\?|^(?:play|set|tell|remind|translate|convert|make|write|order|call|text|open|turn|show|find|search|book|send|"
    r"which|when|does|do)\b|"
    r"\b(?:can (?:you|u|we|someone|somebody|anyone|i (?!feel|walk|stand|sit|lie|move|bend|lift|manage|still|hold|"
    r"tell|sleep|cope|do))|"
    r"could|would|will you|stop|quit|delete|erase|wipe|remove|forget|why|what|whats|how|hows|when will|"
    r"where|who|talk|speak|human|person|someone|somebody|wait|hang on|hold on|sorry|actually|meant|"
    r"mean|mistake|oops|typo|wrong|change|correct|pause|later|break|brb|help|scared|fed up|cry|crying|cried|please|"
    r"thanks|"
    r"thank|bye|hello|hi|hey|plan|data|consent|agree|permissions?|research|share|sharing|clinic|"
    r"clinician|store|storing|restart|again|start over|send|copy|export|useless|stupid|idiot|"
    r"go on|go ahead|carry on|keep going|continue|resume|im back|i am back|"
    r"rubbish|bot|robot|ai|u|you|your|youre|ur|weather|hate|alone|cope|despair|desperate|hopeless)\b"
)

#: Beside "not sure" and "rather not say": to ask, to stop, to put off, to speak to somebody.
_WISHES_ELSE = re.compile(
    r"\?|\b(?:why|what (?:is|are|does|do you|did you|has)|whats|stop|quit|delete|erase|wrong|change|correct|pause|"
    r"later|break|"
    r"brb|help|human|person|someone|somebody|doctor|nurse|clinic|share|sharing|data|consent|plan|useless|stupid|idiot|"
    r"rubbish|bot|robot|fed up|sick of|enough|cry|crying|scared|alone|hopeless|bye|thanks|thank|hello|back to|"
    r"come back|continue|tomorrow|tonight|busy)\b"
)


def is_settled(reading: Reading, text: str) -> bool:
    """True for danger that interrupts, and for an answer or firm facts with no sign of a wish.

    Measured on 3,363 labelled messages (26 November 2026), when "not sure" and "rather not say" did not settle
    yet: true of 57 %. Of the facts that nobody asked for the
    classifier's opinion did more harm (10) than good (1).
    """
    if reading.safety is not None and reading.safety.interrupts:
        return True
    if reading.takes_back or reading.corrects or reading.asks_why:
        return False
    answers = reading.asked and any(
        fact.source == ANSWER and fact.field not in OWN_WORDS for fact in reading.facts
    )
    plain = text.lower().replace("'", "").replace("\u2019", "")
    if reading.asked and (reading.answer == SKIP or (reading.answer == UNSURE and answers)):
        # "How would I know", "can we not": who does not know or will not say asks for nothing.
        return _WISHES_ELSE.search(plain) is None
    if not (reading.whole or answers or any(_is_firm(fact) for fact in reading.facts)):
        return False
    return _MAY_WISH.search(plain) is None


def _is_firm(fact: ReadFact) -> bool:
    """A fact that no wish only seems to tell: "I can't get to the hospital" is no wish for video calls."""
    return not (fact.field in LOOSE or fact.field in OWN_WORDS or fact.field.startswith("pref_"))
