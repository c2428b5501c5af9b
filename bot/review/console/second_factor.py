"""The second factor: time-based codes (RFC 6238), their secret under lock and key, recovery codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ISSUER = "Backplan"
SECONDS_A_CODE = 30
DIGITS = 6
#: Clocks of telephones differ a little: the code before and the code after count too.
STEPS_EITHER_WAY = 1
RECOVERY_CODES = 10
_BYTES_OF_A_SECRET = 20
_BYTES_OF_A_RECOVERY_CODE = 10
_BYTES_OF_A_NONCE = 12


class SecretUnreadable(Exception):
    """The sealed secret does not open: made with another key, or for another account."""


class SecondFactors:
    """Makes, seals and checks. `key` has 32 bytes; without it no stored secret can be read."""

    def __init__(self, key: bytes, clock: Callable[[], datetime]) -> None:
        self._cipher = AESGCM(hashlib.sha256(b"backplan second factor seal" + key).digest())
        self._enrol = hashlib.sha256(b"backplan second factor enrolment" + key).digest()
        self._clock = clock

    def secret_for(self, session: str) -> str:
        """The secret that this enrolling session is shown, in base32.

        It follows from the session, so that a page that is read again shows the same picture, and
        nothing is stored before it is confirmed.
        """
        made = hmac.new(self._enrol, session.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        return base64.b32encode(made[:_BYTES_OF_A_SECRET]).decode()

    def address(self, secret: str, name: str) -> str:
        """What the picture says to an authenticator app."""
        return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)

    def seal(self, secret: str, clinician_id: str) -> str:
        """The secret as it is stored: AES-256-GCM, bound to the account."""
        nonce = secrets.token_bytes(_BYTES_OF_A_NONCE)
        sealed = self._cipher.encrypt(nonce, secret.encode(), clinician_id.encode())
        return base64.b64encode(nonce + sealed).decode()

    def unseal(self, sealed: str, clinician_id: str) -> str:
        """The secret of `seal`. Raises SecretUnreadable."""
        try:
            whole = base64.b64decode(sealed, validate=True)
            nonce, rest = whole[:_BYTES_OF_A_NONCE], whole[_BYTES_OF_A_NONCE:]
            return self._cipher.decrypt(nonce, rest, clinician_id.encode()).decode()
        except (ValueError, InvalidTag):
            raise SecretUnreadable from None

    def step_of(self, secret: str, code: str) -> int | None:
        """The half minute (counted since 1970) whose code this is; None when it is of none near now."""
        typed = "".join(code.split())
        if len(typed) != DIGITS or not (typed.isascii() and typed.isdecimal()):
            return None
        now = int(self._clock().timestamp()) // SECONDS_A_CODE
        codes = pyotp.HOTP(secret)
        found = None
        # Every step is looked at, whichever fits: the time taken tells nothing.
        for step in range(now - STEPS_EITHER_WAY, now + STEPS_EITHER_WAY + 1):
            if hmac.compare_digest(codes.at(step), typed):
                found = step
        return found


def new_recovery_codes() -> tuple[str, ...]:
    """Codes of 80 random bits, as they are shown once: `abcd-efgh-ijkl-mnop`."""
    return tuple(
        _in_fours(base64.b32encode(secrets.token_bytes(_BYTES_OF_A_RECOVERY_CODE)).decode().lower())
        for _ in range(RECOVERY_CODES)
    )


def as_recovery_code(typed: str) -> str:
    """What was typed, written as `new_recovery_codes` writes it."""
    return _in_fours("".join(letter for letter in typed.lower() if letter.isalnum()))


def in_groups(secret: str) -> str:
    """A secret to be typed by hand."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _in_fours(text: str) -> str:
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
