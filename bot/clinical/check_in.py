"""The course of one check-in: what it asks next, what an answer means, and when it is through. Pure.

What is not a clinical fact (how often a question was asked, what got in the way, what is wished for) is kept
in `CheckInNotes`; the caller stores them beside the check-in. Source: clinical.md §6.2, §1.1 point 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.clinical.facts import FIELDS, UNSURE, Activity, Facts, FactValue, is_danger
from bot.clinical.follow_up import TOLD_EACH_TIME
from bot.clinical.history import History
from bot.clinical.progress import progress
from bot.clinical.question_order import MOST_TIMES
from bot.clinical.questions import facts_from, question_for, screen_question
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.check_in_sheet import ACTIVITY, CheckInItem
from bot.clinical.rulebook.question import SCREEN, SKIP, Question
from bot.clinical.rules import Context
from bot.clinical.triage import Finding, Triage
from bot.clinical.urgency import Urgency

SAFETY = "safety"  #: how the kind of a contact after advice to get help begins
BY_PATIENT = "by_patient"  #: how the kind of a check-in that the patient asked for begins

_WORDS_OF_AN_ACTIVITY = 12


@dataclass(frozen=True)
class CheckInNotes:
    """What is kept of a check-in beside the facts.

    `asked` counts each question, `answered` holds the tapped keys (or the words) of each that is settled,
    `told` the fields reported in it.
    """

    asked: Mapping[str, int] = field(default_factory=dict)
    answered: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    told: frozenset[str] = frozenset()
    reminders: int = 0

    @classmethod
    def from_json(cls, document: Mapping[str, object]) -> CheckInNotes:
        """The notes as `as_json` gave them; empty for an empty document."""
        asked, answered = document.get("asked"), document.get("answered")
        told, reminders = document.get("told"), document.get("reminders")
        return cls(
            asked=dict(asked) if isinstance(asked, Mapping) else {},
            answered=(
                {name: tuple(keys) for name, keys in answered.items()}
                if isinstance(answered, Mapping)
                else {}
            ),
            told=frozenset(told) if isinstance(told, Sequence) else frozenset(),
            reminders=reminders if isinstance(reminders, int) else 0,
        )

    def as_json(self) -> dict[str, object]:
        """The notes as JSON can hold them."""
        return {
            "asked": dict(self.asked),
            "answered": {name: list(keys) for name, keys in self.answered.items()},
            "told": sorted(self.told),
            "reminders": self.reminders,
        }

    def asking(self, name: str) -> CheckInNotes:
        """With one more time that this question was put."""
        return replace(self, asked={**self.asked, name: self.asked.get(name, 0) + 1})

    def answering(self, name: str, keys: Iterable[str]) -> CheckInNotes:
        """With this question settled."""
        return replace(self, answered={**self.answered, name: tuple(keys)})

    def telling(self, fields: Iterable[str]) -> CheckInNotes:
        """With these fields reported."""
        return replace(self, told=self.told | frozenset(fields))

    def reminding(self) -> CheckInNotes:
        """With one more reminder sent."""
        return replace(self, reminders=self.reminders + 1)


@dataclass(frozen=True)
class CheckInStep:
    """What comes next: a question, or nothing. `through_danger` says that every danger question is settled.

    `left_open` are danger fields that were asked for in vain; record them as `unsure` (clinical.md §1.1).
    """

    question: Question | None
    triage: Triage
    through_danger: bool
    left_open: tuple[str, ...] = ()


def is_safety(kind: str) -> bool:
    """Whether a check-in of this kind asks if help was found."""
    return kind.startswith(SAFETY)


def is_by_patient(kind: str) -> bool:
    """Whether the patient asked for a check-in of this kind, which is never missed and replaces no other."""
    return kind.startswith(BY_PATIENT)


def next_step(
    kind: str, facts: Facts, notes: CheckInNotes, history: History, rulebook: Rulebook
) -> CheckInStep:
    """The next question of the check-in, as it is put now.

    Danger that was told in this check-in ends it: an emergency at once, same-day findings as soon as the
    danger questions are through. `facts` are all of the episode, with `checkin_day`.
    """
    items = rulebook.check_in_questions.safety if is_safety(kind) else rulebook.check_in_questions.regular
    open_items = [item for item in items if _due(item, facts, notes)]
    left_open = _left_open(open_items, notes)
    for name in left_open:
        facts = facts.with_(name, UNSURE)
    notes = notes.telling(left_open)
    picture = progress(facts, history, rulebook).triage
    worst = max((one.urgency for one in fresh(picture, facts, notes)), default=Urgency.SELF_MANAGE)
    if worst is Urgency.EMERGENCY_NOW:
        return CheckInStep(None, picture, through_danger=True, left_open=left_open)
    danger = next(_danger(open_items, facts, notes, picture, rulebook), None)
    if danger is not None:
        return CheckInStep(danger, picture, through_danger=False, left_open=left_open)
    rest = None if worst is Urgency.SAME_DAY else next(_rest(items, facts, notes, picture, rulebook), None)
    return CheckInStep(rest, picture, through_danger=True, left_open=left_open)


def question_named(name: str, rulebook: Rulebook) -> Question:
    """The question with this name, of a check-in or of the intake; KeyError when there is none."""
    if name == SCREEN:
        return screen_question(rulebook)
    return rulebook.check_in_questions.by_name.get(name) or question_for(name, rulebook)


def told_by(question: Question, keys: Sequence[object], facts: Facts) -> dict[str, FactValue]:
    """What these keys report today. An empty box repeats a "no", and never undoes anything else.

    "Not sure" whether something is new leaves an earlier "no" open again.
    """
    stored = dict(facts_from(question, keys, facts))
    if question.field not in FIELDS and UNSURE in keys and "none" not in keys:
        for name, value in question.answers.get(UNSURE, {}).items():
            if not is_danger(name, stored.get(name, facts.get(name, value))):
                stored[name] = value
    complete = bool(stored) or any(str(key) in ("none", "no") for key in keys)
    if complete and question.has_boxes and SKIP not in keys:
        for name, value in question.unticked.items():
            if name not in stored and facts.get(name) == value:
                stored[name] = value
    return stored


def takes_any_words(name: str, rulebook: Rulebook) -> bool:
    """Whether whatever the patient types is an answer to this question."""
    sheet = rulebook.check_in_questions
    return name == sheet.start.field or any(one.free and one.name == name for one in sheet.regular)


def fresh(picture: Triage, facts: Facts, notes: CheckInNotes) -> tuple[Finding, ...]:
    """The findings that rest on something reported in this check-in."""
    return tuple(
        finding
        for finding in picture.findings
        if any(name in notes.told and facts.get(name) == value for name, value in finding.facts_used.items())
    )


def followed_activity(facts: Facts) -> str | None:
    """The patient's own activity that is followed: the first that had a score at the start."""
    activities = facts.get("psfs")
    named = [one for one in activities if isinstance(one, Activity)] if isinstance(activities, tuple) else []
    scored = next((one.activity for one in named if one.score is not None), None)
    return " ".join(scored.split()[:_WORDS_OF_AN_ACTIVITY]) if scored else None


