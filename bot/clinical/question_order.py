"""Which question is due: stems always, follow-ups by what was said, and nothing that is known already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.clinical.facts import FIELDS, UNSURE, Activity, Facts
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.question import DANGER_SECTIONS, NONE, SKIP, Asking, Question, QuestionSheet
from bot.clinical.rules import Context
from bot.clinical.triage import Triage
from bot.clinical.urgency import Urgency

ADULT_FROM = 18  #: years, the product's lower age limit (clinical.md §1.2 I1)
MOST_TIMES = 2  #: how often one question is asked

_TAPS_WITHOUT_FACTS = (NONE, UNSURE, SKIP)


def only_danger_matters(facts: Facts, picture: Triage) -> bool:
    """Whether nothing but danger signs is asked any more: no plan will be shown (clinical.md §0.3, §1.2 I1)."""
    age = facts.lookup("age")
    under_age = isinstance(age, int) and age < ADULT_FROM
    return picture.urgency >= Urgency.SAME_DAY or under_age


def due(
    facts: Facts,
    asked: Mapping[str, int],
    rulebook: Rulebook,
    picture: Triage,
    doubted: Sequence[str] = (),
) -> Iterator[Asking]:
    """Every question that is due now, in the order of asking.

    First come the fields whose answer could lower the class (`picture.clarify`), then the danger signs that
    the last message may have told of (`doubted`), then the sheet from the top. Where only danger signs matter,
    the rest of the sheet is left out.
    """
    sheet: QuestionSheet = rulebook.questions
    first = [sheet.by_lead[name] for name in picture.clarify if name in sheet.by_lead]
    first += [one for one in _asking_about(doubted, facts, sheet) if one not in first]
    for asking in first:
        if is_open(asking, facts, asked):
            yield asking
    danger_only = only_danger_matters(facts, picture)
    reported, present = Context(facts, ever=facts.ever), Context(facts)
    for asking in sheet.askings:
        danger = asking.question.section in DANGER_SECTIONS
        if (danger_only and not danger) or not is_open(asking, facts, asked) or asking in first:
            continue
        when = asking.when
        if when is None or when.truth(reported if danger else present) or _named(asking, picture):
            yield asking


def _asking_about(doubted: Sequence[str], facts: Facts, sheet: QuestionSheet) -> list[Asking]:
    """The questions about these danger signs, asked whether or not anything else led to them.

    Only what hangs on who the patient is, as bleeding in pregnancy, is left to its condition.
    """
    open_names = (name for name in doubted if name in sheet.by_field and facts.lookup(name) in (None, UNSURE))
    askings = dict.fromkeys(sheet.by_field[name] for name in open_names)
    reported = Context(facts, ever=facts.ever)
    return [
        asking
        for asking in askings
        if asking.question.section in DANGER_SECTIONS
        and (asking.question.section != "context" or asking.when is None or asking.when.truth(reported))
    ]


def is_open(asking: Asking, facts: Facts, asked: Mapping[str, int]) -> bool:
    """Whether the question may be asked, and one of its fields is not settled."""
    lookup = facts.lookup
    for name in asking.own:
        value = lookup(name)
        if value is None or value == UNSURE:
            break
    else:
        return False
    times = times_asked(asking, asked)
    if times >= MOST_TIMES or (asking.question.skippable and _skipped(asking, facts)):
        return False
    if asking.question.field == "psfs_baseline" and not has_unscored_activity(facts):
        return False
    return any(not settled(name, times, facts) for name in asking.own)


def times_asked(asking: Asking, asked: Mapping[str, int]) -> int:
    """How often this question was asked, under any of its names."""
    if not asked:
        return 0
    return sum([asked.get(name, 0) for name in asking.leads])


def settled(name: str, times: int, facts: Facts) -> bool:
    """Whether a field needs no (further) asking.

    "Not sure" about danger is asked about once more; about anything else it stands.
    """
    value = facts.lookup(name)
    if value is None:
        return name in facts.skipped
    if value == UNSURE:
        return times >= (MOST_TIMES if FIELDS[name].red_flag else 1)
    return True


def as_asked(asking: Asking, facts: Facts, asked: Mapping[str, int]) -> Question:
    """The question as it is put now: without the boxes that are settled, with the example when it is put again."""
    question, times = asking.question, times_asked(asking, asked)
    if question.has_boxes:
        question = _without_settled(asking, times, facts)
    if times and question.example is not None:
        question = replace(question, text=f"{question.text} {question.example}")
    return question


def has_unscored_activity(facts: Facts) -> bool:
    """Whether the patient named an activity that has no score yet."""
    activities = facts.lookup("psfs")
    return isinstance(activities, tuple) and any(
        isinstance(one, Activity) and one.score is None for one in activities
    )


def _named(asking: Asking, picture: Triage) -> bool:
    """Whether a rule wants a field of this question asked in full."""
    return any(name in picture.ask for name in asking.own)


def _skipped(asking: Asking, facts: Facts) -> bool:
    return bool(facts.skipped) and not facts.skipped.isdisjoint((asking.question.field, *asking.core))


def _without_settled(asking: Asking, times: int, facts: Facts) -> Question:
    question = asking.question
    open_fields = [name for name in asking.core if not settled(name, times, facts)]
    lead = _lead(asking, open_fields, facts)
    if len(open_fields) == len(asking.core) and lead == question.field:
        return question
    kept = tuple(
        choice
        for choice in question.choices
        if choice.value in _TAPS_WITHOUT_FACTS
        or not question.answers[choice.value].keys().isdisjoint(open_fields)
        or question.answers[choice.value].keys().isdisjoint(asking.core)
    )
    beside = [name for name in question.fields if name not in asking.core and not facts.known(name)]
    stays = {*open_fields, *beside}
    unsure = {name: value for name, value in question.answers.get(UNSURE, {}).items() if name in stays}
    return replace(
        question,
        field=lead,
        fields=tuple(dict.fromkeys((lead, *open_fields, *beside))),
        choices=kept,
        answers={**question.answers, UNSURE: unsure},
        unticked={name: value for name, value in question.unticked.items() if name in stays},
    )


def _lead(asking: Asking, open_fields: list[str], facts: Facts) -> str:
    """The name under which the question is put: its own while that is open, else the first open one."""
    field = asking.question.field
    if field not in asking.core and not facts.known(field):
        return field
    return next(name for name in asking.own if name in open_fields)
