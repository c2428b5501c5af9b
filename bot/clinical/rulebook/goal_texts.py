"""Reads goals.yaml: how an activity in the patient's words becomes a specific goal."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.patient_words import Words, read_words
from bot.clinical.rulebook.scope import Scope
from bot.clinical.rules import Condition
from bot.clinical.vocabulary import OPTIONS, RULE_STATUSES

_TEXTS = {
    "dated": ("date", "activity", "frequency"),
    "undated": ("weeks", "activity", "frequency"),
    "scored": ("now", "aim"),
    "link": ("activity",),
    "confidence": (),
    "kindly": (),
}
_MOST_WEEKS = 6  #: clinical.md §5.3


@dataclass(frozen=True)
class GoalLimits:
    """The most goals at a time, weeks to the day, points to gain of 10, and how sure to be of 10."""

    goals: int
    weeks: int
    rise: int
    sure: int


@dataclass(frozen=True, eq=False)
class GoalKind:
    """One sort of activity: how to know it, how much of it, how often, how to begin, what carries it."""

    id: str
    words: re.Pattern[str] | None
    target: str
    frequency: str
    step: str
    options: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class GoalStep:
    """A first step for people of whom the condition holds."""

    when: Condition
    text: str


@dataclass(frozen=True, eq=False)
class Obstacle:
    """What may get in the way, and an if-then plan; no condition: for everybody."""

    when: Condition | None
    obstacle: str
    plan: str


@dataclass(frozen=True, eq=False)
class Painless:
    """How people wish for no pain at all, and what such a wish is turned into."""

    phrases: re.Pattern[str]
    filler: frozenset[str]
    manner: str
    usual: str


@dataclass(frozen=True, eq=False)
class GoalTexts:
    """Everything of goals.yaml."""

    since: datetime.date
    sources: tuple[str, ...]
    status: str
    limits: GoalLimits
    texts: dict[str, Words]
    kinds: tuple[GoalKind, ...]
    steps: tuple[GoalStep, ...]
    obstacles: tuple[Obstacle, ...]
    painless: Painless

    @property
    def newest(self) -> datetime.date:
        """The date of the file's rules."""
        return self.since


def parse_goals(document: Item, scope: Scope) -> GoalTexts:
    """The goal template of clinical.md §5.3. Raises RulebookError at the first fault."""
    sections = document.keys(
        ("since", "sources", "status", "limits", "texts", "kinds", "steps", "obstacles", "painless")
    )
    status = sections["status"].one_of(RULE_STATUSES, "status")
    return GoalTexts(
        since=sections["since"].date(),
        sources=scope.sources(sections["sources"], status),
        status=status,
        limits=_limits(sections["limits"]),
        texts={
            name: read_words(item, scope, _TEXTS[name])
            for name, item in sections["texts"].keys(_TEXTS).items()
        },
        kinds=_kinds(sections["kinds"], scope),
        steps=tuple(_step(item, scope) for item in sections["steps"].items()),
        obstacles=_obstacles(sections["obstacles"], scope),
        painless=_painless(sections["painless"], scope),
    )


def _limits(item: Item) -> GoalLimits:
    parts = item.keys(("goals", "weeks", "rise", "sure"))
    numbers = {name: part.integer() for name, part in parts.items()}
    for name, number in numbers.items():
        if not 1 <= number <= (_MOST_WEEKS if name == "weeks" else 10):
            most = _MOST_WEEKS if name == "weeks" else 10
            parts[name].fail(f"write a whole number from 1 to {most} here")
    return GoalLimits(**numbers)


def _kinds(item: Item, scope: Scope) -> tuple[GoalKind, ...]:
    kinds = tuple(_kind(one, scope) for one in item.items())
    if not kinds or kinds[-1].words is not None:
        item.fail("end the list with a kind without words, for every other activity")
    for kind, one in zip(kinds[:-1], item.items(), strict=False):
        if kind.words is None:
            one.fail("nothing after a kind without words can be reached; write it last")
    return kinds


def _kind(item: Item, scope: Scope) -> GoalKind:
    parts = item.keys(("id", "words", "target", "frequency", "step", "options"))
    words = tuple(one.text() for one in parts["words"].items())
    return GoalKind(
        id=parts["id"].text(),
        words=_starting(words) if words else None,
        target=scope.patient_text(parts["target"]),
        frequency=scope.patient_text(parts["frequency"]),
        step=scope.patient_text(parts["step"]),
        options=parts["options"].each_of(OPTIONS, "option"),
    )


def _step(item: Item, scope: Scope) -> GoalStep:
    parts = item.keys(("when", "text"))
    return GoalStep(scope.condition(parts["when"]), scope.patient_text(parts["text"]))


def _obstacles(item: Item, scope: Scope) -> tuple[Obstacle, ...]:
    found = []
    for one in item.items():
        parts = one.keys(("obstacle", "plan"), ("when",))
        when = scope.condition(parts["when"]) if "when" in parts else None
        obstacle, plan = scope.patient_text(parts["obstacle"]), scope.patient_text(parts["plan"])
        found.append(Obstacle(when, obstacle, plan))
    if not found or found[-1].when is not None or any(one.when is None for one in found[:-1]):
        item.fail("end the list with the one obstacle that has no `when`, for everybody else")
    return tuple(found)


def _painless(item: Item, scope: Scope) -> Painless:
    parts = item.keys(("phrases", "filler", "manner", "usual"))
    phrases = tuple(one.text() for one in parts["phrases"].items())
    if not phrases:
        parts["phrases"].fail("list at least one way to wish for no pain")
    return Painless(
        phrases=_whole_words(phrases),
        filler=frozenset(one.text() for one in parts["filler"].items()),
        manner=scope.patient_text(parts["manner"]),
        usual=scope.patient_text(parts["usual"]),
    )


def _starting(words: Collection[str]) -> re.Pattern[str]:
    """Matches any of the words at the beginning of a word."""
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + ")", re.IGNORECASE)


def _whole_words(phrases: Collection[str]) -> re.Pattern[str]:
    """Matches any of the phrases, with spaces or hyphens between their words."""
    spaced = (re.escape(phrase).replace(r"\ ", r"[\s-]+") for phrase in phrases)
    return re.compile(r"\b(?:" + "|".join(spaced) + r")\b", re.IGNORECASE)
