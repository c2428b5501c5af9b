"""The clinician console's entry: the one place where its process is wired together."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from starlette.applications import Starlette

from bot.review.console import console_app, first_clinician_link
from bot.settings import Settings
from bot.store import Database, Store, system_clock

_KEY_BYTES = 32


def build_console(settings: Settings) -> tuple[Starlette, Store]:
    """The ASGI application of the console, and the store that it reads."""
    store = Store(Database(settings.database_url), clock=system_clock)
    key = form_key(settings.home / "console.key")
    return console_app(store, clock=system_clock, secret=key), store


def first_link(settings: Settings, store: Store) -> str | None:
    """A one-time address to set the first clinician's password, or None when there is a clinician."""
    return first_clinician_link(store, settings.console_url, system_clock())


def form_key(path: Path) -> bytes:
    """The key that signs the console's forms, made on the first start; only its owner may read it.

    Raises OSError when the folder cannot be written, ValueError when the file holds no key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        # Whole or not there: a second process never reads half a key.
        fresh.replace(path)
    key = path.read_bytes()
    if len(key) < _KEY_BYTES:
        raise ValueError(f"{path} holds no key; delete it, and the next start makes a new one.")
    return key
