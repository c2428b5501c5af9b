"""Medians and percentiles of repeated runs, in milliseconds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def percentile(times: Sequence[float], percent: float) -> float:
    """The value below which `percent` of the times lie."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def summary(seconds: Sequence[float]) -> str:
    times = [1000 * second for second in seconds]
    return f"p50 {statistics.median(times):7.2f} ms   p95 {percentile(times, 95):7.2f} ms   n {len(times)}"
