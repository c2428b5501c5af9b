"""What the chat server counts for Prometheus: numbers and fixed labels, nothing of a patient."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.responses import Response

_TURN_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class ChatMetrics:
    """One set of counters with a registry of its own, so that several servers can live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.sessions = Counter("backplan_sessions", "Conversations opened", registry=self._registry)
        self.messages = Counter("backplan_messages", "Messages accepted", ["form"], registry=self._registry)
        self.replays = Counter("backplan_replayed_messages", "Messages sent again", registry=self._registry)
        self.responses = Counter(
            "backplan_responses", "Responses by call and status", ["call", "status"], registry=self._registry
        )
        self.streams = Gauge("backplan_event_streams", "Event streams that are open", registry=self._registry)
        self._turns = Counter("backplan_turns", "Turns played", ["outcome"], registry=self._registry)
        self._turn_seconds = Histogram(
            "backplan_turn_seconds", "Seconds from taking up a turn to its commit",
            buckets=_TURN_SECONDS, registry=self._registry,
        )  # fmt: skip

    def observe_turn(self, seconds: float, failed: bool) -> None:
        """Count a turn; fits the `observe` parameter of `bot.dialogue.Conversations`."""
        self._turns.labels("failed" if failed else "played").inc()
        self._turn_seconds.observe(seconds)

    def response(self) -> Response:
        return Response(generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
