"""The simulated clinic: the same numbers for the same seed, and nobody is written to at night."""

from __future__ import annotations

import json

import pytest

from bot.checkins.simulation import Report, Simulation, VirtualClock
from bot.clinical.rulebook import default_rulebook
from bot.store import CheckInStatus, Database, Store
from tests.checkins.clinic import MONDAY_NOON
from tests.databases import SqliteFiles


def _play(sqlite: SqliteFiles, patients: int, weeks: float) -> tuple[Report, Store]:
    clock = VirtualClock(MONDAY_NOON)
    store = Store(Database(sqlite.new()), clock=clock)
    shares: list[float] = []
    report = Simulation(store, clock, default_rulebook(), seed=3).run(patients, weeks, shares.append)
    assert shares == sorted(shares)
    return report, store


def test_what_the_report_counts_is_what_stands_in_the_store(sqlite: SqliteFiles) -> None:
    report, store = _play(sqlite, patients=5, weeks=4)
    cases = [store.case(row.episode) for row in store.episodes()]
    check_ins = [one for case in cases for one in case.check_ins]
    assert report.patients == len(cases) == 5
    assert report.sent == sum(one.asked_at is not None for one in check_ins) > 0
    assert report.answered == sum(one.status is CheckInStatus.ANSWERED for one in check_ins) > 0
    assert report.missed == sum(one.status is CheckInStatus.MISSED for one in check_ins)
    assert report.outside_daytime == 0
    assert sum(report.by_hour.values()) == report.sent
    assert sum(report.flags.values()) == sum(len(case.flags) for case in cases)
    store.close()


def test_the_command_prints_its_report(capsys: pytest.CaptureFixture[str]) -> None:
    from bot.commands.checkins import simulate

    simulate(patients=2, months=0.5, seed=1, as_json=True)
    report = json.loads(capsys.readouterr().out)
    assert report["patients"] == 2
    assert report["sent"] >= report["answered"] + report["missed"]
    assert report["busiest_hour"]["sent"] >= 1
