"""Reminders by e-mail on the trained model: asked, proven by a code, sent, followed, stopped; or never spoken of."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.store import Database, Store, system_clock
from tests.chat_server import ChatServer, free_port
from tests.dialogue.answers import ACUTE_UNCOMPLICATED
from tests.dialogue.due_check_ins import ago, daytime_zone, make_due
from tests.dialogue.patient import Patient
from tests.dialogue.stored import stored_case
from tests.mail.mail_server import MailServer, words_of
from tests.store.clinic import everything_in

MARY = "mary.zanzibar@example.org"


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def clinic(
    models: Path, tmp_path_factory: pytest.TempPathFactory, mail_server: MailServer
) -> Iterator[ChatServer]:
    """A server that looks for due check-ins every moment, and mails at once about those it asks."""
    port = free_port()
    environ = {
        "BACKPLAN_CHECK_IN_SECONDS": "0.2",
        "BACKPLAN_SMTP_HOST": "127.0.0.1",
        "BACKPLAN_SMTP_PORT": str(mail_server.port),
        "BACKPLAN_SMTP_TLS": "off",
        "BACKPLAN_SMTP_FROM": "Riverside Practice <chat@riverside.example>",
        "BACKPLAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BACKPLAN_EMAIL_AFTER_MINUTES": "0",
    }
    server = ChatServer(tmp_path_factory.mktemp("emails"), models, environ, port=port).start()
    yield server
    server.stop()


@pytest.fixture
def patient(clinic: ChatServer, mail_server: MailServer) -> Patient:
    """Somebody whose intake has just ended with a plan."""
    mail_server.refuses_address = None
    patient = Patient(clinic.url, timezone=daytime_zone())
    patient.answer_all(ACUTE_UNCOMPLICATED, until="email_address")
    return patient


def mail_after(mail_server: MailServer, count: int) -> None:
    end = time.monotonic() + 20
    while len(mail_server.mails) <= count:
        assert time.monotonic() < end, "no mail came"
        time.sleep(0.1)


def agree(patient: Patient, mail_server: MailServer, address: str = MARY) -> None:
    before = len(mail_server.mails)
    patient.say(address)
    mail_after(mail_server, before)
    patient.say(mail_server.code())
    assert patient.heard("I e-mail you when something waits")


def check_in_falls_due(clinic: ChatServer, patient: Patient) -> None:
    """With no page open: nobody reads the conversation while the check-in is asked."""
    ago(clinic, patient.conversation, days=7, minutes=30)
    make_due(clinic, patient.conversation, "day_7")


def test_where_no_mail_server_is_set_nobody_speaks_of_e_mail(server: ChatServer) -> None:
    patient = Patient(server.url)
    patient.answer_all(ACUTE_UNCOMPLICATED)
    assert patient.asks is None
    assert not patient.heard("mail")
    patient.say("e-mail me reminders")
    assert patient.heard("I cannot send e-mails from here")
    assert "email_reminders" not in {
        one.purpose for one in stored_case(server, patient.conversation).consents
    }


def test_who_agreed_to_check_ins_is_asked_after_the_plan_and_may_say_no(
    clinic: ChatServer, patient: Patient
) -> None:
    assert patient.asks == "email_address"
    assert patient.heard("says nothing about your health")
    patient.say("no thanks")
    assert patient.heard("OK, no e-mails")
    assert patient.asks is None
    consents = {one.purpose: one.granted for one in stored_case(clinic, patient.conversation).consents}
    assert consents["email_reminders"] is False


def test_who_did_not_agree_to_check_ins_is_not_asked(clinic: ChatServer) -> None:
    patient = Patient(clinic.url, timezone=daytime_zone())
    patient.answer_all({**ACUTE_UNCOMPLICATED, "consent": ["Keep my answers", "Show them"]})
    assert not patient.heard("e-mail")


def test_from_the_address_to_the_link_in_the_mail_and_back_into_the_same_chat(
    clinic: ChatServer, patient: Patient, mail_server: MailServer
) -> None:
    patient.say("why do you want that?")
    assert patient.heard("nothing else")
    patient.say("mary at example dot org")
    assert patient.heard("not look like a whole e-mail address")
    patient.say("mary.zanzibar@example")
    assert patient.asks == "email_address"
    before = len(mail_server.mails)
    patient.say(f"sorry, {MARY}")
    assert patient.asks == "email_code"
    mail_after(mail_server, before)
    code = mail_server.code()
    patient.say("000000" if code != "000000" else "111111")
    assert patient.heard("not the six digits")
    patient.say(f"oh it is {code}")
    assert patient.heard("I e-mail you when something waits")
    assert patient.asks is None
    case = stored_case(clinic, patient.conversation)
    assert {one.purpose: one.granted for one in case.consents}["email_reminders"] is True
    assert not [one.text for one in case.messages if "zanzibar" in one.text]

    before = len(mail_server.mails)
    check_in_falls_due(clinic, patient)
    mail_after(mail_server, before)
    assert mail_server.to[-1] == MARY
    link = mail_server.link()
    assert link.startswith(f"{clinic.url}/#move=")
    move = {"move": link.partition("#move=")[2]}
    arrived = httpx.post(f"{clinic.url}/chat/arrivals", json=move, timeout=20)
    assert arrived.json()["conversation"] == patient.conversation
    headers = {"Authorization": f"Bearer {arrived.json()['token']}"}
    messages = httpx.get(f"{clinic.url}/chat/messages", headers=headers, timeout=20).json()["messages"]
    assert messages[-1]["asks"] == "new_danger"
    again = httpx.post(f"{clinic.url}/chat/arrivals", json=move, timeout=20)
    assert again.status_code == 410
    assert "Ask for a new one" in again.json()["detail"]


def test_the_link_that_stops_them_asks_first_and_needs_no_sign_in(
    clinic: ChatServer, patient: Patient, mail_server: MailServer
) -> None:
    agree(patient, mail_server)
    before = len(mail_server.mails)
    check_in_falls_due(clinic, patient)
    mail_after(mail_server, before)
    stop = str(mail_server.newest["List-Unsubscribe"]).strip("<>")
    assert stop in words_of(mail_server.newest)
    looked_at = httpx.get(stop, timeout=20)
    assert "Yes, stop the e-mails" in looked_at.text
    assert "form-action 'self'" in looked_at.headers["content-security-policy"]
    assert _email_of(clinic, patient) is not None
    clicked = httpx.post(stop, data={"List-Unsubscribe": "One-Click"}, timeout=20)
    assert clicked.status_code == 200
    assert "The e-mails are stopped" in clicked.text
    assert _email_of(clinic, patient) is None
    assert "The e-mails are stopped" in httpx.get(stop, timeout=20).text


def test_a_word_in_the_chat_stops_them_and_another_brings_them_back_to_a_new_address(
    clinic: ChatServer, patient: Patient, mail_server: MailServer
) -> None:
    agree(patient, mail_server)
    patient.say("stop the e-mails")
    assert patient.heard("OK, no e-mails")
    assert _email_of(clinic, patient) is None
    patient.say("change my e-mail address")
    assert patient.asks == "email_address"
    agree(patient, mail_server, "bob.zanzibar@example.org")
    assert _email_of(clinic, patient) == "bob.zanzibar@example.org"


def test_taking_every_permission_back_takes_the_address_too(
    clinic: ChatServer, patient: Patient, mail_server: MailServer
) -> None:
    agree(patient, mail_server)
    patient.say("i withdraw my consent")
    patient.say("yes")
    case = stored_case(clinic, patient.conversation)
    assert case.episode.status == "withdrawn"
    assert {one.purpose: one.granted for one in case.consents}["email_reminders"] is False
    assert _email_of(clinic, patient) is None


def test_a_code_that_does_not_come_is_asked_about_anew(
    clinic: ChatServer, patient: Patient, mail_server: MailServer
) -> None:
    patient.say("marry.zanzibar@example.org")
    patient.say("nothing came")
    assert patient.asks == "email_address"
    agree(patient, mail_server)


def test_an_address_that_the_mail_server_refuses_is_asked_for_again_at_once(
    clinic: ChatServer, patient: Patient, mail_server: MailServer
) -> None:
    mail_server.refuses_address = "550 no such user"
    patient.say("nobody.zanzibar@example.org")
    while not patient.heard("no such address"):
        patient.listen()
    assert patient.asks == "email_address"
    mail_server.refuses_address = None
    agree(patient, mail_server)


def test_danger_said_beside_the_address_goes_first(
    clinic: ChatServer, patient: Patient, mail_server: MailServer
) -> None:
    patient.say(f"{MARY} and since today i cant feel when i wipe")
    case = stored_case(clinic, patient.conversation)
    assert case.episode.status == "emergency"
    assert not [one.text for one in case.messages if "zanzibar" in one.text]


def test_an_intake_or_a_check_in_is_not_interrupted_by_it(clinic: ChatServer) -> None:
    patient = Patient(clinic.url, timezone=daytime_zone())
    patient.answer_all(ACUTE_UNCOMPLICATED, until="age")
    patient.say("can you email me reminders")
    assert patient.heard("Let us get through the questions first")
    assert patient.asks == "age"


def test_neither_an_address_nor_a_code_nor_a_link_is_in_the_log_or_in_what_clinicians_get(
    clinic: ChatServer, patient: Patient, mail_server: MailServer
) -> None:
    from bot.review.summary_json import export_json

    agree(patient, mail_server)
    before = len(mail_server.mails)
    check_in_falls_due(clinic, patient)
    mail_after(mail_server, before)
    log = clinic.log.read_text(encoding="utf-8")
    secret = mail_server.link().partition("#move=")[2]
    stop = str(mail_server.newest["List-Unsubscribe"]).strip("<>").rpartition("/")[2]
    assert not [word for word in ("zanzibar", secret, stop) if word in log]
    case = stored_case(clinic, patient.conversation)
    assert "zanzibar" not in json.dumps(export_json(case))
    database = Database(clinic.database_url)
    holding = [table for table, rows in everything_in(database).items() if "zanzibar" in repr(rows)]
    database.dispose()
    assert holding == ["email_addresses"]


def _email_of(clinic: ChatServer, patient: Patient) -> str | None:
    store = Store(Database(clinic.database_url), clock=system_clock)
    try:
        found = store.reminder_address(patient.conversation)
        return found.address if found else None
    finally:
        store.close()
