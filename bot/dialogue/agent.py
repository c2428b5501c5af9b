"""Loading the Rasa agent for the chat server: checked model, in-process actions, our own seams."""

import hashlib
import logging
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa_sdk import Action

from actions.consent import CONSENT, granted
from bot.dialogue import tracker_store, tuning
from bot.dialogue.actions_endpoint import InProcessActions
from bot.dialogue.current_turn import playing
from bot.dialogue.email_answers import email_answer
from bot.dialogue.output import OutboxChannel, chosen_entities
from bot.dialogue.variants import VaryingResponses
from bot.store import Turn
from bot.understanding.intent_choice import CHANGE_CONSENT, WISH_ASKED_ABOUT

logger = logging.getLogger(__name__)

START = "EXTERNAL_start"


class ModelMismatch(RuntimeError):
    """The model file is not the one that was trained here; train again with `backplan train`."""


def load_agent(model: Path, actions: Sequence[Action]) -> Agent:
    """Load `model` after checking its SHA-256 against the file beside it.

    Raises `ModelMismatch` when the digest is missing or wrong: a model file can run code.
    """
    check_model(model)
    tuning.apply()
    agent = Agent(action_endpoint=InProcessActions(actions))
    tracker_store.install(agent)
    agent.nlg = VaryingResponses({})
    agent.load_model(model)
    if type(agent.tracker_store) is not tracker_store.TurnTrackerStore:
        raise RuntimeError("Rasa put another tracker store in place; conversations would not be kept")
    return agent


def model_digest(model: Path) -> str:
    return hashlib.sha256(model.read_bytes()).hexdigest()


def digest_file(model: Path) -> Path:
    return model.with_name(model.name + ".sha256")


def check_model(model: Path) -> None:
    recorded = digest_file(model)
    if not model.is_file() or not recorded.is_file():
        raise ModelMismatch(f"{model.name} or its .sha256 file is missing; run `backplan train`.")
    if recorded.read_text(encoding="ascii").strip() != model_digest(model):
        raise ModelMismatch(f"{model.name} does not match its .sha256 file; run `backplan train`.")


class TurnPlayer:
    """Plays one turn on the agent: everything that happens lands in the `Turn`, nothing is sent."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    async def play(self, turn: Turn) -> None:
        """Let the agent answer the turn's inbound message, or open the conversation when it has none."""
        with playing(turn):
            if turn.inbound is None:
                await self.trigger(turn, START)
            else:
                await self._agent.processor.handle_message(_user_message(turn))

    async def begin(self, turn: Turn, intent: str) -> None:
        """Start the dialogue of `intent`, which no patient's message started."""
        with playing(turn):
            await self.trigger(turn, intent)

    async def trigger(self, turn: Turn, intent: str, entities: Optional[List[Dict[str, Any]]] = None) -> None:
        """Start a dialogue that no patient's message started."""
        channel = OutboxChannel()
        tracker = await self._agent.processor.fetch_tracker_and_update_session(turn.conversation.id, channel)
        await self._agent.trigger_intent(intent, entities or [], channel, tracker)

    def response_text(self, name: str) -> str:
        """The first text of a domain response, with its places still open."""
        return str(self._agent.domain.responses[name][0]["text"])

    async def parse(self, text: str, asks: Optional[str]) -> Dict[str, Any]:
        """What the trained pipeline understands of `text` when `asks` was the question."""
        from rasa.shared.core.events import SlotSet
        from rasa.shared.core.trackers import DialogueStateTracker

        tracker = DialogueStateTracker.from_events(
            "understand", [SlotSet("asking", asks)], slots=self._agent.domain.slots
        )
        message = UserMessage(text, OutboxChannel(), "understand")
        return await self._agent.processor.parse_message(message, tracker)


def _user_message(turn: Turn) -> UserMessage:
    inbound = turn.inbound
    if inbound is None:
        raise ValueError("the turn has no inbound message")
    common = {
        "output_channel": OutboxChannel(),
        "sender_id": turn.conversation.id,
        "input_channel": turn.conversation.channel,
        "message_id": str(inbound.seq),
    }
    chosen = [(choice.field, choice.value) for choice in inbound.choices] or email_answer(turn)
    if not chosen:
        return UserMessage(inbound.text, **common)
    label = ", ".join(choice.label for choice in inbound.choices) or inbound.text
    parse_data = {
        "text": label,
        "intent": {"name": _intent_of_a_tap(turn, chosen[0][0]), "confidence": 1.0},
        "entities": chosen_entities(chosen),
        "facts": [],
        "answer": None,
        "safety": None,
    }
    return UserMessage(label, parse_data=parse_data, **common)


def _intent_of_a_tap(turn: Turn, field: str) -> str:
    """A tap is a choice. About a wish it belongs to the wish, and so does one on permissions that are in force."""
    if field == CONSENT and granted(turn):
        return CHANGE_CONSENT
    return WISH_ASKED_ABOUT.get(field, "choose")
