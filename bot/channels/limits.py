"""How much one peer and one conversation may ask of the chat server, kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.channels import problems
from bot.channels.inbound import MAX_CHARACTERS

#: Past this many keys, buckets that are full again are forgotten.
_KEYS_KEPT = 10_000


@dataclass(frozen=True)
class Rate:
    """`burst` requests at once, then `per_second` of them."""

    burst: int
    per_second: float


@dataclass(frozen=True)
class ChatLimits:
    """The limits of the web chat. The defaults are far above what a person does."""

    characters: int = MAX_CHARACTERS
    body_bytes: int = 64 * 1024
    seconds_to_send_a_body: float = 15.0
    longest_wait: float = 30.0
    heartbeat: float = 15.0
    #: New conversations for each peer address. Several people may share one.
    sessions: Rate = field(default=Rate(burst=600, per_second=2.0))
    #: Messages in each conversation.
    messages: Rate = field(default=Rate(burst=120, per_second=4.0))
    #: Unknown tokens for each peer address; a known token is never refused because of them.
    unknown_tokens: Rate = field(default=Rate(burst=300, per_second=2.0))
    #: Streams and long polls that may be open at once in each conversation.
    waiting: int = 20


class Buckets:
    """Token buckets, one for each key."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> float:
        """Take one; 0 when there was one, else the seconds until there is."""
        now = self._clock()
        left, since = self._left.get(key, (float(self._rate.burst), now))
        left = min(float(self._rate.burst), left + (now - since) * self._rate.per_second)
        if left < 1:
            self._left[key] = (left, now)
            return (1 - left) / self._rate.per_second
        self._left[key] = (left - 1, now)
        if len(self._left) > _KEYS_KEPT:
            self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        seconds_to_fill = self._rate.burst / self._rate.per_second
        full = [key for key, (_, since) in self._left.items() if now - since > seconds_to_fill]
        # An attack with many addresses fills the table faster than buckets fill up: then the oldest go.
        for key in full or list(self._left)[: _KEYS_KEPT // 2]:
            del self._left[key]


class WaitingRoom:
    """Counts who waits for news of a conversation, so that no client can hold open any number."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._taken: dict[str, int] = {}

    def require_place(self, key: str) -> None:
        """Raise a 429 problem when every place for `key` is taken."""
        if self._taken.get(key, 0) >= self._places:
            raise problems.too_many(5, "Too many connections wait for this conversation. Please close some.")

    @contextmanager
    def place(self, key: str) -> Iterator[None]:
        """Hold a place as long as the block runs."""
        self._taken[key] = self._taken.get(key, 0) + 1
        try:
            yield
        finally:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]
