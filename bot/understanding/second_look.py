"""A second look at a message for danger, by likeness to how people have said it: a linear model as plain arrays.

The reading finds danger by its words; new words escape it. The model was shown messages of many people with the
red flags that they tell, and says how likely a message tells one and which. It only ever adds danger
(clinical.md §1): it never takes a fact away and never says no. What it finds alone is asked about by the dialogue
before anything follows from it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.clinical.facts import FIELDS, FactValue, check, is_danger
from bot.clinical.urgency import Urgency
from bot.understanding.danger import Danger, danger_in
from bot.understanding.own_words import OWN_WORDS
from bot.understanding.read_fact import LIKELY, ReadFact
from bot.understanding.reading import Reading
from bot.understanding.sentence_encoder import DIMENSIONS

FOLDER = Path(__file__).with_name("sign_examples")
LETTERS, WORDS = 2**15, 2**14  #: columns of the hashed letter and word counts
LETTER_WEIGHT, WORD_WEIGHT, MEANING_WEIGHT, ASKED_WEIGHT = 2.0, 1.0, 2.0, 0.5
STRENGTH = 10.0  #: scikit-learn's C
#: "Pregnant" is a branch of the questions and no danger by itself (clinical.md §1.2 H).
_NO_SIGN = frozenset({"pregnant"})
_FEWEST_LEFT = 2  #: telling words beyond what was read; fewer are a turn of phrase ("on average")
_FEWEST_WORDS = 3  #: a shorter message is an answer or a greeting
_FEWEST_EXAMPLES = 6  #: of a sign that is learned

#: Columns in their order: letters, words, the sentence vector, the question asked.
_MEANING = LETTERS + WORDS
_NEARLY_ALL = 0.99  #: share of the examples to which the sentence vector adds no more than is reckoned with
_FEWEST_OF_A_COLUMN = 6  #: examples that a column must have to tell one sign from another

Sign = tuple[str, FactValue]

#: Words of somebody who may be denying, explaining or telling of then: likeness does not hear those.
_MAY_DENY = re.compile(
    r"\b(?:no|not|never|none|nothing|nope|nah|nor|neither|without|cannot say|\w+n['\u2019]?t|fine|normal\w*|"
    r"ok|okay|usual\w*|always|same|only (?:when|if|after|because|cos)|years ago|as a (?:kid|child)|used to|"
    r"lol|haha|film|movie|like a)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SignExample:
    """One message, the field that was asked, and the red-flag facts it tells."""

    text: str
    asks: str | None
    facts: tuple[Sign, ...]

    @property
    def signs(self) -> tuple[Sign, ...]:
        return tuple(one for one in self.facts if is_sign(*one))


@dataclass(frozen=True)
class Suspicion:
    """How likely the message tells a danger sign (0 to 1), and the likeliest signs with their shares of that."""

    danger: float
    signs: tuple[tuple[Sign, float], ...]


def is_sign(field: str, value: FactValue) -> bool:
    """Whether the fact is danger that a second look may find."""
    return FIELDS[field].red_flag and is_danger(field, value) and field not in _NO_SIGN


def load_examples(folder: Path = FOLDER, files: str = "*.yaml") -> tuple[SignExample, ...]:
    """The examples of the `files` in `folder`; raises ValueError or FactError naming what is wrong."""
    import yaml

    examples = []
    for path in sorted(folder.glob(files)):
        for row in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            if not set(row) <= {"asks", "text", "facts"} or not str(row.get("text", "")).strip():
                raise ValueError(f"{path.name}: an example has asks, text and facts: {row}")
            facts = tuple((name, check(name, value)) for name, value in (row.get("facts") or {}).items())
            examples.append(SignExample(str(row["text"]), row.get("asks"), facts))
    return tuple(examples)


def examples_digest(folder: Path = FOLDER) -> str:
    """A digest of every example file, for whoever keeps what was learned from them."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class SecondLook:
    """Two logistic regressions on the same features: whether a message tells danger, and which sign it is."""

    asked: tuple[str, ...]
    signs: tuple[Sign, ...]
    danger_weights: NDArray[np.float32]  # (features,)
    danger_bias: float
    sign_weights: NDArray[np.float32]  # (features, signs)
    sign_bias: NDArray[np.float32]  # (signs,)
    most_by_meaning: float  # log odds that the sentence vector adds for all but a few examples

    def at(self, text: str, asks: str | None, meaning: NDArray[np.float32]) -> Suspicion:
        """What the model makes of `text` as an answer to `asks`; `meaning` is its sentence vector."""
        words = _Words.of(text, asks, self.asked)
        danger = 1.0 / (1.0 + np.exp(-float(words.sum(self.danger_weights, meaning) + self.danger_bias)))
        scores = words.sum(self.sign_weights, meaning) + self.sign_bias
        shares = np.exp(scores - scores.max())
        shares = shares / shares.sum()
        best = np.argsort(-shares)[:3]
        return Suspicion(danger, tuple((self.signs[i], float(shares[i])) for i in best))

    def may_reach(self, text: str, asks: str | None, danger: float) -> bool:
        """Whether the likelihood can be `danger` whatever the sentence vector says, which costs more to know.

        The vector is taken to say no more than it did for nearly all examples.
        """
        words = _Words.of(text, asks, self.asked).sum(self.danger_weights)
        return bool(words + self.danger_bias + self.most_by_meaning >= np.log(danger / (1.0 - danger)))

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            np.savez(
                file,
                asked=np.array(self.asked, dtype=np.str_),
                signs=np.array([json.dumps(sign) for sign in self.signs], dtype=np.str_),
                danger=self.danger_weights,
                danger_bias=np.float32(self.danger_bias),
                sign=self.sign_weights,
                sign_bias=self.sign_bias,
                most_by_meaning=np.float32(self.most_by_meaning),
            )

    @classmethod
    def load(cls, path: Path) -> SecondLook:
        """Read the arrays; pickled objects are refused."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                asked=tuple(str(name) for name in arrays["asked"]),
                signs=tuple(
                    (field, check(field, value)) for field, value in map(json.loads, arrays["signs"])
                ),
                danger_weights=arrays["danger"],
                danger_bias=float(arrays["danger_bias"]),
                sign_weights=np.ascontiguousarray(arrays["sign"]),
                sign_bias=arrays["sign_bias"],
                most_by_meaning=float(arrays["most_by_meaning"]),
            )


def fit(examples: Sequence[SignExample], encode: Callable[[str], NDArray[np.float32]]) -> SecondLook:
    """Learn from `examples`; `encode` gives the sentence vector of a text."""
    asked = tuple(sorted({one.asks for one in examples if one.asks}))
    meanings = np.stack([encode(one.text) for one in examples])
    features = _features([one.text for one in examples], [one.asks for one in examples], meanings, asked)
    dangerous = np.array([bool(one.signs) for one in examples])
    whether = _regression().fit(features, dangerous)
    places, names = _each_sign(examples)
    # Columns that hardly any example has tell no sign from another, and cost most of the time.
    common = np.flatnonzero(np.bincount(features.indices, minlength=features.shape[1]) >= _FEWEST_OF_A_COLUMN)
    which = _regression().fit(features[places][:, common], names)
    sign_weights = np.zeros((features.shape[1], len(which.classes_)), dtype=np.float32)
    sign_weights[common] = which.coef_.T
    by_meaning = MEANING_WEIGHT * meanings @ whether.coef_[0][_MEANING : _MEANING + DIMENSIONS]
    return SecondLook(
        asked=asked,
        signs=tuple((field, check(field, value)) for field, value in map(json.loads, which.classes_)),
        danger_weights=whether.coef_[0].astype(np.float32),
        danger_bias=float(whether.intercept_[0]),
        sign_weights=sign_weights,
        sign_bias=which.intercept_.astype(np.float32),
        most_by_meaning=float(np.quantile(by_meaning, _NEARLY_ALL)),
    )


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH, max_iter=400, class_weight="balanced", random_state=7)


def _each_sign(examples: Iterable[SignExample]) -> tuple[list[int], list[str]]:
    """The place of an example once for each of its signs, and the signs' names; rare signs are left out."""
    told = [(place, json.dumps(sign)) for place, one in enumerate(examples) for sign in one.signs]
    examples_of = Counter(name for _, name in told)
    kept = [(place, name) for place, name in told if examples_of[name] >= _FEWEST_EXAMPLES]
    return [place for place, _ in kept], [name for _, name in kept]


