"""Rasa's count vectors, made only of what is used: whole messages, and those that the reading has not settled."""

from typing import Any, List, Optional, Text, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.safety_screen import SETTLED

_Matrices = List[Optional[Any]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class WordCounts(CountVectorsFeaturizer):
    """The classifier counts over the message, never over its single words, which take as long again."""

    def process(self, messages: List[Message]) -> List[Message]:
        super().process([message for message in messages if not message.get(SETTLED)])
        return messages

    def _create_features(self, attribute: Text, all_tokens: List[List[Text]]) -> Tuple[_Matrices, _Matrices]:
        """No sequence features, and for each message one row of counts; none for intents and the like."""
        vectorizer = self.vectorizers.get(attribute) if attribute == TEXT else None
        rows: _Matrices = []
        for tokens in all_tokens:
            if not vectorizer or not tokens:
                rows.append(None)
                continue
            counted = vectorizer.transform([" ".join(tokens)])
            counted.sort_indices()
            rows.append(counted.tocoo())
        return [None] * len(rows), rows
