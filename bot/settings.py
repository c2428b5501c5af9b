"""Settings: environment variables `BACKPLAN_*` read once into one frozen, typed object."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

PROFILES = ("international", "nice")
#: how the connection to the mail server is kept secret, and the usual port of each way
TLS_PORTS = {"starttls": 587, "tls": 465, "off": 25}

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(ValueError):
    """A setting has a value that cannot work; the message names it and says what to put instead."""


@dataclass(frozen=True)
class SmtpSettings:
    """The mail server that takes reminders, and who they come from: `name` is the clinic's, or empty."""

    host: str
    port: int
    tls: str
    sender: str
    name: str = ""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    after_minutes: int = 15


@dataclass(frozen=True)
class Settings:
    """Everything an operator can set. `docs/operating.md` explains each."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 8080
    console_port: int = 8081
    database_url: str = ""
    redis_url: str | None = None
    telegram_token: str | None = field(default=None, repr=False)
    telegram_webhook_url: str | None = None
    telegram_api_url: str = "https://api.telegram.org"
    public_url: str | None = None
    allowed_origins: tuple[str, ...] = ()
    guideline_profile: str = "international"
    country: str | None = None
    check_in_seconds: float = 30.0
    smtp: SmtpSettings | None = None
    console_second_factor: bool = True
    console_public_url: str | None = None
    console_hosts: tuple[str, ...] = ()
    console_proxies: tuple[str, ...] = ()
    console_idle_minutes: int = 30
    console_session_hours: int = 12

    @property
    def models(self) -> Path:
        """Where trained models are kept."""
        return self.home / "models"

    @property
    def chat_url(self) -> str:
        return f"http://{_shown(self.host)}:{self.port}"

    @property
    def console_url(self) -> str:
        return f"http://127.0.0.1:{self.console_port}"

    @property
    def console_address(self) -> str:
        """Where clinicians reach the console, for links that are given to them."""
        return self.console_public_url or self.console_url

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read `BACKPLAN_*`; raise `SettingsError` for a value that cannot work."""
        known = {name: value.strip() for name, value in environ.items() if name.startswith("BACKPLAN_")}
        home = Path(known.get("BACKPLAN_HOME") or "var").absolute()
        profile = known.get("BACKPLAN_GUIDELINE_PROFILE") or "international"
        if profile not in PROFILES:
            raise SettingsError(
                f"BACKPLAN_GUIDELINE_PROFILE is {profile!r}; use one of: {', '.join(PROFILES)}."
            )
        country = (known.get("BACKPLAN_COUNTRY") or "").upper() or None
        if country is not None and (len(country) != 2 or not country.isalpha()):
            raise SettingsError("BACKPLAN_COUNTRY must be two letters, such as GB, US or IE.")
        return cls(
            home=home,
            host=known.get("BACKPLAN_HOST") or "127.0.0.1",
            port=_port(known, "BACKPLAN_PORT", 8080),
            console_port=_port(known, "BACKPLAN_CONSOLE_PORT", 8081),
            database_url=known.get("BACKPLAN_DATABASE_URL") or f"sqlite:///{home / 'backplan.db'}",
            redis_url=known.get("BACKPLAN_REDIS_URL") or None,
            telegram_token=_telegram_token(known),
            telegram_webhook_url=_address(known, "BACKPLAN_TELEGRAM_WEBHOOK_URL"),
            telegram_api_url=_address(known, "BACKPLAN_TELEGRAM_API_URL") or "https://api.telegram.org",
            public_url=_address(known, "BACKPLAN_PUBLIC_URL"),
            allowed_origins=_origins(known, "BACKPLAN_ALLOWED_ORIGINS"),
            guideline_profile=profile,
            country=country,
            console_second_factor=_second_factor(known),
            console_public_url=_address(known, "BACKPLAN_CONSOLE_PUBLIC_URL"),
            console_hosts=_host_names(known, "BACKPLAN_CONSOLE_HOSTS"),
            console_proxies=_proxies(known, "BACKPLAN_CONSOLE_PROXIES"),
            console_idle_minutes=_whole(known, "BACKPLAN_CONSOLE_IDLE_MINUTES", 30, (1, 720)),
            console_session_hours=_whole(known, "BACKPLAN_CONSOLE_SESSION_HOURS", 12, (1, 24)),
            check_in_seconds=_seconds(known, "BACKPLAN_CHECK_IN_SECONDS", 30.0),
            smtp=_smtp(known),
        )


def _port(known: Mapping[str, str], name: str, default: int) -> int:
    text = known.get(name) or str(default)
    if not text.isdigit() or not 0 <= int(text) <= 65535:
        raise SettingsError(f"{name} is {text!r}; use a number from 1 to 65535.")
    return int(text)


