"""Taking in what the patient said: facts into the turn, with the patient's words beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.base import Scene
from actions.heard import LIKELY, HeardFact
from bot.clinical.check_in import question_named
from bot.clinical.facts import FIELDS, UNSURE, FactError, check, is_danger
from bot.clinical.measures import sums
from bot.clinical.questions import PSEUDO_FIELDS, Question, facts_from
from bot.store.records import EMAIL_ADDRESS, EMAIL_CODE

SHORT_MESSAGE = 100  #: characters

#: Lists of which a typed part is the whole answer: nobody is harmed by a wish that was not named.
SETTLED_BY_ONE = frozenset({"wishes"})


SCORE = "psfs_baseline"
#: Asks whose answer is no fact of the vocabulary.
_NO_FACTS = PSEUDO_FIELDS | {EMAIL_ADDRESS, EMAIL_CODE}


@dataclass(frozen=True)
class Taken:
    """What one message changed."""

    learned: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  #: fields that had another value before
    settled: bool = False  #: the question that was asked is answered, skipped or accepted as unsure


def take_in(scene: Scene) -> Taken:
    """Learn every fact of the message; settle the open question if the message answers it.

    A tap on an older question is a correction of that answer. Facts are checked by the core: what
    lies outside the vocabulary is not learned, and the question is asked again.
    """
    heard = scene.heard
    if heard.chosen_field is not None:
        return _take_choice(scene, heard.chosen_field)
    taken = _learn(scene, heard.facts)
    question = _open_question(scene)
    if question is None:
        return taken
    settled = any(field in taken.learned for field in question.fields)
    if SCORE in taken.learned:
        _score_activity(scene, question)
    if not settled and heard.answer in {"yes", "no"}:
        answered = _learn_values(scene, facts_from(question, [heard.answer], scene.turn.facts))
        taken = Taken((*taken.learned, *answered.learned), (*taken.changed, *answered.changed))
        settled = bool(answered.learned)
    elif settled and (heard.answer in {"no", UNSURE} or question.section in SETTLED_BY_ONE):
        # "No, only asthma": the rest of what was listed is answered too, and so it is by "not sure".
        rest = {
            field: value
            for field, value in facts_from(question, [heard.answer or "no"], scene.turn.facts).items()
            if field not in taken.learned and field not in scene.turn.facts
        }
        _learn_values(scene, rest)
    if not settled and heard.answer == UNSURE:
        settled = _take_unsure(scene, question)
    if not settled and heard.answer == "skip":
        settled = _take_skip(scene, question)
    return Taken(taken.learned, taken.changed, settled)


def take_in_danger(scene: Scene) -> Taken:
    """Learn only what the message says about danger signs: all that is kept without consent."""
    return _learn(scene, (fact for fact in scene.heard.facts if FIELDS[fact.field].red_flag))


def take_in_earlier(scene: Scene) -> Taken:
    """Learn what the patient told before agreeing that answers are kept."""
    return _learn(scene, scene.said_before())


def note_left_open(scene: Scene, fields: Iterable[str]) -> None:
    """Danger signs that were asked for in vain stand as "not sure", which is never "no"."""
    for field in fields:
        scene.turn.learn(field, UNSURE, None, "left_open")


def _open_question(scene: Scene) -> Question | None:
    if scene.asking is None or scene.asking in _NO_FACTS:
        return None
    return question_named(scene.asking, scene.rulebook)


def _take_choice(scene: Scene, field: str) -> Taken:
    if field in _NO_FACTS:
        return Taken()
    values = scene.heard.chosen_values
    question = question_named(field, scene.rulebook)
    if "skip" in values:
        return Taken(settled=_take_skip(scene, question))
    taken = _learn_values(scene, facts_from(question, list(values), scene.turn.facts))
    return Taken(taken.learned, taken.changed, settled=bool(taken.learned))


def _score_activity(scene: Scene, question: Question) -> None:
    """A score in words belongs to the activity that has none yet, as a tapped one does."""
    if question.field == SCORE:
        told = facts_from(question, [f"{scene.turn.facts[SCORE]:g}"], scene.turn.facts)
        _learn_values(scene, {field: value for field, value in told.items() if field != SCORE})


def _take_unsure(scene: Scene, question: Question) -> bool:
    answered = facts_from(question, [UNSURE], scene.turn.facts)
    if answered:
        _learn_values(scene, answered)
    else:
        scene.turn.skip(question.field)
    return True


def _take_skip(scene: Scene, question: Question) -> bool:
    if question.skippable:
        scene.turn.skip(question.field)
    return question.skippable


def words_kept(scene: Scene, fact: HeardFact) -> str:
    """A short message is kept whole: "no" says less to a clinician than "no thats all normal"."""
    said = scene.heard.text
    return said if fact.words in said and len(said) <= SHORT_MESSAGE else fact.words


def _learn_values(scene: Scene, values: Mapping[str, Any]) -> Taken:
    words = scene.heard.text
    return _learn(scene, (HeardFact(field, value, words, "choice") for field, value in values.items()))


def _learn(scene: Scene, facts: Iterable[HeardFact]) -> Taken:
    turn = scene.turn
    learned: list[str] = []
    changed: list[str] = []
    for fact in facts:
        try:
            value = check(fact.field, fact.value)
        except FactError:
            continue
        known = turn.facts.get(fact.field)
        if fact.source == LIKELY and is_danger(fact.field, known):
            continue
        learned.append(fact.field)
        if known == value:
            continue
        if known is not None:
            changed.append(fact.field)
        turn.learn(fact.field, value, words_kept(scene, fact), fact.source)
    for field, total in sums(turn.facts).items():
        if turn.facts.get(field) != total:
            turn.learn(field, total, None, "worked_out")
    return Taken(tuple(learned), tuple(changed))
