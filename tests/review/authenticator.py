"""An authenticator app on somebody's phone, for tests: reads the key of a page, shows codes by its own clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pyotp

HALF_A_MINUTE = timedelta(seconds=30)


@dataclass
class Authenticator:
    """Holds one key. `code` is what it shows now, or `later` than that."""

    key: str
    clock: Callable[[], datetime]

    @classmethod
    def reading(cls, page: httpx.Response, clock: Callable[[], datetime]) -> Authenticator:
        """The app after the key of the enrolment page was typed into it."""
        found = re.search(r'id="key">([A-Z2-7 ]+)<', page.text)
        assert found is not None
        return cls(found[1].replace(" ", ""), clock)

    def code(self, later: timedelta = timedelta(0)) -> str:
        return pyotp.TOTP(self.key).at((self.clock() + later).replace(microsecond=0))

    def wrong_code(self) -> str:
        """A code that fits no half minute near now."""
        near = {self.code(HALF_A_MINUTE * step) for step in range(-2, 3)}
        return next(code for code in (f"{number:06}" for number in range(10)) if code not in near)
