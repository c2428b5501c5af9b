"""What the commands share: settings, one way to fail, progress, the store and the trained model."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.store import Store

console = Console(stderr=True, highlight=False)


def fail(message: str) -> NoReturn:
    """Say what is wrong and what to do, on stderr, and end with exit code 1."""
    console.print(message, style="red", markup=False)
    raise SystemExit(1)


def read_settings() -> Settings:
    return Settings.from_env(os.environ)


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """A line that shows that a long step lives: a spinner on a terminal, plain lines elsewhere."""
    if console.is_terminal:
        with console.status(title) as status:
            yield lambda line: status.update(f"{title} {line[:60]}" if line else title)
    else:
        console.print(title, markup=False)
        yield lambda line: None


def migrate(settings: Settings) -> None:
    """Bring the database to the current schema, or say why that cannot be."""
    from bot.store import Database, StoreError

    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        database.migrate()
    except StoreError as error:
        fail(f"The database could not be prepared ({error}). Check BACKPLAN_DATABASE_URL and BACKPLAN_HOME.")
    finally:
        database.dispose()


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store on a current database, closed at the end."""
    from bot.store import Database, Store, system_clock

    migrate(settings)
    store = Store(Database(settings.database_url), clock=system_clock)
    try:
        yield store
    finally:
        store.close()


def trained_model(settings: Settings, *, force: bool = False) -> Path:
    """The model for the project as it stands; trained first if something changed."""
    from bot.dialogue import training

    try:
        root = training.project_root()
        model = training.trained_model(settings.models, root)
        if model is not None and not force:
            return model
        with progress("Training the dialogue model (about a minute, once after each change) ...") as tell:
            return training.train(settings.models, root, force=force, progress=tell)
    except training.TrainingFailed as error:
        fail(str(error))
