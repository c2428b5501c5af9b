"""Settings that cannot work, and what `backplan doctor` says about an installation."""

from __future__ import annotations

import socket

import pytest

from bot.settings import Settings, SettingsError
from tests.commands.conftest import Backplan
from tests.mail.mail_server import MailServer


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BACKPLAN_PORT", "eighty", "use a number from 1 to 65535"),
        ("BACKPLAN_CONSOLE_PORT", "70000", "use a number from 1 to 65535"),
        ("BACKPLAN_GUIDELINE_PROFILE", "mine", "international, nice"),
        ("BACKPLAN_COUNTRY", "England", "two letters"),
        ("BACKPLAN_ALLOWED_ORIGINS", "*", "sites between commas|must be an address"),
        ("BACKPLAN_ALLOWED_ORIGINS", "http://clinic.example", "must be an address"),
        ("BACKPLAN_ALLOWED_ORIGINS", "https://clinic.example/page", "sites between commas"),
    ],
)
def test_a_setting_that_cannot_work_says_what_to_put_instead(name: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as error:
        Settings.from_env({name: value})
    assert name in str(error.value)


MAIL = {
    "BACKPLAN_SMTP_HOST": "smtp.example.org",
    "BACKPLAN_SMTP_FROM": "Riverside Practice <chat@riverside.example>",
    "BACKPLAN_PUBLIC_URL": "https://chat.riverside.example",
}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"BACKPLAN_SMTP_HOST": "smtp.example.org:25"}, "the port goes into BACKPLAN_SMTP_PORT"),
        ({"BACKPLAN_SMTP_HOST": "smtp://smtp.example.org"}, "BACKPLAN_SMTP_HOST is a name"),
        ({"BACKPLAN_SMTP_PORT": "smtp"}, "BACKPLAN_SMTP_PORT"),
        ({"BACKPLAN_SMTP_TLS": "yes"}, "starttls, tls or off"),
        ({"BACKPLAN_SMTP_TLS": "off"}, "in clear"),
        ({"BACKPLAN_SMTP_USER": "chat"}, "BACKPLAN_SMTP_PASSWORD go together"),
        ({"BACKPLAN_SMTP_FROM": ""}, "who the e-mails come from"),
        ({"BACKPLAN_SMTP_FROM": "Riverside Practice"}, "who the e-mails come from"),
        ({"BACKPLAN_SMTP_FROM": "A <a@x.example>\r\nBcc: b@x.example"}, "who the e-mails come from"),
        ({"BACKPLAN_PUBLIC_URL": ""}, "set BACKPLAN_PUBLIC_URL"),
        ({"BACKPLAN_EMAIL_AFTER_MINUTES": "soon"}, "a whole number from 0 to 720"),
    ],
)
def test_a_mail_server_that_cannot_work_says_what_to_put_instead(changes: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        Settings.from_env({**MAIL, **changes})


def test_a_mail_server_is_read_with_the_usual_ports_and_its_password_is_shown_nowhere() -> None:
    assert Settings.from_env({}).smtp is None
    smtp = Settings.from_env(MAIL).smtp
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.tls, smtp.after_minutes) == ("smtp.example.org", 587, "starttls", 15)
    assert (smtp.sender, smtp.name, smtp.user) == ("chat@riverside.example", "Riverside Practice", None)
    secret = {"BACKPLAN_SMTP_USER": "chat", "BACKPLAN_SMTP_PASSWORD": "hush-hush", "BACKPLAN_SMTP_TLS": "tls"}
    settings = Settings.from_env({**MAIL, **secret})
    assert settings.smtp is not None
    assert (settings.smtp.port, settings.smtp.password) == (465, "hush-hush")
    assert "hush-hush" not in repr(settings)


def test_the_doctor_tries_the_mail_server(backplan: Backplan) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = str(nobody.getsockname()[1])
        mail = {
            **MAIL,
            "BACKPLAN_SMTP_HOST": "127.0.0.1",
            "BACKPLAN_SMTP_PORT": port,
            "BACKPLAN_SMTP_TLS": "off",
        }
        away = " ".join(backplan("doctor", **mail).stderr.split())
    assert f"FIX E-mail: 127.0.0.1:{port} does not let us in (ConnectionRefusedError)" in away
    server = MailServer().start()
    try:
        there = " ".join(
            backplan("doctor", **{**mail, "BACKPLAN_SMTP_PORT": str(server.port)}).stderr.split()
        )
    finally:
        server.stop()
    assert f"ok E-mail: 127.0.0.1:{server.port} lets us in (off), from chat@riverside.example" in there
    assert "ok E-mail: not set up (BACKPLAN_SMTP_HOST), and offered to nobody" in " ".join(
        backplan("doctor").stderr.split()
    )


def test_sites_that_may_embed_the_chat_are_read_as_a_browser_names_them() -> None:
    listed = (
        "https://Clinic.example:443/, https://other.example, http://127.0.0.1:8000,,https://other.example"
    )
    settings = Settings.from_env({"BACKPLAN_ALLOWED_ORIGINS": listed})
    assert settings.allowed_origins == (
        "https://clinic.example",
        "https://other.example",
        "http://127.0.0.1:8000",
    )


def test_a_wrong_setting_ends_a_command_with_a_sentence_and_not_a_traceback(backplan: Backplan) -> None:
    ran = backplan("migrate", BACKPLAN_PORT="eighty")
    assert ran.returncode == 1
    assert "BACKPLAN_PORT" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(backplan: Backplan) -> None:
    ran = backplan("episodes", BACKPLAN_DATABASE_URL="postgresql+psycopg2://nobody@127.0.0.1:1/none")
    assert ran.returncode == 1
    assert "BACKPLAN_DATABASE_URL" in ran.stderr.replace("\n", "")
    assert "Traceback" not in ran.stderr


def test_the_doctor_names_what_to_fix(backplan: Backplan) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = backplan("doctor", BACKPLAN_PORT=str(taken.getsockname()[1]))
    said = " ".join(ran.stderr.split())
    assert ran.returncode == 1
    assert "FIX Database: its schema is old or missing; run `backplan migrate`." in said
    assert "FIX Model: not trained for the present data; run `backplan train`." in said
    assert "FIX Chat port" in said
    assert "ok Rulebook: version" in said


def test_the_doctor_is_content_after_migration_with_the_database(backplan: Backplan) -> None:
    assert backplan("migrate").returncode == 0
    assert "ok Database: answers, schema current" in " ".join(backplan("doctor").stderr.split())
