"""How an action speaks: one place that knows what the channels need beside the words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.questions import Question

Tap = tuple[str, Any]  #: label, JSON-able value


class Voice:
    """Says domain responses, rulebook texts and questions through Rasa's dispatcher."""

    def __init__(self, dispatcher: CollectingDispatcher) -> None:
        self._dispatcher = dispatcher

    def respond(self, response: str, kind: str = "info", **variables: Any) -> None:
        """Say a response of domain.yml."""
        self._dispatcher.utter_message(response=response, kind=kind, key=response, **variables)

    def tell(self, text: str, kind: str = "info", key: str | None = None) -> None:
        """Say a text of the rulebook."""
        self._dispatcher.utter_message(text=text, kind=kind, key=key)

    def ask(self, question: Question, prefix: str = "") -> None:
        """Ask a question of the rulebook, with its choices."""
        self.ask_text(
            question.field,
            f"{prefix} {question.text}".strip(),
            question.input,
            ((choice.label, choice.value) for choice in question.choices),
            key=f"ask_{question.field}",
        )

    def ask_text(self, field: str, text: str, shown_as: str | None, taps: Iterable[Tap], key: str) -> None:
        self._dispatcher.utter_message(
            text=text,
            buttons=_buttons(field, taps),
            kind="question",
            asks=field,
            input=shown_as,
            key=key,
        )

    def ask_response(
        self, field: str, response: str, shown_as: str, taps: Iterable[Tap] = (), **variables: Any
    ) -> None:
        """Ask with the words of a domain response; `taps` come after the buttons that it has itself."""
        self._dispatcher.utter_message(
            response=response,
            buttons=_buttons(field, taps),
            kind="question",
            asks=field,
            input=shown_as,
            key=response,
            **variables,
        )

    def ask_text_response(self, field: str, response: str) -> None:
        """Ask with the words of a domain response for something to be typed."""
        self._dispatcher.utter_message(response=response, kind="question", asks=field, key=response)


def _buttons(field: str, taps: Iterable[Tap]) -> list[dict[str, str]]:
    return [
        {"title": label, "payload": "/choose" + json.dumps({"field": field, "value": json.dumps(value)})}
        for label, value in taps
    ]
