"""How a persona answers the question that is open: what is typed or tapped, and the facts that this tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.clinical.facts import UNSURE
from bot.clinical.questions import Question, question_for, screen_question
from bot.clinical.rulebook import Rulebook
from bot.store import Message
from tests.dialogue.simulated.persona import Persona
from tests.dialogue.simulated.phrases import Phrases

_LEG_BOXES: Mapping[str, tuple[str, frozenset[object]]] = {
    "pain_one": ("leg_pain", frozenset({"above_knee", "below_knee"})),
    "pain_both": ("leg_pain", frozenset({"both_legs"})),
    "numb_one": ("leg_numbness", frozenset({"one"})),
    "numb_both": ("leg_numbness", frozenset({"both"})),
    "weak_one": ("leg_weakness", frozenset({"mild_one", "severe_one"})),
    "weak_both": ("leg_weakness", frozenset({"both"})),
}
TAPPED_ONLY = ("consent", "emergency_screen", "read_back")


class CannotAnswer(AssertionError):
    """The persona has no answer to what it is asked."""


@dataclass(frozen=True)
class Said:
    """One message of the patient: typed `text`, or `labels` tapped; `tells` are the facts that follow."""

    text: str | None = None
    labels: Sequence[str] = ()
    tells: Mapping[str, object] | None = None
    clear: bool = True  #: "not sure" is no clear answer

    @property
    def words(self) -> str:
        return self.text if self.text is not None else f"[{', '.join(self.labels)}]"


def answer(
    message: Message, someone: Persona, chance: Random, rulebook: Rulebook, phrases: Phrases, *, type_it: bool
) -> Said:
    """The persona's answer to the question of `message`, typed if there are words for it and `type_it`."""
    asks = message.asks or ""
    offered = {choice.label for choice in message.choices}
    if asks == "consent":
        wanted = ("Keep my answers", "Show them", "Send me check-in")
        return Said(labels=[each.label for each in message.choices if each.label.startswith(wanted)])
    if asks == "read_back":
        return Said(labels=["Yes, that is right"])
    question = screen_question(rulebook) if asks == "emergency_screen" else question_for(asks, rulebook)
    if asks == "psfs":
        return Said(text=someone.activity, tells={"psfs": someone.activity})
    if asks == "goals":
        return Said(text=someone.goal, tells={"goals": (someone.goal,)})
    if asks == "duration_weeks":
        return Said(text=someone.duration_words, tells={asks: someone.truth[asks]})
    if asks in phrases.numbers:
        number = someone.truth[asks]
        return Said(text=chance.choice(phrases.numbers[asks]).format(n=number), tells={asks: number})
    tapped = _tapped(question, asks, offered, someone.truth)
    if type_it and asks != "emergency_screen":
        words = _words(question, asks, tapped, someone.truth, phrases)
        if words:
            return Said(text=chance.choice(words), tells=tapped.tells, clear=tapped.clear)
    return tapped


def _tapped(question: Question, asks: str, offered: set[str], truth: Mapping[str, object]) -> Said:
    labels = {choice.value: choice.label for choice in question.choices if choice.label in offered}
    if question.has_boxes:
        return _ticked(question, labels, truth)
    if truth.get(asks) == UNSURE:
        return Said(labels=[labels["unsure"]], tells={asks: UNSURE}, clear=False)
    for value, label in labels.items():
        stored = question.facts_for(value)
        if stored and all(_same(truth.get(name), told) for name, told in stored.items()):
            return Said(labels=[label], tells=stored)
    if asks == "emergency_screen":
        return _on_the_screen(question, labels, truth)
    raise CannotAnswer(f"nothing offered for {asks} is true of {truth.get(asks)!r}: {sorted(offered)}")


def _on_the_screen(question: Question, labels: Mapping[str, str], truth: Mapping[str, object]) -> Said:
    """Who has a sign that the screen names says so; the others are asked about it later."""
    if truth["chest_pain_or_breathless"]:
        # One choice stands for chest pain and for a collapse, so which of them it was stays unsure.
        return Said(labels=[labels["collapse_chest"]], tells=question.facts_for("collapse_chest"))
    return Said(labels=[labels["none"]], tells=question.facts_for("none"))


def _ticked(question: Question, labels: Mapping[str, str], truth: Mapping[str, object]) -> Said:
    ticks = [value for value in labels if _is_ticked(question, value, truth)]
    refined = {name for value in ticks for name, told in question.facts_for(value).items() if told == UNSURE}
    told = {
        name: truth[name]
        for value in [*ticks, *(() if ticks else ("none",))]
        for name in question.facts_for(value)
        if name in truth and name not in refined
    }
    empty = {name: value for name, value in question.unticked.items() if _same(truth.get(name), value)}
    none = next(label for value, label in labels.items() if value == "none")
    return Said(labels=[labels[value] for value in ticks] or [none], tells={**empty, **told})


def _is_ticked(question: Question, value: str, truth: Mapping[str, object]) -> bool:
    if value in ("none", "unsure", "skip"):
        return False
    if value in _LEG_BOXES:
        name, meant = _LEG_BOXES[value]
        return truth.get(name) in meant
    stored = question.answers[value]
    return all(
        truth.get(name) not in (None, "none", False, "no") if told == UNSURE else _same(truth.get(name), told)
        for name, told in stored.items()
    )


def _words(
    question: Question, asks: str, tapped: Said, truth: Mapping[str, object], phrases: Phrases
) -> Sequence[str]:
    if question.has_boxes:
        nothing = [choice.label for choice in question.choices if choice.value == "none"]
        # A wish, a place and a box list have many words; "none" is the one that means all of them.
        return phrases.generic["none"] if list(tapped.labels) == nothing and asks != "pain_site" else ()
    value = truth.get(asks)
    if value == UNSURE:
        return phrases.generic["unsure"]
    if question.input == "scale":
        words = [text.format(n=value) for text in phrases.scale]
        return [*words, *phrases.unseen.get(asks, {}).get(value, ())]
    key = next((choice.value for choice in question.choices if choice.label == tapped.labels[0]), str(value))
    own = phrases.by_field.get(asks, {}).get(key, ())
    if not own and {choice.value for choice in question.choices} >= {"yes", "no"} and key in ("yes", "no"):
        own = phrases.generic[key]
    return [*own, *phrases.unseen.get(asks, {}).get(value, ())]


def _same(true: object, told: object) -> bool:
    if isinstance(told, (tuple, list)) and isinstance(true, (tuple, list)):
        return set(told) <= set(true)
    return (type(true) is type(told) and true == told) or (
        isinstance(true, (int, float))
        and isinstance(told, (int, float))
        and float(true) == float(told)
        and isinstance(true, bool) == isinstance(told, bool)
    )
