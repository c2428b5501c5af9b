"""No property of the clinical core depends on how busy the machine is; the run ends with the rule coverage."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.clinical.situations import SUMMARY

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if SUMMARY in config.stash:
        terminalreporter.write_line(config.stash[SUMMARY])
