"""The course of an intake: ask on, read back, or conclude. The one place that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from bot.clinical.facts import Facts
from bot.clinical.questions import DANGER_SECTIONS, Question, next_question
from bot.clinical.rulebook import Rulebook
from bot.clinical.triage import Triage, triage
from bot.clinical.urgency import Urgency

ADULT_FROM = 18  #: years, the product's lower age limit (clinical.md §1.2 I1)


class StepKind(Enum):
    """What the intake does next."""

    ASK = "ask"  #: a question is open
    READ_BACK = "read_back"  #: everything is asked; the patient checks it
    CONCLUDE = "conclude"  #: nothing more is asked


@dataclass(frozen=True)
class Step:
    """The next step, with the triage that it rests on."""

    kind: StepKind
    triage: Triage
    question: Question | None = None


def next_step(facts: Facts, asked: Mapping[str, int], rulebook: Rulebook, *, read_back: bool) -> Step:
    """Decide what comes next; `read_back` says that the patient has confirmed the read-back.

    An emergency ends the questioning at once. Same-day findings, and an age under 18, end it as soon
    as the questions about danger signs are through: one of those could still make it an emergency.
    Source: clinical.md §0.3, §1.1, §1.2 I1.
    """
    picture = triage(facts, rulebook)
    if picture.urgency is Urgency.EMERGENCY_NOW:
        return Step(StepKind.CONCLUDE, picture)
    question = next_question(facts, asked, rulebook)
    if _only_danger_matters(facts, picture) and (question is None or question.section not in DANGER_SECTIONS):
        return Step(StepKind.CONCLUDE, picture)
    if question is not None:
        return Step(StepKind.ASK, picture, question)
    return Step(StepKind.CONCLUDE if read_back else StepKind.READ_BACK, picture)


def _only_danger_matters(facts: Facts, picture: Triage) -> bool:
    age = facts.get("age")
    under_age = isinstance(age, int) and age < ADULT_FROM
    return picture.urgency is Urgency.SAME_DAY or under_age
