"""Every text of domain.yml is short, plain, claims nothing, and leaves no place open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from actions.consent import PURPOSES
from tests.chat_server import ROOT
from tests.clinical.readability import grade

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
MOST_WORDS = 45
HARDEST_GRADE = 8.0
CLAIMS = re.compile(
    r"\b(cures?|cured|proven|guarantee\w*|safe for you|you are fine|diagnosed)\b", re.IGNORECASE
)
#: What the actions fill in; a place with another name would reach the patient as it stands.
PLACES = {
    *("before", "code", "count", "days", "emergency_number", "noted", "now", "option", "options", "title"),
    *("words", *PURPOSES),
}


def texts() -> Iterator[tuple[str, str]]:
    for name, variants in DOMAIN["responses"].items():
        for variant in variants:
            yield name, variant["text"]
            for button in variant.get("buttons", ()):
                yield f"{name} button", button["title"]


@pytest.mark.parametrize(("name", "text"), list(texts()))
def test_a_text_is_short_plain_and_claims_nothing(name: str, text: str) -> None:
    words = re.sub(r"\{\w+\}", "this", text)
    assert len(words.split()) <= MOST_WORDS
    assert not CLAIMS.search(words)
    assert set(re.findall(r"\{(\w+)\}", text)) <= PLACES
    if len(words.split()) >= 5:
        assert grade(words) <= HARDEST_GRADE


@pytest.mark.parametrize(
    "name", ["utter_not_understood", "utter_thanks", "utter_small_talk", "utter_and_the_rest"]
)
def test_what_may_be_said_twice_running_has_more_than_one_wording(name: str) -> None:
    assert len(DOMAIN["responses"][name]) >= 2


def test_every_response_is_said_by_a_rule_or_an_action() -> None:
    sources = [*(ROOT / "actions").glob("*.py"), *(ROOT / "data" / "stories").glob("*.yml")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    families = ("utter_option_",)
    unused = [name for name in DOMAIN["responses"] if name not in said and not name.startswith(families)]
    assert unused == []


def test_the_first_words_say_that_this_is_a_program_and_no_emergency_service() -> None:
    welcome = DOMAIN["responses"]["utter_welcome"][0]["text"]
    assert "computer program, not a person" in welcome
    assert "not an emergency service" in DOMAIN["responses"]["utter_not_emergency_service"][0]["text"]
