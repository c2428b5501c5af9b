"""A second look at a message for danger, by likeness to how people have said it: a linear model as plain arrays.

The reading finds danger by its words; new words escape it. The model was shown messages of many people with the
red flags that they tell, and says how likely a message tells one and which. It only ever adds danger
(clinical.md §1): it never takes a fact away and never says no. What it finds alone is asked about by the dialogue
before anything follows from it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.clinical.facts import FIELDS, FactValue, check, is_danger
from bot.understanding.regression import fit_among_messages, regression
from bot.understanding.sentence_encoder import DIMENSIONS

FOLDER = Path(__file__).with_name("sign_examples")
LETTERS, WORDS = 2**15, 2**14  #: columns of the hashed letter and word counts
LETTER_WEIGHT, WORD_WEIGHT, MEANING_WEIGHT, ASKED_WEIGHT = 2.0, 1.0, 2.0, 0.5
STRENGTH = 10.0  #: scikit-learn's C
#: Where the signs are told apart: looking ten times closer takes twice as long and finds no more.
_CLOSE_ENOUGH = 1e-3
#: "Pregnant" is a branch of the questions and no danger by itself (clinical.md §1.2 H).
_NO_SIGN = frozenset({"pregnant"})
_FEWEST_EXAMPLES = 6  #: of a sign that is learned

#: Columns in their order: letters, words, the sentence vector, the question asked.
_MEANING = LETTERS + WORDS
_NEARLY_ALL = 0.99  #: share of the examples to which the sentence vector adds no more than is reckoned with
_FEWEST_OF_A_COLUMN = 6  #: examples that a column must have to tell one sign from another

Sign = tuple[str, FactValue]


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
    for path in sorted(folder.rglob(files)):
        for row in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            if not set(row) <= {"asks", "text", "facts"} or not str(row.get("text", "")).strip():
                raise ValueError(f"{path.name}: an example has asks, text and facts: {row}")
            facts = tuple((name, check(name, value)) for name, value in (row.get("facts") or {}).items())
            examples.append(SignExample(str(row["text"]), row.get("asks"), facts))
    return tuple(examples)


def examples_digest(folder: Path = FOLDER) -> str:
    """A digest of every example file, for whoever keeps what was learned from them."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
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


def fit(
    examples: Sequence[SignExample], encode_all: Callable[[Sequence[str]], NDArray[np.float32]]
) -> SecondLook:
    """Learn from `examples`; `encode_all` gives the sentence vectors of many texts, one row each."""
    asked = tuple(sorted({one.asks for one in examples if one.asks}))
    meanings = encode_all([one.text for one in examples])
    features = _features([one.text for one in examples], [one.asks for one in examples], meanings, asked)
    dangerous = np.array([bool(one.signs) for one in examples])
    whether = regression(STRENGTH).fit(features, dangerous)
    places, names = _each_sign(examples)
    # Columns that hardly any example has tell no sign from another, and cost most of the time.
    common = np.bincount(features.indices, minlength=features.shape[1]) >= _FEWEST_OF_A_COLUMN
    common[_MEANING : _MEANING + DIMENSIONS] = False
    counted = np.flatnonzero(common)
    which = fit_among_messages(
        features[places][:, counted], MEANING_WEIGHT * meanings[places], names, STRENGTH, _CLOSE_ENOUGH
    )
    sign_weights = np.zeros((features.shape[1], len(which.classes)), dtype=np.float32)
    sign_weights[counted] = which.sparse_weights
    sign_weights[_MEANING : _MEANING + DIMENSIONS] = which.dense_weights
    by_meaning = MEANING_WEIGHT * meanings @ whether.coef_[0][_MEANING : _MEANING + DIMENSIONS]
    return SecondLook(
        asked=asked,
        signs=tuple((field, check(field, value)) for field, value in map(json.loads, which.classes)),
        danger_weights=whether.coef_[0].astype(np.float32),
        danger_bias=float(whether.intercept_[0]),
        sign_weights=sign_weights,
        sign_bias=which.bias,
        most_by_meaning=float(np.quantile(by_meaning, _NEARLY_ALL)),
    )


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
        by_letters, by_words = _analyzers()
        plain = _plain(text)
        letters, times = _hashed(by_letters(plain), LETTERS)
        words, word_times = _hashed(by_words(plain), WORDS)
        question = _question(asks, asked)
        return cls(
            np.concatenate([letters, LETTERS + words, [_MEANING + DIMENSIONS + question]]),
            np.concatenate([LETTER_WEIGHT * times, WORD_WEIGHT * word_times, [ASKED_WEIGHT]]),
        )

    def sum(self, weights: NDArray[np.float32], meaning: NDArray[np.float32] | None = None) -> Any:
        """The weights (one or more for each column) times what the message has of each column."""
        total = self.values @ weights[self.columns]
        if meaning is None:
            return total
        return total + MEANING_WEIGHT * meaning @ weights[_MEANING : _MEANING + DIMENSIONS]


def _hashed(terms: Sequence[str], columns: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The columns that `HashingVectorizer` counts the terms in, and their counts made of length one.

    Its `transform` takes five times as long for one message as the counting.
    """
    from sklearn.utils import murmurhash3_32

    hashes = np.array([murmurhash3_32(term) for term in terms], dtype=np.int64)
    places, times = np.unique(np.abs(hashes) % columns, return_counts=True)
    length = float(np.linalg.norm(times))
    return places, (times / length if length > 0 else times).astype(np.float32)


def _plain(text: str) -> str:
    """Lower case, and without lone surrogates, which have no bytes to hash."""
    known = text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")
    return known.lower().replace("\u2019", "'")


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


@lru_cache(maxsize=1)
def _analyzers() -> tuple[Callable[[str], Sequence[str]], Callable[[str], Sequence[str]]]:
    letters, words = _counters()
    return letters.build_analyzer(), words.build_analyzer()
