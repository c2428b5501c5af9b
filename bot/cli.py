"""The command line: `backplan`. Machine output on stdout, everything else on stderr; 0 only on success."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from bot.observability import configure_logging
from bot.settings import Settings, SettingsError

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

app = typer.Typer(
    help="Backplan: a draft back-care plan from a conversation, reviewed by a clinician.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
rulebook_app = typer.Typer(help="The clinical rulebook.", no_args_is_help=True)
clinicians_app = typer.Typer(help="Who may sign in to the console.", no_args_is_help=True)
app.add_typer(rulebook_app, name="rulebook")
app.add_typer(clinicians_app, name="clinicians")
console = Console(stderr=True, highlight=False)


def main() -> None:
    """Entry point of the console script."""
    try:
        app()
    except SettingsError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    console.print(message, style="red", markup=False)
    raise SystemExit(1)


def _settings() -> Settings:
    return Settings.from_env(os.environ)


@contextmanager
def _progress(title: str) -> Iterator[Callable[[str], None]]:
    """A line that shows that a long step lives: a spinner on a terminal, plain lines elsewhere."""
    if console.is_terminal:
        with console.status(title) as status:
            yield lambda line: status.update(f"{title} {line[:60]}" if line else title)
    else:
        console.print(title, markup=False)
        yield lambda line: None


def _train(settings: Settings, *, force: bool = False) -> Path:
    from bot.dialogue import training

    root = training.project_root()
    model = training.trained_model(settings.models, root)
    if model is not None and not force:
        return model
    try:
        with _progress(
            "Training the dialogue model (about a minute, once after each change) ..."
        ) as progress:
            return training.train(settings.models, root, force=force, progress=progress)
    except training.TrainingFailed as error:
        _fail(str(error))


@app.command()
def up() -> None:
    """Migrate, train if the data changed, start chat server and console, print the addresses."""
    from bot.supervisor import run_both

    settings = _settings()
    configure_logging()
    _migrate(settings)
    _train(settings)
    raise SystemExit(run_both(settings, console))


@app.command()
def serve() -> None:
    """The chat server alone (train first)."""
    from bot.supervisor import serve_chat

    settings = _settings()
    configure_logging()
    serve_chat(settings, _train(settings))


@app.command(name="console")
def console_() -> None:
    """The clinician console alone."""
    from bot.supervisor import serve_console

    settings = _settings()
    configure_logging()
    _migrate(settings)
    serve_console(settings, console)


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train even if nothing changed.")] = False) -> None:
    """Train the Rasa model if its data changed; print its path."""
    print(_train(_settings(), force=force))


@app.command()
def migrate() -> None:
    """Bring the database to the current schema."""
    _migrate(_settings())


def _migrate(settings: Settings) -> None:
    from bot.store import Database

    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        database.migrate()
    finally:
        database.dispose()


@app.command()
def chat(
    new: Annotated[
        bool, typer.Option("--new", help="Start a new conversation instead of the last one.")
    ] = False,
) -> None:
    """A conversation in this terminal: the same agent and the same store as the web chat."""
    settings = _settings()
    configure_logging(level=40)
    _migrate(settings)
    model = _train(settings)
    from bot.channels.terminal import run_terminal
    from bot.server import build_conversations, open_store

    async def talk() -> None:
        store = open_store(settings)
        with _progress("Waking up ..."):
            conversations = build_conversations(settings, store, model)
        await conversations.start()
        await run_terminal(
            conversations, sys.stdin, sys.stdout, token_file=settings.home / "terminal-token", new=new
        )
        await conversations.stop()
        store.close()

    asyncio.run(talk())


@app.command()
def assess(
    file: Annotated[str, typer.Argument(help="YAML with one fact set or a list of them; - reads stdin.")],
    profile: Annotated[str, typer.Option(help="international or nice")] = "",
) -> None:
    """Facts in, JSON out: triage, flags, options with their reasons, goals, check-ins."""
    import yaml

    from bot.clinical.assess import assess as assess_facts
    from bot.clinical.facts import FactError, Facts
    from bot.clinical.rulebook import default_rulebook

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        document = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        _fail(f"{file} could not be read as YAML: {error}")
    rulebook = default_rulebook()
    chosen = profile or _settings().guideline_profile
    if chosen not in {"international", "nice"}:
        _fail(f"There is no guideline profile {chosen!r}; use international or nice.")
    for number, item in enumerate(document if isinstance(document, list) else [document], start=1):
        facts = item.get("facts", item) if isinstance(item, dict) else None
        if not isinstance(facts, dict):
            _fail(f"Entry {number} of {file} is not a set of facts (field: value).")
        try:
            result = assess_facts(Facts.of(facts), rulebook, chosen).as_json()
        except FactError as error:
            _fail(f"Entry {number} of {file}: {error}")
        if "id" in item:
            result = {"id": item["id"], **result}
        print(json.dumps(result, ensure_ascii=False))


@app.command()
def understand() -> None:
    """JSON lines in {"id", "asks", "text"}, JSON lines out {"id", "intent", "confidence", "facts", "safety"}."""
    settings = _settings()
    configure_logging(level=40)
    model = _train(settings)
    from bot.dialogue import TurnPlayer, load_agent

    async def read_lines() -> None:
        player = TurnPlayer(load_agent(model, []))
        for number, line in enumerate(sys.stdin, start=1):
            if not line.strip():
                continue
            try:
                asked = json.loads(line)
                text, asks = str(asked["text"]), asked.get("asks")
            except (ValueError, KeyError, TypeError, AttributeError):
                _fail(f'Line {number} is not JSON like {{"id": 1, "asks": null, "text": "..."}}.')
            parsed = await player.parse(text, asks)
            print(json.dumps(_understood(asked, parsed), ensure_ascii=False), flush=True)

    asyncio.run(read_lines())


def _understood(asked: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Any]:
    safety = parsed.get("safety")
    return {
        "id": asked.get("id"),
        "intent": parsed["intent"]["name"],
        "confidence": round(float(parsed["intent"].get("confidence") or 0.0), 4),
        "facts": {fact["field"]: fact["value"] for fact in parsed.get("facts") or ()},
        "safety": safety["urgency"] if safety else None,
    }


@contextmanager
def _open_store(settings: Settings) -> Iterator[Any]:
    from bot.server import open_store

    _migrate(settings)
    store = open_store(settings)
    try:
        yield store
    finally:
        store.close()


@app.command()
def episodes(
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines, one episode each.")] = False,
) -> None:
    """List the episodes, the most urgent first."""
    from rich.table import Table

    with _open_store(_settings()) as store:
        rows = [
            {
                "episode": row.id,
                "conversation": row.conversation_id,
                "channel": row.channel,
                "status": row.status,
                "triage": row.triage,
                "flags": list(row.flags),
                "started_at": row.started_at.isoformat(),
                "updated_at": row.updated_at.isoformat(),
            }
            for row in store.episodes()
        ]
    if as_json:
        for row in rows:
            print(json.dumps(row))
        return
    table = Table("episode", "status", "triage", "flags", "channel", "updated")
    for row in rows:
        table.add_row(
            row["episode"], row["status"], row["triage"] or "-", ", ".join(row["flags"]) or "-",
            row["channel"], row["updated_at"][:16].replace("T", " "),
        )  # fmt: skip
    Console().print(table)


@app.command()
def export(
    episode: Annotated[str, typer.Argument(help="The id that `backplan episodes` shows.")],
    form: Annotated[str, typer.Option("--format", help="html or json")] = "json",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="A file instead of standard output.")
    ] = None,
) -> None:
    """The summary of one episode for a clinician."""
    from bot.review.summary_html import export_html
    from bot.review.summary_json import export_json
    from bot.store import EpisodeUnknown

    if form not in {"html", "json"}:
        _fail(f"--format {form} is not available; use html or json.")
    with _open_store(_settings()) as store:
        try:
            case = store.case(episode)
        except EpisodeUnknown:
            _fail(f"There is no episode {episode}; `backplan episodes` lists them.")
    if form == "json":
        text = json.dumps(export_json(case), ensure_ascii=False, indent=2) + "\n"
    else:
        text = export_html(case)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
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
    with _open_store(_settings()) as store:
        if not store.erase_patient(patient):
            _fail(f"There is no patient {patient}.")
    console.print("Deleted.")


@clinicians_app.command("list")
def list_clinicians() -> None:
    """Who may sign in."""
    with _open_store(_settings()) as store:
        for clinician in store.clinicians():
            print(json.dumps({"name": clinician.name, "disabled": clinician.disabled}))


@clinicians_app.command("add")
def add_clinician(name: Annotated[str, typer.Argument(help="The name to sign in with.")]) -> None:
    """Make a one-time link with which this clinician sets a password."""
    from bot.review.console import clinician_link

    settings = _settings()
    with _open_store(settings) as store:
        from bot.store import system_clock

        print(clinician_link(store, settings.console_url, system_clock(), name))


@clinicians_app.command("disable")
def disable_clinician(name: Annotated[str, typer.Argument()]) -> None:
    """Lock a clinician out, signed in or not."""
    with _open_store(_settings()) as store:
        if not store.disable_clinician(name):
            _fail(f"There is no clinician {name}.")
    console.print("Disabled.")


@rulebook_app.command("check")
def check_rulebook() -> None:
    """Load and validate the rulebook; say its version."""
    from bot.clinical.rulebook import RulebookError, load_rulebook

    try:
        rulebook = load_rulebook()
    except RulebookError as error:
        _fail(str(error))
    console.print(f"Rulebook {rulebook.version} is in order.", markup=False)


@app.command()
def doctor() -> None:
    """Check the installation and say what to fix."""
    from bot.doctor import findings

    problems = 0
    for finding in findings(_settings()):
        console.print(("ok    " if finding.good else "FIX   ") + finding.text, markup=False)
        problems += not finding.good
    if problems:
        raise SystemExit(1)
