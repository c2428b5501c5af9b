"""How often one may try to sign in, counted in memory by name and by address."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

#: Past this many keys the oldest are forgotten.
_KEYS_KEPT = 10_000


class Attempts:
    """At most `allowed` tries in any `window` for each key; a try counts from the moment it begins."""

    def __init__(self, clock: Callable[[], datetime], allowed: int, window: timedelta) -> None:
        self._clock = clock
        self._allowed = allowed
        self._window = window
        self._tries: dict[str, list[datetime]] = {}

    def begin(self, key: str) -> timedelta | None:
        """Count a try. None when it may go on, else how long to wait; a refused try is not counted."""
        now = self._clock()
        hashed = _hash(key)
        recent = [at for at in self._tries.pop(hashed, []) if now - at < self._window]
        self._tries[hashed] = recent
        if len(recent) >= self._allowed:
            return recent[0] + self._window - now
        recent.append(now)
        while len(self._tries) > _KEYS_KEPT:
            del self._tries[next(iter(self._tries))]
        return None

    def forgive(self, key: str) -> None:
        """The newest try was a good one: it does not count."""
        tries = self._tries.get(_hash(key))
        if tries:
            tries.pop()

    def forget(self, key: str) -> None:
        """Count from nothing again."""
        self._tries.pop(_hash(key), None)


def _hash(key: str) -> str:
    # A password typed into the wrong box must not stay in memory.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
