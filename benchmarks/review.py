"""The console with 10,000 cases in the store: how long the queue and a summary take, on both databases."""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert, select, update

from benchmarks import due_rows, exports
from benchmarks.timing import summary
from bot.review.console import console_app
from bot.store import Database, Stage, Store, system_clock
from bot.store.tables import case_views, conversations, episodes, flags, messages, remarks
from tests.databases import SqliteFiles, postgresql_server

CASES = 10_000
#: of these so many have their 130 answers and 100 messages; the others only what the queue reads
FULL = 500
ROUNDS = 40
LIMIT = 150  # milliseconds, in the median
ADDRESSES = {
    "queue": "/",
    "queue, overdue only": "/?show=overdue",
    "queue, new to me": "/?show=new",
    "queue, last page": "/?page=100",
    "has it changed?": "/queue/state",
    "a summary": "/episodes/{episode}",
}
_ZONES = ("Europe/London", "Europe/Dublin", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", None)
_STATES = (
    ("planned", "self_manage"),
    ("planned", "routine_flag"),
    ("held", "urgent_days"),
    ("held", "same_day"),
    ("emergency", "emergency_now"),
    ("reviewed", "self_manage"),
    ("reviewed", "routine_flag"),
    ("intake", None),
)
_SHARES = (20, 14, 8, 5, 3, 25, 15, 10)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as server:
        for name, url in (("sqlite", SqliteFiles(Path(folder)).new()), ("postgresql", server.new())):
            database = Database(url)
            exports.fill(database, FULL)
            full = [row.episode for row in Store(database, clock=system_clock).episodes()]
            due_rows.fill(database, CASES - FULL)
            _vary(database, random.Random(10_000), system_clock())
            with database.writing() as connection:
                connection.exec_driver_sql("ANALYZE")
            asyncio.run(_measured(name, Store(database, clock=system_clock), full))
            database.dispose()


async def _measured(name: str, store: Store, full: list[str]) -> None:
    """Print for every address the times, and what of them this process computed: other work may share the machine."""
    reader = store.set_password(store.issue_setup_token("reader"), "no password of anybody")
    _seen(store, reader.id)
    session = store.open_clinician_session(reader.id, timedelta(hours=12), Stage.FULL)
    app = console_app(store, system_clock)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://127.0.0.1:8081",
        cookies={"backplan_session": session},
    ) as http:
        for what, address in ADDRESSES.items():
            times, computed = [], []
            for number in range(ROUNDS):
                began, spent = time.perf_counter(), time.process_time()
                answer = await http.get(address.format(episode=full[number * 97 % len(full)]))
                times.append(time.perf_counter() - began)
                computed.append(1000 * (time.process_time() - spent))
                answer.raise_for_status()
            over = "" if 1000 * statistics.median(times) <= LIMIT else f"   over {LIMIT} ms"
            own = f"processor {statistics.median(computed):5.0f} ms"
            print(f"{name:10} {what:20} {summary(times)}   {own}{over}", flush=True)
    store.close()


def _vary(database: Database, chance: random.Random, now: datetime) -> None:
    """Statuses, classes, waiting times and zones of a busy service; open flags, questions and answers."""
    with database.reading() as connection:
        known = connection.execute(select(episodes.c.id, episodes.c.conversation_id)).all()
    states = chance.choices(_STATES, _SHARES, k=len(known))
    with database.writing() as connection:
        for (episode, conversation), (status, triage) in zip(known, states, strict=True):
            since = now - timedelta(minutes=chance.randrange(28 * 24 * 60))
            connection.execute(
                update(episodes)
                .where(episodes.c.id == episode)
                .values(status=status, triage=triage, waiting_since=since, updated_at=since)
            )
            connection.execute(
                update(conversations)
                .where(conversations.c.id == conversation)
                .values(timezone=chance.choice(_ZONES))
            )
        connection.execute(insert(flags), [*_flags(chance, [one.id for one in known], now)])
    doctor = _doctor(database)
    with database.writing() as connection:
        asked = chance.sample(known, len(known) // 20)
        connection.execute(insert(remarks), [_question(one, doctor, now) for one in asked])
        connection.execute(insert(messages), [_answer(one, now) for one in asked[::2]])


def _flags(chance: random.Random, ids: list[str], now: datetime) -> Iterator[dict[str, object]]:
    for number, episode in enumerate(chance.sample(ids, len(ids) * 4 // 10)):
        yield {
            "id": f"flag-{number}",
            "episode_id": episode,
            "code": chance.choice(("FL_NO_REPLY", "FL_WORSENING", "FL_ADVERSE")),
            "severity": chance.choice(("routine_flag", "routine_flag", "urgent_days", "same_day")),
            "reason": "Two reminders went unanswered.",
            "rule": "K9",
            "status": "open",
            "raised_at": now - timedelta(minutes=chance.randrange(7 * 24 * 60)),
        }


def _doctor(database: Database) -> str:
    store = Store(database, clock=system_clock)
    return store.set_password(store.issue_setup_token("doctor"), "no password of anybody").id


def _question(one: tuple[str, str], doctor: str, now: datetime) -> dict[str, object]:
    return {
        "id": f"question of {one[0]}",
        "episode_id": one[0],
        "clinician_id": doctor,
        "kind": "question",
        "text": "Since when?",
        "at": now - timedelta(hours=5),
        "message_seq": 50,
    }


def _answer(one: tuple[str, str], now: datetime) -> dict[str, object]:
    return {
        "conversation_id": one[1],
        "seq": 1000,
        "sender": "patient",
        "at": now - timedelta(hours=4),
        "text": "since monday",
        "kind": "info",
    }


def _seen(store: Store, reader: str) -> None:
    """The reader has had every other case on the screen."""
    ids = [row.episode for row in store.episodes()][::2]
    with store._database.writing() as connection:
        connection.execute(
            insert(case_views),
            [
                {"clinician_id": reader, "episode_id": one, "seen_at": system_clock() - timedelta(days=7)}
                for one in ids
            ],
        )


if __name__ == "__main__":
    main()
