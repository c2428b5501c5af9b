"""`backplan episodes`, `export`, `erase`, `clinicians`: what an operator reads and removes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.review.json_schema import case_schema
from bot.store import Case, Database, Store, system_clock
from tests.chat_server import ChatServer
from tests.commands.conftest import Backplan
from tests.dialogue.answers import ACUTE_UNCOMPLICATED
from tests.dialogue.patient import Patient
from tests.dialogue.stored import stored_case


@pytest.fixture(scope="module")
def finished(server: ChatServer) -> Case:
    """An intake of an uncomplicated acute patient, played to its draft plan."""
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED)
    return stored_case(server, patient.conversation)


@pytest.fixture
def at_home(server: ChatServer) -> dict[str, str]:
    return {"BACKPLAN_HOME": str(server.home)}


def test_episodes_lists_as_json_lines_with_the_published_keys(
    backplan: Backplan, finished: Case, at_home: dict[str, str]
) -> None:
    rows = [json.loads(line) for line in backplan("episodes", "--json", **at_home).stdout.splitlines()]
    [mine] = [row for row in rows if row["episode"] == finished.episode.id]
    assert {
        "episode",
        "conversation",
        "channel",
        "status",
        "triage",
        "flags",
        "started_at",
        "updated_at",
    } <= mine.keys()
    assert (mine["channel"], mine["status"], mine["triage"]) == ("web", "planned", "self_manage")


def test_an_address_for_reminders_is_only_in_a_copy_for_the_patient(
    server: ChatServer, backplan: Backplan, finished: Case, at_home: dict[str, str]
) -> None:
    store = Store(Database(server.database_url), clock=system_clock)
    turn = store.begin_turn(finished.conversation.id)
    turn.say("May I?", kind="question", asks="email_address")
    store.commit_turn(turn)
    store.accept(finished.conversation.id, "address", "mary@example.org")
    store.commit_turn(
        store.begin_turn(finished.conversation.id, store.next_inbound(finished.conversation.id))
    )
    store.close()
    episode = finished.episode.id
    for form in ("json", "html", "fhir", "csv"):
        assert "mary@" not in backplan("export", episode, "--format", form, **at_home).stdout
    copy = json.loads(backplan("export", episode, "--address", **at_home).stdout)
    assert (copy["email_reminders"]["address"], copy["email_reminders"]["works"]) == (
        "mary@example.org",
        False,
    )
    assert list(Draft202012Validator(case_schema()).iter_errors(copy)) == []
    refused = backplan("export", episode, "--format", "html", "--address", **at_home)
    assert refused.returncode == 1
    assert "--format json" in refused.stderr


def test_episodes_is_a_table_for_people(backplan: Backplan, finished: Case, at_home: dict[str, str]) -> None:
    assert finished.episode.id[:8] in backplan("episodes", COLUMNS="200", **at_home).stdout


def test_export_as_json_has_the_published_keys_and_the_patients_words(
    backplan: Backplan, finished: Case, at_home: dict[str, str]
) -> None:
    ran = backplan("export", finished.episode.id, "--format", "json", **at_home)
    summary = json.loads(ran.stdout)
    published = {
        "episode",
        "conversation",
        "status",
        "facts",
        "triage",
        "flags",
        "plan",
        "goals",
        "check_ins",
    }
    assert published | {"measures", "transcript"} <= summary.keys()
    assert summary["facts"]["duration_weeks"]["words"] == ACUTE_UNCOMPLICATED["duration_weeks"]
    assert summary["plan"]["version"] == 1
    assert summary["plan"]["status"] == "draft"
    assert all(option["reasons"] for option in summary["plan"]["options"])
    assert summary["transcript"][0]["from"] == "bot"


def test_export_as_html_goes_to_a_file_and_says_that_it_is_a_draft(
    backplan: Backplan, finished: Case, at_home: dict[str, str], tmp_path: Path
) -> None:
    ran = backplan(
        "export", finished.episode.id, "--format", "html", "-o", f"{tmp_path}/summary.html", **at_home
    )
    assert (ran.returncode, ran.stdout) == (0, "")
    html = (tmp_path / "summary.html").read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert "draft" in html.lower()


def test_a_case_is_found_by_the_code_that_the_patient_was_told(
    backplan: Backplan, finished: Case, at_home: dict[str, str]
) -> None:
    told = next(one.text for one in finished.messages if one.key == "utter_plan_next")
    code = told.partition("say this code: ")[2][:9]
    ran = backplan("export", code.lower(), "--format", "json", **at_home)
    assert json.loads(ran.stdout)["episode"] == finished.episode.id


def test_export_as_pdf_is_a_pdf_in_a_file(
    backplan: Backplan, finished: Case, at_home: dict[str, str], tmp_path: Path
) -> None:
    ran = backplan("export", finished.episode.id, "--format", "pdf", "-o", f"{tmp_path}/case.pdf", **at_home)
    assert ran.returncode == 0
    assert (tmp_path / "case.pdf").read_bytes().startswith(b"%PDF")


def test_every_case_comes_as_one_csv(
    backplan: Backplan, finished: Case, at_home: dict[str, str], tmp_path: Path
) -> None:
    ran = backplan("export", "--all", "--format", "csv", **at_home)
    assert ran.returncode == 0
    header, *lines = ran.stdout.splitlines()
    assert header.startswith("episode,patient,channel")
    assert sum(line.startswith(finished.episode.id) for line in lines) == 1


def test_an_export_is_in_the_audit_log(backplan: Backplan, finished: Case, at_home: dict[str, str]) -> None:
    from bot.store import Database, Store, system_clock

    backplan("export", finished.episode.id, **at_home)
    store = Store(Database(f"sqlite:///{at_home['BACKPLAN_HOME']}/backplan.db"), clock=system_clock)
    try:
        rows = store.audit_rows(1000)
        assert any(row.action == "export json" and row.subject == finished.episode.id for row in rows)
        assert store.check_audit().intact
    finally:
        store.close()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["export", "nobody"], "`backplan episodes` lists them"),
        (["export", "nobody", "--format", "docx"], "use pdf, html, json, fhir, csv"),
        (["export", "--format", "csv"], "Or use --all with --format csv"),
        (["export", "--all", "--format", "pdf"], "--all goes with --format csv"),
        (["export", "nobody", "--research"], "--research goes with --all"),
        (["erase", "nobody", "--yes"], "There is no patient nobody"),
        (["clinicians", "disable", "nobody"], "There is no clinician nobody"),
        (["clinicians", "role", "nobody", "lead"], "There is no clinician nobody"),
        (["clinicians", "reset", "nobody"], "There is no clinician nobody"),
        (["clinicians", "unlock", "nobody"], "There is no clinician nobody"),
        (["clinicians", "add", ""], "give the account a name, such as dr.rossi"),
        (["clinicians", "add", "   "], "give the account a name, such as dr.rossi"),
        (
            ["clinicians", "add", "Dr Rao", "--role", "boss"],
            "There is no role boss; use clinician, lead, auditor",
        ),
    ],
)
def test_what_is_not_there_is_said_with_what_to_do(backplan: Backplan, words: list[str], says: str) -> None:
    ran = backplan(*words)
    assert ran.returncode == 1
    assert says in " ".join(ran.stderr.split())
    assert "Traceback" not in ran.stderr


def test_erasing_a_patient_leaves_no_episode(
    backplan: Backplan, server: ChatServer, at_home: dict[str, str]
) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED, limit=4, partly=True)
    case = stored_case(server, patient.conversation)
    assert backplan("erase", case.episode.patient_id, typed="n\n", **at_home).returncode != 0
    assert backplan("erase", case.episode.patient_id, "--yes", **at_home).returncode == 0
    assert case.episode.id not in backplan("episodes", "--json", **at_home).stdout
    assert patient.http.get("/chat/messages").status_code == 401


def test_an_account_from_its_one_time_link_to_its_end(backplan: Backplan) -> None:
    def listed() -> dict[str, object]:
        return dict(json.loads(backplan("clinicians", "list").stdout))

    link = backplan("clinicians", "add", "Dr Rao").stdout.strip()
    assert link.startswith("http://127.0.0.1:8081/setup/")
    assert listed() == {
        "name": "Dr Rao",
        "role": "clinician",
        "disabled": False,
        "password": False,
        "second_factor": False,
        "locked_seconds": 0,
    }
    assert "Dr Rao is a lead now." in backplan("clinicians", "role", "Dr Rao", "lead").stderr
    assert listed()["role"] == "lead"
    again = backplan("clinicians", "reset", "Dr Rao").stdout.strip()
    assert again.startswith("http://127.0.0.1:8081/setup/")
    assert again != link
    assert backplan("clinicians", "disable", "Dr Rao").returncode == 0
    assert listed()["disabled"] is True
    checked = backplan("clinicians", "audit")
    assert checked.returncode == 0
    assert json.loads(checked.stdout)["intact"] is True
