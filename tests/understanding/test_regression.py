"""The regression among messages gives what scikit-learn gives over all the columns."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack, random

from bot.understanding.regression import fit_among_messages, regression

STRENGTH = 2.0


def test_it_finds_the_same_weights_as_over_all_columns() -> None:
    chance = np.random.default_rng(3)
    sparse = random(40, 300, density=0.1, random_state=4, format="csr")
    dense = chance.normal(size=(40, 5)).astype(np.float32)
    classes = [("numb", "weak", "hot")[n % 3] for n in range(40)]
    fitted = fit_among_messages(sparse, dense, classes, STRENGTH)
    usual = regression(STRENGTH).fit(hstack([sparse, csr_matrix(dense)]).tocsr(), classes)
    assert fitted.classes == tuple(usual.classes_)
    ours = sparse @ fitted.sparse_weights + dense @ fitted.dense_weights + fitted.bias
    theirs = usual.decision_function(hstack([sparse, csr_matrix(dense)]).tocsr())
    assert ours - ours.mean(axis=1, keepdims=True) == pytest.approx(
        theirs - theirs.mean(axis=1, keepdims=True), abs=0.02
    )


def test_two_equal_messages_of_different_classes_are_no_difficulty() -> None:
    sparse = csr_matrix(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    dense = np.zeros((3, 1), dtype=np.float32)
    fitted = fit_among_messages(sparse, dense, ["numb", "weak", "hot"], STRENGTH)
    scores = sparse @ fitted.sparse_weights + fitted.bias
    numb, weak, hot = (fitted.classes.index(name) for name in ("numb", "weak", "hot"))
    assert scores[0][numb] == pytest.approx(scores[0][weak], abs=1e-3)
    assert scores[0][numb] > scores[0][hot]
