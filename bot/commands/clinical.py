"""Commands about the clinical core and what the model understands: no conversation, no database."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.clinical.vocabulary import PROFILES
from bot.commands.common import console, fail, read_settings, trained_model
from bot.observability import configure_logging

if TYPE_CHECKING:
    from bot.clinical.compared import Case

#: where the project keeps the printed rulebook and the acceptance cases; an installed copy has neither
DOCUMENT = Path(__file__).parents[2] / "docs" / "rulebook.md"
VIGNETTES = Path(__file__).parents[2] / "tests" / "clinical" / "vignettes" / "open_cases.yaml"

app = typer.Typer()
rulebook_app = typer.Typer(help="The clinical rulebook.", no_args_is_help=True)
app.add_typer(rulebook_app, name="rulebook")


@app.command()
def assess(
    file: Annotated[str, typer.Argument(help="YAML with one fact set or a list of them; - reads stdin.")],
    profile: Annotated[str, typer.Option(help="international or nice")] = "",
) -> None:
    """Facts in, JSON out: triage, flags, options with their reasons, goals, check-ins."""
    from bot.clinical.assess import assess as assess_facts
    from bot.clinical.facts import FactError, Facts
    from bot.clinical.rulebook import default_rulebook

    chosen = profile or read_settings().guideline_profile
    if chosen not in PROFILES:
        fail(f"There is no guideline profile {chosen!r}; use {' or '.join(PROFILES)}.")
    today = datetime.now(timezone.utc).date()
    for number, (key, facts) in enumerate(_fact_sets(file), start=1):
        try:
            result = assess_facts(Facts.of(facts), default_rulebook(), chosen, on=today).as_json()
        except FactError as error:
            fail(f"Entry {number} of {file}: {error}")
        print(json.dumps({**({} if key is None else {"id": key}), **result}, ensure_ascii=False))


def _fact_sets(file: str) -> Iterator[tuple[object, Mapping[str, object]]]:
    """Each entry's id (if any) and facts; an entry is a mapping of facts, or holds one under `facts`."""
    import yaml

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        document = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        fail(
            f"{file} could not be read: {type(error).__name__}. Give the path of a YAML file, or - for stdin."
        )
    except yaml.YAMLError as error:
        fail(f"{file} is not YAML: {error}")
    for number, item in enumerate(document if isinstance(document, list) else [document], start=1):
        facts = item.get("facts", item) if isinstance(item, dict) else None
        if not isinstance(facts, dict) or not all(isinstance(field, str) for field in facts):
            fail(f"Entry {number} of {file} is not a set of facts (field: value).")
        yield (item.get("id") if "facts" in item else None), facts


@app.command()
def understand() -> None:
    """JSON lines in {"id", "asks", "text"}, JSON lines out {"id", "intent", "confidence", "facts", "safety"}."""
    settings = read_settings()
    configure_logging(level=40)
    model = trained_model(settings)
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
                fail(f'Line {number} is not JSON like {{"id": 1, "asks": null, "text": "..."}}.')
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


@rulebook_app.command("check")
def check_rulebook() -> None:
    """Load and validate the rulebook and its document; say its version."""
    from bot.clinical.printed import COMMAND, rulebook_document
    from bot.clinical.rulebook import RulebookError, load_rulebook

    try:
        rulebook = load_rulebook()
        document = rulebook_document()
    except RulebookError as error:
        fail(str(error))
    if DOCUMENT.parent.is_dir() and (
        not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != document
    ):
        fail(f"docs/{DOCUMENT.name} is not what the rulebook says now. Make it again: {COMMAND}")
    console.print(f"Rulebook {rulebook.version} is in order.", markup=False)


@rulebook_app.command("document")
def print_rulebook(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write; stdout if left out.")
    ] = None,
) -> None:
    """The whole rulebook in Markdown, for a clinician to read."""
    from bot.clinical.printed import rulebook_document
    from bot.clinical.rulebook import RulebookError

    try:
        document = rulebook_document()
    except RulebookError as error:
        fail(str(error))
    if output is None:
        print(document, end="")
        return
    try:
        output.write_text(document, encoding="utf-8")
    except OSError as error:
        fail(f"{output} could not be written: {type(error).__name__}. Name a file in a folder that exists.")


@rulebook_app.command("diff")
def compare_rulebooks(
    old: Annotated[Path, typer.Argument(help="The folder with the rulebook files as they were.")],
    new: Annotated[Path, typer.Argument(help="The folder with the rulebook files as they are now.")],
    cases: Annotated[
        list[Path] | None, typer.Option(help="More cases to try: YAML as for `backplan assess`.")
    ] = None,
) -> None:
    """What differs between two rulebooks, in plain words, and which cases change outcome."""
    from bot.clinical.compared import compare
    from bot.clinical.rulebook import RulebookError, load_rulebook

    files = [*([VIGNETTES] if VIGNETTES.exists() else []), *(cases or [])]
    tried = [case for file in files for case in _cases(file)]
    for folder in (old, new):
        if not folder.is_dir():
            fail(f"{folder} is no folder. Give a folder with the rulebook's YAML files.")
        try:
            load_rulebook(folder)
        except RulebookError as error:
            fail(f"The rulebook in {folder} does not load. {error}")
    print(compare(old, new, tried).in_words())


def _cases(file: Path) -> Iterator[Case]:
    from bot.clinical.compared import Case
    from bot.clinical.facts import FactError, Facts

    for number, (key, facts) in enumerate(_fact_sets(str(file)), start=1):
        try:
            yield Case(f"{file.name} {key or number}", Facts.of(facts))
        except FactError as error:
            fail(f"Entry {number} of {file}: {error}")
