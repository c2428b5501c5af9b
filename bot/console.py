"""The clinician console's entry: the one place where its process is wired together."""

from __future__ import annotations

from starlette.applications import Starlette

from bot.review.console import console_app, first_clinician_link
from bot.settings import Settings
from bot.store import Database, Store, system_clock


def build_console(settings: Settings) -> tuple[Starlette, Store]:
    """The ASGI application of the console, and the store that it reads."""
    store = Store(Database(settings.database_url), clock=system_clock)
    return console_app(store, clock=system_clock), store


def first_link(settings: Settings, store: Store) -> str | None:
    """A one-time address to set the first clinician's password, or None when there is a clinician."""
    return first_clinician_link(store, settings.console_url, system_clock())