@dataclass(frozen=True)
class _Words:
    """One message as columns and their values, without its sentence vector."""

    columns: NDArray[np.intp]
    values: NDArray[np.float32]

    @classmethod
    def of(cls, text: str, asks: str | None, asked: tuple[str, ...]) -> _Words:
        letters, words = (counter.transform([_plain(text)]) for counter in _counters())
        question = _question(asks, asked)
        return cls(
            np.concatenate([letters.indices, LETTERS + words.indices, [_MEANING + DIMENSIONS + question]]),
            np.concatenate([LETTER_WEIGHT * letters.data, WORD_WEIGHT * words.data, [ASKED_WEIGHT]]),
        )

    def sum(self, weights: NDArray[np.float32], meaning: NDArray[np.float32] | None = None) -> Any:
        """The weights (one or more for each column) times what the message has of each column."""
        total = self.values @ weights[self.columns]
        if meaning is None:
            return total
        return total + MEANING_WEIGHT * meaning @ weights[_MEANING : _MEANING + DIMENSIONS]


def _plain(text: str) -> str:
    return text.lower().replace("\u2019", "'")


def _question(asks: str | None, asked: tuple[str, ...]) -> int:
    """The place of the question; the last one is for no question and for those that no example has."""
    return asked.index(asks) if asks in asked else len(asked)


