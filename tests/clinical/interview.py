"""A patient who is asked the intake's questions, and answers each as a case says, or harmlessly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.clinical.course import Step, StepKind, next_step
from bot.clinical.facts import Facts
from bot.clinical.questions import Question, facts_from, screen_question
from bot.clinical.rulebook import Rulebook

#: What somebody with a plain strained back says where neither "no" nor "none" is on offer.
HARMLESS: Mapping[str, Sequence[str]] = {
    "pain_site": ["lower_back"],
    "leg_pain_onset_days": ["months"],
    "leg_weakness_onset_days": ["months"],
    "leg_pain_trend": ["stable"],
    "leg_weakness_trend": ["stable"],
    "duration_weeks": ["weeks"],
    "pain_trend": ["improving"],
    "pain_pattern": ["intermittent"],
    "recovery_expectation": ["8"],
    "work_type": ["sedentary"],
    "pref_minutes_day": ["20"],
}
SCALE_ANSWER = ["3"]

#: What is typed: the facts that the reading of the words would give.
TYPED: Mapping[str, object] = {
    "age": 38,
    "gestation_weeks": 20,
    "age_at_first_onset": 30,
    "psfs": [{"activity": "lift my child", "score": None}],
    "goals": ["walk the dog"],
}


@dataclass
class Interview:
    """`answers` gives keys to tap by field, or facts; a list of lists answers the field again and again.

    An answer that is None says nothing that was understood.
    """

    rulebook: Rulebook
    answers: Mapping[str, Any] = field(default_factory=dict)
    facts: Facts = field(default_factory=lambda: Facts.of({}))
    asked: dict[str, int] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    screened: bool = True

    def __post_init__(self) -> None:
        if self.screened:
            self.learn(screen_question(self.rulebook).facts_for("none"))

    @property
    def asks(self) -> list[str]:
        return [question.field for question in self.questions]

    def learn(self, facts: Mapping[str, object]) -> None:
        for name, value in facts.items():
            self.facts = self.facts.with_(name, value)

    def run(self, *, until: str | None = None, limit: int = 120) -> Step:
        """Ask and answer until nothing more is asked, or until `until` is asked."""
        for _ in range(limit):
            step = self.step()
            if step.question is None or step.question.field == until:
                return step
            self.put(step.question)
        raise AssertionError(f"the questions do not end: {self.asks}")

    def step(self) -> Step:
        return next_step(self.facts, self.asked, self.rulebook, read_back=False)

    def put(self, question: Question) -> None:
        """Ask a question and take the answer in."""
        self.questions.append(question)
        times = self.asked.get(question.field, 0)
        self.asked[question.field] = times + 1
        self.learn(self._answer(question, times))

    def _answer(self, question: Question, times: int) -> Mapping[str, object]:
        answer = self.answers.get(question.field, self._harmless(question))
        if isinstance(answer, list) and answer and isinstance(answer[0], list):
            answer = answer[min(times, len(answer) - 1)]
        if answer is None:
            return {}
        if answer == ["skip"] and question.skippable:
            self.facts = self.facts.skip(question.field)
            return {}
        return answer if isinstance(answer, Mapping) else facts_from(question, answer, self.facts)

    def _harmless(self, question: Question) -> Sequence[str] | Mapping[str, object]:
        if question.field in TYPED:
            return {question.field: TYPED[question.field]}
        if question.field in HARMLESS:
            return HARMLESS[question.field]
        if question.input == "scale":
            return SCALE_ANSWER
        return ["none"] if any(choice.value == "none" for choice in question.choices) else ["no"]


def finished(step: Step) -> bool:
    return step.kind in (StepKind.READ_BACK, StepKind.CONCLUDE)