def _due(item: CheckInItem, facts: Facts, notes: CheckInNotes) -> bool:
    if ACTIVITY in item.question.text and followed_activity(facts) is None:
        return False
    if item.name in notes.answered or (item.core and notes.told.issuperset(item.core)):
        return False
    if item.when is None:
        return True
    today = _today(facts, notes)
    return bool(item.when.truth(Context(today, ever=today.ever)))


def _today(facts: Facts, notes: CheckInNotes) -> Facts:
    """The facts without what was told at an earlier check-in and does not stand for today."""
    for name in TOLD_EACH_TIME:
        if name in facts and name not in notes.told:
            facts = facts.without(name)
    return facts


def _left_open(items: Iterable[CheckInItem], notes: CheckInNotes) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            name
            for item in items
            if item.danger and not item.question.skippable and notes.asked.get(item.name, 0) >= MOST_TIMES
            for name in item.core
            if name not in notes.told and FIELDS[name].accepts_unsure
        )
    )


def _danger(
    items: Iterable[CheckInItem], facts: Facts, notes: CheckInNotes, picture: Triage, rulebook: Rulebook
) -> Iterator[Question]:
    for item in items:
        if item.danger and notes.asked.get(item.name, 0) < MOST_TIMES:
            yield _as_put(item.question, facts, notes)
    for name in sorted(notes.told, key=list(FIELDS).index):
        if FIELDS[name].red_flag and facts.get(name) == UNSURE:
            yield from _intake(name, notes, rulebook, again=True)
    lowering = [name for one in fresh(picture, facts, notes) for name in one.clarify]
    for name in lowering if any(one in picture.clarify for one in lowering) else ():
        if name not in facts:
            yield from _intake(name, notes, rulebook)


def _rest(
    items: Iterable[CheckInItem], facts: Facts, notes: CheckInNotes, picture: Triage, rulebook: Rulebook
) -> Iterator[Question]:
    *items, last = items
    yield from _rest_of(items, facts, notes, rulebook)
    for finding in fresh(picture, facts, notes):
        for name in finding.ask:
            if name not in notes.told:
                yield from _intake(name, notes, rulebook)
    yield from _rest_of([last], facts, notes, rulebook)


def _rest_of(
    items: Iterable[CheckInItem], facts: Facts, notes: CheckInNotes, rulebook: Rulebook
) -> Iterator[Question]:
    for item in items:
        if not item.danger and _due(item, facts, notes) and notes.asked.get(item.name, 0) < MOST_TIMES:
            yield _as_put(item.question, facts, notes)
        for key in notes.answered.get(item.name, ()):
            for name in item.then.get(key, ()):
                yield from _intake(name, notes, rulebook)


def _intake(name: str, notes: CheckInNotes, rulebook: Rulebook, *, again: bool = False) -> Iterator[Question]:
    """The question of the intake on this field, unless it was answered here or asked often enough."""
    try:
        question = question_for(name, rulebook)
    except KeyError:
        return
    lead = question.field
    settled = lead in notes.answered and not again
    if settled or notes.asked.get(lead, 0) >= MOST_TIMES:
        return
    yield _as_put(question, Facts.of({}), notes, again=again)


def _as_put(question: Question, facts: Facts, notes: CheckInNotes, *, again: bool = False) -> Question:
    text = question.text
    if question.example is not None and (again or notes.asked.get(question.field, 0)):
        text = f"{text} {question.example}"
    return replace(question, text=text.replace(ACTIVITY, followed_activity(facts) or "").strip())