def _features(
    texts: Sequence[str], asks: Sequence[str | None], meanings: NDArray[np.float32], asked: tuple[str, ...]
) -> Any:
    from scipy.sparse import csr_matrix, hstack

    letters, words = _counters()
    plain = [_plain(text) for text in texts]
    question = np.zeros((len(texts), len(asked) + 1), dtype=np.float32)
    for row, field in enumerate(asks):
        question[row, _question(field, asked)] = ASKED_WEIGHT
    return hstack(
        [
            LETTER_WEIGHT * letters.transform(plain),
            WORD_WEIGHT * words.transform(plain),
            csr_matrix(MEANING_WEIGHT * meanings),
            csr_matrix(question),
        ]
    ).tocsr()


@lru_cache(maxsize=1)
def _counters() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer

    letters = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), n_features=LETTERS, alternate_sign=False, dtype=np.float32
    )
    words = HashingVectorizer(
        ngram_range=(1, 2),
        n_features=WORDS,
        alternate_sign=False,
        dtype=np.float32,
    )
    return letters, words


def worth_a_look(reading: Reading, text: str) -> bool:
    """Whether the message may tell more than was read: words are left over, and the questions go on."""
    interrupted = reading.safety is not None and reading.safety.interrupts
    own_words = any(fact.field in OWN_WORDS for fact in reading.facts)
    understood = reading.says_something and reading.left < _FEWEST_LEFT and not own_words
    return not (understood or interrupted or len(text.split()) < _FEWEST_WORDS)


def looked_again(
    reading: Reading, text: str, asks: str | None, suspicion: Suspicion, least: Mapping[str, float]
) -> Reading:
    """`reading` with the signs that are likely enough and of whose field nothing was read."""
    found = list(_believed(reading, text, asks, suspicion, least))
    if not found:
        return reading
    added = tuple(ReadFact(field, value, text, 0, len(text), source=LIKELY) for field, value in found)
    return replace(reading, facts=(*reading.facts, *added), outright=True)


def danger_of(reading: Reading, asks: str | None) -> Danger | None:
    """The danger in everything that was found; `Reading.safety` holds only what the rules alone found."""
    return danger_in({fact.field: fact.value for fact in reading.facts}, asks) or reading.safety


def _believed(
    reading: Reading, text: str, asks: str | None, suspicion: Suspicion, least: Mapping[str, float]
) -> Iterator[Sign]:
    known = {fact.field for fact in reading.facts}
    may_deny = _MAY_DENY.search(text) is not None
    for (field, value), share in suspicion.signs:
        if field in known or share < least["share"]:
            continue
        needed = _needed(field, value, None if may_deny else asks, least)
        if may_deny and needed < least["unclear"]:
            needed = least["denying"]
        if suspicion.danger >= (needed if share >= least["clear"] else max(needed, least["unclear"])):
            known.add(field)
            yield field, value


def least_believed(text: str, asks: str | None, least: Mapping[str, float]) -> float:
    """The least likelihood at which any sign is believed of `text` as an answer to `asks`."""
    alone = min(least["emergency"], least["same_day"])
    if _MAY_DENY.search(text):
        return max(alone, least["denying"])
    return min(alone, least["asked"]) if asks is not None and FIELDS[asks].red_flag else alone


def _needed(field: str, value: FactValue, asks: str | None, least: Mapping[str, float]) -> float:
    if field == asks:
        return least["asked"]
    alone = danger_in({field: value})
    if alone is None:
        return least["unclear"]
    return least["emergency" if alone.urgency == Urgency.EMERGENCY_NOW.value else "same_day"]
