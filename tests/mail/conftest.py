"""A clinic with a mail server on loopback, and patients who want reminders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.mail.letters import Letters
from bot.mail.post import Post
from bot.mail.runner import MailRunner
from bot.settings import SmtpSettings
from bot.store import Database, Store
from bot.store.email_turns import send_code, take_code
from tests.checkins.clinic import Clinic, Clock, Followed
from tests.databases import SqliteFiles
from tests.mail.mail_server import MailServer

MARY = "mary@example.org"
CODE = "123456"


@dataclass
class MailingClinic:
    """A clinic whose chat server sends e-mails."""

    clinic: Clinic
    mail_server: MailServer
    name: str = "Riverside Practice"

    @property
    def store(self) -> Store:
        return self.clinic.store

    @property
    def clock(self) -> Clock:
        return self.clinic.clock

    def runner(self, worker: str = "a") -> MailRunner:
        smtp = SmtpSettings("127.0.0.1", self.mail_server.port, "off", "chat@riverside.example", self.name)
        letters = Letters(smtp.sender, smtp.name, "https://chat.riverside.example")
        wait, post = timedelta(minutes=smtp.after_minutes), Post(smtp, letters.host)
        return MailRunner(self.store, self.clinic.conversations, post, letters, worker, wait, self.clock)

    def patient(self, address: str = MARY, zone: str = "Europe/London") -> Followed:
        """Somebody with a plan, whose address is known to be theirs."""
        patient = self.clinic.patient(zone=zone)
        self.give_address(patient, address)
        turn = patient.look
        send_code(turn, CODE)
        assert take_code(turn, CODE, "1")
        turn.pending.emails.clear()
        self.store.commit_turn(turn)
        return patient

    def give_address(self, patient: Followed, address: str = MARY) -> None:
        turn = patient.look
        turn.say("May I?", kind="question", asks="email_address")
        self.store.commit_turn(turn)
        seq = self.store.accept(patient.conversation.id, "address", address).seq
        inbound = self.store.next_inbound(patient.conversation.id)
        assert inbound is not None
        assert inbound.seq == seq
        self.store.commit_turn(self.store.begin_turn(patient.conversation.id, inbound))

    def check_in_waits(self, days: float = 3, minutes: float = 16) -> None:
        """The check-in of that day is asked, and nobody answers for so many minutes."""
        self.clock.move(days=days)
        assert self.clinic.run()["ask"] >= 1
        self.clock.move(minutes=minutes)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def mailing(sqlite: SqliteFiles, mail_server: MailServer) -> Iterator[MailingClinic]:
    clock = Clock()
    store = Store(Database(sqlite.new()), clock=clock)
    yield MailingClinic(Clinic(store, clock), mail_server)
    store.close()
