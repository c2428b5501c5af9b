"""How much danger in roundabout words is found: red-flag facts as told by writers who had seen nothing.

`python -m benchmarks.danger` scores each file of tests/understanding/unseen/told_obliquely: the class that the triage
rules give the facts a message tells, beside the class that the reading alone and the trained pipeline find in it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.understanding import ours
from benchmarks.understanding.score import Example
from bot.clinical.urgency import Urgency
from bot.observability import configure_logging
from bot.understanding import read
from bot.understanding.danger import danger_in, urgency_of
from bot.understanding.second_look import SignExample, load_examples

SETS = ours.ROOT / "tests" / "understanding" / "unseen" / "told_obliquely"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a trained model; the project's own if left out")
    options = parser.parse_args()
    configure_logging(level=50)
    model = options.model or ours.trained()
    print("| messages by | found by | emergencies missed | danger missed | harmless messages alarmed |")
    print("|---|---|---|---|---|")
    for path in sorted(SETS.glob("*.yaml")):
        told = load_examples(path.parent, path.name)
        wanted = [urgency_of(danger_in(dict(one.facts), one.asks)) for one in told]
        understood, _ = ours.understand(_as_messages(told), model)
        reading = [urgency_of(read(one.text, one.asks).safety) for one in told]
        pipeline = [Urgency(one.safety) if one.safety else Urgency.SELF_MANAGE for one in understood]
        name = path.stem.replace("_", " ")
        for by, found in (("rules alone", reading), ("rules and second look", pipeline)):
            print(f"| {name} | {by} | {' | '.join(_figures(wanted, found))} |")
    return 0


def _as_messages(told: Sequence[SignExample]) -> list[Example]:
    return [Example(str(n), one.text, one.asks, (), ({},), None) for n, one in enumerate(told)]


def _figures(wanted: Sequence[Urgency], found: Sequence[Urgency]) -> Iterator[str]:
    both = list(zip(wanted, found, strict=True))
    for least in (Urgency.EMERGENCY_NOW, Urgency.SAME_DAY):
        of = [(want, got) for want, got in both if want >= least]
        yield f"{sum(got < want for want, got in of)} of {len(of)}"
    harmless = [got for want, got in both if want < Urgency.SAME_DAY]
    alarms = sum(got >= Urgency.SAME_DAY for got in harmless)
    yield f"{alarms} of {len(harmless)}"


if __name__ == "__main__":
    raise SystemExit(main())
