"""The command line: `backplan`. Machine output on stdout, everything else on stderr; 0 only on success."""

from __future__ import annotations

import os

import typer

from bot.commands import accounts, checkins, clinical, invitations, records, running, transcripts
from bot.commands.common import console, fail, read_settings
from bot.settings import SettingsError

app = typer.Typer(
    help="Backplan: a draft back-care plan from a conversation, reviewed by a clinician.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (running, clinical, records, invitations, accounts, checkins, transcripts):
    app.add_typer(part.app)


def main() -> None:
    """Entry point of the console script."""
    # They are read when Rasa, SQLAlchemy and TensorFlow are imported, which every command does as late as it can.
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        app()
    except SettingsError as error:
        fail(str(error))


@app.command()
def doctor() -> None:
    """Check the installation and say what to fix."""
    from bot.doctor import findings

    problems = 0
    for finding in findings(read_settings()):
        console.print(("ok    " if finding.good else "FIX   ") + finding.text, markup=False)
        problems += not finding.good
    if problems:
        raise SystemExit(1)
