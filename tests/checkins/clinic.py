"""A patient followed over weeks on a hand-set clock: the real actions, core and store; only Rasa is left out."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import check_in as check_in_actions
from actions import check_in_wishes, consent
from actions.base import BackplanAction, Services
from actions.safety import ActionConcludeIntake
from bot.checkins.runner import CheckInRunner
from bot.clinical.rulebook import default_rulebook
from bot.dialogue import AmbientTurns, Conversations
from bot.dialogue.current_turn import playing
from bot.store import Case, CheckInStatus, Conversation, Store, Turn
from bot.understanding.reading import read

MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
RULES = default_rulebook()

#: A desk worker a week into back pain; nothing else is wrong.
WELL: Mapping[str, object] = {
    "age": 34,
    "pregnant": "no",
    "saddle_numbness": "none",
    "bladder_change": "none",
    "bowel_change": "none",
    "sexual_change": "none",
    "leg_pain": "none",
    "leg_numbness": "none",
    "leg_weakness": "none",
    "gait_unsteady_new": "no",
    "cancer_history": "none",
    "osteoporosis": "no",
    "steroids_long_term": "no",
    "prior_fragility_fracture": "no",
    "fever": "no",
    "generally_unwell": False,
    "duration_weeks": 1,
    "pain_avg": 6,
    "psfs": [{"activity": "sit at my desk for an hour", "score": 4}],
    "current_nsaid": False,
}

#: What is answered when a test says nothing else: keys to tap, or words in a str.
NOTHING_NEW: Mapping[str, Any] = {
    "check_in_start": ["start"],
    "nprs_now": ["5"],
    "psfs_now": ["5"],
    "gpe": ["same"],
    "adherence_pct": ["4"],
    "leg_pain_trend": ["stable"],
    "barriers": ["time"],
    "were_you_seen": ["yes"],
    "long_term": ["no"],
}


#: Said as a word of its own, each is the intent of that name.
WISHES: Mapping[str, type[BackplanAction]] = {
    "stop_check_ins": check_in_wishes.ActionStopCheckIns,
    "start_check_ins": check_in_wishes.ActionStartCheckIns,
    "pause_check_ins": check_in_wishes.ActionPauseCheckIns,
    "check_in_now": check_in_wishes.ActionCheckInNow,
}


@dataclass
class Clock:
    """Shows `now` until it is moved."""

    now: datetime = MONDAY_NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class Scripted:
    """Plays a turn by running the actions of the check-in as the rules of the dialogue order them."""

    services: Services
    slots: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def begin(self, turn: Turn, intent: str) -> None:
        with playing(turn):
            await self._run(turn, check_in_actions.ActionBeginCheckIn, {"intent": {"name": intent}})
            await self._form(turn, {"intent": {"name": intent}})

    async def play(self, turn: Turn) -> None:
        inbound = turn.inbound
        assert inbound is not None
        message = _parsed(inbound, self.slots.get(turn.conversation.id, {}).get("asking"))
        with playing(turn):
            if message["intent"]["name"] == "stop":
                await self._run(turn, check_in_actions.ActionStopCheckIn, message)
            elif (wish := WISHES.get(message["intent"]["name"])) is not None:
                events = await self._run(turn, wish, message)
                if any(one["event"] == "followup" for one in events):
                    await self._form(turn, message)
            else:
                await self._form(turn, message)

    async def _form(self, turn: Turn, message: dict[str, Any]) -> None:
        events = await self._run(turn, check_in_actions.ValidateCheckIn, message)
        if any(one.get("name") == "check_in_complete" and one["value"] for one in events):
            await self._run(turn, check_in_actions.ActionConcludeCheckIn, message)
        else:
            await self._run(turn, check_in_actions.ActionAskCheckInComplete, message)

    async def _run(self, turn: Turn, kind: type[BackplanAction], message: dict[str, Any]) -> list[Any]:
        slots = self.slots.setdefault(turn.conversation.id, {})
        tracker = Tracker(turn.conversation.id, slots, message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = await kind(self.services).run(dispatcher, tracker, {})
        slots.update({one["name"]: one["value"] for one in events if one["event"] == "slot"})
        for said in dispatcher.messages:
            taps = [json.loads(one["payload"].removeprefix("/choose")) for one in said["buttons"] or []]
            labels = [one["title"] for one in said["buttons"] or []]
            custom = said.get("custom") or {}
            turn.say(
                said.get("text") or said.get("response") or "",
                kind=said.get("kind") or custom.get("kind") or "info",
                asks=said.get("asks"),
                input=said.get("input"),
                choices=[
                    (label, {"field": tap["field"], "value": json.loads(tap["value"])})
                    for label, tap in zip(labels, taps, strict=True)
                ],
                key=said.get("key"),
            )
        return list(events)


def _parsed(inbound: Any, asks: str | None) -> dict[str, Any]:
    if inbound.choices:
        entities = [
            pair
            for one in inbound.choices
            for pair in (
                {"entity": "field", "value": one.field},
                {"entity": "value", "value": json.dumps(one.value)},
            )
        ]
        return {"text": "tapped", "intent": {"name": "choose"}, "entities": entities}
    wish, _, days = inbound.text.partition(" ")
    if wish in ("stop", *WISHES):
        return {
            "text": inbound.text,
            "intent": {"name": wish},
            "rest_days": int(days) if days else None,
        }
    reading = read(inbound.text, asks)
    danger = reading.safety is not None and reading.safety.interrupts
    return {
        "text": inbound.text,
        "intent": {"name": "report_danger" if danger else "inform"},
        "facts": [one.as_json() for one in reading.facts],
        "answer": reading.answer,
    }


@dataclass
class Clinic:
    """One store, one clock, one runner, and the patients in it."""

    store: Store
    clock: Clock
    workers: int = 1

    def __post_init__(self) -> None:
        services = Services(turns=AmbientTurns(), rulebook=RULES)
        self.player = Scripted(services)
        self.conversations = Conversations(self.store, self.player, apologise=lambda turn: None)
        self.runner = CheckInRunner(self.store, self.conversations, RULES, "runner-1", seconds=1)

    def patient(
        self, channel: str = "web", zone: str = "Europe/London", agrees: bool = True, **facts: object
    ) -> Followed:
        """A patient whose intake ends now."""
        external = f"chat-{id(facts)}-{self.clock.now.timestamp()}" if channel != "web" else None
        conversation, _ = self.store.open_conversation(channel, external, zone)
        turn = self.store.begin_turn(conversation.id, None)
        turn.open_episode("intake")
        turn.consent(consent.KEEP, granted=True, version=consent.VERSION)
        turn.consent(consent.CHECK_INS, granted=agrees, version=consent.VERSION)
        for name, value in {**WELL, **facts}.items():
            turn.learn(name, value, str(value), "answer")
        with playing(turn):
            asyncio.run(self.player._run(turn, ActionConcludeIntake, {"intent": {"name": "inform"}}))
        self.store.commit_turn(turn)
        return Followed(self, conversation)

    def run(self) -> Counter[str]:
        """One look of the runner."""
        return asyncio.run(self.runner.run_once())

    def pass_days(
        self, days: float, then: Callable[[], None] = lambda: None, *, step: int = 2, always: bool = False
    ) -> Counter[str]:
        """Let the time pass in steps of some hours, with the runner looking after each.

        `then` is what the patients do: when the runner did something, or `always`.
        """
        done: Counter[str] = Counter()
        for _ in range(round(days * 24 / step)):
            self.clock.move(hours=step)
            looked = self.run()
            done += looked
            if always or looked:
                then()
        return done


@dataclass
class Followed:
    """One patient: what stands in the store, and answers to whatever is asked."""

    clinic: Clinic
    conversation: Conversation
    count: int = 0

    @property
    def store(self) -> Store:
        return self.clinic.store

    @property
    def case(self) -> Case:
        return self.store.case(self.look.episode.id)  # type: ignore[union-attr]

    @property
    def look(self) -> Turn:
        return self.store.begin_turn(self.conversation.id, None)

    @property
    def asks(self) -> str | None:
        turn = self.look
        return turn.last_question.asks if turn.check_in and turn.last_question else None

    @property
    def flags(self) -> set[str]:
        return {f"{one.code} {one.severity}" for one in self.case.flags}

    @property
    def rules(self) -> set[str]:
        """The K rules of the last triage."""
        return {one["rule"] for one in self.look.findings if one["rule"].startswith("K")}

    @property
    def status(self) -> str:
        return self.case.episode.status

    def check_ins(self, status: CheckInStatus) -> list[str]:
        return [one.kind for one in self.case.check_ins if one.status is status]

    def said(self) -> list[str]:
        return [one.text for one in self.case.messages if one.sender == "bot"]

    def message_keys(self) -> list[str | None]:
        return [one.key for one in self.case.messages if one.sender == "bot"]

    def send(self, text: str | None = None, choices: list[str] | None = None) -> None:
        self.count += 1
        self.store.accept(self.conversation.id, f"c{self.count}", text, choices)
        asyncio.run(self._settle())

    async def _settle(self) -> None:
        while inbound := self.store.next_inbound(self.conversation.id):
            turn = self.store.begin_turn(self.conversation.id, inbound)
            await self.clinic.player.play(turn)
            self.store.commit_turn(turn)

    def tap(self, *keys: str) -> None:
        question = self.look.last_question
        assert question is not None
        found = _ids(self.store, question.choices, keys, self.conversation.id)
        self.send(choices=found)

    def answer(self, **answers: Any) -> list[str]:
        """Answer the open check-in to its end; gives what was asked."""
        asked = []
        for _ in range(40):
            asks = self.asks
            if asks is None:
                return asked
            asked.append(asks)
            given = {**NOTHING_NEW, **answers}.get(asks)
            if isinstance(given, str):
                self.send(given)
            elif given is not None:
                self.tap(*given)
            else:
                self.tap(*(["no"] if asks in ("osteoporosis", "sudden_severe_onset") else ["none"]))
        raise AssertionError(f"the check-in does not end: {asked}")

    def check_in(self, days: float, **answers: Any) -> list[str]:
        """Let days pass until a check-in is open, and answer it."""
        end = self.clinic.clock.now + timedelta(days=days)
        while self.asks is None and self.clinic.clock.now < end:
            self.clinic.clock.move(hours=1)
            self.clinic.run()
        assert self.asks is not None, "no check-in came"
        return self.answer(**answers)


def _ids(store: Store, choices: Any, keys: tuple[str, ...], conversation_id: str) -> list[str]:
    """The ids of the choices with these keys: a tap sends an id, and the test names what it means."""
    from sqlalchemy import select

    from bot.store.tables import issued_choices

    with store._database.reading() as connection:
        rows = connection.execute(
            select(issued_choices).where(issued_choices.c.id.in_([one.id for one in choices]))
        ).all()
    by_key = {str(row.value): row.id for row in rows}
    missing = [key for key in keys if key not in by_key]
    assert not missing, f"{missing} is not among {sorted(by_key)}"
    return [by_key[key] for key in keys]
