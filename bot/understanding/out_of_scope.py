"""Rasa component that calls a message out of scope when nothing like it was in the training data."""

from typing import Any, Dict, List, Optional, Text

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.dense_featurizer import sentence_vector

OUT_OF_SCOPE = "out_of_scope"
#: Where the nearest cosine is left for later components; not part of the parse result.
NEAREST = "nearest_example"
_FILE = "examples.npy"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class OutOfScope(RasaIntentClassifier, GraphComponent):
    """Softmax confidence says little about strangeness; the cosine to the nearest example says a lot.

    `threshold` is the cosine (-1 to 1) below which the intent becomes `out_of_scope`. How it was chosen
    is in `data/nlu/README.md`.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"threshold": 0.46}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "OutOfScope":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "OutOfScope":
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, np.load(folder / _FILE, allow_pickle=False))

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        examples: Optional[NDArray[np.float32]] = None,
    ) -> None:
        self._threshold = float({**self.get_default_config(), **config}["threshold"])
        self._model_storage = model_storage
        self._resource = resource
        self._examples = examples

    def train(self, training_data: TrainingData) -> Resource:
        vectors = [sentence_vector(m) for m in training_data.intent_examples if m.get(TEXT)]
        self._examples = np.unique(np.stack(vectors), axis=0) if vectors else None
        if self._examples is not None:
            with self._model_storage.write_to(self._resource) as folder:
                np.save(folder / _FILE, self._examples, allow_pickle=False)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if self._examples is None or not message.get(TEXT):
                continue
            nearest = float(np.max(self._examples @ sentence_vector(message)))
            message.set(NEAREST, nearest)
            if nearest < self._threshold:
                message.set(
                    INTENT,
                    {"name": OUT_OF_SCOPE, "confidence": _sureness(nearest, self._threshold)},
                    add_to_output=True,
                )
        return messages


def _sureness(nearest: float, threshold: float) -> float:
    """0.5 at the threshold, rising to 1 as the nearest example recedes."""
    return min(1.0, 0.5 + 0.5 * max(0.0, threshold - nearest) / max(threshold, 1e-6))
