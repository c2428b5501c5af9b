"""No property of the clinical core depends on how busy the machine is; the run ends with the rule coverage."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings

from bot.clinical.rulebook.document import Item, parse, read
from tests.clinical.situations import SUMMARY

settings.register_profile("unhurried", deadline=None)
#: for `make mutation`, which runs the properties thousands of times and wants the same answer each time
settings.register_profile("mutation", deadline=None, max_examples=12, derandomize=True, database=None)
settings.load_profile(os.environ.get("CLINICAL_PROFILE", "unhurried"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if SUMMARY in config.stash:
        terminalreporter.write_line(config.stash[SUMMARY])


@pytest.fixture
def unchanged_files_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rulebook files are spoiled, only the spoiled one differs from one test to the next."""

    def read_again(path: Path) -> tuple[Item, bytes]:
        return _parsed(path.read_bytes(), path.name) if path.exists() else read(path)

    monkeypatch.setattr("bot.clinical.rulebook.loader.read", read_again)


@lru_cache(maxsize=64)
def _parsed(content: bytes, name: str) -> tuple[Item, bytes]:
    return parse(content, name), content
