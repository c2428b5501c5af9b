"""A clinic for tests: a clock that is set by hand, patients who chat, and a look at every row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import select

from bot.clinical.facts import FactValue
from bot.clinical.triage import Finding, Triage, combine
from bot.clinical.urgency import Urgency
from bot.store import Case, Clinician, Conversation, Database, PendingInbound, Store, Turn
from bot.store.tables import metadata

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)
HASH = "$argon2id$a-hash"


@dataclass
class Clock:
    """Shows `now` until it is moved."""

    now: datetime = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class Patient:
    """One conversation with one patient."""

    store: Store
    conversation: Conversation
    token: str
    _client_ids: Iterator[int] = field(default_factory=itertools.count)

    @property
    def id(self) -> str:
        return self.conversation.patient_id

    @contextmanager
    def turn(self, inbound: PendingInbound | None = None) -> Iterator[Turn]:
        """A turn that is committed when the block ends."""
        turn = self.store.begin_turn(self.conversation.id, inbound)
        yield turn
        self.store.commit_turn(turn)

    def say(self, text: str | None = None, choices: Sequence[str] | None = None) -> PendingInbound:
        """Send a message; gives it as the next turn receives it."""
        self.store.accept(self.conversation.id, f"client-{next(self._client_ids)}", text, choices)
        pending = self.store.next_inbound(self.conversation.id)
        assert pending is not None
        return pending

    def look(self) -> Turn:
        """What a turn would see now."""
        return self.store.begin_turn(self.conversation.id, None)

    def case(self) -> Case:
        episode = self.look().episode
        assert episode is not None
        return self.store.case(episode.id)


@dataclass
class Clinic:
    """Patients and clinicians on one store."""

    store: Store
    clock: Clock

    def new_patient(
        self, channel: str = "web", external_id: str | None = None, timezone: str | None = None
    ) -> Patient:
        conversation, token = self.store.open_conversation(channel, external_id, timezone)
        return Patient(self.store, conversation, token)

    def patient_in(self, status: str = "intake", triage: Triage | None = None, **facts: object) -> Patient:
        """A patient with an episode, its facts, and the triage that followed from them."""
        patient = self.new_patient()
        with patient.turn() as turn:
            turn.open_episode(status)
            for name, value in facts.items():
                turn.learn(name, value, str(value), "answer")
            if triage is not None:
                turn.record_triage(triage)
        return patient

    def new_clinician(self, name: str = "Dr Amara Osei") -> Clinician:
        return self.store.set_password(self.store.issue_setup_token(name), HASH)


def triaged(urgency: str, *flags: str, rule: str = "E1", **facts: FactValue) -> Triage:
    """The triage of a patient with one finding."""
    return combine(
        [
            Finding(
                rule=rule,
                urgency=Urgency(urgency),
                flags=flags,
                facts_used=facts,
                patient="Please see a doctor today.",
                clinician="Fever with back pain.",
                sources=("NHS-BACKPAIN-COPY",),
            )
        ]
    )


def plan(*options: Mapping[str, Any], rulebook: str = "2026-11-23") -> dict[str, Any]:
    """An assessment as the core gives it, as far as the store looks at it."""
    return {"triage": "self_manage", "options": list(options), "rulebook": rulebook}


def option(name: str, status: str, *reasons: Mapping[str, Any], family: str = "physical") -> dict[str, Any]:
    return {"id": name, "family": family, "status": status, "reasons": list(reasons)}


WALKING = option(
    "PT_GRADED_WALK",
    "offered",
    {"rule": "P1", "text": "You like to walk.", "clinician": "Preference.", "sources": ["NG59"]},
    {"rule": "P2", "text": "It costs nothing.", "clinician": "Budget.", "sources": ["NG59", "MEDREP"]},
)
TABLETS = option(
    "PM_NSAID_ORAL",
    "withheld",
    {"rule": "N04", "text": "You take a blood thinner.", "clinician": "Bleeding.", "sources": ["GGC-NSAID"]},
    family="pain",
)


def everything_in(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in a fixed order."""
    with database.reading() as connection:
        return {
            table.name: sorted(
                (tuple(row) for row in connection.execute(select(table))), key=lambda row: repr(row)
            )
            for table in metadata.sorted_tables
        }
