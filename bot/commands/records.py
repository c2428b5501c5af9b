"""Commands about what is stored: episodes, summaries, erasure."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.common import console, fail, open_store, read_settings

if TYPE_CHECKING:
    from bot.store import EpisodeRow, Store

app = typer.Typer()


@app.command()
def episodes(
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines, one episode each.")] = False,
) -> None:
    """List the episodes, the most urgent first."""
    with open_store(read_settings()) as store:
        rows = store.episodes()
    if as_json:
        for row in rows:
            print(json.dumps(_as_json(row)))
    else:
        _print_table(rows)


def _as_json(row: EpisodeRow) -> dict[str, object]:
    times = ("started_at", "updated_at", "waiting_since")
    return {
        **{name: value for name, value in asdict(row).items() if name != "open_flags"},
        "flags": list(row.flags),
        **{name: getattr(row, name).isoformat() for name in times},
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
    }


def _print_table(rows: list[EpisodeRow]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("episode", "status", "triage", "flags", "channel", "updated (UTC)")
    for row in rows:
        flags = ", ".join(row.flags) or "-"
        table.add_row(
            row.episode, row.status, row.triage or "-", flags, row.channel, f"{row.updated_at:%Y-%m-%d %H:%M}"
        )
    Console().print(table)


@app.command()
def export(
    episode: Annotated[
        str | None,
        typer.Argument(help="The id that `backplan episodes` shows, or a case code; not with --all."),
    ] = None,
    form: Annotated[str, typer.Option("--format", help="pdf, html, json, fhir or csv")] = "json",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="A file instead of standard output.")
    ] = None,
    address: Annotated[
        bool,
        typer.Option(
            "--address", help="With the e-mail address for reminders: a copy for the patient (JSON)."
        ),
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Every case, as one CSV file.")] = False,
    research: Annotated[
        bool, typer.Option("--research", help="With --all: only cases whose patients agree to research.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the JSON form, and stop.")
    ] = False,
) -> None:
    """The summary of one episode for a clinician, or every case as CSV."""
    from bot.review.exports import FORMS

    if schema:
        from bot.review.json_schema import case_schema

        print(json.dumps(case_schema(), indent=2))
        return
    if form not in FORMS:
        fail(f"--format {form} is not available; use {', '.join(FORMS)}.")
    if every and (episode is not None or form != "csv"):
        fail("--all goes with --format csv and without an episode.")
    if research and not every:
        fail("--research goes with --all.")
    if every:
        _export_all(out, research=research)
        return
    if episode is None:
        fail("Name an episode; `backplan episodes` lists them. Or use --all with --format csv.")
    if address and form != "json":
        fail("--address goes with --format json: the other forms are for clinicians, who do not need it.")
    content = _one_case(episode, form, address=address)
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        fail(f"{out} could not be written ({error.strerror}). Choose another file.")
    console.print(f"Written to {out}", markup=False)


def _one_case(episode: str, form: str, *, address: bool) -> bytes:
    from bot.clinical.rulebook import default_rulebook
    from bot.review.exports import FORMS
    from bot.review.summary_json import email_json
    from bot.store import EpisodeUnknown

    with open_store(read_settings()) as store:
        try:
            case = store.case(_meant(store, episode))
        except EpisodeUnknown:
            fail(f"There is no episode {episode}; `backplan episodes` lists them.")
        store.write_audit("command line", f"export {form}", case.episode.id)
        reminders = email_json(store.reminder_address(case.conversation.id)) if address else None
    content = FORMS[form].make(case, default_rulebook(), False)
    if not address:
        return content
    whole = {**json.loads(content), "email_reminders": reminders}
    return f"{json.dumps(whole, ensure_ascii=False, indent=2)}\n".encode("utf-8", "backslashreplace")


def _meant(store: Store, named: str) -> str:
    """The id behind an episode's id or the code that a patient quotes."""
    found = store.episodes_with_code(named)
    if len(found) > 1:
        fail(f"{named} is the code of several cases: {', '.join(found)}. Name one of these ids.")
    return found[0] if found else named


def _export_all(out: Path | None, *, research: bool) -> None:
    """Every case as CSV, or those for research, one at a time, with a progress bar on a terminal."""
    from rich.progress import track

    from bot.review.cohort_csv import export_csv
    from bot.review.sharing import is_for_research
    from bot.store import Case, EpisodeUnknown

    def cases(store: Store) -> Iterator[Case]:
        ids = track(
            store.episode_ids(),
            "Cases",
            total=store.count_episodes(),
            console=console,
            disable=not console.is_terminal,
        )
        for episode in ids:
            try:
                case = store.case(episode)
            except EpisodeUnknown:
                # Erased since its id was read.
                continue
            if research and not is_for_research(case):
                continue
            action = "export research csv" if research else "export csv"
            store.write_audit("command line", action, case.episode.id)
            yield case

    with open_store(read_settings()) as store:
        try:
            with out.open("w", encoding="utf-8", newline="") if out else nullcontext(sys.stdout) as file:
                file.writelines(export_csv(cases(store)))
        except OSError as error:
            fail(f"{out or 'The output'} could not be written ({error.strerror}). Choose another file.")
    if out is not None:
        console.print(f"Written to {out}", markup=False)


@app.command()
def erase(
    patient: Annotated[str, typer.Argument(help="The patient id that `backplan export` shows.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything stored about one patient."""
    if not yes:
        typer.confirm(
            "Delete everything stored about this patient? This cannot be undone.", abort=True, err=True
        )
    with open_store(read_settings()) as store:
        if not store.erase_patient(patient):
            fail(f"There is no patient {patient}; `backplan export EPISODE` shows the id.")
        store.write_audit("command line", "erase", patient)
    console.print("Deleted.")
