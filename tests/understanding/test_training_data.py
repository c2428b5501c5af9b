"""The examples the classifier learns from, and the distance at which a message is out of scope."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bot.understanding.out_of_scope import OutOfScope
from bot.understanding.reading import read
from bot.understanding.sentence_encoder import SentenceEncoder, shared_encoder

ROOT = Path(__file__).parents[2]
NOT_LEARNED = {"choose", "report_danger", "out_of_scope", "EXTERNAL_start", "EXTERNAL_check_in"}
LEAST_EXAMPLES = 30


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def examples() -> list[tuple[str, str]]:
    return [
        (entry["intent"], line.removeprefix("- "))
        for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for entry in load(path)["nlu"]
        for line in entry["examples"].splitlines()
    ]


EXAMPLES = examples()


def test_every_intent_that_is_learned_has_enough_examples_and_no_other_has_any() -> None:
    intents = {
        intent if isinstance(intent, str) else next(iter(intent))
        for intent in load(ROOT / "domain.yml")["intents"]
    }
    counts = Counter(intent for intent, _ in EXAMPLES)
    assert counts.keys() == intents - NOT_LEARNED
    assert {intent for intent, count in counts.items() if count < LEAST_EXAMPLES} == set()


def test_no_example_is_given_twice() -> None:
    texts = Counter(text.lower().strip() for _, text in EXAMPLES)
    assert [text for text, count in texts.items() if count > 1] == []


def test_no_example_is_taken_from_the_sets_that_only_measure() -> None:
    here = Path(__file__).parent
    measured = {
        str(line["text"]).lower().strip()
        for folder in ("unseen", "safety_corpus")
        for path in sorted((here / folder).glob("*.yaml"))
        for line in load(path)
    }
    measured |= {text.lower() for texts in load(here / "scope.yaml").values() for text in texts}
    long_enough = {text.lower().strip() for _, text in EXAMPLES if len(text.split()) > 4}
    assert long_enough & measured == set()


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return shared_encoder()


@pytest.fixture(scope="module")
def learned(encoder: SentenceEncoder) -> np.ndarray[Any, Any]:
    return np.stack([encoder.encode(text) for _, text in EXAMPLES])


def test_the_threshold_catches_what_is_out_of_scope_and_keeps_what_belongs(
    encoder: SentenceEncoder, learned: np.ndarray[Any, Any]
) -> None:
    """The figures are those of data/nlu/README.md; a little room is left for new examples."""
    held_out = load(Path(__file__).parent / "scope.yaml")
    threshold = OutOfScope.get_default_config()["threshold"]

    def strange(text: str) -> bool:
        nothing_read = not read(text, None).says_something
        return nothing_read and float(np.max(learned @ encoder.encode(text))) < threshold

    caught = [text for text in held_out["out_of_scope"] if strange(text)]
    lost = [text for text in held_out["in_scope"] if strange(text)]
    assert len(caught) >= 0.80 * len(held_out["out_of_scope"])
    assert len(lost) <= 0.06 * len(held_out["in_scope"]), lost


def test_a_sentence_vector_has_length_one_and_ignores_broken_unicode(encoder: SentenceEncoder) -> None:
    assert np.linalg.norm(encoder.encode("my back hurts")) == pytest.approx(1.0, abs=1e-5)
    assert np.allclose(encoder.encode("hello \ud800"), encoder.encode("hello "))
