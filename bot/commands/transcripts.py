"""`backplan transcripts`: whole conversations of scripted patients with the trained model, as pages to read."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from bot.commands.common import console, read_settings, trained_model
from bot.dialogue.conversations import Player
from bot.dialogue.rehearsal import Rehearsal
from bot.observability import configure_logging
from bot.store import Database, Message, Store

app = typer.Typer()

FOLDER = Path("docs/transcripts")
SCRIPTS = "scripts.yaml"
#: Every transcript happens at this moment, so that making them again changes nothing.
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=timezone.utc)
#: Another one every time.
CASE_CODE = re.compile(r"code: [0-9A-Z]{4}-[0-9A-Z]{4}\b")
MOST_ANSWERS = 60
_ERRORS_ONLY = 40


class ScriptError(ValueError):
    """A script has no answer to what it was asked, or never comes to an end."""


@dataclass(frozen=True)
class Script:
    """What one scripted patient says: answers by field, and what is said beside them."""

    name: str
    title: str
    about: str
    answers: Mapping[str, str | Sequence[str]]
    first: Sequence[str] = ()
    at: Mapping[str, Sequence[str]] = field(default_factory=dict)
    after: Sequence[str] = ()


@app.command()
def transcripts(
    folder: Annotated[Path, typer.Option(help="Where scripts.yaml is, and the pages go.")] = FOLDER,
) -> None:
    """Write the transcripts that the documentation shows."""
    configure_logging(level=_ERRORS_ONLY)
    model = trained_model(read_settings())
    for name, page in pages(model, scripts(folder / SCRIPTS)):
        path = folder / f"{name}.md"
        path.write_text(page, encoding="utf-8")
        console.print(path, markup=False)


def scripts(path: Path) -> list[Script]:
    """The scripts of this file, in order."""
    document: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Script(**script) for script in document["transcripts"]]


def pages(model: Path, written: Sequence[Script]) -> Iterator[tuple[str, str]]:
    """Name and Markdown page of each conversation, played one after another; raises ScriptError."""
    from actions import all_actions
    from actions.base import Services
    from bot.clinical.rulebook import default_rulebook
    from bot.dialogue import AmbientTurns, TurnPlayer, load_agent

    services = Services(AmbientTurns(), default_rulebook(), country="GB")
    player = TurnPlayer(load_agent(model, all_actions(services)))
    with tempfile.TemporaryDirectory() as home:
        database = Database(f"sqlite:///{home}/transcripts.db")
        database.migrate()
        store = Store(database, clock=lambda: NOW)
        for script in written:
            talk = asyncio.run(play(script, store, player))
            yield script.name, page_of(script, talk.messages, *_outcome(store, talk.conversation))
        store.close()


async def play(script: Script, store: Store, player: Player) -> Rehearsal:
    """The conversation of this script, from the first word to the last."""
    talk = Rehearsal(store, player)
    await talk.open()
    for text in script.first:
        await talk.say(text)
    said: set[str] = set()
    for _ in range(MOST_ANSWERS):
        asks = talk.asks
        if asks is None:
            break
        if asks in script.at and asks not in said:
            said.add(asks)
            for text in script.at[asks]:
                await talk.say(text)
            continue
        if asks not in script.answers:
            raise ScriptError(f"{script.name} has no answer for {asks}")
        answer = script.answers[asks]
        await (talk.say(answer) if isinstance(answer, str) else talk.tap(answer))
    else:
        raise ScriptError(f"{script.name} is still asked {talk.asks}")
    for text in script.after:
        await talk.say(text)
    return talk


def _outcome(store: Store, conversation: str) -> tuple[str, str]:
    [row] = [row for row in store.episodes() if row.conversation == conversation]
    case = store.case(row.episode)
    return case.episode.status, case.episode.triage or "none"


def page_of(script: Script, messages: Sequence[Message], status: str, urgency: str) -> str:
    """The conversation as a Markdown page."""
    asked = sum(message.kind == "question" for message in messages)
    lines = [
        f"# {script.title}",
        "",
        f"{script.about} Written by `backplan transcripts`; the patient is invented.",
        "",
        f"{asked} questions. In the end: episode `{status}`, urgency `{urgency}`.",
        "",
    ]
    for message in messages:
        lines += [*_lines(message), ""]
    return "\n".join(lines)


def _lines(message: Message) -> list[str]:
    text = CASE_CODE.sub("code: (eight letters and digits)", message.text)
    if message.sender == "patient":
        return ["> **Patient:** " + text.replace("\n", "\n>\n> ")]
    kind = "" if message.kind in ("question", "info") else f" *({message.kind})*"
    lines = [f"**Bot**{kind}: " + text.replace("\n", "\n\n")]
    if message.choices:
        lines += ["", "*" + " · ".join(choice.label for choice in message.choices) + "*"]
    return lines
