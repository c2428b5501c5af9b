"""Which wording of a response is said: never the one that was said last."""

from copy import deepcopy
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

LOOKED_BACK = 60  #: messages of the bot


class VaryingResponses(TemplatedNaturalLanguageGenerator):
    """Takes the wording that was said longest ago, the first one first.

    Rasa's own generator draws one by chance, so that a patient may read the same words twice running.
    """

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        slots = tracker.current_slot_values()
        suitable = (
            ResponseVariationFilter(self.responses).responses_for_utter_action(
                utter_action, output_channel, slots
            )
            if utter_action in self.responses
            else []
        )
        # Rasa fills in the buttons where they stand: a shallow copy would keep them filled.
        filled = [self._fill_response(deepcopy(wording), slots, **kwargs) for wording in suitable]
        if len(filled) < 2:
            return filled[0] if filled else None
        said = _said(tracker)
        return min(filled, key=lambda wording: said.get(str(wording.get("text")), -1))


def _said(tracker: DialogueStateTracker) -> dict[str, int]:
    """Text -> when it was last said, as a number that grows."""
    recent: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            recent.append(str(event.text))
            if len(recent) == LOOKED_BACK:
                break
    return {text: at for at, text in enumerate(reversed(recent))}
