"""The whole cohort as CSV by the real command: time, and the memory it takes with ten times as many cases."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select

from bot.clinical.assess import assess
from bot.clinical.facts import FIELDS, FieldKind
from bot.clinical.rulebook import default_rulebook
from bot.clinical.schedule import local_due
from bot.store import Database, Store, system_clock
from bot.store.tables import check_ins, consents, conversations, episodes, facts, messages, patients, plans

SIZES = (1_000, 10_000)
#: what belongs to one case and an export reads, parents first
_TABLES: tuple[Table, ...] = (
    *(patients, conversations, messages, consents, episodes, facts, plans, check_ins),
)
_A_GO = 200


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        peaks = [_measured(Path(folder), count) for count in SIZES]
    print(f"memory at {SIZES[-1]:,} cases against {SIZES[0]:,}: {peaks[-1] / peaks[0]:.2f}")


def fill(database: Database, count: int) -> None:
    """`count` cases: one is played through the store, the others are its rows with ids of their own."""
    _play(Store(database, clock=system_clock))
    with database.reading() as connection:
        rows = {
            table.name: [dict(one) for one in connection.execute(select(table)).mappings()]
            for table in _TABLES
        }
    ids = {
        str(one["id"]) for table in (patients, conversations, episodes, check_ins) for one in rows[table.name]
    }
    for start in range(1, count, _A_GO):
        numbers = range(start, min(start + _A_GO, count))
        with database.writing() as connection:
            for table in _TABLES:
                copies = [_copy(row, ids, number) for number in numbers for row in rows[table.name]]
                connection.execute(insert(table), copies)


def _play(store: Store) -> None:
    """A patient with many answers, a hundred messages, a plan and its check-ins."""
    conversation, _ = store.open_conversation("web", timezone="Europe/London")
    turn = store.begin_turn(conversation.id, None)
    turn.open_episode("intake")
    for purpose in ("keep_answers", "share_with_clinician", "check_ins"):
        turn.consent(purpose, True, "1")
    for name, field in FIELDS.items():
        if field.kind is FieldKind.BOOL:
            turn.learn(name, False, "no", "choice")
        elif field.kind is FieldKind.CHOICE and "none" in field.values:
            turn.learn(name, "none", "no, none of that", "answer")
    turn.learn("age", 40, "I am 40", "volunteered")
    turn.learn("duration_weeks", 3.0, "three weeks", "volunteered")
    for number in range(100):
        turn.say(
            f"Message {number}: does your back wake you in the second half of the night?", kind="question"
        )
    assessment = assess(turn.facts, default_rulebook())
    turn.record_triage(assessment.triage)
    turn.store_plan(assessment.as_json())
    zone = ZoneInfo("Europe/London")
    turn.plan_check_ins((one.kind, local_due(turn.now, one.offset, zone)) for one in assessment.check_ins)
    turn.set_status(assessment.episode_status)
    store.commit_turn(turn)


def _copy(row: dict[str, object], ids: set[str], number: int) -> dict[str, object]:
    """The row of another patient: every id is another, and a number that the database gives is left to it."""
    copy = {
        name: f"{value}-{number}" if isinstance(value, str) and value in ids else value
        for name, value in row.items()
    }
    for unique in ("token_hash", "dedupe_key"):
        if copy.get(unique):
            copy[unique] = f"{copy[unique]}-{number}"
    if "purpose" in copy:
        del copy["n"]
    return copy


def _measured(folder: Path, count: int) -> int:
    """Export `count` cases in a process of its own; the most memory it had, in KiB."""
    home = folder / f"{count}"
    home.mkdir()
    database = Database(f"sqlite:///{home / 'backplan.db'}")
    database.migrate()
    fill(database, count)
    database.dispose()
    out = home / "cohort.csv"
    command = [sys.executable, "-m", "bot", "export", "--all", "--format", "csv", "-o", str(out)]
    environment = {
        **os.environ,
        "BACKPLAN_HOME": str(home),
        "BACKPLAN_DATABASE_URL": f"sqlite:///{home / 'backplan.db'}",
    }
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError("the export failed")
    with out.open(encoding="utf-8") as lines:
        found = sum(1 for _ in lines) - 1
    if found != count:
        raise RuntimeError(f"{found} of {count} cases are in the file")
    print(
        f"{count:6,} cases: {seconds:6.1f} s, {1000 * seconds / count:5.2f} ms a case, "
        f"{used.ru_maxrss / 1024:6.1f} MiB at most, {out.stat().st_size / 2**20:.1f} MiB of CSV"
    )
    return used.ru_maxrss
