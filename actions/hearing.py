"""Taking in what the patient said: facts into the turn, with the patient's words beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.clinical.questions import PSEUDO_FIELDS, facts_from, question_for

from actions.base import Scene
from actions.heard import HeardFact
from bot.clinical.facts import UNSURE, FactError, check


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
    asking = scene.asking
    if heard.chosen_field is not None:
        return _take_choice(scene, heard.chosen_field)
    learned, changed = _learn(scene, heard.facts)
    if asking is None or asking in PSEUDO_FIELDS:
        return Taken(learned, changed, settled=False)
    settled = asking in learned or any(
        field in learned for field in question_for(asking, scene.rulebook).fields
    )
    if not settled and heard.answer in {"yes", "no"}:
        answered = facts_from(question_for(asking, scene.rulebook), [heard.answer])
        more, more_changed = _learn_values(scene, answered, heard.text)
        learned, changed = (*learned, *more), (*changed, *more_changed)
        settled = bool(more)
    if not settled and heard.answer == UNSURE:
        settled = _take_unsure(scene, asking)
    if not settled and heard.answer == "skip":
        settled = _take_skip(scene, asking)
    return Taken(learned, changed, settled)


def _take_choice(scene: Scene, field: str) -> Taken:
    if field in PSEUDO_FIELDS:
        return Taken()
    values = scene.heard.chosen_values
    if "skip" in values:
        return Taken(settled=_take_skip(scene, field))
    answered = facts_from(question_for(field, scene.rulebook), list(values))
    learned, changed = _learn_values(scene, answered, scene.heard.text)
    return Taken(learned, changed, settled=bool(answered))


def _take_unsure(scene: Scene, field: str) -> bool:
    question = question_for(field, scene.rulebook)
    answered = facts_from(question, [UNSURE])
    if answered:
        _learn_values(scene, answered, scene.heard.text)
    else:
        scene.turn.skip(field)
    return True


def _take_skip(scene: Scene, field: str) -> bool:
    if not question_for(field, scene.rulebook).skippable:
        return False
    scene.turn.skip(field)
    return True


def _learn(scene: Scene, facts: tuple[HeardFact, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    learned: list[str] = []
    changed: list[str] = []
    for fact in facts:
        try:
            value = check(fact.field, fact.value)
        except FactError:
            continue
        if fact.field in scene.turn.facts and scene.turn.facts[fact.field] != value:
            changed.append(fact.field)
        scene.turn.learn(fact.field, value, fact.words, fact.source)
        learned.append(fact.field)
    return tuple(learned), tuple(changed)


def _learn_values(
    scene: Scene, values: Mapping[str, Any], words: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _learn(scene, tuple(HeardFact(field, value, words, "choice") for field, value in values.items()))
