"""Rasa's count vectors, made only of what is used: whole messages, and those that the reading has not settled."""

from collections import Counter
from typing import Any, Dict, List, Optional, Text, Tuple

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import coo_matrix

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
        if not vectorizer:
            return [None] * len(all_tokens), [None] * len(all_tokens)
        # Not its `transform`, which takes several times as long for one message as the counting.
        analyze, columns = vectorizer.build_analyzer(), vectorizer.vocabulary_
        width = len(columns)
        rows: _Matrices = []
        for tokens in all_tokens:
            counts = Counter(columns[term] for term in analyze(" ".join(tokens)) if term in columns)
            rows.append(_row(counts, width) if tokens else None)
        return [None] * len(rows), rows


def _row(counts: Dict[int, int], width: int) -> Any:
    places = sorted(counts)
    times = [counts[place] for place in places]
    return coo_matrix((times, ([0] * len(places), places)), shape=(1, width), dtype=np.int64)
