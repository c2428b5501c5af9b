"""Inviting a patient and linking a case, by the command line, on a real store."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.store import Database, Store, system_clock


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BACKPLAN_HOME", str(tmp_path))
    monkeypatch.setenv("BACKPLAN_PUBLIC_URL", "https://chat.example")
    monkeypatch.delenv("BACKPLAN_DATABASE_URL", raising=False)
    return tmp_path


def backplan(*words: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, list(words))
    return ran.exit_code, ran.stdout, ran.stderr


def store_at(home: Path) -> Store:
    (file,) = home.glob("*.db")
    return Store(Database(f"sqlite:///{file}"), clock=system_clock)


def test_an_invitation_is_a_link_for_the_web_one_for_telegram_and_a_picture(home: Path) -> None:
    code, out, said = backplan(
        "invite", "MRN 0042", "--telegram", "@back_bot", "--qr", str(home / "link.svg")
    )
    assert code == 0, said
    web, telegram = out.split()
    token = web.removeprefix("https://chat.example/#move=")
    assert re.fullmatch(r"[\w-]{43}", token)
    assert telegram == f"https://t.me/back_bot?start={token}"
    assert "<svg" in (home / "link.svg").read_text(encoding="utf-8")
    assert "works once" in said
    store = store_at(home)
    conversation, _ = store.renew_token(token)
    turn = store.begin_turn(conversation.id, None)
    episode = turn.open_episode("intake")
    store.commit_turn(turn)
    assert store.case(episode.id).reference == "MRN 0042"
    (row,) = store.audit_rows(limit=10)
    assert (row.action, row.subject) == ("invite patient", conversation.id)
    store.close()


def test_a_case_is_linked_by_its_code_and_the_other_cases_of_the_person_are_named(home: Path) -> None:
    from bot.store.case_codes import case_code

    assert backplan("invite", "A 17")[0] == 0
    store = store_at(home)
    ids = []
    for _ in range(2):
        conversation, _ = store.open_conversation("web")
        turn = store.begin_turn(conversation.id, None)
        ids.append(turn.open_episode("intake").id)
        store.commit_turn(turn)
    for one in ids:
        code, _, said = backplan("link", case_code(one), "A 17")
        assert code == 0
    assert ids[0] in said
    assert [store.case(one).reference for one in ids] == ["A 17", "A 17"]
    assert backplan("link", ids[0])[0] == 0
    assert store.case(ids[0]).reference is None
    store.close()


def test_what_is_no_reference_or_no_case_is_said_kindly(home: Path) -> None:
    code, out, said = backplan("invite", " ")
    assert (code, out) == (1, "")
    assert "1 to 64 characters" in said
    assert "There is no episode nothing" in backplan("link", "nothing", "A")[2]
