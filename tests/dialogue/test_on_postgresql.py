"""A whole conversation with PostgreSQL in place of the embedded database: the same code, one address."""

from __future__ import annotations

from pathlib import Path

from tests.chat_server import ChatServer
from tests.databases import postgresql_server
from tests.dialogue.answers import ON_A_BLOOD_THINNER
from tests.dialogue.patient import Patient
from tests.dialogue.stored import statuses_of, stored_case


def test_a_patient_reaches_a_stored_plan_on_postgresql_and_finds_it_after_a_kill(
    models: Path, tmp_path: Path
) -> None:
    with postgresql_server() as postgresql:
        environ = {"BACKPLAN_DATABASE_URL": postgresql.new(empty=True)}
        server = ChatServer(tmp_path / "home", models, environ).start()
        try:
            patient = Patient(server.url)
            patient.answer_all(ON_A_BLOOD_THINNER)
            server.kill()
            server.start()
            patient.say("whats my plan again")
            assert patient.heard("A check of all your medicines")
            case = stored_case(server, patient.conversation)
            assert (case.episode.status, len(case.plans)) == ("planned", 1)
            assert statuses_of(case)["PM_NSAID_ORAL"] == "withheld"
        finally:
            server.stop()