def _second_factor(known: Mapping[str, str]) -> bool:
    text = (known.get("BACKPLAN_CONSOLE_TOTP") or "required").lower()
    if text not in {"required", "off"}:
        raise SettingsError("BACKPLAN_CONSOLE_TOTP is required or off; off is for trials without patients.")
    return text == "required"


def _whole(known: Mapping[str, str], name: str, usual: int, between: tuple[int, int]) -> int:
    text = known.get(name) or str(usual)
    least, most = between
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and least <= int(text) <= most):
        raise SettingsError(f"{name} is {text!r}; use a whole number from {least} to {most}.")
    return int(text)


def _host_names(known: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Names without scheme or port, with commas between them."""
    names = tuple(part.strip().lower() for part in (known.get(name) or "").split(",") if part.strip())
    for one in names:
        if not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", one):
            raise SettingsError(f"{name} holds {one!r}; use names such as console.example.org, with commas.")
    return names


def _proxies(known: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Addresses or networks whose forwarded headers are believed."""
    found = tuple(part.strip() for part in (known.get(name) or "").split(",") if part.strip())
    for one in found:
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            raise SettingsError(
                f"{name} holds {one!r}; use addresses or networks such as 127.0.0.1 or 10.0.0.0/8, with commas."
            ) from None
    return found


def _telegram_token(known: Mapping[str, str]) -> str | None:
    token = known.get("BACKPLAN_TELEGRAM_TOKEN") or None
    if token is not None and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", token):
        # The value stays out of the message: it may be a token with one wrong character.
        raise SettingsError("BACKPLAN_TELEGRAM_TOKEN is not a bot token; copy it from @BotFather whole.")
    return token


def _smtp(known: Mapping[str, str]) -> SmtpSettings | None:
    """The mail server, or None when none is named: then nothing about e-mail is offered to anybody."""
    host = known.get("BACKPLAN_SMTP_HOST") or ""
    if not host:
        return None
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", host) or host.count(":") == 1:
        raise SettingsError(
            "BACKPLAN_SMTP_HOST is a name such as smtp.example.org; the port goes into BACKPLAN_SMTP_PORT."
        )
    tls = (known.get("BACKPLAN_SMTP_TLS") or "starttls").lower()
    if tls not in TLS_PORTS:
        raise SettingsError("BACKPLAN_SMTP_TLS is starttls, tls or off; off is for a server on this machine.")
    if tls == "off" and host not in _LOOPBACK:
        raise SettingsError(
            "BACKPLAN_SMTP_TLS=off would send links to patients' chats in clear; use starttls or tls."
        )
    user, password = known.get("BACKPLAN_SMTP_USER"), known.get("BACKPLAN_SMTP_PASSWORD")
    if bool(user) != bool(password):
        raise SettingsError("BACKPLAN_SMTP_USER and BACKPLAN_SMTP_PASSWORD go together; set both or neither.")
    written = known.get("BACKPLAN_SMTP_FROM") or ""
    name, sender = parseaddr(written)
    if (
        not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", sender)
        or not written.isprintable()
    ):
        raise SettingsError(
            "BACKPLAN_SMTP_FROM must say who the e-mails come from, "
            "such as: Riverside Practice <reminders@riverside.example>."
        )
    if not known.get("BACKPLAN_PUBLIC_URL"):
        raise SettingsError(
            "E-mails hold a link to the chat: set BACKPLAN_PUBLIC_URL, such as https://chat.example.org."
        )
    return SmtpSettings(
        host=host,
        port=_port(known, "BACKPLAN_SMTP_PORT", TLS_PORTS[tls]),
        tls=tls,
        sender=sender,
        name=name,
        user=user or None,
        password=password or None,
        after_minutes=_whole(known, "BACKPLAN_EMAIL_AFTER_MINUTES", 15, (0, 720)),
    )


def _address(known: Mapping[str, str], name: str) -> str | None:
    """An https address, or an http one on this machine."""
    text = (known.get(name) or "").rstrip("/")
    if not text:
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if host and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)):
        return text
    raise SettingsError(f"{name} must be an address such as https://chat.example.org.")


def _seconds(known: Mapping[str, str], name: str, default: float) -> float:
    text = known.get(name) or str(default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise SettingsError(f"{name} is {text!r}; use seconds from 0 (off) to 3600.")
    return seconds


def _origins(known: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Sites between commas, each as a browser names it: scheme, host and port without any path."""
    origins = []
    for text in filter(None, (part.strip() for part in (known.get(name) or "").split(","))):
        origin = _address({name: text}, name)
        parts = urlsplit(text)
        if origin is None or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
            raise SettingsError(f"{name} must be sites between commas, such as https://www.example.org.")
        port = {"https": 443, "http": 80}[parts.scheme]
        netloc = parts.netloc.lower()
        origins.append(f"{parts.scheme}://{netloc.removesuffix(f':{port}')}")
    return tuple(dict.fromkeys(origins))


def _shown(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, never bound
