"""Logistic regression for messages, which have many more columns than there are messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TOLERANCE = 1e-4  #: scikit-learn's own
_JITTER = 1e-6  #: share of a message's own product that keeps two equal messages apart


@dataclass(frozen=True)
class Fitted:
    """`classes` in the order of the columns of `sparse_weights` and `dense_weights`, and of `bias`."""

    classes: tuple[str, ...]
    sparse_weights: NDArray[np.float32]  # (sparse columns, classes)
    dense_weights: NDArray[np.float32]  # (dense columns, classes)
    bias: NDArray[np.float32]  # (classes,)


def regression(strength: float, tolerance: float = _TOLERANCE) -> Any:
    """A logistic regression with an L2 penalty and balanced classes.

    `strength` is scikit-learn's C, and `tolerance` the size of a gradient at which it stops looking further.
    """
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(
        C=strength, max_iter=400, class_weight="balanced", random_state=7, tol=tolerance
    )


def fit_among_messages(
    sparse: Any,
    dense: NDArray[np.float32],
    classes: Sequence[str],
    strength: float,
    tolerance: float = _TOLERANCE,
) -> Fitted:
    """The weights of a multinomial regression over `sparse` and `dense` columns side by side, one row a message.

    With an L2 penalty the weights are a weighted sum of the messages. So it is solved in as many columns as there
    are messages, whose products with each other are the same: the same result, several times faster.
    """
    from scipy.linalg import cholesky, solve_triangular

    products = (sparse @ sparse.T).toarray().astype(np.float64) + dense.astype(np.float64) @ dense.T
    products[np.diag_indices_from(products)] += _JITTER * products.diagonal().mean()
    rotated = cholesky(products, lower=True, overwrite_a=True, check_finite=False)
    model = regression(strength, tolerance).fit(rotated, classes)
    of_messages = solve_triangular(rotated, model.coef_.T, lower=True, trans=1, check_finite=False)
    return Fitted(
        classes=tuple(str(name) for name in model.classes_),
        sparse_weights=np.asarray(sparse.T @ of_messages, dtype=np.float32),
        dense_weights=np.asarray(dense.T @ of_messages, dtype=np.float32),
        bias=model.intercept_.astype(np.float32),
    )
