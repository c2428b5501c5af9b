"""The linear intent model as plain arrays: fitted with scikit-learn, run with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.regression import fit_among_messages

#: Each half of the features has length one before it is weighed, so a long message is not a loud one.
DENSE_WEIGHT = 4.0
SPARSE_WEIGHT = 1.5


@dataclass(frozen=True)
class SparseRow:
    """The non-zero columns of one message and their counts."""

    columns: NDArray[np.int64]
    counts: NDArray[np.float32]


@dataclass(frozen=True)
class IntentModel:
    """Multinomial logistic regression over word and letter counts and a sentence vector."""

    intents: tuple[str, ...]
    sparse_weights: NDArray[np.float32]  # (columns, intents)
    dense_weights: NDArray[np.float32]  # (384, intents)
    bias: NDArray[np.float32]  # (intents,)

    def probabilities(self, sparse: SparseRow, dense: NDArray[np.float32]) -> NDArray[np.float32]:
        """One probability for each intent, in the order of `intents`, summing to 1."""
        scores = self.bias + (DENSE_WEIGHT * dense) @ self.dense_weights
        known = sparse.columns < self.sparse_weights.shape[0]
        counts = _unit(sparse.counts[known])
        if counts.size:
            scores = scores + (SPARSE_WEIGHT * counts) @ self.sparse_weights[sparse.columns[known]]
        scores = np.exp(scores - scores.max())
        return scores / scores.sum()

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            np.savez(
                file,
                intents=np.array(self.intents, dtype=np.str_),
                sparse=self.sparse_weights,
                dense=self.dense_weights,
                bias=self.bias,
            )

    @classmethod
    def load(cls, path: Path) -> IntentModel:
        """Read the arrays; pickled objects are refused."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                intents=tuple(str(name) for name in arrays["intents"]),
                sparse_weights=arrays["sparse"],
                dense_weights=arrays["dense"],
                bias=arrays["bias"],
            )


def fit(
    rows: list[SparseRow], dense: NDArray[np.float32], intents: list[str], columns: int, strength: float
) -> IntentModel:
    """Fit the model. `strength` is scikit-learn's C: larger follows the examples more closely.

    `dense` has one row of 384 for each message; `columns` is the width of the sparse half.
    """
    from scipy.sparse import csr_matrix

    lengths = [row.columns.size for row in rows]
    sparse = csr_matrix(
        (
            np.concatenate([SPARSE_WEIGHT * _unit(row.counts) for row in rows]),
            np.concatenate([row.columns for row in rows]),
            np.concatenate([[0], np.cumsum(lengths)]),
        ),
        shape=(len(rows), columns),
    )
    fitted = fit_among_messages(sparse, DENSE_WEIGHT * dense, intents, strength)
    return IntentModel(
        intents=fitted.classes,
        sparse_weights=fitted.sparse_weights,
        dense_weights=fitted.dense_weights,
        bias=fitted.bias,
    )


def _unit(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    counts = counts.astype(np.float32)
    length = float(np.linalg.norm(counts))
    return counts / length if length > 0 else counts
