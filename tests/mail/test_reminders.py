"""Reminders by e-mail, from a check-in that waits to the mailbox, over a real mail server."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from bot.clinical.schedule import EARLIEST, LATEST
from bot.store import MoveTokenInvalid, Told
from bot.store.email_turns import send_code
from tests.clinical.readability import grade
from tests.mail.conftest import MARY, MailingClinic
from tests.mail.mail_server import MailServer, words_of

#: Nobody who sees the mail learns that the chat is about health, and about which.
TELLING = re.compile(
    r"back|pain|plan|health|medic|doctor|clinician|nurse|patient|symptom|check-?in|treat|therap|danger|"
    r"exercis|tablet|intake|triage|numb|spine|sciatic|appointment|diagnos",
    re.IGNORECASE,
)


def send(mailing: MailingClinic, worker: str = "a") -> dict[str, int]:
    return dict(asyncio.run(mailing.runner(worker).run_once()))


def test_a_check_in_that_waits_is_announced_without_a_word_about_health(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    mailing.patient()
    mailing.check_in_waits()
    assert send(mailing) == {"sent": 1}
    assert mail_server.to == [MARY]
    mail = mail_server.newest
    assert str(mail["From"]) == "Riverside Practice <chat@riverside.example>"
    assert mail["Subject"] == "A message is waiting for you"
    assert mail["Date"].datetime == mailing.clock.now
    assert "your chat with Riverside Practice" in words_of(mail)
    everything = f"{mail.as_string()}\n{words_of(mail)}"
    assert not TELLING.findall(everything.replace("auto-generated", ""))
    assert mail.get_content_type() == "text/plain"
    assert grade(words_of(mail).replace(mail_server.link(), "this")) <= 8


def test_without_a_clinics_name_none_is_made_up(mailing: MailingClinic, mail_server: MailServer) -> None:
    mailing.name = ""
    mailing.patient()
    mailing.check_in_waits()
    send(mailing)
    assert "waiting for you in your chat. It takes" in words_of(mail_server.newest)
    assert str(mail_server.newest["From"]) == "chat@riverside.example"


def test_a_clinics_name_in_other_letters_breaks_neither_the_mail_nor_its_links(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    mailing.name = "Praxis Müller, Söhne"
    mailing.patient()
    mailing.check_in_waits()
    send(mailing)
    assert "with Praxis Müller, Söhne. It" in words_of(mail_server.newest)
    assert mail_server.newest["From"].addresses[0].display_name == "Praxis Müller, Söhne"
    assert len(mail_server.link().partition("#move=")[2]) == 43


def test_the_link_opens_the_same_conversation_once(mailing: MailingClinic, mail_server: MailServer) -> None:
    patient = mailing.patient()
    mailing.check_in_waits()
    send(mailing)
    address, _, token = mail_server.link().partition("/#move=")
    assert address == "https://chat.riverside.example"
    conversation, new = mailing.store.renew_token(token)
    assert conversation.id == patient.conversation.id
    assert mailing.store.conversation_for_token(new) is not None
    with pytest.raises(MoveTokenInvalid):
        mailing.store.renew_token(token)


def test_a_link_is_over_when_its_check_in_is_given_up(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    mailing.patient()
    mailing.check_in_waits()
    send(mailing)
    mailing.clock.move(days=4)
    with pytest.raises(MoveTokenInvalid):
        mailing.store.renew_token(mail_server.link().partition("/#move=")[2])


def test_two_servers_at_once_send_each_mail_once(mailing: MailingClinic, mail_server: MailServer) -> None:
    for number in range(8):
        mailing.patient(f"p{number}@example.org")
    mailing.check_in_waits()
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda worker: send(mailing, worker), ["a", "b"]))
    assert sum(one.get("sent", 0) for one in done) == 8
    assert sorted(mail_server.to) == [f"p{number}@example.org" for number in range(8)]


def test_one_mail_for_a_check_in_and_one_for_each_of_its_reminders(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    mailing.patient()
    mailing.check_in_waits()
    asked_at = mailing.clock.now
    sent: list[int] = []
    for _ in range(95):
        before = len(mail_server.mails)
        send(mailing)
        if len(mail_server.mails) > before:
            sent.append((mailing.clock.now - asked_at) // timedelta(hours=1))
        mailing.clinic.run()
        mailing.clock.move(hours=1)
    # The reminders came after 24 and 72 hours; the next look of this test is an hour later.
    assert sent == [0, 25, 73]
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 3


def test_who_answers_in_time_gets_no_mail(mailing: MailingClinic, mail_server: MailServer) -> None:
    patient = mailing.patient()
    mailing.check_in_waits(minutes=5)
    patient.answer()
    mailing.clock.move(minutes=30)
    send(mailing)
    assert mail_server.mails == []


def test_no_mail_goes_out_at_night(mailing: MailingClinic, mail_server: MailServer) -> None:
    mailing.patient(zone="America/New_York")
    mailing.clock.now = datetime(2026, 3, 6, 23, 50, tzinfo=timezone.utc)  # ten to seven in the evening there
    assert mailing.clinic.run()["ask"] == 1
    mailing.clock.move(minutes=15)
    assert send(mailing) == {"quiet_hours": 1}
    while not mail_server.mails:
        mailing.clock.move(minutes=20)
        send(mailing)
    local = mailing.clock.now - timedelta(hours=5)
    assert (local.day, local.hour) == (7, EARLIEST)
    assert EARLIEST <= local.hour < LATEST


def test_a_mail_server_that_is_away_delays_the_mail_and_loses_nothing(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    mailing.patient()
    mailing.check_in_waits()
    mail_server.stop()
    for minutes in (1, 5, 15):
        assert send(mailing) == {"later": 1}
        assert send(mailing) == {}
        mailing.clock.move(minutes=minutes)
    mail_server.start()
    assert send(mailing) == {"sent": 1}
    assert mail_server.to == [MARY]


@pytest.mark.parametrize(
    ("address", "mail"),
    [("451 come back later", None), ("450 greylisted", None), (None, "452 disk full")],
)
def test_a_server_that_asks_to_come_back_later_is_asked_later(
    mailing: MailingClinic, mail_server: MailServer, address: str | None, mail: str | None
) -> None:
    mailing.patient()
    mailing.check_in_waits()
    mail_server.refuses_address, mail_server.refuses_mail = address, mail
    assert send(mailing) == {"later": 1}
    mail_server.refuses_address = mail_server.refuses_mail = None
    mailing.clock.move(minutes=1)
    assert send(mailing) == {"sent": 1}


def test_a_reminder_that_could_not_be_sent_for_a_day_is_given_up(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    mailing.patient()
    mailing.check_in_waits()
    mail_server.refuses_address = "451 come back later"
    for _ in range(30):
        send(mailing)
        mailing.clock.move(hours=1)
    mail_server.refuses_address = None
    mailing.clock.move(hours=1)
    assert send(mailing) == {}
    assert mail_server.mails == []


def test_an_address_that_is_refused_for_good_gets_nothing_more(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    patient = mailing.patient()
    mailing.check_in_waits()
    mail_server.refuses_address = "550 no such user"
    assert send(mailing) == {"refused": 1}
    mail_server.refuses_address = None
    mailing.store.tell(patient.conversation.id, [Told("Hello.", "told")])
    mailing.clock.move(days=1)
    mailing.clinic.run()
    mailing.clock.move(minutes=20)
    assert send(mailing) == {}
    email = patient.look.email
    assert email is not None
    assert not email.works


def test_a_mail_that_is_refused_for_good_is_not_the_fault_of_the_address(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    patient = mailing.patient()
    mailing.check_in_waits()
    mail_server.refuses_mail = "554 looks like spam"
    assert send(mailing) == {"given_up": 1}
    mail_server.refuses_mail = None
    mailing.clock.move(hours=1)
    assert send(mailing) == {}
    email = patient.look.email
    assert email is not None
    assert email.works


def test_a_message_of_the_clinic_is_announced_in_the_same_words(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    patient = mailing.patient()
    mailing.check_in_waits()
    send(mailing)
    patient.answer()
    mailing.store.tell(patient.conversation.id, [Told("Your plan was checked by Dr Osei.", "reviewed")])
    mailing.clock.move(minutes=16)
    assert send(mailing) == {"sent": 1}
    first, second = mail_server.mails
    assert first["Subject"] == second["Subject"]

    def without_links(text: str) -> str:
        return re.sub(r"https\S+", "", text)

    assert without_links(words_of(first)) == without_links(words_of(second))


def test_the_mail_can_be_stopped_with_one_click_of_the_mail_program(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    patient = mailing.patient()
    mailing.check_in_waits()
    send(mailing)
    mail = mail_server.newest
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = str(mail["List-Unsubscribe"]).strip("<>")
    assert stop in words_of(mail)
    # As one line: mail programs read it without decoding anything.
    assert f"\r\nList-Unsubscribe: <{stop}>\r\n".encode() in mail_server.on_the_wire[-1]
    assert mailing.store.stop_emails(stop.rpartition("/")[2])
    mailing.clock.move(days=1)
    mailing.clinic.run()
    mailing.clock.move(minutes=20)
    assert send(mailing) == {}
    assert patient.look.email is None


def test_an_erased_patient_gets_no_mail(mailing: MailingClinic, mail_server: MailServer) -> None:
    patient = mailing.patient()
    mailing.check_in_waits()
    mailing.store.erase_patient(patient.conversation.patient_id)
    assert send(mailing) == {}
    assert mail_server.mails == []


def test_the_code_goes_out_at_once_also_at_night_and_names_nothing_else(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    patient = mailing.clinic.patient()
    mailing.clock.now = datetime(2026, 3, 6, 2, 0, tzinfo=timezone.utc)
    mailing.give_address(patient)
    turn = patient.look
    send_code(turn, "908172")
    mailing.store.commit_turn(turn)
    assert send(mailing) == {"sent": 1}
    assert mail_server.newest["Subject"] == "908172 is your code"
    assert mail_server.code() == "908172"
    assert "http" not in words_of(mail_server.newest)
    assert not TELLING.findall(words_of(mail_server.newest))


def test_a_patient_who_waits_for_a_code_is_told_at_once_that_there_is_no_such_address(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    patient = mailing.clinic.patient()
    mailing.give_address(patient)
    turn = patient.look
    send_code(turn, "908172")
    mailing.store.commit_turn(turn)
    mail_server.refuses_address = "550 no such user"
    assert send(mailing) == {"refused": 1}
    last = mailing.store.messages_after(patient.conversation.id, 0)[-1]
    assert (last.asks, last.key) == ("email_address", "email_refused")
    assert [choice.label for choice in last.choices] == ["No, thank you"]


def test_neither_the_address_nor_a_code_nor_a_link_is_logged(
    mailing: MailingClinic, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        patient = mailing.patient()
        mailing.check_in_waits()
        mail_server.refuses_mail = f"451 {MARY} is unknown here"
        send(mailing)
        mail_server.refuses_mail = None
        mailing.clock.move(minutes=1)
        send(mailing)
        secret = mail_server.link().partition("#move=")[2]
        mail_server.refuses_address = f"550 <{MARY}> is unknown here"
        mailing.store.tell(patient.conversation.id, [Told("Hello.", "told")])
        mailing.clock.move(minutes=16)
        assert send(mailing) == {"refused": 1}
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert len(ours) == 2
    assert not [line for line in ours if MARY in line or "example.org" in line or secret in line]


def test_a_patient_whose_address_was_refused_hears_so_at_the_end_of_the_check_in_and_once(
    mailing: MailingClinic, mail_server: MailServer
) -> None:
    mailing.clinic.player.services = dataclasses.replace(mailing.clinic.player.services, emails=True)
    patient = mailing.patient()
    mailing.check_in_waits()
    mail_server.refuses_address = "550 no such user"
    assert send(mailing) == {"refused": 1}
    patient.answer()
    assert patient.message_keys().count("utter_email_broken") == 1
    assert patient.look.email is None
    patient.check_in(5)
    assert patient.message_keys().count("utter_email_broken") == 1


def test_who_was_never_asked_is_asked_at_the_end_of_a_check_in_and_once(mailing: MailingClinic) -> None:
    """As a patient of the time before the operator set a mail server."""
    patient = mailing.clinic.patient()
    assert "utter_email_ask" not in patient.message_keys()
    mailing.clinic.player.services = dataclasses.replace(mailing.clinic.player.services, emails=True)
    mailing.check_in_waits()
    patient.answer()
    assert patient.message_keys()[-1] == "utter_email_ask"
    patient.check_in(5)
    assert patient.message_keys().count("utter_email_ask") == 1


def test_on_a_channel_that_pushes_nobody_is_asked(mailing: MailingClinic) -> None:
    mailing.clinic.player.services = dataclasses.replace(mailing.clinic.player.services, emails=True)
    assert "utter_email_ask" not in mailing.clinic.patient(channel="telegram").message_keys()
    assert "utter_email_ask" in mailing.clinic.patient().message_keys()
    assert "utter_email_ask" not in mailing.clinic.patient(agrees=False).message_keys()
