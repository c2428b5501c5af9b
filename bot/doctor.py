"""`backplan doctor`: looks at the installation and says what to fix."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.settings import Settings

BYTES_WANTED = 500_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    text: str


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at one thing after the other; what fails is a finding, never an exception."""
    looks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("Python", _python),
        ("Home folder", _home),
        ("Rulebook", _rulebook),
        ("Database", _database),
        ("Model", _model),
        ("E-mail", _email),
        ("Chat port", lambda s: _port(s.host, s.port)),
        ("Console port", lambda s: _port("127.0.0.1", s.console_port)),
    )
    for name, look in looks:
        try:
            yield Finding(True, f"{name}: {look(settings)}")
        except Exception as error:
            yield Finding(False, f"{name}: {error}")


class NeedsFixing(RuntimeError):
    """Something that the operator can mend; the message says how."""


def _python(_settings: Settings) -> str:
    if sys.version_info[:2] != (3, 10):
        raise NeedsFixing("not 3.10; run `make setup` again.")
    return sys.version.split()[0]


def _home(settings: Settings) -> str:
    settings.home.mkdir(parents=True, exist_ok=True)
    if not os.access(settings.home, os.W_OK):
        raise NeedsFixing(f"{settings.home} cannot be written; change its owner or set BACKPLAN_HOME.")
    space = os.statvfs(settings.home)
    if space.f_bavail * space.f_frsize < BYTES_WANTED:
        raise NeedsFixing(f"less than 0.5 GB free below {settings.home}; make room.")
    return str(settings.home)


def _rulebook(_settings: Settings) -> str:
    from bot.clinical.rulebook import load_rulebook

    return f"version {load_rulebook().version}"


def _database(settings: Settings) -> str:
    from bot.store import Database

    database = Database(settings.database_url)
    try:
        if not database.ping():
            raise NeedsFixing("it does not answer; check BACKPLAN_DATABASE_URL.")
        if not database.is_current():
            raise NeedsFixing("its schema is old or missing; run `backplan migrate`.")
    finally:
        database.dispose()
    return "answers, schema current"


def _model(settings: Settings) -> str:
    from bot.dialogue import training
    from bot.dialogue.agent import check_model

    model = training.trained_model(settings.models, training.project_root())
    if model is None:
        raise NeedsFixing("not trained for the present data; run `backplan train`.")
    check_model(model)
    return model.name


def _email(settings: Settings) -> str:
    if settings.smtp is None:
        return "not set up (BACKPLAN_SMTP_HOST), and offered to nobody"
    from smtplib import SMTPException

    from bot.mail.post import Post

    to = settings.smtp
    try:
        Post(to, "localhost").check()
    except (SMTPException, OSError) as error:
        raise NeedsFixing(
            f"{to.host}:{to.port} does not let us in ({type(error).__name__}); check BACKPLAN_SMTP_HOST, "
            "_PORT, _TLS, _USER and _PASSWORD."
        ) from error
    return f"{to.host}:{to.port} lets us in ({to.tls}), from {to.sender}, after {to.after_minutes} minutes"


def _port(host: str, port: int) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NeedsFixing(
                f"{host}:{port} is taken (fine if Backplan itself is running); else set another port."
            ) from error
    return f"{host}:{port} is free"
