"""Conversations as a clinician would want them: what is asked, in which order, and what is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clinical.facts import Facts
from bot.clinical.rulebook import default_rulebook
from tests.clinical.interview import Interview

CASES: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "question_cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_conversation_goes_so(case: dict[str, Any]) -> None:
    interview = Interview(
        default_rulebook(),
        answers=case.get("answers", {}),
        facts=Facts.of(case.get("volunteered", {}), case.get("skipped", ())),
        screened=case.get("screened", True),
    )
    step = interview.run()
    asks = interview.asks
    assert _holds(asks, case.get("asks", [])), asks
    assert not set(case.get("never", ())) & set(asks), asks
    for earlier, later in case.get("first", {}).items():
        assert earlier in asks
        assert later not in asks or asks.index(earlier) < asks.index(later), asks
    assert step.kind.value == case["ends"], asks
    assert step.triage.urgency.value == case["triage"], [one.rule for one in step.triage.findings]


def _holds(asks: list[str], run: list[str]) -> bool:
    """Whether `run` was asked one after the other."""
    starts = range(len(asks) - len(run) + 1)
    return any(asks[start : start + len(run)] == run for start in starts)
