"""Whatever is known: the questions end, nothing known is asked, and danger comes before everything else."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clinical.course import next_step
from bot.clinical.facts import FIELDS, Facts, check
from bot.clinical.questions import DANGER_SECTIONS, Question, facts_from, left_open, next_question, remaining
from bot.clinical.rulebook import default_rulebook
from bot.clinical.triage import triage
from bot.clinical.urgency import Urgency
from tests.clinical.fact_sets import answers, people

RULEBOOK = default_rulebook()
CES_ITEMS = ("saddle_numbness", "bladder_change", "bowel_change", "gait_unsteady_new", "sexual_change")
STEMS = frozenset(
    asking.question.field
    for asking in RULEBOOK.questions.askings
    if asking.when is None and asking.question.section in DANGER_SECTIONS
)


@st.composite
def fact_sets(draw: st.DrawFn) -> Facts:
    """What somebody may have told, and what they would rather not say."""
    skipped = draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=2, unique=True))
    return Facts.of(draw(people(most=12)), skipped)


def reply(draw: Any, question: Question, facts: Facts) -> dict[str, object]:
    """A tap, several taps, a typed word, a typed value, or nothing that was understood."""
    taps = [choice.value for choice in question.choices]
    kind = draw(st.sampled_from(["taps", "word", "typed", "nothing"]))
    if kind == "taps" and taps:
        chosen = draw(st.lists(st.sampled_from(taps), min_size=1, max_size=3))
        return dict(facts_from(question, chosen, facts))
    if kind == "word":
        return dict(facts_from(question, [draw(st.sampled_from(["yes", "no", "unsure"]))], facts))
    if kind == "typed":
        field = draw(st.sampled_from(question.fields))
        return {field: check(field, draw(answers(FIELDS[field])))}
    return {}


@settings(deadline=None, max_examples=60)
@given(fact_sets(), st.data())
def test_the_questions_end_and_none_is_put_more_than_twice(facts: Facts, data: st.DataObject) -> None:
    asked: dict[str, int] = {}
    for _ in range(2 * len(FIELDS)):
        question = next_question(facts, asked, RULEBOOK)
        if question is None:
            break
        assert asked.get(question.field, 0) < 2
        assert not facts.known(question.field), question.field
        assert question.field not in facts.skipped or question.field not in facts
        asked[question.field] = asked.get(question.field, 0) + 1
        for field, value in reply(data.draw, question, facts).items():
            facts = facts.with_(field, value)
    assert next_question(facts, asked, RULEBOOK) is None


@settings(deadline=None, max_examples=60)
@given(fact_sets())
def test_a_fact_that_was_told_is_never_asked_for(facts: Facts) -> None:
    asked: dict[str, int] = {}
    while (question := next_question(facts, asked, RULEBOOK)) is not None:
        assert not facts.known(question.field)
        for choice in question.choices:
            stored = question.facts_for(choice.value)
            assert not stored or question.has_boxes is False or any(not facts.known(name) for name in stored)
        asked[question.field] = asked.get(question.field, 0) + 1


@settings(deadline=None)
@given(fact_sets())
def test_every_cauda_equina_item_comes_before_anything_that_is_no_danger(facts: Facts) -> None:
    question = next_question(facts, {}, RULEBOOK)
    if (
        question is None
        or question.section in DANGER_SECTIONS
        or question.field in triage(facts, RULEBOOK).clarify
    ):
        return
    age = facts.get("age")
    for item in CES_ITEMS:
        settled = facts.known(item) or item in facts.skipped
        of_age = item != "sexual_change" or not isinstance(age, int) or age >= 16
        assert settled or not of_age, item


@settings(deadline=None)
@given(fact_sets())
def test_no_stem_is_skipped_before_anything_that_is_no_danger(facts: Facts) -> None:
    question = next_question(facts, {}, RULEBOOK)
    if (
        question is None
        or question.section in DANGER_SECTIONS
        or question.field in triage(facts, RULEBOOK).clarify
    ):
        return
    for stem in STEMS:
        assert facts.known(stem) or stem in facts.skipped, stem


@settings(deadline=None)
@given(fact_sets())
def test_what_could_lower_the_class_is_asked_first(facts: Facts) -> None:
    picture = triage(facts, RULEBOOK)
    question = next_question(facts, {}, RULEBOOK)
    if picture.clarify:
        assert question is not None
        assert question.field in picture.clarify


@settings(deadline=None)
@given(fact_sets())
def test_the_course_ends_at_once_in_an_emergency_and_after_danger_on_the_same_day(facts: Facts) -> None:
    step = next_step(facts, {}, RULEBOOK, read_back=False)
    if step.triage.urgency is Urgency.EMERGENCY_NOW:
        assert step.question is None
    if step.triage.urgency is Urgency.SAME_DAY and step.question is not None:
        danger = step.question.section in DANGER_SECTIONS
        assert danger or step.question.field in step.triage.clarify


@settings(deadline=None)
@given(fact_sets())
def test_the_count_of_what_is_left_is_nothing_exactly_at_the_end(facts: Facts) -> None:
    left = remaining(facts, {}, RULEBOOK)
    assert (left == 0) is (next_question(facts, {}, RULEBOOK) is None)


@settings(deadline=None)
@given(fact_sets(), st.sampled_from(sorted(STEMS)))
def test_danger_that_was_asked_for_in_vain_is_left_open_and_never_forgotten(facts: Facts, stem: str) -> None:
    facts = facts.without(stem)
    if stem in facts.skipped:
        return
    open_fields = left_open(facts, {stem: 2}, RULEBOOK)
    if FIELDS[stem].red_flag:
        assert stem in open_fields
        assert next_step(facts, {stem: 2}, RULEBOOK, read_back=True).triage.urgency >= Urgency.URGENT_DAYS
