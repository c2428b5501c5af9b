"""Simulated patients in numbers: how conversations end, how many questions they take, and for how long.

`python -m benchmarks.conversations --count 1000` (or `make soak`) writes the result to conversations.md.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from bot.dialogue import training
from bot.observability import configure_logging
from tests.dialogue.simulated.persona import KINDS
from tests.dialogue.simulated.run import Failure, Outcome, clinic, converse

ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).with_name("conversations.md")
PLAIN_EVERY = 3  #: conversations, one of which is played again with answers only, all of them tapped
SECONDS_TO_TAP = 10.0  #: to read a question and tap an answer
SECONDS_TO_TYPE = 20.0  #: to read a question and type a short answer


@dataclass
class Results:
    """What a share of the seeds came to."""

    outcomes: list[Outcome] = field(default_factory=list)
    plain: list[Outcome] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--minutes", type=float, default=60.0, help="stop after this long, whatever is left")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    configure_logging(level=50)
    model = training.train(ROOT / "var" / "models", ROOT, progress=lambda line: None)
    start = time.monotonic()
    seeds = range(options.first, options.first + options.count)
    shares = [seeds[number :: options.processes] for number in range(options.processes)]
    with ProcessPoolExecutor(len(shares), multiprocessing.get_context("spawn")) as pool:
        parts = list(pool.map(partial(_converse, model, options.minutes * 60), shares))
    together = Results(
        *([one for part in parts for one in getattr(part, kept.name)] for kept in fields(Results))
    )
    RESULT.write_text(
        report(together, time.monotonic() - start, options.first, options.processes), encoding="utf-8"
    )
    print(RESULT.read_text(encoding="utf-8"))
    return 1 if together.failures else 0


def _converse(model: Path, seconds: float, seeds: Sequence[int]) -> Results:
    """The conversations of these seeds one after the other, until `seconds` have passed."""
    configure_logging(level=50)
    results = Results()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, clinic(model, Path(folder)) as place:
        for number, seed in enumerate(seeds):
            if time.monotonic() - start > seconds:
                break
            _sort(converse(place, seed), results.outcomes, results.failures)
            if number % PLAIN_EVERY == 0:
                _sort(converse(place, seed, detours=False), results.plain, results.failures)
    return results


def _sort(result: Outcome | Failure, outcomes: list[Outcome], failures: list[Failure]) -> None:
    if isinstance(result, Failure):
        failures.append(result)
        print(result, flush=True)
    else:
        outcomes.append(result)


def report(results: Results, seconds: float, first: int, processes: int) -> str:
    outcomes, plain, failures = results.outcomes, results.plain, results.failures
    done = len(outcomes) + len(failures)
    turns = sum(outcome.answers for outcome in [*outcomes, *plain])
    lines = [
        "# Simulated patients",
        "",
        f"{done} conversations (seeds from {first}) in {processes} processes on the trained model: "
        f"{len(failures)} broke an invariant.",
        f"{seconds / 60:.1f} minutes, {turns / seconds:.0f} turns a second, replays of failures included. "
        "Repeat with `make soak`.",
        "",
        "Questions count everything that the bot asked, also again after an interruption; without detours, "
        f"one patient of {PLAIN_EVERY} again with answers only, all tapped, planned in the end. Minutes are at "
        f"{SECONDS_TO_TAP:.0f} seconds a tap and {SECONDS_TO_TYPE:.0f} seconds a typed message.",
        "",
        "| kind | conversations | ended | questions, median | without detours, median (most) | minutes, median |",
        "|---|---|---|---|---|---|",
        *(_row(kind, _of_kind(kind, outcomes), _of_kind(kind, plain)) for kind in KINDS),
        "",
    ]
    if failures:
        lines += ["## Broken invariants", ""]
        counted = Counter(failure.broken.rule for failure in failures)
        lines += [f"- {rule}: {count}" for rule, count in counted.most_common()]
        lines += ["", *(f"- seed {failure.seed}: {failure.broken}" for failure in failures), ""]
    return "\n".join(lines)


def _of_kind(kind: str, outcomes: list[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if one.plan.someone.kind == kind]


def _row(kind: str, outcomes: list[Outcome], plain: list[Outcome]) -> str:
    if not outcomes:
        return f"| {kind} | 0 | | | | |"
    ended = ", ".join(
        f"{count} {status}" for status, count in Counter(one.status for one in outcomes).items()
    )
    counted = [one.questions for one in plain if one.status == "planned"]
    least = f"{statistics.median(counted):.0f} ({max(counted)})" if counted else ""
    minutes = statistics.median(
        (one.typed * SECONDS_TO_TYPE + (one.answers - one.typed) * SECONDS_TO_TAP) / 60 for one in outcomes
    )
    questions = statistics.median(one.questions for one in outcomes)
    return f"| {kind} | {len(outcomes)} | {ended} | {questions:.0f} | {least} | {minutes:.1f} |"


if __name__ == "__main__":
    raise SystemExit(main())
