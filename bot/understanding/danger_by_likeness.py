"""Rasa component for the second look: danger in words that the reading does not know."""

from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding import sentence_encoder
from bot.understanding.dense_featurizer import sentence_vector
from bot.understanding.looking_again import danger_of, doubted, looked_again, rest_of, worth_a_look
from bot.understanding.safety_screen import ASKED, READING, SETTLED, reading_of
from bot.understanding.second_look import (
    SecondLook,
    examples_digest,
    fit,
    load_examples,
)

_FILE = "second_look.npz"
#: Fields that the message may have told danger of; the intake asks about them next.
DOUBTS = "doubts"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerByLikeness(RasaIntentClassifier, GraphComponent):
    """Adds the danger signs that a message is likely to tell to what was read; never takes one away.

    A message of which the reading understood every word is not looked at. `emergency` and `same_day` are the
    likelihoods (0 to 1) from which a sign is believed that makes the message that. From `doubt` on, the field of a
    sign that is not believed is left in `doubts`, to be asked about, if at least `share` of it falls to that sign.
    A message that was settled by the reading is looked at if it may be danger with the likelihood `settled`.
    How the limits were chosen is in benchmarks/understanding.md.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"emergency": 0.18, "same_day": 0.27, "doubt": 0.5, "share": 0.2, "settled": 0.985}

    @staticmethod
    def required_packages() -> List[Text]:
        return ["sklearn"]

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        """The digest of the examples, which are not among Rasa's own training data."""
        return examples_digest()

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "DangerByLikeness":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "DangerByLikeness":
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, SecondLook.load(folder / _FILE))

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[SecondLook] = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._encoder = sentence_encoder.shared_encoder()

    def train(self, training_data: TrainingData) -> Resource:
        self._model = fit(load_examples(), self._encoder.encode_all)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text, reading = message.get(TEXT), reading_of(message)
            if self._model is None or not text or not worth_a_look(reading, text):
                continue
            asks = message.get(ASKED)
            if message.get(SETTLED):
                # It was not encoded, and is only where it may matter: "7, and I wet myself at work".
                if not self._model.may_reach(text, asks, self._config["settled"]):
                    continue
                meaning = self._encoder.encode(text)
            else:
                meaning = sentence_vector(message)
            suspicion = self._model.at(text, asks, meaning)
            looked = looked_again(reading, text, asks, suspicion, self._config)
            if looked is reading and (rest := rest_of(reading, text, suspicion, self._config)) is not None:
                hidden = self._model.at(rest, None, self._encoder.encode(rest))
                looked = looked_again(reading, text, asks, hidden, self._config)
            doubts = doubted(reading, looked, suspicion, self._config)
            if doubts:
                message.set(DOUBTS, list(doubts), add_to_output=True)
            if looked is not reading:
                message.set(READING, looked)
                danger = danger_of(looked, asks)
                message.set("safety", danger.as_json() if danger else None, add_to_output=True)
        return messages
