"""Settings that cannot work, and what `backplan doctor` says about an installation."""

from __future__ import annotations

import socket

import pytest

from bot.settings import Settings, SettingsError
from tests.commands.conftest import Backplan


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
