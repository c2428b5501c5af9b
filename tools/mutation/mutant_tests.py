"""A pytest plugin for the mutation run: which tests meet a mutant, in which order, and for how long.

mutmut keeps one process with everything imported and forks it for each mutant. What was computed before the
fork (the loaded rulebook, the table of fields) would hide mutants in the code that computes it, so it is
computed again where such code is mutated. The tests that meet a mutant are the ones that called its function
in the unchanged program, quickest files first, and no more than `SECONDS` of them: a mutant that outlives
those counts as a survivor.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pytest

#: of tests for one mutant, as they last without mutants
SECONDS = float(os.environ.get("MUTATION_SECONDS", "20"))

#: files whose every test reads the rulebook again while mutmut notes which functions a test calls
_WHOLE_RULEBOOK = ("test_printed.py", "test_rule_coverage.py")


#: tests that mutmut runs once more without mutants before it begins
_OF_THE_UNCHANGED = 40


def pytest_runtest_setup(item: pytest.Item) -> None:
    if _mutant() == "stats":
        _forget_what_was_computed(item)


def pytest_sessionstart() -> None:
    mutant = _mutant()
    if mutant.startswith("bot.clinical.fields."):
        _fields_again()
    if mutant.startswith(("bot.clinical.fields.", "bot.clinical.rulebook.")):
        _rulebook_again()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mutant = _mutant()
    if mutant == "":
        # The unchanged program met every test while mutmut noted what calls what; a few are enough here.
        items[:] = items[:: max(1, len(items) // _OF_THE_UNCHANGED)]
    if not mutant.startswith("bot."):
        return
    lasts = _durations()
    by_file: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        by_file[item.nodeid.partition("::")[0]].append(item)

    def seconds(item: pytest.Item) -> float:
        return lasts.get(item.nodeid.removeprefix("mutants/"), 0.0)

    def mean(file: str) -> float:
        return sum(map(seconds, by_file[file])) / len(by_file[file])

    # The files that test a module by its name come first, since they are the likeliest to notice.
    module = mutant.rpartition(".x")[0].rpartition(".")[2]
    files = sorted(by_file, key=lambda file: (module not in file, mean(file)))
    spent, kept = 0.0, []
    for file in files:
        for item in by_file[file]:
            spent += seconds(item)
            if spent <= SECONDS or not kept:
                kept.append(item)
    items[:] = kept


def _mutant() -> str:
    return os.environ.get("MUTANT_UNDER_TEST", "")


def _forget_what_was_computed(item: pytest.Item) -> None:
    file = Path(str(item.path)).name
    previous = _LAST.get("file")
    _LAST["file"] = file
    if file != previous or file in _WHOLE_RULEBOOK:
        _rulebook_again()
    if file in ("test_facts.py", "test_printed.py"):
        _fields_again()


_LAST: dict[str, str] = {}


def _rulebook_again() -> None:
    from bot.clinical.rulebook import default_rulebook

    default_rulebook.cache_clear()
    module = __import__("sys").modules.get("tests.clinical.test_printed")
    if module is not None:
        module.document.cache_clear()


def _fields_again() -> None:
    from bot.clinical import fields

    table = fields.FIELDS
    assert isinstance(table, dict)
    again = {field.name: field for field in fields._all()}
    table.clear()
    table.update(again)


@lru_cache(maxsize=1)
def _durations() -> dict[str, float]:
    path = Path("mutmut-stats.json")
    if not path.exists():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))["duration_by_test"]
    return {test.removeprefix("mutants/"): float(seconds) for test, seconds in found.items()}
