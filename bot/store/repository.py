"""What every part of the store shares: the database, the clock, and how ids and secrets are made."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime, timezone

from bot.store.database import Database

Clock = Callable[[], datetime]

BYTES_OF_A_TOKEN = 32
BYTES_OF_A_CHOICE_ID = 16  # 22 characters; Telegram allows 64 in a button


def system_clock() -> datetime:
    """The present moment, aware."""
    return datetime.now(timezone.utc)


def random_id() -> str:
    """A new opaque id."""
    return uuid.uuid4().hex


def hash_of_token(token: str) -> str:
    """What is stored of a secret: enough to recognise it, useless to whoever reads the database."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Repository:
    """Base of the store's parts."""

    def __init__(
        self,
        database: Database,
        clock: Clock = system_clock,
        new_id: Callable[[], str] = random_id,
        new_token: Callable[[int], str] = secrets.token_urlsafe,
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._new_token = new_token

    def _new_choice_id(self) -> str:
        return self._new_token(BYTES_OF_A_CHOICE_ID)
