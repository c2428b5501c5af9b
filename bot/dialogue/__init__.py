"""The dialogue: the embedded Rasa agent behind one public face, `Conversations`.

Importing this package does not import Rasa; the names below that need it load it when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.dialogue.conversations import Conversations, Entered, Opened, Player
from bot.dialogue.current_turn import AmbientTurns, NoTurn, TurnFailed
from bot.dialogue.left_behind import LeftBehind

if TYPE_CHECKING:
    from bot.dialogue.agent import ModelMismatch, TurnPlayer, load_agent

__all__ = [
    "AmbientTurns",
    "Conversations",
    "Entered",
    "LeftBehind",
    "ModelMismatch",
    "NoTurn",
    "Opened",
    "Player",
    "TurnFailed",
    "TurnPlayer",
    "load_agent",
]


def __getattr__(name: str) -> Any:
    if name in {"ModelMismatch", "TurnPlayer", "load_agent"}:
        from bot.dialogue import agent

        return getattr(agent, name)
    raise AttributeError(name)
