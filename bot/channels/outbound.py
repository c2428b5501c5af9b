"""How a message of a conversation looks to a web client."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.store.records import Message


def as_json(message: Message) -> dict[str, object]:
    """The message with the keys of the web chat API."""
    return {
        "seq": message.seq,
        "from": message.sender,
        "at": message.at.isoformat(),
        "text": message.text,
        "asks": message.asks,
        "input": message.input,
        "choices": [{"id": choice.id, "label": choice.label} for choice in message.choices],
        "kind": message.kind,
    }


def as_page(messages: Sequence[Message], *, typing: bool) -> dict[str, object]:
    """The answer of GET /chat/messages."""
    return {"messages": [as_json(message) for message in messages], "typing": typing}


def as_event(message: Message) -> str:
    """The message as one server-sent event whose id is its seq."""
    return f"id: {message.seq}\ndata: {json.dumps(as_json(message), ensure_ascii=False)}\n\n"
