"""Commands that run something: both servers, one of them, training, migration, a terminal conversation."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from bot.commands.common import console, migrate, open_store, progress, read_settings, trained_model
from bot.observability import configure_logging

app = typer.Typer()
_ERRORS_ONLY = 40


@app.command()
def up() -> None:
    """Migrate, train if the data changed, start chat server and console, print the addresses."""
    from bot.supervisor import run_both

    settings = read_settings()
    configure_logging()
    migrate(settings)
    trained_model(settings)
    raise SystemExit(run_both(settings, console))


@app.command()
def serve() -> None:
    """The chat server alone."""
    from bot.supervisor import serve_chat

    settings = read_settings()
    configure_logging()
    migrate(settings)
    serve_chat(settings, trained_model(settings))


@app.command(name="console")
def console_() -> None:
    """The clinician console alone."""
    from bot.supervisor import serve_console

    settings = read_settings()
    configure_logging()
    migrate(settings)
    serve_console(settings, console)


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train even if nothing changed.")] = False) -> None:
    """Train the Rasa model if its data changed; print its path."""
    print(trained_model(read_settings(), force=force))


@app.command(name="migrate")
def migrate_() -> None:
    """Bring the database to the current schema."""
    migrate(read_settings())


@app.command()
def chat(
    new: Annotated[
        bool, typer.Option("--new", help="Start a new conversation instead of the last one.")
    ] = False,
) -> None:
    """A conversation in this terminal: the same agent and the same store as the web chat."""
    settings = read_settings()
    configure_logging(level=_ERRORS_ONLY)
    model = trained_model(settings)
    from bot.channels.terminal import run_terminal
    from bot.server import build_conversations

    async def talk() -> None:
        with open_store(settings) as store:
            with progress("Waking up ..."):
                conversations = build_conversations(settings, store, model)
            await conversations.start()
            token_file = settings.home / "terminal-token"
            await run_terminal(conversations, sys.stdin, sys.stdout, token_file=token_file, new=new)
            await conversations.stop()

    asyncio.run(talk())
