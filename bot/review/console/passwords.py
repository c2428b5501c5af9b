"""Passwords: what is asked of a new one, and argon2id for keeping and checking it."""

from __future__ import annotations

import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST, LONGEST = 12, 200
FEWEST_DIFFERENT = 5
#: Each check takes 64 MiB for some 50 ms; more at once would only wait for the processor.
_AT_ONCE = 2


def weakness(password: str, again: str, name: str) -> str | None:
    """What is wrong with a new password, as a sentence that says what to do; None when nothing is."""
    if len(password) < SHORTEST:
        return f"Please use at least {SHORTEST} characters. A few words in a row are easy to remember."
    if len(password) > LONGEST:
        return f"Please use at most {LONGEST} characters."
    if len(set(password)) < FEWEST_DIFFERENT:
        return f"Please use at least {FEWEST_DIFFERENT} different characters."
    if name.casefold() * 2 in password.casefold() or password.casefold() == name.casefold():
        return "Please choose a password that is not made of your name."
    if password != again:
        return "The two passwords are not the same. Please type both again."
    return None


class Passwords:
    """Hashes and checks, a few at a time, with the same work whether or not there is an account."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        with self._places:
            return self._hasher.hash(_normal(password))

    def fits(self, password: str, stored: str | None) -> bool:
        """Whether the password is the one behind the stored hash. None takes as long, and never fits."""
        with self._places:
            try:
                self._hasher.verify(stored or self._nobody, _normal(password[: LONGEST + 1]))
            except (Argon2Error, InvalidHashError):
                return False
        return stored is not None


def _normal(password: str) -> str:
    # Two keyboards may write the same letter in two ways.
    return unicodedata.normalize("NFKC", password)
