"""Rasa component that calls a message out of scope: learned as such, or unlike all that was learned."""

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
from bot.understanding.safety_screen import ASKED, SETTLED

OUT_OF_SCOPE = "out_of_scope"
#: Where the nearest cosine is left for later components; not part of the parse result.
NEAREST = "nearest_example"
_FILE, _STRANGE_FILE = "examples.npy", "strange.npy"
#: Distance alone is never surer than this, so that facts that were read stand against it.
_MOST_BY_DISTANCE = 0.6


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class OutOfScope(RasaIntentClassifier, GraphComponent):
    """A message is out of scope when the classifier thinks so, or when nothing that belongs is near it.

    `chance` is the classifier's probability from which it is believed; `chance_of_an_answer` the same while
    a question is open, when most messages answer it. `threshold` is the cosine (-1 to 1) to the nearest
    example that belongs below which the message is out of scope if an example that does not belong is
    about as near (`margin`) and no question is open; below `far` it always is. Below `vague` it is too when
    the classifier gives no intent a chance of `guess`: "blorp the quux" is no wish to pause. How they were
    chosen is in `data/nlu/README.md`.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {
            "threshold": 0.48,
            "margin": 0.05,
            "far": 0.3,
            "vague": 0.5,
            "guess": 0.5,
            "chance": 0.1,
            "chance_of_an_answer": 0.5,
        }

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
            examples = np.load(folder / _FILE, allow_pickle=False)
            strange = np.load(folder / _STRANGE_FILE, allow_pickle=False)
            return cls(config, model_storage, resource, examples, strange)

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        examples: Optional[NDArray[np.float32]] = None,
        strange: Optional[NDArray[np.float32]] = None,
    ) -> None:
        limits = {**self.get_default_config(), **config}
        self._limits = {name: float(limits[name]) for name in self.get_default_config()}
        self._model_storage = model_storage
        self._resource = resource
        self._examples = examples
        self._strange = strange

    def train(self, training_data: TrainingData) -> Resource:
        messages = [m for m in training_data.intent_examples if m.get(TEXT)]
        self._examples = _vectors([m for m in messages if m.get(INTENT) != OUT_OF_SCOPE])
        self._strange = _vectors([m for m in messages if m.get(INTENT) == OUT_OF_SCOPE])
        if self._examples.size:
            with self._model_storage.write_to(self._resource) as folder:
                np.save(folder / _FILE, self._examples, allow_pickle=False)
                np.save(folder / _STRANGE_FILE, self._strange, allow_pickle=False)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if message.get(SETTLED) or not message.get(TEXT):
                continue
            if self._examples is not None and self._examples.size:
                self._judge(message)
        return messages

    def _judge(self, message: Message) -> None:
        vector = sentence_vector(message)
        nearest = _nearest(self._examples, vector)
        message.set(NEAREST, nearest)
        ranking = message.get(INTENT_RANKING_KEY) or []
        chance = next((one["confidence"] for one in ranking if one["name"] == OUT_OF_SCOPE), 0.0)
        if is_strange(
            chance,
            nearest,
            _nearest(self._strange, vector),
            self._limits,
            best=float(ranking[0]["confidence"]) if ranking else 1.0,
            answering=message.get(ASKED) is not None,
            wordless=not any(letter.isalnum() for letter in message.get(TEXT)),
        ):
            by_distance = min(_MOST_BY_DISTANCE, _sureness(nearest, self._limits["threshold"]))
            sure = max(chance, by_distance)
            message.set(INTENT, {"name": OUT_OF_SCOPE, "confidence": sure}, add_to_output=True)
        elif ranking and ranking[0]["name"] == OUT_OF_SCOPE and len(ranking) > 1:
            message.set(INTENT, dict(ranking[1]), add_to_output=True)


def is_strange(
    chance: float,
    nearest: float,
    nearest_strange: float,
    limits: Dict[Text, float],
    *,
    best: float = 1.0,
    answering: bool,
    wordless: bool = False,
) -> bool:
    """Whether a message is out of scope; `best` is the chance of the likeliest intent, whichever it is.

    See `OutOfScope` for the limits.
    """
    if wordless and not answering:
        return True
    if nearest < limits["vague"] and best < limits["guess"] and not wordless:
        return True
    if answering:
        return chance > limits["chance_of_an_answer"] or nearest < limits["far"]
    near_the_strange = nearest_strange > nearest - limits["margin"]
    return (
        chance > limits["chance"]
        or (nearest < limits["threshold"] and near_the_strange)
        or nearest < limits["far"]
    )


def _vectors(messages: List[Message]) -> NDArray[np.float32]:
    if not messages:
        return np.zeros((0, 0), dtype=np.float32)
    return np.unique(np.stack([sentence_vector(message) for message in messages]), axis=0)


def _nearest(examples: Optional[NDArray[np.float32]], vector: NDArray[np.float32]) -> float:
    if examples is None or not examples.size:
        return -1.0
    return float(np.max(examples @ vector))


def _sureness(nearest: float, threshold: float) -> float:
    """0.5 at the threshold, rising to 1 as the nearest example recedes."""
    return min(1.0, 0.5 + 0.5 * max(0.0, threshold - nearest) / max(threshold, 1e-6))
