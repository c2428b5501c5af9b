"""Reads the requests of the web chat: bytes in, checked values out, a clear problem for everything else."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn
from zoneinfo import available_timezones

from starlette.requests import Request

from bot.channels import problems
from bot.channels.inbound import UnusableText, clean

MAX_CLIENT_ID = 100
MAX_CHOICES = 64
_CHOICE_ID = re.compile(r"[!-~]{1,200}")
_LOCALE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_MOVE = re.compile(r"[A-Za-z0-9_-]{1,100}")
_SEQ = re.compile(r"[0-9]{1,15}")
_SECONDS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,6})?")


@dataclass(frozen=True)
class NewSession:
    """What a client tells about itself when it starts."""

    timezone: str | None
    locale: str | None


@dataclass(frozen=True)
class NewMessage:
    """A patient's message: cleaned text, or ids of choices, and never both."""

    client_id: str
    text: str | None
    choices: list[str] | None


async def json_object(request: Request, seconds: float) -> dict[str, object]:
    """The body as a JSON object; no body at all is an empty one."""
    try:
        body = await asyncio.wait_for(request.body(), seconds)
    except asyncio.TimeoutError:
        raise problems.body_too_slow() from None
    if not body:
        return {}
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise problems.not_json()
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        # The decoder's message quotes the body, so it goes no further.
        raise problems.invalid("The body is not valid JSON in UTF-8. Please mend it and retry.") from None
    if not isinstance(content, dict):
        raise problems.invalid('The body must be a JSON object, such as {"text": "...", "client_id": "..."}.')
    return content


def new_session(body: dict[str, object]) -> NewSession:
    """Check the body of POST /chat/sessions."""
    _only(body, "timezone", "locale")
    timezone, locale = body.get("timezone"), body.get("locale")
    if timezone is not None and (not isinstance(timezone, str) or timezone not in _timezones()):
        raise problems.invalid(
            "timezone must be a name of the IANA time zone database, such as Europe/London.", "timezone"
        )
    if locale is not None and (not isinstance(locale, str) or not _LOCALE.fullmatch(locale)):
        raise problems.invalid("locale must be a language tag, such as en-GB.", "locale")
    return NewSession(timezone, locale)


def new_message(body: dict[str, object], characters: int) -> NewMessage:
    """Check the body of POST /chat/messages."""
    _only(body, "text", "choices", "client_id")
    client_id, text, choices = body.get("client_id"), body.get("text"), body.get("choices")
    if (
        not isinstance(client_id, str)
        or not 1 <= len(client_id) <= MAX_CLIENT_ID
        or not client_id.isprintable()
    ):
        advice = f"client_id must be 1 to {MAX_CLIENT_ID} printable characters, new for each message."
        raise problems.invalid(advice, "client_id")
    if (text is None) == (choices is None):
        raise problems.invalid("Send either text or choices, and not both.", "text")
    if choices is not None:
        return NewMessage(client_id, None, _choice_ids(choices))
    if not isinstance(text, str):
        raise problems.invalid("text must be a string.", "text")
    try:
        return NewMessage(client_id, clean(text, characters), None)
    except UnusableText as error:
        raise problems.invalid(error.advice, "text") from None


def arrival(body: dict[str, object]) -> tuple[str, str | None]:
    """Check the body of POST /chat/arrivals: the token of the link, and the time zone if it is known here.

    An unknown zone is left out rather than refused: a link must not fail for it.
    """
    _only(body, "move", "timezone")
    token, timezone = body.get("move"), body.get("timezone")
    if not isinstance(token, str) or not _MOVE.fullmatch(token):
        raise problems.invalid("move must be the token of a one-time link.", "move")
    return token, timezone if isinstance(timezone, str) and timezone in _timezones() else None


def after(value: str | None, field: str = "after") -> int:
    """A sequence number; 0 when it is not given."""
    if not value:
        return 0
    if not _SEQ.fullmatch(value):
        raise problems.invalid(f"{field} must be the seq of a message: a whole number, 0 or more.", field)
    return int(value)


def wait(value: str | None, longest: float) -> float:
    """Seconds to wait for news: 0 when it is not given, and never more than `longest`."""
    if not value:
        return 0.0
    if not _SECONDS.fullmatch(value):
        raise problems.invalid("wait must be a number of seconds, 0 or more.", "wait")
    return min(float(value), longest)


def _choice_ids(choices: object) -> list[str]:
    if (
        not isinstance(choices, list)
        or not 1 <= len(choices) <= MAX_CHOICES
        or not all(isinstance(choice, str) for choice in choices)
    ):
        raise problems.invalid(f"choices must be a list of 1 to {MAX_CHOICES} ids of choices.", "choices")
    if not all(_CHOICE_ID.fullmatch(choice) for choice in choices):
        raise problems.unknown_choice()
    return list(dict.fromkeys(choices))


def _only(body: dict[str, object], *known: str) -> None:
    # A field's name may itself hold what a patient wrote, so it is not repeated.
    if not body.keys() <= set(known):
        raise problems.invalid(f"The body holds a field that is not known. Known are: {', '.join(known)}.")


@lru_cache(maxsize=1)
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("not a JSON number")
