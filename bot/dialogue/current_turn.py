"""The turn that is being played in this task: what the agent's seams write into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.store import Turn


class NoTurn(RuntimeError):
    """The agent was reached outside a turn, so nothing it did could be stored."""


class TurnFailed(RuntimeError):
    """An action failed. The turn must not be committed; the message will be played again."""


_current: ContextVar[Turn | None] = ContextVar("backplan_turn", default=None)
_failures: ContextVar[list[BaseException] | None] = ContextVar("backplan_turn_failures", default=None)


def current_turn() -> Turn:
    turn = _current.get()
    if turn is None:
        raise NoTurn("no turn is being played in this task")
    return turn


def note_failure(error: BaseException) -> None:
    """Remember what Rasa would swallow: it logs an action's error and goes on without its events."""
    failures = _failures.get()
    if failures is not None:
        failures.append(error)


@contextmanager
def playing(turn: Turn) -> Iterator[Turn]:
    """Make `turn` the current one; raise `TurnFailed` at the end if an action failed in it."""
    failures: list[BaseException] = []
    turn_token = _current.set(turn)
    failures_token = _failures.set(failures)
    try:
        yield turn
    finally:
        _current.reset(turn_token)
        _failures.reset(failures_token)
    if failures:
        raise TurnFailed(type(failures[0]).__name__) from failures[0]


class AmbientTurns:
    """Gives actions the current turn; committing it is the conversation's work, not theirs."""

    @contextmanager
    def of(self, conversation_id: str) -> Iterator[Turn]:
        turn = current_turn()
        if turn.conversation.id != conversation_id:
            raise NoTurn("the action belongs to another conversation than the turn")
        yield turn
