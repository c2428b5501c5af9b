"""Scores a labelled set: `python -m benchmarks.understanding --set PATH [--failures]`, or `--beside-stock`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from benchmarks.understanding import ours
from benchmarks.understanding.beside_stock import side_by_side
from benchmarks.understanding.report import failures, figures
from benchmarks.understanding.score import load_set, score

FIRST = ours.ROOT / "tests" / "understanding" / "unseen" / "first.yaml"
DEVELOPMENT = ours.ROOT / "tests" / "understanding" / "development" / "facts.yaml"


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if options.beside_stock:
        print(side_by_side([options.set, DEVELOPMENT], options.epochs))
        return 0
    try:
        examples = load_set(options.set)
    except (OSError, ValueError) as error:
        print(f"{options.set} cannot be scored: {error}", file=sys.stderr)
        return 1
    from bot.observability import configure_logging

    configure_logging(level=40)
    understood, times = ours.understand(examples, ours.trained())
    scores = score(examples, understood)
    print(figures(scores, times))
    if options.failures:
        print(failures(scores, examples, understood))
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.understanding", description=__doc__)
    parser.add_argument("--set", type=Path, default=FIRST, help="the labelled set; first.yaml if left out")
    parser.add_argument("--failures", action="store_true", help="also print every message that failed")
    parser.add_argument(
        "--beside-stock",
        action="store_true",
        help="train and score the `rasa init` pipeline too, and compare",
    )
    parser.add_argument(
        "--epochs", type=int, default=100, help="epochs of the stock pipeline; 100 is its own"
    )
    return parser.parse_args(arguments)


raise SystemExit(main(sys.argv[1:]))
