"""What the intake asks next, in which words, and what the answers mean. Pure: facts and counts in, questions out.

The caller counts in `asked` how often each `Question.field` was asked. Nothing is asked more than twice: after
that `next_question` moves on, and `left_open` names the danger fields that the caller records as `unsure`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.clinical.facts import FIELDS, Activity, Facts, FactValue
from bot.clinical.question_order import (
    MOST_TIMES,
    as_asked,
    due,
    has_unscored_activity,
    only_danger_matters,
    times_asked,
)
from bot.clinical.reading_back import ReadBackItem, acknowledge, in_plain_words, read_back
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.question import (
    DANGER_SECTIONS,
    PSEUDO_FIELDS,
    Choice,
    Question,
    QuestionSheet,
    told,
)
from bot.clinical.triage import Triage, triage

__all__ = [
    "DANGER_SECTIONS",
    "PSEUDO_FIELDS",
    "Choice",
    "Question",
    "ReadBackItem",
    "acknowledge",
    "facts_from",
    "in_plain_words",
    "left_open",
    "next_question",
    "only_danger_matters",
    "question_for",
    "read_back",
    "remaining",
    "screen_question",
]


def question_for(field: str, rulebook: Rulebook) -> Question:
    """The question that asks for `field`, with all its choices; KeyError when none does.

    A field that has no question of its own gives the question that fills it along with others.
    """
    sheet: QuestionSheet = rulebook.questions
    return (sheet.by_lead.get(field) or sheet.by_field[field]).question


def screen_question(rulebook: Rulebook) -> Question:
    """The "is this an emergency right now?" screen (clinical.md §1.1 step 1)."""
    sheet: QuestionSheet = rulebook.questions
    return sheet.screen


def next_question(
    facts: Facts,
    asked: Mapping[str, int],
    rulebook: Rulebook,
    picture: Triage | None = None,
    doubted: Sequence[str] = (),
) -> Question | None:
    """The next question as it is put now, or None when nothing is left to ask.

    A question with boxes is put without the boxes that are known already, and its `field` is the first
    that is not. Asked for the second time, its text carries the example. Where the picture is same-day or
    worse, or the patient under 18, only danger signs are asked. `picture` saves a second triage of `facts`.
    `doubted` names danger signs that the last message may have told of: they are asked about before the rest.
    Source: clinical.md §1.1.
    """
    picture = triage(facts, rulebook) if picture is None else picture
    for asking in due(facts, asked, rulebook, picture, doubted):
        return as_asked(asking, facts, asked)
    return None


def remaining(facts: Facts, asked: Mapping[str, int], rulebook: Rulebook) -> int:
    """About how many questions are left: follow-ups that later answers may open are not counted."""
    covered: set[str] = set()
    count = 0
    for asking in due(facts, asked, rulebook, triage(facts, rulebook)):
        if asking.question.field not in covered:
            covered.update(asking.core)
            count += 1
    return count


def left_open(facts: Facts, asked: Mapping[str, int], rulebook: Rulebook) -> tuple[str, ...]:
    """Danger fields that were asked for as often as allowed and never answered.

    Record each as `unsure`: not answered is never "no" (clinical.md §1.1).
    """
    sheet: QuestionSheet = rulebook.questions
    return tuple(
        name
        for asking in sheet.askings
        if times_asked(asking, asked) >= MOST_TIMES
        for name in asking.own
        if FIELDS[name].red_flag and name not in facts and name not in facts.skipped
    )


def facts_from(
    question: Question, values: Sequence[object], facts: Facts | None = None
) -> Mapping[str, FactValue]:
    """What these taps store together; also `["yes"]`, `["no"]`, `["unsure"]` for typed answers.

    Ticks are complete: what is not ticked is "no". "No" to a question with boxes is none of them, and
    "yes" without saying which stores nothing, so that it is asked again. `["skip"]` stores nothing.
    Give the `facts` known so far with the answer to an open question: an empty box then never undoes what
    the patient said before, and a score is written to the activity it is about.
    """
    stored = told(question, values, facts)
    score = stored.get("psfs_baseline")
    if facts is None or not isinstance(score, float) or not has_unscored_activity(facts):
        return stored
    return {**stored, "psfs": _scored(facts["psfs"], int(score))}


def _scored(activities: FactValue, score: int) -> tuple[Activity, ...]:
    """The activities with `score` on those that had none."""
    known = activities if isinstance(activities, tuple) else ()
    return tuple(
        one if one.score is not None else Activity(one.activity, score)
        for one in known
        if isinstance(one, Activity)
    )
