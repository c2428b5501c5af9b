"""Scores what was understood of a labelled set: facts, intents, polarity, danger and what is out of scope.

A set is YAML in the format of tests/understanding/unseen: `{id, asks, text, intent, facts, safety, also_ok}`,
where `also_ok` lists other right facts (whole sets) and other right intents.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.clinical.facts import FIELDS, FactError, check, plain
from bot.clinical.urgency import Urgency

OUT_OF_SCOPE = "out_of_scope"
#: A time said in days and given in weeks is rounded; what lies this close is the same.
_RELATIVE, _ABSOLUTE = 0.02, 0.06
_NO = (False, "no", "none")

Facts = Mapping[str, object]


@dataclass(frozen=True)
class Example:
    """One labelled message. `facts` are the sets of facts that are right, the best of them first."""

    id: str
    text: str
    asks: str | None
    intents: tuple[str, ...]
    facts: tuple[Facts, ...]
    safety: str | None


@dataclass(frozen=True)
class Understood:
    """What a pipeline made of one message."""

    intent: str | None
    facts: Facts = field(default_factory=dict)
    safety: str | None = None


def load_set(path: Path) -> list[Example]:
    """Read a labelled set; ValueError names the entry that is not one."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(entries, list):
        raise ValueError(f"{path} is not a list of labelled messages")
    return [_example(number, entry) for number, entry in enumerate(entries, start=1)]


def _example(number: int, entry: object) -> Example:
    if not isinstance(entry, dict) or not {"text", "intent"} <= entry.keys():
        raise ValueError(f"entry {number} has no text or no intent")
    right = entry.get("also_ok") or {}
    return Example(
        id=str(entry.get("id", number)),
        text=str(entry["text"]),
        asks=entry.get("asks"),
        intents=(str(entry["intent"]), *map(str, right.get("intents", ()))),
        facts=tuple(_normal(facts) for facts in (entry.get("facts") or {}, *right.get("facts", ()))),
        safety=entry.get("safety"),
    )


def _normal(facts: Mapping[str, object]) -> Facts:
    """As the vocabulary writes them; what it does not know stays as it is, and so can only be missed."""
    done: dict[str, object] = {}
    for name, value in facts.items():
        try:
            done[name] = plain(check(name, value)) if name in FIELDS else value
        except FactError:
            done[name] = value
    return done


def same(left: object, right: object) -> bool:
    """Whether two values of one field say the same; the order of a list says nothing."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return math.isclose(left, right, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return sorted(map(_words, left)) == sorted(map(_words, right))
    return _words(left) == _words(right)


def _words(value: object) -> str:
    return " ".join(str(value).lower().split())


@dataclass
class Count:
    """Right, too many and missing, over all messages."""

    right: int = 0
    extra: int = 0
    missing: int = 0

    @property
    def f1(self) -> float:
        together = 2 * self.right + self.extra + self.missing
        return 2 * self.right / together if together else 1.0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra) if self.right + self.extra else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missing) if self.right + self.missing else 1.0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.extra + other.extra, self.missing + other.missing)

    @property
    def wrong(self) -> int:
        return self.extra + self.missing


def compare(expected: Facts, told: Facts) -> Count:
    """A wrong value is both one too many and one missing."""
    right = sum(name in expected and same(value, expected[name]) for name, value in told.items())
    return Count(right, len(told) - right, len(expected) - right)


@dataclass
class Scores:
    """The figures of one set, with the ids behind each kind of failure."""

    messages: int = 0
    facts: Count = field(default_factory=Count)
    recall: dict[str, float] = field(default_factory=dict)
    failures: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    emergencies: int = 0
    dangers: int = 0
    harmless: int = 0
    strange: int = 0
    belonging: int = 0

    @property
    def macro_recall(self) -> float:
        return sum(self.recall.values()) / len(self.recall) if self.recall else 1.0

    def failed(self, kind: str) -> int:
        return len(self.failures[kind])

    def share(self, kind: str, of: int) -> float:
        return self.failed(kind) / of if of else 0.0


def score(examples: Sequence[Example], understood: Iterable[Understood]) -> Scores:
    """The figures of the issue; `understood` is in the order of `examples`."""
    scores = Scores(messages=len(examples))
    intents: dict[str, list[bool]] = defaultdict(list)
    for example, got in zip(examples, understood, strict=True):
        expected = min(example.facts, key=lambda facts: compare(facts, got.facts).wrong)
        counted = compare(expected, got.facts)
        scores.facts += counted
        right = got.intent in example.intents
        intents[example.intents[0]].append(right)
        for kind, happened in (
            ("facts", counted.wrong > 0),
            ("intents", not right),
            ("polarity", _turned_round(expected, got.facts) or _opposite_intent(example, got)),
            *_safety(example, got, scores),
            *_scope(example, got, scores),
        ):
            if happened:
                scores.failures[kind].append(example.id)
    scores.recall = {name: sum(hits) / len(hits) for name, hits in sorted(intents.items())}
    return scores


def _turned_round(expected: Facts, told: Facts) -> bool:
    """Yes read as no or no as yes, of any field."""
    return any(
        _says_no(value) is not _says_no(told[name])
        for name, value in expected.items()
        if name in told and _has_polarity(value) and _has_polarity(told[name])
    )


def _has_polarity(value: object) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and value not in ("unsure", "undisclosed"))


def _says_no(value: object) -> bool:
    return value in _NO


def _opposite_intent(example: Example, got: Understood) -> bool:
    return {example.intents[0], got.intent} == {"affirm", "deny"} and got.intent not in example.intents


def _safety(example: Example, got: Understood, scores: Scores) -> Iterable[tuple[str, bool]]:
    expected, found = _urgency(example.safety), _urgency(got.safety)
    if expected is Urgency.EMERGENCY_NOW:
        scores.emergencies += 1
        yield "missed emergencies", found < Urgency.EMERGENCY_NOW
    if expected >= Urgency.SAME_DAY:
        scores.dangers += 1
        yield "missed danger", found < expected
    else:
        scores.harmless += 1
        yield "false alarms", found >= Urgency.SAME_DAY


def _urgency(name: str | None) -> Urgency:
    return Urgency.SELF_MANAGE if name is None else Urgency(name)


def _scope(example: Example, got: Understood, scores: Scores) -> Iterable[tuple[str, bool]]:
    if example.intents[0] == OUT_OF_SCOPE:
        scores.strange += 1
        yield "out of scope let in", got.intent != OUT_OF_SCOPE
    else:
        scores.belonging += 1
        yield "in scope rejected", got.intent == OUT_OF_SCOPE and OUT_OF_SCOPE not in example.intents
