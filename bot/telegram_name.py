"""The name of the Telegram bot, for links to it from a process that does not run the bot."""

from __future__ import annotations

import threading
from urllib.parse import quote

import httpx

from bot.settings import Settings

_PATIENCE = 5.0  # seconds


class BotName:
    """Asks Telegram once for the name that belongs to the token, and remembers it."""

    def __init__(self, settings: Settings, patience: float = _PATIENCE) -> None:
        self._settings = settings
        self._patience = patience
        self._known: str | None = None
        self._one_at_a_time = threading.Lock()

    def __call__(self) -> str | None:
        """The name without @; None while Telegram does not answer, or does not know the token."""
        with self._one_at_a_time:
            if self._known is None:
                self._known = self._asked()
            return self._known

    def _asked(self) -> str | None:
        api = self._settings.telegram_api_url.rstrip("/")
        token = quote(self._settings.telegram_token or "", safe=":")
        try:
            answer = httpx.post(f"{api}/bot{token}/getMe", timeout=self._patience)
            name = answer.json()["result"]["username"]
        # The errors of httpx hold the address, and with it the token: none of them goes further.
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return None
        return name if isinstance(name, str) and name else None
