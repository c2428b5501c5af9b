"""First component of the pipeline: reads the raw words and looks for danger before anything learned runs."""

from datetime import date, datetime, timezone
from typing import Any, Callable, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.reading import Reading, read
from bot.understanding.settled import is_settled

#: The reading, left for the last component; not part of the parse result.
READING = "reading"
#: The field that was asked, left for the components that judge an answer by its question.
ASKED = "asked_field"
#: Whether the reading alone decides, left for the learned components, which then rest.
SETTLED = "settled"
ASKING = "asking"
#: The relative for whom the conversation is written: a slot, and a part of each parse result that tells it.
WRITES_FOR = "writes_for"
_HARMLESS_SLASH = "\u2215"


def _today() -> date:
    return datetime.now(timezone.utc).date()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyScreen(RasaIntentClassifier, GraphComponent):
    """Sets `safety` (None below same_day) and leaves the whole reading on the message.

    A leading slash would make Rasa execute a person's words as an intent; it is swapped for a look-alike.
    """

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SafetyScreen":
        return cls()

    def __init__(self, today: Callable[[], date] = _today) -> None:
        """`today` gives the date that "since Tuesday" counts from."""
        self._today = today

    def process(
        self, messages: List[Message], tracker: Optional[DialogueStateTracker] = None
    ) -> List[Message]:
        asks, before = asked_fields(tracker)
        patient = patient_of(tracker)
        for message in messages:
            text = message.get(TEXT) or ""
            reading = read(text, asks, self._today(), before, patient)
            message.set(READING, reading)
            message.set(ASKED, asks)
            message.set(SETTLED, is_settled(reading, text))
            message.set("safety", reading.safety.as_json() if reading.safety else None, add_to_output=True)
            if reading.written_for is not None:
                message.set(WRITES_FOR, reading.written_for, add_to_output=True)
            if text.lstrip().startswith("/"):
                message.set(TEXT, text.replace("/", _HARMLESS_SLASH, 1), add_to_output=True)
        return messages


def reading_of(message: Message) -> Reading:
    """What `SafetyScreen` read; an empty reading when it did not run."""
    reading = message.get(READING)
    return reading if isinstance(reading, Reading) else Reading()


def patient_of(tracker: Optional[DialogueStateTracker]) -> Optional[str]:
    """The relative for whom this conversation is written, as an earlier message said; None as a rule."""
    if tracker is None:
        return None
    if WRITES_FOR in tracker.slots and (noted := tracker.get_slot(WRITES_FOR)):
        return str(noted)
    told = (
        event.parse_data.get(WRITES_FOR)
        for event in reversed(tracker.events)
        if isinstance(event, UserUttered) and event.parse_data
    )
    return next((str(one) for one in told if one), None)


def asked_fields(tracker: Optional[DialogueStateTracker]) -> "tuple[Optional[str], Optional[str]]":
    """The field being asked and the one asked before it, for "sorry, I meant 4"."""
    if tracker is None:
        return None, None
    asked = tracker.get_slot(ASKING) if ASKING in tracker.slots else None
    for event in reversed(tracker.events):
        if isinstance(event, SlotSet) and event.key == ASKING and event.value and event.value != asked:
            return asked, str(event.value)
    return asked, None
