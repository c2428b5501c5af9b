"""Last component of the pipeline: what the message says has the final word on what kind of message it is."""

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.clock_times import LOCAL_TIME, clock_minutes
from bot.understanding.email_codes import EMAIL_CODE, email_code, only_gives_a_code
from bot.understanding.email_wishes import email_wish
from bot.understanding.intent_choice import (
    INFORM,
    PAUSE_CHECK_INS,
    REPORT_DANGER,
    RESUME,
    answer_of,
    choose_intent,
    kept_facts,
    of_the_wish,
    unsure_of,
)
from bot.understanding.rests import rest_days
from bot.understanding.safety_screen import ASKED, reading_of

REFUSES = "refuse_advice"
SURE_OF_REFUSING = 0.4  #: once more the same advice, said without need, harms nobody


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ClinicalConcepts(RasaIntentClassifier, GraphComponent):
    """Adds `facts` and `answer`, and corrects `intent` where the reading knows better."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ClinicalConcepts":
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            reading = reading_of(message)
            guess = message.get(INTENT) or {}
            guessed, sure = guess.get("name"), float(guess.get("confidence", 0.0))
            name, confidence = choose_intent(reading, guessed, sure)
            wish = email_wish(message.get(TEXT) or "")
            if wish is not None and name != REPORT_DANGER:
                name, confidence = wish, 1.0
            answer = None if name == RESUME or wish is not None else answer_of(reading, guessed, sure)
            facts = kept_facts(reading, name) or unsure_of(
                message.get(ASKED), answer, message.get(TEXT) or ""
            )
            name = of_the_wish(message.get(ASKED), name, answer)
            if message.get(ASKED) == EMAIL_CODE:
                if name != REPORT_DANGER and only_gives_a_code(message.get(TEXT) or ""):
                    name, confidence = INFORM, 1.0
                message.set(EMAIL_CODE, email_code(message.get(TEXT) or ""), add_to_output=True)
            message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
            message.set("facts", [fact.as_json() for fact in facts], add_to_output=True)
            message.set("answer", answer, add_to_output=True)
            if guessed == REFUSES and sure >= SURE_OF_REFUSING:
                message.set("refuses", True, add_to_output=True)
            if message.get(ASKED) == LOCAL_TIME:
                message.set("clock_minutes", clock_minutes(message.get(TEXT) or ""), add_to_output=True)
            if name == PAUSE_CHECK_INS:
                message.set("rest_days", rest_days(message.get(TEXT) or ""), add_to_output=True)
        return messages
