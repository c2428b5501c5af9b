"""Thousands of due check-ins in a database, workers in processes of their own, and what was delivered."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import func, insert, select

from bot.store import Database, Turn
from bot.store.tables import check_ins, consents, conversations, episodes, messages, patients

ROOT = Path(__file__).resolve().parents[1]
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=timezone.utc)
LEASE = timedelta(seconds=3)
_A_GO = 1000


def fill(database: Database, count: int, *, due: datetime = NOON, first: int = 0) -> None:
    """`count` patients who agreed to check-ins, each with one that is due."""
    for start in range(first, first + count, _A_GO):
        ids = [f"{number:08d}" for number in range(start, min(first + count, start + _A_GO))]
        began = NOON - timedelta(days=7)
        with database.writing() as connection:
            connection.execute(insert(patients), [{"id": one, "created_at": began} for one in ids])
            connection.execute(insert(conversations), [_conversation(one, began) for one in ids])
            connection.execute(insert(episodes), [_episode(one, began) for one in ids])
            connection.execute(
                insert(consents),
                [
                    {"patient_id": one, "purpose": "check_ins", "granted": True, "version": "1", "at": began}
                    for one in ids
                ],
            )
            connection.execute(insert(check_ins), [_check_in(one, due) for one in ids])


def _conversation(one: str, began: datetime) -> dict[str, object]:
    return {
        "id": one,
        "patient_id": one,
        "channel": "web",
        "token_hash": one,
        "timezone": "UTC",
        "created_at": began,
        "version": 0,
        "next_seq": 1,
        "next_event": 0,
        "session": 0,
    }


def _episode(one: str, began: datetime) -> dict[str, object]:
    times = {"started_at": began, "updated_at": began, "waiting_since": began}
    lists: dict[str, object] = {"flags": [], "findings": [], "asked": {}, "skipped": []}
    return {
        "id": one,
        "conversation_id": one,
        "patient_id": one,
        "number": 1,
        "status": "planned",
        "triage": "self_manage",
        **times,
        **lists,
    }


def _check_in(one: str, due: datetime) -> dict[str, object]:
    return {
        "id": one,
        "episode_id": one,
        "conversation_id": one,
        "kind": "day_7",
        "due_at": due,
        "wall_time": "2026-03-04T12:00:00",
        "zone": "UTC",
        "status": "planned",
        "attempts": 0,
        "fence": 0,
        "dedupe_key": f"{one} day_7",
    }


@dataclass(frozen=True)
class Delivered:
    """What stands in the database after the workers: each check-in is asked once, or something is wrong."""

    rows: int
    asked: int
    lost: int
    duplicates: int
    at_night: int


def delivered(database: Database) -> Delivered:
    """Counts over everything that was sent."""
    with database.reading() as connection:
        rows = connection.execute(select(func.count()).select_from(check_ins)).scalar_one()
        asked = connection.execute(
            select(func.count()).select_from(check_ins).where(check_ins.c.status == "asked")
        ).scalar_one()
        sent = connection.execute(
            select(messages.c.conversation_id, func.count()).group_by(messages.c.conversation_id)
        ).all()
        times = connection.execute(select(messages.c.at)).scalars().all()
    counts = [count for _, count in sent]
    return Delivered(
        rows=rows,
        asked=asked,
        lost=rows - len(counts),
        duplicates=sum(count - 1 for count in counts),
        at_night=sum(not 9 <= at.hour < 19 for at in times),
    )


def start_worker(url: str, number: int, began: float) -> subprocess.Popen[bytes]:
    """A worker of its own that asks what is due until nothing is left.

    `began` is the real moment (seconds since 1970) at which the clock of the whole run stood a minute past noon:
    workers with clocks of their own would not agree on whose lease has ended.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.due_rows", url, f"worker-{number}", str(began)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def run_workers(url: str, count: int, began: float | None = None) -> float:
    """Let `count` workers ask everything; seconds that it took."""
    start = time.time()
    workers = [start_worker(url, number, began or start) for number in range(count)]
    for worker in workers:
        if worker.wait() != 0:
            raise RuntimeError("a worker failed")
    return time.time() - start


def run_and_kill(url: str, count: int, kills: int, chance: random.Random) -> int:
    """Let workers ask everything, and kill one at random again and again; how many were killed."""
    numbers: Iterator[int] = iter(range(1_000_000))
    began = time.time()
    workers = [start_worker(url, next(numbers), began) for _ in range(count)]
    killed = 0
    while killed < kills and any(worker.poll() is None for worker in workers):
        time.sleep(chance.uniform(0.5, 2.5))
        alive = [one for one in workers if one.poll() is None]
        if not alive:
            break
        victim = chance.choice(alive)
        victim.kill()
        victim.wait()
        killed += 1
        workers.remove(victim)
        workers.append(start_worker(url, next(numbers), began))
    for worker in workers:
        worker.wait()
    time.sleep(LEASE.total_seconds())
    run_workers(url, 1, began)
    return killed


class Saying:
    """Plays a check-in by saying its first words; the dialogue is not what is tried here."""

    async def begin(self, turn: Turn, intent: str) -> None:
        turn.say("It is time for your check-in.", kind="question", asks="new_danger")

    async def play(self, turn: Turn) -> None:
        raise AssertionError("nobody writes here")


def _work(url: str, name: str, began: float) -> None:
    from bot.checkins.runner import CheckInRunner
    from bot.clinical.rulebook import default_rulebook
    from bot.dialogue import Conversations
    from bot.store import Store

    store = Store(Database(url), clock=lambda: NOON + timedelta(seconds=time.time() - began + 60))
    face = Conversations(store, Saying(), apologise=lambda turn: None)
    runner = CheckInRunner(store, face, default_rulebook(), name, seconds=1, lease=LEASE)
    asyncio.run(runner.run_once())
    store.close()


if __name__ == "__main__":
    _work(sys.argv[1], sys.argv[2], float(sys.argv[3]))
