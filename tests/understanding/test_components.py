"""The graph components on real Rasa messages: slash, question asked, results; and the small models alone."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.core.events import SlotSet
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.clinical_concepts import ClinicalConcepts
from bot.understanding.dense_featurizer import DenseSentenceFeaturizer, sentence_vector
from bot.understanding.intent_model import IntentModel, SparseRow, fit
from bot.understanding.out_of_scope import OUT_OF_SCOPE, _sureness
from bot.understanding.safety_screen import SETTLED, SafetyScreen, asked_fields, reading_of
from bot.understanding.sentence_encoder import (
    DIMENSIONS,
    EncoderFileError,
    EncoderFiles,
    check,
    locate,
    shared_encoder,
)
from bot.understanding.word_counts import WordCounts

TODAY = date(2026, 11, 23)


def tracker(*asked: str | None) -> DialogueStateTracker:
    events = [SlotSet("asking", field) for field in asked]
    return DialogueStateTracker.from_events("patient", events, slots=[TextSlot("asking", mappings=[{}])])


def screened(text: str, *asked: str | None) -> Message:
    message = Message({TEXT: text})
    return SafetyScreen(today=lambda: TODAY).process([message], tracker(*asked))[0]


def understood(text: str, *asked: str | None, guess: str = "inform", confidence: float = 0.9) -> Message:
    message = screened(text, *asked)
    message.set(INTENT, {"name": guess, "confidence": confidence})
    return ClinicalConcepts().process([message])[0]


@pytest.mark.parametrize("text", ["/restart", '/choose{"field": "fever"}', "  /EXTERNAL_start", "//", "/"])
def test_a_leading_slash_is_never_executed(text: str) -> None:
    message = screened(text)
    assert not message.get(TEXT).lstrip().startswith("/")
    assert message.get(TEXT).replace("\u2215", "/", 1) == text


def test_a_slash_inside_stays() -> None:
    assert screened("7/10").get(TEXT) == "7/10"


def test_the_screen_reads_in_the_light_of_the_open_question() -> None:
    assert asked_fields(tracker("pain_avg", "pain_worst")) == ("pain_worst", "pain_avg")
    assert asked_fields(tracker("pain_avg", None)) == (None, "pain_avg")
    assert asked_fields(None) == (None, None)
    assert reading_of(screened("nope", "fever")).answer == "no"
    assert reading_of(screened("since monday", "duration_weeks")).facts[0].value == 1.0


def test_the_digits_of_a_code_never_decide_what_kind_of_message_it_is() -> None:
    message = understood("oh it is 483 201", "email_code", guess="talk_to_human", confidence=0.99)
    assert message.get(INTENT)["name"] == "inform"
    assert message.get("email_code") == "483201"
    assert understood("oh it is 483 201", guess="talk_to_human").get("email_code") is None
    danger = understood("123456 and i cant feel when i wipe", "email_code")
    assert danger.get(INTENT)["name"] == "report_danger"


def test_danger_is_in_the_parse_result_before_anything_learned_runs() -> None:
    message = screened("I can't feel when I wipe", "work_type")
    assert message.get("safety") == {
        "urgency": "emergency_now",
        "facts": {"saddle_numbness": "new"},
        "rules": ["A1"],
    }
    assert "safety" in message.output_properties


def test_the_last_component_gives_facts_answer_and_intent() -> None:
    message = understood("no, but my foot is numb", "bladder_change", guess="deny")
    assert message.get("answer") == "no"
    assert [(fact["field"], fact["value"], fact["source"]) for fact in message.get("facts")] == [
        ("bladder_change", "none", "answer"),
        ("leg_numbness", "one", "volunteered"),
    ]
    assert message.get(INTENT) == {"name": "inform", "confidence": 1.0}
    assert {"facts", "answer", INTENT} <= message.output_properties


@pytest.mark.parametrize(
    ("text", "asked", "settled"),
    [
        ("no", "fever", True),
        ("since monday", "duration_weeks", True),
        ("I can't feel when I wipe", None, True),
        ("no, can i talk to somebody", "fever", False),
        ("actually it was 4", "pain_avg", False),
        ("ok lets go on", "psfs", False),
        ("my back is killing me", None, False),
    ],
)
def test_what_the_reading_alone_decides_is_not_classified(
    text: str, asked: str | None, settled: bool
) -> None:
    message = screened(text, asked)
    assert message.get(SETTLED) is settled
    shared_encoder()
    featurizer = DenseSentenceFeaturizer("dense", {})
    assert bool(sentence_vector(featurizer.process([message])[0]).any()) is not settled


def test_words_are_counted_over_the_message_as_rasa_counts_them_and_not_when_the_reading_settled_it(
    tmp_path: Path,
) -> None:
    told = [Message({TEXT: text, INTENT: "inform"}) for text in ("my back hurts", "my leg hurts more")]
    for one in told:
        one.set(TOKENS_NAMES[TEXT], tokens(one.get(TEXT)))
    data = TrainingData(told)
    storage = LocalModelStorage.create(tmp_path)
    context = ExecutionContext(GraphSchema({}))
    counted = {}
    for kind in (CountVectorsFeaturizer, WordCounts):
        featurizer = kind.create(kind.get_default_config(), storage, Resource(kind.__name__), context)
        featurizer.train(data)
        message = Message(
            {TEXT: "my back hurts and hurts", TOKENS_NAMES[TEXT]: tokens("my back hurts and hurts")}
        )
        featurizer.process([message])
        counted[kind] = {feature.type: feature.features for feature in message.features}
    assert counted[WordCounts].keys() == {"sentence"}
    rasas = counted[CountVectorsFeaturizer]["sentence"]
    assert (counted[WordCounts]["sentence"].toarray() == rasas.toarray()).all()

    settled = Message({TEXT: "my back hurts", TOKENS_NAMES[TEXT]: tokens("my back hurts"), SETTLED: True})
    assert featurizer.process([settled])[0].features == []


def tokens(text: str) -> list[Token]:
    return [Token(match.group(), match.start()) for match in re.finditer(r"\S+", text)]


def test_danger_overrules_the_classifier() -> None:
    assert understood("I want to die", guess="small_talk").get(INTENT)["name"] == "report_danger"


def test_a_message_that_was_not_screened_is_read_as_empty() -> None:
    assert reading_of(Message({TEXT: "7"})).facts == ()


def test_an_empty_message_passes_through() -> None:
    assert understood("", guess=OUT_OF_SCOPE).get("facts") == []


def test_the_intent_model_learns_saves_and_loads_without_pickle(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    intents = ["affirm"] * 10 + ["deny"] * 10 + ["inform"] * 10
    dense = np.repeat(np.eye(3, DIMENSIONS), 10, axis=0) + rng.normal(0, 0.01, (30, DIMENSIONS))
    dense = (dense / np.linalg.norm(dense, axis=1, keepdims=True)).astype(np.float32)
    rows = [SparseRow(np.array([n // 10]), np.array([1.0], dtype=np.float32)) for n in range(30)]
    model = fit(rows, dense, intents, columns=3, strength=4.0)
    model.save(tmp_path / "model.npz")
    loaded = IntentModel.load(tmp_path / "model.npz")
    chances = loaded.probabilities(rows[0], dense[0])
    assert loaded.intents == ("affirm", "deny", "inform")
    assert chances.sum() == pytest.approx(1.0)
    assert chances.argmax() == 0
    unseen_column = SparseRow(np.array([99]), np.array([1.0], dtype=np.float32))
    assert loaded.probabilities(unseen_column, dense[15]).argmax() == 1


def test_out_of_scope_is_surer_the_further_away_the_nearest_example_is() -> None:
    assert _sureness(0.46, 0.46) == 0.5
    assert 0.5 < _sureness(0.3, 0.46) < _sureness(0.1, 0.46) <= 1.0


def test_many_messages_encoded_together_are_encoded_as_each_alone() -> None:
    encoder = shared_encoder()
    texts = [
        "my back hurts",
        "",
        "\ud800 hot",
        *(f"my left leg aches, {n} of 10" for n in range(20)),
        "x " * 300,
    ]
    together = encoder.encode_all(texts)
    assert together.shape == (len(texts), DIMENSIONS)
    for text, vector in zip(texts, together, strict=True):
        assert vector == pytest.approx(encoder.encode(text), abs=1e-5)
    assert encoder.encode_all([]).shape == (0, DIMENSIONS)


def test_an_encoder_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    files = locate()
    changed = tmp_path / "model.onnx"
    changed.write_bytes(b"not the model")
    with pytest.raises(EncoderFileError, match=r"model\.onnx"):
        check(EncoderFiles(model=changed, tokenizer=files.tokenizer))
