"""The clinician console's entry: the one place where its process is wired together."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette

from bot.review.console import (
    LOOPBACK,
    SecondFactors,
    SessionRules,
    console_app,
    first_clinician_link,
)
from bot.review.invitations import ChatAddresses
from bot.settings import Settings
from bot.store import Database, Store, system_clock
from bot.telegram_name import BotName

_KEY_BYTES = 32


def build_console(settings: Settings) -> tuple[Starlette, Store]:
    """The ASGI application of the console, and the store that it reads."""
    store = Store(Database(settings.database_url), clock=system_clock)
    app = console_app(
        store,
        clock=system_clock,
        secret=private_key(settings.home / "console.key"),
        allowed_hosts=allowed_hosts(settings),
        second_factors=_second_factors(settings),
        rules=SessionRules(
            idle=timedelta(minutes=settings.console_idle_minutes),
            valid=timedelta(hours=settings.console_session_hours),
        ),
        chat=ChatAddresses(
            chat=settings.public_url or settings.chat_url,
            bot_name=BotName(settings) if settings.telegram_token else None,
        ),
    )
    return app, store


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """The names under which the console answers: this machine, its public address, and those set."""
    public = urlsplit(settings.console_public_url or "").hostname
    return LOOPBACK | {*settings.console_hosts} | ({public} if public else frozenset())


def _second_factors(settings: Settings) -> SecondFactors | None:
    if not settings.console_second_factor:
        return None
    # A file of its own: the key of forms may be thrown away at any time, this one never.
    return SecondFactors(private_key(settings.home / "second-factor.key"), system_clock)


def first_link(settings: Settings, store: Store) -> str | None:
    """A one-time address to set the first clinician's password, or None when there is a clinician."""
    return first_clinician_link(store, settings.console_address, system_clock())


def private_key(path: Path) -> bytes:
    """A key of the console, made on the first start; only its owner may read it.

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
        raise ValueError(
            f"{path} holds no key; put the right one back, or delete it, and the next start makes a new one."
        )
    return key
