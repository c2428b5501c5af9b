"""The variants of a response come in turn."""

from __future__ import annotations

from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.variants import VaryingResponses

RESPONSES = {"utter_thanks": [{"text": "You are welcome."}, {"text": "Glad to help."}]}


def said(*texts: str) -> DialogueStateTracker:
    events = [BotUttered(text, metadata={"utter_action": "utter_thanks"}) for text in texts]
    return DialogueStateTracker.from_events("somebody", events)


async def thanks_after(*texts: str) -> str:
    response = await VaryingResponses(RESPONSES).generate("utter_thanks", said(*texts), "backplan")
    assert response is not None
    return str(response["text"])


async def test_each_variant_is_said_before_one_comes_again() -> None:
    assert await thanks_after() == "You are welcome."
    assert await thanks_after("You are welcome.") == "Glad to help."
    assert await thanks_after("You are welcome.", "Glad to help.") == "You are welcome."


async def test_a_response_that_does_not_exist_gives_nothing() -> None:
    assert await VaryingResponses(RESPONSES).generate("utter_unknown", said(), "backplan") is None


async def test_a_button_is_filled_in_anew_each_time() -> None:
    button = {"title": "{option}", "payload": "/choose{{1}}"}
    responses = VaryingResponses({"utter_ask": [{"text": "Which?", "buttons": [button]}]})
    for option in ("Heat", "Walking"):
        response = await responses.generate("utter_ask", said(), "backplan", option=option)
        assert response is not None
        assert response["buttons"] == [{"title": option, "payload": "/choose{1}"}]
