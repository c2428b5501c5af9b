"""The course of an intake: ask on, read back, or conclude. The one place that decides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.clinical.facts import UNSURE, Facts
from bot.clinical.medicines import with_listed_medicines
from bot.clinical.questions import Question, left_open, next_question, only_danger_matters
from bot.clinical.rulebook import Rulebook
from bot.clinical.triage import Triage, triage
from bot.clinical.urgency import Urgency

#: flags of group J: a person, not a form, is what is needed
_FOR_A_PERSON = frozenset({"FL_MH_SUICIDE", "FL_OVERDOSE", "FL_SAFEGUARDING"})


class StepKind(Enum):
    """What the intake does next."""

    ASK = "ask"  #: a question is open
    READ_BACK = "read_back"  #: everything is asked; the patient checks it
    CONCLUDE = "conclude"  #: nothing more is asked


@dataclass(frozen=True)
class Step:
    """The next step, with the triage that it rests on.

    `left_open` names danger fields that were asked for as often as allowed and never answered. The triage
    counts them as `unsure`; record them so, and everything that follows does too.
    """

    kind: StepKind
    triage: Triage
    question: Question | None = None
    left_open: tuple[str, ...] = ()


def next_step(
    facts: Facts,
    asked: Mapping[str, int],
    rulebook: Rulebook,
    *,
    read_back: bool,
    doubted: Sequence[str] = (),
) -> Step:
    """Decide what comes next; `read_back` says that the patient has confirmed the read-back.
    `doubted` names danger signs that the last message may have told of: they are asked about next.

    An emergency ends the questioning at once, and so does a word of suicide, overdose or violence: the
    form about pain is not continued after that. Other same-day findings, and an age under 18, end it as soon
    as the questions about danger signs are through, and those whose answer could lower the class: one
    of them could still make it an emergency, or none at all.
    Source: clinical.md §0.3, §1.1, §1.2 I1 and J.
    """
    unanswered = left_open(facts, asked, rulebook)
    for name in unanswered:
        facts = facts.with_(name, UNSURE)
    picture = triage(with_listed_medicines(facts, rulebook.contraindications), rulebook)
    if picture.urgency is Urgency.EMERGENCY_NOW or _needs_a_person_now(picture):
        return Step(StepKind.CONCLUDE, picture, left_open=unanswered)
    question = next_question(facts, asked, rulebook, picture, doubted)
    if question is not None:
        return Step(StepKind.ASK, picture, question, unanswered)
    done = read_back or only_danger_matters(facts, picture)
    return Step(StepKind.CONCLUDE if done else StepKind.READ_BACK, picture, left_open=unanswered)


def _needs_a_person_now(picture: Triage) -> bool:
    return any(
        finding.urgency >= Urgency.SAME_DAY and not _FOR_A_PERSON.isdisjoint(finding.flags)
        for finding in picture.findings
    )
