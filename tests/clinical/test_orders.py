"""Statuses and classes are compared by how freely, and by how soon; two alike are neither more nor less."""

from __future__ import annotations

from enum import Enum

import pytest

from bot.clinical.status import Status
from bot.clinical.urgency import Urgency


@pytest.mark.parametrize("scale", [Status, Urgency])
def test_a_scale_is_ordered_as_it_is_written(scale: type[Enum]) -> None:
    steps = list(scale)
    for place, one in enumerate(steps):
        for other_place, other in enumerate(steps):
            assert (one < other) is (place < other_place)  # type: ignore[operator]
            assert (one <= other) is (place <= other_place)  # type: ignore[operator]
            assert (one > other) is (place > other_place)  # type: ignore[operator]
            assert (one >= other) is (place >= other_place)  # type: ignore[operator]
    assert max(reversed(steps)) is steps[-1]  # type: ignore[type-var]
