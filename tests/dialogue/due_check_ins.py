"""Check-ins that are due now on a running server, planned straight into its store, and time that has passed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.clinical.schedule import EARLIEST, LATEST
from bot.store import Case, CheckIn, Database, Store, Turn, system_clock
from bot.store.tables import check_ins, facts, messages, plans
from tests.chat_server import ChatServer
from tests.dialogue.patient import Patient


class Stored(Protocol):
    """A server whose database can be opened."""

    @property
    def database_url(self) -> str: ...


def daytime_zone() -> str:
    """A zone in which it is a decent hour now, and for the next hours."""
    now = datetime.now(timezone.utc)
    for offset in range(-12, 13):
        name = f"Etc/GMT{offset:+d}" if offset else "Etc/GMT"
        if EARLIEST + 1 <= now.astimezone(ZoneInfo(name)).hour <= LATEST - 4:
            return name
    raise AssertionError("it is night everywhere")


def ago(server: Stored, conversation: str, **by: float) -> None:
    """Let everything of a conversation have happened that much earlier."""
    database = Database(server.database_url)
    shift = timedelta(**by)
    with database.writing() as connection:
        episode_ids = [
            row.episode_id
            for row in connection.execute(
                select(check_ins.c.episode_id).where(check_ins.c.conversation_id == conversation)
            )
        ]
        for table, column, owner in (
            (facts, facts.c.at, facts.c.episode_id.in_(episode_ids)),
            (plans, plans.c.created_at, plans.c.episode_id.in_(episode_ids)),
            (messages, messages.c.at, messages.c.conversation_id == conversation),
        ):
            keys = list(table.primary_key.columns)
            for row in connection.execute(select(*keys, column).where(owner)).all():
                connection.execute(
                    update(table)
                    .where(*(key == value for key, value in zip(keys, row[:-1], strict=True)))
                    .values({column.name: row[-1] - shift})
                )
    database.dispose()


def make_due(server: Stored, conversation: str, kind: str) -> None:
    """Let a contact of this kind, planned or not, fall due a minute ago; the others stay away."""
    database = Database(server.database_url)
    store = Store(database, clock=system_clock)
    now = datetime.now(timezone.utc)
    turn: Turn = store.begin_turn(conversation, None)
    turn.cancel_check_ins()
    turn.plan_check_ins([(kind, now - timedelta(minutes=1))])
    store.commit_turn(turn)
    store.close()


def begin_check_in(server: ChatServer, patient: Patient, kind: str, days: float) -> None:
    """The check-in of that day begins: wait for its first question."""
    ago(server, patient.conversation, days=days, minutes=30)
    before = patient.seen
    make_due(server, patient.conversation, kind)
    patient.listen()
    while not patient.asks:
        patient.listen()
    assert patient.seen > before


def check_ins_of(case: Case) -> dict[str, CheckIn]:
    return {one.kind: one for one in case.check_ins if one.status.value != "cancelled"}
