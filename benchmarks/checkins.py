"""Check-ins at size: due rows delivered once, workers killed at random, and what claiming costs."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from benchmarks.due_rows import NOON, delivered, fill, run_and_kill, run_workers
from bot.store import Database, Store
from bot.store.tables import check_ins
from tests.databases import SqliteFiles, postgresql_server

ROWS = int(os.environ.get("SOAK_ROWS", "50000"))
KILLS = int(os.environ.get("SOAK_KILLS", "200"))
CLAIMS = 40
_A_GO = 10_000


def main() -> None:
    """The claims only; `soak` runs the rest, which takes half an hour."""
    with postgresql_server() as server:
        for rows in (10_000, 1_000_000):
            print(f"claim 50 of {rows:>9} planned   {_claiming(server.new(), rows):.1f} ms")


def soak() -> None:
    """Deliver `SOAK_ROWS` on both databases, then with `SOAK_KILLS` killed workers."""
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as server:
        sqlite = SqliteFiles(Path(folder))
        for name, url, workers in (("postgresql", server.new(), 8), ("sqlite", sqlite.new(), 4)):
            database = Database(url)
            fill(database, ROWS)
            seconds = run_workers(url, workers)
            print(f"{name}: {workers} workers, {seconds:.0f} s: {delivered(database)}", flush=True)
            database.dispose()
        for name, url in (("postgresql", server.new()), ("sqlite", sqlite.new())):
            database = Database(url)
            fill(database, max(500, KILLS * 150))
            killed = run_and_kill(url, count=3, kills=KILLS // 2, chance=random.Random(200))
            print(f"{name}: {killed} workers killed: {delivered(database)}", flush=True)
            database.dispose()


def _claiming(url: str, planned: int) -> float:
    """Milliseconds to claim 50 due check-ins while so many more are planned; the median."""
    database = Database(url)
    fill(database, CLAIMS * 50 + 100)
    for start in range(0, planned, _A_GO):
        with database.writing() as connection:
            connection.execute(insert(check_ins), [_planned(start + n) for n in range(_A_GO)])
    with database.writing() as connection:
        connection.exec_driver_sql("ANALYZE check_ins")
    store = Store(database, clock=lambda: NOON + timedelta(minutes=1))
    times = []
    for _ in range(CLAIMS):
        began = time.perf_counter()
        if len(store.claim_check_ins("benchmark", 50, timedelta(hours=1))) != 50:
            raise RuntimeError("fewer were claimed than are due")
        times.append(1000 * (time.perf_counter() - began))
    store.close()
    return statistics.median(times)


def _planned(number: int) -> dict[str, object]:
    owner = f"{number % 1000:08d}"
    return {
        "id": f"p{number:09d}",
        "episode_id": owner,
        "conversation_id": owner,
        "kind": f"later_{number}",
        "due_at": NOON + timedelta(days=1, seconds=number),
        "wall_time": "2026-03-05T12:00:00",
        "zone": "UTC",
        "status": "planned",
        "attempts": 0,
        "fence": 0,
        "dedupe_key": f"{owner} later_{number}",
    }


if __name__ == "__main__":
    soak()
