"""Whatever interrupts a form has a rule that answers it: without one Rasa leaves the form and never comes back."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from actions.check_in import _TAKEN_AS_ANSWERS
from actions.heard import INTERRUPTIONS
from tests.chat_server import ROOT


def answered_in(loop: str) -> set[str]:
    """The intents with a rule of their own while this form is active."""
    found: set[str] = set()
    for path in sorted((ROOT / "data" / "stories").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            if {"active_loop": loop} in rule.get("condition", ()):
                first: dict[str, Any] = rule["steps"][0]
                found |= {step["intent"] for step in first.get("or", [first]) if "intent" in step}
    return found


@pytest.mark.parametrize(
    ("loop", "taken_as_answers"), [("intake", {"report_danger"}), ("check_in", set(_TAKEN_AS_ANSWERS))]
)
def test_every_interruption_of_a_form_is_answered_by_a_rule(loop: str, taken_as_answers: set[str]) -> None:
    assert INTERRUPTIONS - taken_as_answers <= answered_in(loop)
