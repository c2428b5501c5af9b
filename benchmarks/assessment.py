"""How long one full assessment takes, on random fact sets over the whole vocabulary."""

from __future__ import annotations

import random
import time

from benchmarks.timing import summary
from bot.clinical.assess import assess
from bot.clinical.facts import FIELDS, UNSURE, Facts, Field, FieldKind
from bot.clinical.rulebook import default_rulebook
from bot.clinical.triage import triage

SETS = 10_000
SEED = 20261125


def random_facts(chance: random.Random) -> Facts:
    """Facts with a random part of the vocabulary filled, mostly without danger."""
    names = chance.sample(sorted(FIELDS), chance.randrange(10, 90))
    return Facts.of({name: _value(FIELDS[name], chance) for name in names})


def _value(field: Field, chance: random.Random) -> object:
    if field.accepts_unsure and chance.random() < 0.05:
        return UNSURE
    if field.kind is FieldKind.BOOL:
        return chance.random() < 0.1
    if field.kind is FieldKind.CHOICE:
        benign = [value for value in field.values if value in {"none", "no"}]
        return benign[0] if benign and chance.random() < 0.9 else chance.choice(field.values)
    if field.kind in (FieldKind.INT, FieldKind.FLOAT):
        most = min(field.maximum or 0, 100)
        return chance.randint(int(field.minimum or 0), int(most))
    if field.kind is FieldKind.TEXT:
        return "GB"
    if field.kind is FieldKind.ACTIVITIES:
        return [{"activity": "sit at my desk", "score": chance.randrange(11)}]
    return chance.sample(field.values, min(len(field.values), 2)) if field.values else ["something"]


def main() -> None:
    rulebook = default_rulebook()
    chance = random.Random(SEED)
    sets = [random_facts(chance) for _ in range(SETS)]
    for name, work in (
        ("triage", lambda facts: triage(facts, rulebook)),
        ("assess", lambda facts: assess(facts, rulebook)),
    ):
        for facts in sets[:200]:
            work(facts)
        times = []
        for facts in sets:
            start = time.perf_counter()
            work(facts)
            times.append(time.perf_counter() - start)
        print(f"{name:8} {summary(times)}")
