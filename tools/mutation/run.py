#!/usr/bin/env python3
"""Mutation testing of bot/clinical with mutmut, in .tools/mutation: every mutant, or a seeded sample of them.

    tools/mutation/run.py                 every mutant (many hours on two cores)
    tools/mutation/run.py --sample 1200   so many, drawn from every module in proportion to its mutants
    tools/mutation/run.py --report        what is known so far; also ends each run

A function's mutants first meet a few tests that call it (`--tests`, `--seconds`), those that name its module
first. What outlives them meets every test that calls it. Results are kept, so a run that was stopped goes on;
remove .tools/mutation to begin anew.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tools" / "mutation"
HOME = ROOT / ".tools" / "mutation"
WORK = HOME / "work"
MUTANTS = WORK / "mutants"
STATS = MUTANTS / "mutmut-stats.json"
EVERY_TEST = HOME / "every-test.json"
SEED = 20261125
#: names a run is given at once: mutmut compares each name with each mutant
AT_ONCE = 200
#: exit codes of mutmut
SURVIVED, NO_TESTS = (0,), (5, 33)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sample", type=int, metavar="N", help="test N mutants instead of all")
    parser.add_argument("--tests", type=int, default=60, help="tests of a mutant's first meeting (60)")
    parser.add_argument("--seconds", type=float, default=8, help="the most those may last together (8)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--report", action="store_true", help="only say what is known so far")
    arguments = parser.parse_args()
    if not arguments.report:
        prepare()
        names = drawn(arguments.sample) if arguments.sample else list(outcomes())
        known = outcomes()
        keep_tests(arguments.tests, arguments.seconds)
        test([name for name in names if known[name] is None], arguments.workers)
        known = outcomes()
        keep_tests(None, None)
        test([name for name in names if known[name] in SURVIVED], arguments.workers)
    print(report())
    return 0


def prepare() -> None:
    """The environment, a copy of the code and its tests, the mutants, and which tests call which function."""
    if not (HOME / "venv" / "bin" / "mutmut").exists():
        uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
        run(uv, "venv", "-q", "--clear", "--python", str(ROOT / ".venv" / "bin" / "python"), HOME / "venv")
        run(uv, "pip", "sync", "-q", "--python", HOME / "venv" / "bin" / "python", "--require-hashes",
            HERE / "requirements.txt")  # fmt: skip
    for part in ("bot", "docs", "tests/clinical"):
        shutil.copytree(
            ROOT / part,
            WORK / part,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__", "node_modules"),
        )
    for file in (ROOT / "tests" / "__init__.py", HERE / "setup.cfg", HERE / "mutant_tests.py"):
        shutil.copy(file, WORK / ("tests" if file.name == "__init__.py" else "") / file.name)
    (WORK / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n", encoding="utf-8")
    if EVERY_TEST.exists():
        STATS.write_text(EVERY_TEST.read_text(encoding="utf-8"), encoding="utf-8")
    # The mutants of one small module make mutmut write all mutants and note which tests call what.
    mutmut(["bot.clinical.status.*"], workers=1)
    shutil.copy(STATS, EVERY_TEST)


def drawn(size: int) -> list[str]:
    """`size` mutants, each module in proportion; the same ones for the same mutants."""
    chance = random.Random(SEED)
    by_module: dict[str, list[str]] = defaultdict(list)
    for name in sorted(outcomes()):
        by_module[module_of(name)].append(name)
    every = sum(map(len, by_module.values()))
    chosen: list[str] = []
    for names in by_module.values():
        share = size * len(names) / every
        count = int(share) + (chance.random() < share - int(share))
        chosen += chance.sample(names, min(count, len(names)))
    chance.shuffle(chosen)
    return chosen


def keep_tests(most: int | None, seconds: float | None) -> None:
    """Let mutmut know only so many tests of each function; None lets it know every one."""
    known = json.loads(EVERY_TEST.read_text(encoding="utf-8"))
    if most is not None and seconds is not None:
        lasts = known["duration_by_test"]
        by_function = known["tests_by_mangled_function_name"]
        for function, tests in by_function.items():
            by_function[function] = few(function, tests, lasts, most, seconds)
    STATS.write_text(json.dumps(known), encoding="utf-8")


def few(function: str, tests: Iterable[str], lasts: dict[str, float], most: int, seconds: float) -> list[str]:
    """Tests from every file in turn, those of files that name the module first; every third is a long one."""
    module = module_of(function).rpartition(".")[2]
    by_file: dict[str, list[str]] = defaultdict(list)
    for test in sorted(tests, key=lambda test: (lasts.get(test, 0), test)):
        by_file[test.partition("::")[0]].append(test)
    kept: list[str] = []
    spent = 0.0
    for turn in range(most):
        for file in sorted(by_file, key=lambda file: (module not in file, file)):
            for _ in range(4 if module in file else 1):
                if not by_file[file] or len(kept) == most:
                    break
                test = by_file[file].pop(-1 if turn % 3 == 2 else 0)
                if spent + lasts.get(test, 0) <= seconds or not kept:
                    kept.append(test)
                    spent += lasts.get(test, 0)
    return kept


def test(names: list[str], workers: int) -> None:
    for start in range(0, len(names), AT_ONCE):
        print(f"{start} of {len(names)} mutants", file=sys.stderr)
        mutmut(names[start : start + AT_ONCE], workers)


def mutmut(names: list[str], workers: int) -> None:
    environment = {**os.environ, "CLINICAL_PROFILE": "mutation"}
    log = HOME / "mutmut.log"
    with log.open("wb") as out:
        command = [str(HOME / "venv" / "bin" / "mutmut"), "run", "--max-children", str(workers), *names]
        ended = subprocess.run(command, cwd=WORK, env=environment, stdout=out, stderr=out, check=False)
    if ended.returncode:
        raise SystemExit(f"mutmut stopped with {ended.returncode}; see {log}")


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True)


def outcomes() -> dict[str, int | None]:
    """Mutant -> mutmut's exit code; None: not tested."""
    found: dict[str, int | None] = {}
    for meta in sorted((MUTANTS / "bot").rglob("*.meta")):
        found.update(json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"])
    return found


def module_of(name: str) -> str:
    return name.rpartition(".x")[0].removeprefix("bot.clinical.")


def report() -> str:
    """A table by module, and the score with its 95 % interval (Wilson) where not every mutant was tested."""
    by_module: dict[str, list[int | None]] = defaultdict(list)
    survivors: list[str] = []
    for name, code in outcomes().items():
        by_module[module_of(name)].append(code)
        if code in SURVIVED or code in NO_TESTS:
            survivors.append(name)
    lines = ["| module | mutants | tested | killed | survived |", "|---|---|---|---|---|"]
    tested = lived = every = 0
    for module, codes in by_module.items():
        done = [code for code in codes if code is not None]
        alive = sum(code in SURVIVED or code in NO_TESTS for code in done)
        lines.append(f"| {module} | {len(codes)} | {len(done)} | {len(done) - alive} | {alive} |")
        tested, lived, every = tested + len(done), lived + alive, every + len(codes)
    low, high = wilson(tested - lived, tested)
    score = 100 * (tested - lived) / tested if tested else 0
    lines.append(f"| **all** | {every} | {tested} | {tested - lived} | {lived} |")
    lines += ["", f"Score {score:.1f} % of {tested} mutants (95 % interval {low:.1f} to {high:.1f} %).", ""]
    return "\n".join([*lines, "Survivors:", *(f"- {name}" for name in sorted(survivors))])


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, in percent."""
    if not of:
        return 0.0, 100.0
    z, share = 1.959964, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return 100 * (middle - half), 100 * (middle + half)


if __name__ == "__main__":
    raise SystemExit(main())
