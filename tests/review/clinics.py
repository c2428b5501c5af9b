"""A clinic to sign in to: one store with three episodes in it, in memory or on SQLite."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.clinical.rulebook import default_rulebook
from bot.clinical.triage import triage
from bot.review.console.interface import ConsoleStore
from bot.store import Database, Store
from tests.review import patients
from tests.review.cases import STARTED, CaseBuilder
from tests.review.fakes import FakeClock, FakeStore


@dataclass
class Clinic:
    """`episodes` maps the name of a patient to the id of the episode; `audit` reads (actor, action, subject)."""

    store: ConsoleStore
    clock: FakeClock
    disable: Callable[[str], bool]
    audit: Callable[[], list[tuple[str, str, str]]]
    episodes: dict[str, str] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None


def in_memory() -> Clinic:
    clock = FakeClock(STARTED + timedelta(hours=3))
    store = FakeStore(clock)
    built = {"well": patients.acute_uncomplicated(), "numb": patients.cauda_equina(), "private": private()}
    for builder in built.values():
        store.add(builder.build())
    episodes = {name: builder.build().episode.id for name, builder in built.items()}
    return Clinic(store, clock, store.disable_clinician, lambda: list(store.audit), episodes)


@dataclass(frozen=True)
class KeptClinic:
    """A SQLite file with the episodes in it, to be copied for each test."""

    file: Path
    episodes: dict[str, str]


def keep_clinic(folder: Path) -> KeptClinic:
    """Play every patient into the real store once."""
    file = folder / "kept.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    store = Store(database, clock=FakeClock(STARTED))
    built = {"well": patients.acute_uncomplicated(), "numb": patients.cauda_equina(), "private": private()}
    episodes = {name: _kept(store, builder) for name, builder in built.items()}
    store.close()
    return KeptClinic(file, episodes)


def on_sqlite(kept: KeptClinic, folder: Path) -> Clinic:
    file = folder / "clinic.db"
    shutil.copyfile(kept.file, file)
    clock = FakeClock(STARTED + timedelta(hours=3))
    store = Store(Database(f"sqlite:///{file}"), clock=clock)

    def audit() -> list[tuple[str, str, str]]:
        return [(row.actor, row.action, row.subject) for row in reversed(store.audit_rows(limit=1000))]

    return Clinic(store, clock, store.disable_clinician, audit, kept.episodes, store.close)


def private() -> CaseBuilder:
    """Keeps answers, and does not show them to a clinician."""
    return (
        CaseBuilder("private", status="planned")
        .agrees("keep_answers")
        .patient("my back aches, and nobody is to know", "volunteered", pain_avg=3)
        .triaged()
    )


def _kept(store: Store, builder: CaseBuilder) -> str:
    """Play the case into the real store, and give the id of its episode there."""
    case = builder.build()
    conversation, _ = store.open_conversation(case.conversation.channel, timezone=case.conversation.timezone)
    for number, message in enumerate(case.messages):
        if message.sender == "patient":
            store.accept(conversation.id, f"client-{number}", message.text, None)
            turn = store.begin_turn(conversation.id, store.next_inbound(conversation.id))
        else:
            turn = store.begin_turn(conversation.id, None)
            turn.say(message.text, kind=message.kind, asks=message.asks)
        store.commit_turn(turn)
    turn = store.begin_turn(conversation.id, None)
    episode = turn.open_episode("intake")
    for consent in case.consents:
        turn.consent(consent.purpose, consent.granted, consent.version)
    for record in case.facts:
        turn.learn(record.field, record.value, record.words, record.source)
    for name in case.skipped:
        turn.skip(name)
    turn.record_triage(triage(turn.facts, default_rulebook()))
    for plan in case.plans:
        turn.store_plan(plan.assessment)
    for flag in case.flags:
        turn.raise_flag(flag.code, flag.severity, flag.reason, flag.rule)
    turn.plan_check_ins((one.kind, one.due_at) for one in case.check_ins)
    turn.set_status(case.episode.status)
    store.commit_turn(turn)
    return episode.id
