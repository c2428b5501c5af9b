"""The output channel of the chat server: every bot message becomes a row of the turn's outbox."""

import json
from typing import Any, Dict, List, Tuple

from rasa.core.channels.channel import OutputChannel

from bot.dialogue.current_turn import current_turn

CHOOSE = "/choose"


class OutboxChannel(OutputChannel):
    """Writes what the agent says into the turn; nothing is sent from here."""

    @classmethod
    def name(cls) -> str:
        return "backplan"

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        text = message.get("text")
        if not text:
            return
        current_turn().say(
            text=text,
            kind=message.get("kind") or "info",
            asks=message.get("asks"),
            input=message.get("input"),
            choices=[_choice(button) for button in message.get("buttons") or []],
            key=message.get("key") or message.get("utter_action"),
        )


def _choice(button: Dict[str, Any]) -> Tuple[str, Dict[str, Any]]:
    """A label and what a tap on it means; the payload is the one `rasa shell` would send as text."""
    payload = button["payload"]
    if not payload.startswith(CHOOSE):
        raise ValueError("a button must carry a choice")
    chosen = json.loads(payload[len(CHOOSE) :])
    return button["title"], {"field": chosen["field"], "value": json.loads(chosen["value"])}


def chosen_entities(choices: List[Tuple[str, Any]]) -> List[Dict[str, Any]]:
    """The entities of a tapped choice, as Rasa reads them from `/choose{...}`."""
    entities: List[Dict[str, Any]] = []
    for field, value in choices:
        entities.append({"entity": "field", "value": field})
        entities.append({"entity": "value", "value": json.dumps(value)})
    return entities
