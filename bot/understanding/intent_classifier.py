"""Rasa intent classifier around the linear model; it trains in seconds and loads in milliseconds."""

from typing import Any, Dict, List, Optional, Text

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.dense_featurizer import sentence_vector
from bot.understanding.intent_model import IntentModel, SparseRow, fit
from bot.understanding.safety_screen import SETTLED

_FILE = "intent_model.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """Sets `intent` and `intent_ranking` (the best few) on each message."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"strength": 4.0, "ranking_length": 5}

    @staticmethod
    def required_packages() -> List[Text]:
        return ["sklearn"]

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentClassifier":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentClassifier":
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder / _FILE))

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[IntentModel] = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        if not examples:
            return self._resource
        self._model = fit(
            rows=[sparse_row(message) for message in examples],
            dense=np.stack([sentence_vector(message) for message in examples]),
            intents=[message.get(INTENT) for message in examples],
            columns=_width(examples[0]),
            strength=float(self._config["strength"]),
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if self._model is not None and message.get(TEXT) and not message.get(SETTLED):
                self._classify(message, self._model)
        return messages

    def _classify(self, message: Message, model: IntentModel) -> None:
        chances = model.probabilities(sparse_row(message), sentence_vector(message))
        best = np.argsort(-chances)[: int(self._config["ranking_length"])]
        ranking = [{"name": model.intents[i], "confidence": float(chances[i])} for i in best]
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def sparse_row(message: Message) -> SparseRow:
    """The count vectors of `message` side by side, in pipeline order."""
    columns: List[NDArray[np.int64]] = []
    counts: List[NDArray[np.float32]] = []
    offset = 0
    for matrix in _sparse_sentence_features(message):
        row = matrix.tocoo()
        columns.append(row.col.astype(np.int64) + offset)
        counts.append(row.data)
        offset += matrix.shape[-1]
    if not columns:
        return SparseRow(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
    return SparseRow(np.concatenate(columns), np.concatenate(counts))


def _width(message: Message) -> int:
    return sum(matrix.shape[-1] for matrix in _sparse_sentence_features(message))


def _sparse_sentence_features(message: Message) -> List[Any]:
    return [
        features.features
        for features in message.features
        if features.attribute == TEXT and features.type == "sentence" and features.is_sparse()
    ]
