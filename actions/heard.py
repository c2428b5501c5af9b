"""What the patient's last message meant, read from the tracker."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from bot.clinical.facts import UNSURE

#: The patient asks something, or leaves; a rule answers, and the intake asks its question again.
INTERRUPTIONS = frozenset(
    {
        "ask_bot",
        "ask_noted",
        "ask_option",
        "ask_plan",
        "ask_why",
        "change_language",
        "change_consent",
        "check_in_now",
        "delete_data",
        "export_data",
        "express_distress",
        "goodbye",
        "greet",
        "help",
        "insult",
        "medical_question",
        "pause",
        "pause_check_ins",
        "report_danger",
        "restart_intake",
        "resume",
        "small_talk",
        "start_check_ins",
        "start_emails",
        "stop",
        "stop_check_ins",
        "stop_emails",
        "talk_to_human",
        "thank",
        "withdraw_consent",
    }
)


#: The source of a fact that only the second look found.
LIKELY = "likely"

#: Pleasantries: a message that may as well be an odd answer is one only when the classifier is sure of it.
PLEASANTRIES = frozenset({"goodbye", "greet", "insult", "resume", "small_talk", "thank"})
SURE_OF_A_PLEASANTRY = 0.6


@dataclass(frozen=True)
class HeardFact:
    """A fact that a message brought, with the patient's own words."""

    field: str
    value: Any
    words: str
    source: str  #: answer | volunteered | likely | screen | choice


@dataclass(frozen=True)
class Heard:
    """One message of the patient, understood."""

    text: str
    intent: str
    facts: tuple[HeardFact, ...] = ()
    answer: str | None = None  #: yes | no | unsure | skip, in the light of the question
    chosen: tuple[tuple[str, Any], ...] = ()  #: tapped (field, value) pairs
    confidence: float = 1.0
    refuses: bool = False  #: the patient may mean that they do not follow the advice to get help
    clock_minutes: int | None = None  #: a time of the day as minutes since midnight, where one was asked for
    doubts: tuple[str, ...] = ()  #: fields that the message may have told danger of
    email_code: str | None = None  #: the digits of a code, where one was asked for
    writes_for: str | None = None  #: the relative who is the patient, if somebody else writes
    rest_days: int | None = None  #: how long check-ins are to rest, where a wish for that names a time

    @property
    def is_external(self) -> bool:
        """Whether no patient said this: one of our own triggers."""
        return self.intent.startswith("EXTERNAL_")

    @property
    def doubted(self) -> tuple[str, ...]:
        """Danger fields that this message may have told, likelier ones first: to be asked about at once."""
        likely = (fact.field for fact in self.facts if fact.source == LIKELY)
        return (*likely, *self.doubts)

    @property
    def interrupts(self) -> bool:
        if self.intent in PLEASANTRIES and self.confidence < SURE_OF_A_PLEASANTRY:
            return False
        return self.intent in INTERRUPTIONS

    @property
    def chosen_field(self) -> str | None:
        return self.chosen[0][0] if self.chosen else None

    @property
    def chosen_values(self) -> tuple[Any, ...]:
        return tuple(value for _, value in self.chosen)

    @classmethod
    def from_tracker(cls, tracker: Tracker) -> Heard:
        return cls.from_parse(tracker.latest_message or {})

    @classmethod
    def from_parse(cls, message: Mapping[str, Any]) -> Heard:
        text = str(message.get("text") or "")
        return cls(
            text=text,
            intent=str((message.get("intent") or {}).get("name") or "out_of_scope"),
            facts=tuple(_heard_fact(fact, text) for fact in message.get("facts") or ()),
            answer=message.get("answer"),
            chosen=_chosen(message.get("entities") or ()),
            confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
            refuses=bool(message.get("refuses")),
            clock_minutes=message.get("clock_minutes"),
            doubts=tuple(message.get("doubts") or ()),
            email_code=message.get("email_code"),
            writes_for=message.get("writes_for"),
            rest_days=message.get("rest_days"),
        )


def _heard_fact(fact: Mapping[str, Any], text: str) -> HeardFact:
    """What only the second look found counts as "not sure": the intake asks, and the answer decides."""
    source = fact.get("source", "volunteered")
    value = UNSURE if source == LIKELY else fact["value"]
    return HeardFact(fact["field"], value, fact.get("words") or text, source)


def facts_in_events(events: Iterable[Mapping[str, Any]]) -> tuple[HeardFact, ...]:
    """Every fact of the patient's typed messages among these tracker events, oldest first."""
    said = [
        Heard.from_parse(event.get("parse_data") or {}) for event in events if event.get("event") == "user"
    ]
    return tuple(fact for heard in said for fact in heard.facts)


def _chosen(entities: Any) -> tuple[tuple[str, Any], ...]:
    fields = [entity["value"] for entity in entities if entity.get("entity") == "field"]
    values = [json.loads(entity["value"]) for entity in entities if entity.get("entity") == "value"]
    return tuple(zip(fields, values, strict=True))
