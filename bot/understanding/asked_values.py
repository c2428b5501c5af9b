"""What yes, no, not sure or the bare name of a value means for the field that was asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.clinical.facts import FIELDS, UNSURE, FactError, FactValue, FieldKind, check
from bot.clinical.questions import question_for
from bot.clinical.rulebook import default_rulebook
from bot.clinical.rulebook.question import NONE, Question
from bot.understanding.answers import NO, YES, Answer
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

#: Lists that "none" empties. In the others it is not an answer.
_MAY_BE_EMPTY = frozenset(
    {
        "current_meds",
        "past_treatments",
        "prev_helpful",
        "prev_unhelpful",
        "prev_adverse",
        "relieved_by",
        "aggravated_by",
    }
)
#: The mildest reading of a bare "yes" where the vocabulary has several; its class is the same as the worst.
_YES_MEANS: Mapping[str, str] = {"suicidal_thoughts": "active"}
#: Boxes of which every single one is an emergency.
_EMERGENCY_BOXES = frozenset({"pregnancy_bleeding_or_waters", "self_harm_recent"})
_LEAST_NAME = 3
_PLAIN_ANSWERS = frozenset({"yes", "no", "not sure"})
#: Taps beside the boxes; typed, they are plain answers.
_NO_BOX = frozenset({NONE, UNSURE, "skip"})


def answered(asks: str, answer: Answer) -> dict[str, FactValue]:
    """The facts that a bare yes, no or "not sure" gives. Empty when it is no answer to that question.

    The question itself knows best, because a turned question changes what "yes" means; for a field that
    no question asks the vocabulary decides. Of a question with boxes only the field that was named is
    answered here: the rest depends on what is known already, which a single message cannot tell. A "yes"
    to boxes does not say which.
    """
    question = _question(asks)
    if question is None:
        return _from_vocabulary(asks, answer)
    if question.has_boxes:
        if answer.kind == YES and asks == question.field and _all_are_emergencies(question):
            return _from_vocabulary(asks, answer)
        which_box = answer.kind == YES and asks == question.field
        return {} if which_box else _from_vocabulary(asks, answer)
    told = {name: check(name, value) for name, value in question.facts_for(answer.kind).items()}
    if told and asks not in told:
        return _from_vocabulary(asks, answer)
    return told or _from_vocabulary(asks, answer, only_unsure=bool(question.choices))


def _all_are_emergencies(question: Question) -> bool:
    """Whether "yes" is an emergency whichever box was meant (clinical.md §1.2 H1, J)."""
    return question.field in _EMERGENCY_BOXES


def _question(asks: str) -> Question | None:
    try:
        return question_for(asks, default_rulebook())
    except KeyError:
        return None


def _from_vocabulary(asks: str, answer: Answer, *, only_unsure: bool = False) -> dict[str, FactValue]:
    known = FIELDS.get(asks)
    if known is None:
        return {}
    if answer.kind == UNSURE:
        return {asks: UNSURE} if known.accepts_unsure else {}
    if only_unsure or answer.kind not in (YES, NO):
        return {}
    value = _yes(asks) if answer.kind == YES else no_to(asks)
    return {} if value is None else {asks: check(asks, value)}


def _yes(asks: str) -> object:
    known = FIELDS[asks]
    if known.kind is FieldKind.BOOL:
        return True
    if "longstanding_stable" in known.values:
        return "new"
    if "yes" in known.values:
        return "yes"
    return _YES_MEANS.get(asks)


def no_to(asks: str) -> object:
    """No, as the field's vocabulary says it; None where it has no room for one."""
    known = FIELDS[asks]
    if known.kind is FieldKind.BOOL:
        return False
    if known.kind is FieldKind.LIST:
        return () if asks in _MAY_BE_EMPTY else None
    return next((value for value in ("none", "no") if value in known.values), None)


def named_values(utterance: Utterance) -> Iterator[Mention]:
    """Values of the asked field that the message names as the vocabulary does."""
    known = FIELDS.get(utterance.asks or "")
    if known is None or utterance.asks is None:
        return
    if known.kind not in (FieldKind.CHOICE, FieldKind.LIST):
        return
    for value in known.values:
        words = value.replace("_", "[ _-]")
        if len(value) < _LEAST_NAME or value in ("yes", "no", "none", "new", "other"):
            continue
        for match in re.finditer(rf"\b{words}(?![a-z])", utterance.text):
            if not utterance.scopes.negated(*match.span()) and not utterance.scopes.of_another(*match.span()):
                one = mention(known.name, (value,) if known.kind is FieldKind.LIST else value, *match.span())
                if one is not None:
                    yield one


def tapped_in_words(utterance: Utterance) -> Iterator[Mention]:
    """Somebody types the words of a button."""
    question = _question(utterance.asks or "")
    if question is None:
        return
    said = _letters(utterance.text)
    for choice in question.choices:
        if question.has_boxes and choice.value in _NO_BOX:
            continue
        if said and said == _letters(choice.label) and said not in _PLAIN_ANSWERS:
            for name, value in question.answers.get(choice.value, {}).items():
                try:
                    yield Mention(name, check(name, value), 0, len(utterance.text))
                except FactError:
                    continue


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower().replace("'", "").replace("’", "")).strip()
