"""The words of the simulated patient, from phrases.yaml and from the unseen set of the understanding tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.clinical.facts import check, plain
from bot.understanding.reading import read

HERE = Path(__file__).parent
UNSEEN = HERE.parents[1] / "understanding" / "unseen" / "first.yaml"
#: fields whose phrases in the unseen set are used, where the reader itself takes them as they are meant
FROM_UNSEEN = (
    "pain_avg",
    "fear_of_movement",
    "recovery_expectation",
    "sleep_problem",
    "stress",
    "pain_trend",
)


@dataclass(frozen=True)
class Danger:
    """Danger said in passing, and a key of the answer it must get."""

    text: str
    field: str
    value: object
    key: str


@dataclass(frozen=True)
class Phrases:
    """Everything the simulated patient can say."""

    generic: Mapping[str, Sequence[str]]
    scale: Sequence[str]
    numbers: Mapping[str, Sequence[str]]
    by_field: Mapping[str, Mapping[str, Sequence[str]]]
    durations: Mapping[str, Sequence[tuple[str, float]]]
    activities: Sequence[str]
    goals: Sequence[str]
    interruptions: Sequence[tuple[str, str]]
    nonsense: Sequence[str]
    stops: Sequence[str]
    returns: Sequence[str]
    dangers: Sequence[Danger]
    unseen: Mapping[str, Mapping[object, Sequence[str]]]


@cache
def load_phrases() -> Phrases:
    told = yaml.safe_load((HERE / "phrases.yaml").read_text(encoding="utf-8"))
    return Phrases(
        generic=told["generic"],
        scale=told["scale"],
        numbers={field: told[field] for field in ("age", "gestation_weeks", "age_at_first_onset")},
        by_field=told["by_field"],
        durations={
            kind: [(str(words), float(weeks)) for words, weeks in told["durations"][kind]]
            for kind in told["durations"]
        },
        activities=told["activities"],
        goals=told["goals"],
        interruptions=[(text, key) for text, key in told["interruptions"]],
        nonsense=told["nonsense"],
        stops=told["stops"],
        returns=told["returns"],
        dangers=[Danger(*danger) for danger in told["dangers"]],
        unseen=_unseen(),
    )


def _unseen() -> dict[str, dict[object, list[str]]]:
    """Messages of the unseen set that tell the one fact they were asked for.

    What the reader makes of the others is measured by the understanding tests; here the dialogue is.
    """
    phrases: dict[str, dict[object, list[str]]] = {}
    for row in yaml.safe_load(UNSEEN.read_text(encoding="utf-8")):
        asks, facts = row.get("asks"), row["facts"]
        alone = asks in FROM_UNSEEN and row["intent"] == "inform" and list(facts) == [asks]
        if alone and _read(row["text"], asks) == facts:
            phrases.setdefault(asks, {}).setdefault(facts[asks], []).append(row["text"])
    return phrases


def _read(text: str, asks: str) -> dict[str, Any]:
    return {fact.field: plain(check(fact.field, fact.value)) for fact in read(text, asks).facts}
