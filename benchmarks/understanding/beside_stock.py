"""Ours beside the pipeline of `rasa init`: the same examples and the same sets, one after the other in one run."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.timing import percentile
from benchmarks.understanding.ours import ROOT
from benchmarks.understanding.score import OUT_OF_SCOPE, Scores, Understood, load_set, score

STOCK = Path(__file__).with_name("stock_config.yml")
FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Result:
    """One pipeline: training and parsing, each in a process of its own."""

    train_s: float
    train_mb: float
    ready_s: float
    resident_mb: float
    short_ms: float
    shorts_ms: float  #: all messages of up to 60 characters, in the median
    long_ms: float
    seconds: Sequence[float]
    worked: Sequence[float]
    scores: Mapping[str, Scores]


def side_by_side(sets: Sequence[Path], epochs: int) -> str:
    """The table, in Markdown; `epochs` is for the stock pipeline (its own default is 100)."""
    with tempfile.TemporaryDirectory(prefix="understanding-") as folder:
        stock = _run(_stock_config(Path(folder), epochs), Path(folder) / "stock", sets)
        ours = _run(ROOT / "config.yml", Path(folder) / "ours", sets)
    return "\n".join(_table(ours, stock, epochs))


def _stock_config(folder: Path, epochs: int) -> Path:
    config = yaml.safe_load(STOCK.read_text(encoding="utf-8"))
    for component in config["pipeline"]:
        if "epochs" in component:
            component["epochs"] = epochs
    path = folder / "stock.yml"
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return path


def _run(config: Path, folder: Path, sets: Sequence[Path]) -> Result:
    folder.mkdir()
    command = [
        sys.executable, "-m", "rasa", "train", "nlu", "--config", str(config), "--nlu", "data/nlu",
        "--domain", "domain.yml", "--out", str(folder), "--fixed-model-name", "model",
    ]  # fmt: skip
    train_s, train_mb = _child(command, folder)
    out = folder / "parsed.json"
    names = [str(path) for path in sets]
    model = str(folder / "model.tar.gz")
    _child([sys.executable, "-m", "benchmarks.understanding.one_pipeline", model, str(out), *names], folder)
    done = json.loads(out.read_text(encoding="utf-8"))
    return Result(
        train_s=train_s,
        train_mb=train_mb,
        ready_s=done["ready_s"],
        resident_mb=done["resident_mb"],
        short_ms=done["short_ms"],
        shorts_ms=done["shorts_ms"],
        long_ms=done["long_ms"],
        seconds=[one["seconds"] for each in done["sets"].values() for one in each],
        worked=[one["worked"] for each in done["sets"].values() for one in each],
        scores={path.stem: _scored(path, done["sets"][str(path)]) for path in sets},
    )


def _child(command: list[str], folder: Path) -> tuple[float, float]:
    """Run it cold; the seconds it took and the most memory it held, in megabytes."""
    environ = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), environ.get("PYTHONPATH", "")]))
    start = time.perf_counter()
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        end = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command[1:4])} ended with {process.returncode}:\n{end}")
    return time.perf_counter() - start, used.ru_maxrss / 1024


def _scored(path: Path, done: Sequence[Mapping[str, Any]]) -> Scores:
    understood = [
        Understood(OUT_OF_SCOPE if one["intent"] == FALLBACK else one["intent"], one["facts"], one["safety"])
        for one in done
    ]
    return score(load_set(path), understood)


def _table(ours: Result, stock: Result, epochs: int) -> Iterator[str]:
    yield f"| | ours | stock, {epochs} epochs | ours / stock |"
    yield "|---|---|---|---|"
    yield _row("trained cold, s", ours.train_s, stock.train_s, "{:.0f}")
    yield _row("training, most memory, MB", ours.train_mb, stock.train_mb, "{:.0f}")
    yield _row("start to first parse, s", ours.ready_s, stock.ready_s, "{:.1f}")
    yield _row("memory when loaded, MB", ours.resident_mb, stock.resident_mb, "{:.0f}")
    medians = [1000 * statistics.median(one.seconds) for one in (ours, stock)]
    yield _row("parse, median, ms", medians[0], medians[1], "{:.1f}")
    worked = [1000 * statistics.median(one.worked) for one in (ours, stock)]
    yield _row("parse, processor time, median, ms", worked[0], worked[1], "{:.1f}")
    slowest = [1000 * percentile(one.seconds, 95) for one in (ours, stock)]
    yield _row("parse, p95, ms", slowest[0], slowest[1], "{:.1f}")
    yield _row("a short message, ms", ours.short_ms, stock.short_ms, "{:.1f}")
    yield _row("messages of up to 60 characters, median, ms", ours.shorts_ms, stock.shorts_ms, "{:.1f}")
    yield _row("4,000 characters, ms", ours.long_ms, stock.long_ms, "{:.1f}")
    yield _row(
        "4,000 characters / a short message",
        ours.long_ms / ours.short_ms,
        stock.long_ms / stock.short_ms,
        "{:.1f}",
    )
    yield _row(
        "4,000 characters / those of up to 60",
        ours.long_ms / ours.shorts_ms,
        stock.long_ms / stock.shorts_ms,
        "{:.1f}",
    )
    for name, mine in ours.scores.items():
        theirs = stock.scores[name]
        yield _row(f"{name}: intents, macro recall", mine.macro_recall, theirs.macro_recall, "{:.2f}")
        yield _row(f"{name}: intents, accuracy", _accuracy(mine), _accuracy(theirs), "{:.2f}")
        for kind, of in (("out of scope let in", mine.strange), ("in scope rejected", mine.belonging)):
            if of:
                yield _row(f"{name}: {kind}, of {of}", mine.failed(kind), theirs.failed(kind), "{:.0f}")
        yield f"| {name}: facts, micro F1 | {mine.facts.f1:.2f} | none are read | |"
        missed = mine.failed("missed emergencies")
        yield f"| {name}: emergencies missed, of {mine.emergencies} | {missed} | not looked for | |"


def _row(name: str, ours: float, stock: float, form: str) -> str:
    ratio = f"{ours / stock:.2f}" if stock else ""
    return f"| {name} | {form.format(ours)} | {form.format(stock)} | {ratio} |"


def _accuracy(scores: Scores) -> float:
    return 1 - scores.failed("intents") / scores.messages
