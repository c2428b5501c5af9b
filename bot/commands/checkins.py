"""Commands about check-ins: what is due, one look by hand, and a simulated clinic."""

from __future__ import annotations

import asyncio
import json
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.common import console, fail, migrate, open_store, read_settings, trained_model
from bot.observability import configure_logging

if TYPE_CHECKING:
    from bot.checkins.simulation import Report

app = typer.Typer()
checkins_app = typer.Typer(help="Check-ins: due, run once, simulate.", no_args_is_help=True)
app.add_typer(checkins_app, name="checkins")

_ERRORS_ONLY = 40


@checkins_app.command()
def due(
    hours: Annotated[float, typer.Option(help="Also what falls due within these hours.")] = 0.0,
    limit: Annotated[int, typer.Option(help="At most so many.")] = 1000,
) -> None:
    """The check-ins that are due, as JSON lines, soonest first."""
    with open_store(read_settings()) as store:
        until = datetime.now(timezone.utc) + timedelta(hours=hours)
        for one in store.due_check_ins(until, limit):
            line = {
                "check_in": one.id,
                "episode": one.episode_id,
                "conversation": one.conversation_id,
                "kind": one.kind,
                "due_at": one.due_at.isoformat(),
                "wall_time": one.wall_time,
                "zone": one.zone,
                "status": one.status.value,
                "attempts": one.attempts,
            }
            print(json.dumps(line))


@checkins_app.command()
def run() -> None:
    """Do everything that is due now, once; also beside running chat servers. Prints counts as JSON."""
    settings = read_settings()
    configure_logging(level=_ERRORS_ONLY)
    model = trained_model(settings)
    from dataclasses import replace

    from bot.server import build_conversations, check_in_runner

    async def once() -> dict[str, int]:
        with open_store(settings) as store:
            conversations = build_conversations(settings, store, model)
            runner = check_in_runner(replace(settings, check_in_seconds=1.0), store, conversations)
            return dict(await runner.run_once()) if runner is not None else {}

    done = asyncio.run(once())
    print(json.dumps(done, sort_keys=True))
    if done.get("failed"):
        fail(f"{done['failed']} could not be sent; they are tried again when their lease ends.")


@checkins_app.command()
def simulate(
    patients: Annotated[int, typer.Option(min=1, help="How many synthetic patients.")] = 100,
    months: Annotated[float, typer.Option(min=0.1, help="How many months of 4 weeks.")] = 3.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same clinic.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="The report as one JSON object.")] = False,
) -> None:
    """Play a clinic of synthetic patients against a virtual clock, and print what happened."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.checkins.simulation import Simulation, VirtualClock
    from bot.clinical.rulebook import default_rulebook
    from bot.settings import Settings
    from bot.store import Database, Store

    with tempfile.TemporaryDirectory(prefix="backplan-simulation-") as folder:
        settings = Settings.from_env({"BACKPLAN_HOME": folder})
        migrate(settings)
        clock = VirtualClock(datetime(2026, 1, 5, 8, 0, tzinfo=timezone.utc))
        store = Store(Database(f"sqlite:///{Path(folder) / 'backplan.db'}"), clock=clock)
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
        with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
            task = bar.add_task(f"{patients} patients over {months:g} months", total=1.0)
            simulation = Simulation(store, clock, default_rulebook(), seed=seed)
            report = simulation.run(patients, 4 * months, lambda share: bar.update(task, completed=share))
        store.close()
    print(json.dumps(_as_json(report)) if as_json else _as_text(report))


def _as_json(report: Report) -> dict[str, object]:
    busiest = report.busiest
    return {
        "patients": report.patients,
        "sent": report.sent,
        "answered": report.answered,
        "missed": report.missed,
        "reminders": report.reminded,
        "postponed": report.postponed,
        "dropped": report.dropped,
        "outside_daytime": report.outside_daytime,
        "flags": dict(report.flags.most_common()),
        "busiest_hour": {"from": busiest[0].isoformat(), "sent": busiest[1]} if busiest else None,
    }


def _as_text(report: Report) -> str:
    busiest = report.busiest
    lines = [
        f"patients          {report.patients}",
        f"sent              {report.sent}  ({report.postponed} postponed, {report.dropped} dropped)",
        f"answered          {report.answered}",
        f"missed            {report.missed}  (after {report.reminded} reminders)",
        f"outside daytime   {report.outside_daytime}",
        f"busiest hour      {busiest[0]:%Y-%m-%d %H:00} UTC, {busiest[1]} sent"
        if busiest
        else "nothing sent",
        f"flags             {sum(report.flags.values())}",
        *(f"  {count:>6}  {name}" for name, count in report.flags.most_common()),
    ]
    return "\n".join(lines)
