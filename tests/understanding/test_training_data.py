"""The examples the classifier learns from, and the distance at which a message is out of scope."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bot.understanding.out_of_scope import OutOfScope, is_strange
from bot.understanding.reading import read
from bot.understanding.second_look import load_examples
from bot.understanding.sentence_encoder import SentenceEncoder, shared_encoder

ROOT = Path(__file__).parents[2]
NOT_LEARNED = {
    *("choose", "report_danger", "start_emails", "stop_emails"),
    *("EXTERNAL_start", "EXTERNAL_check_in"),
}
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
        for path in sorted((here / folder).rglob("*.yaml"))
        for line in load(path)
    }
    measured |= {text.lower() for texts in load(here / "scope.yaml").values() for text in texts}
    shown = [text for _, text in EXAMPLES] + [one.text for one in load_examples()]
    long_enough = {text.lower().strip() for text in shown if len(text.split()) > 4}
    assert long_enough & measured == set()


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return shared_encoder()


@pytest.fixture(scope="module")
def limits() -> dict[str, float]:
    return OutOfScope.get_default_config()


def vectors(encoder: SentenceEncoder, *, strange: bool) -> np.ndarray[Any, Any]:
    texts = [text for intent, text in EXAMPLES if (intent == "out_of_scope") is strange]
    return np.stack([encoder.encode(text) for text in texts])


def test_distance_alone_catches_much_that_is_out_of_scope_and_keeps_what_belongs(
    encoder: SentenceEncoder, limits: dict[str, float]
) -> None:
    """Without the classifier's chance, which needs a trained model; data/nlu/README.md has the whole."""
    held_out = load(Path(__file__).parent / "scope.yaml")
    near, far = vectors(encoder, strange=False), vectors(encoder, strange=True)

    def strange(text: str) -> bool:
        vector = encoder.encode(text)
        nearest = (float(np.max(near @ vector)), float(np.max(far @ vector)))
        return not read(text, None).says_something and is_strange(0.0, *nearest, limits, answering=False)

    caught = [text for text in held_out["out_of_scope"] if strange(text)]
    lost = [text for text in held_out["in_scope"] if strange(text)]
    assert len(caught) >= 0.55 * len(held_out["out_of_scope"])
    assert len(lost) <= 0.02 * len(held_out["in_scope"]), lost


def test_the_classifiers_chance_counts_more_where_no_question_is_open(limits: dict[str, float]) -> None:
    assert is_strange(0.3, 0.6, 0.6, limits, answering=False)
    assert not is_strange(0.3, 0.6, 0.6, limits, answering=True)
    assert is_strange(0.7, 0.6, 0.6, limits, answering=True)
    assert is_strange(0.0, 0.2, 0.1, limits, answering=True)


def test_a_message_like_nothing_known_is_out_of_scope_when_no_guess_is_any_good(
    limits: dict[str, float],
) -> None:
    assert is_strange(0.07, 0.41, 0.29, limits, best=0.37, answering=True)
    assert not is_strange(0.07, 0.41, 0.29, limits, best=0.6, answering=True)
    assert not is_strange(0.07, 0.7, 0.29, limits, best=0.37, answering=True)


def test_pictures_alone_are_out_of_scope_unless_they_may_be_an_answer(limits: dict[str, float]) -> None:
    assert is_strange(0.0, 1.0, 0.0, limits, answering=False, wordless=True)
    assert not is_strange(0.0, 1.0, 0.0, limits, answering=True, wordless=True)


def test_a_sentence_vector_has_length_one_and_ignores_broken_unicode(encoder: SentenceEncoder) -> None:
    assert np.linalg.norm(encoder.encode("my back hurts")) == pytest.approx(1.0, abs=1e-5)
    assert np.allclose(encoder.encode("hello \ud800"), encoder.encode("hello "))
