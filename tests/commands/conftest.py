"""Running `backplan` as an operator does: a process of its own, with its own home folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chat_server import ROOT

Backplan = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def backplan(tmp_path: Path) -> Backplan:
    """Call it with the command's words; `typed` is its standard input, `environ` adds settings."""

    def run(*words: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            input=typed,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "BACKPLAN_HOME": str(tmp_path / "home"), **environ},
            timeout=300,
        )

    return run
