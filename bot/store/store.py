"""The store as one object: every repository over one database and one clock."""

from __future__ import annotations

from bot.store.audit import Audit
from bot.store.check_ins import CheckIns
from bot.store.clinician_sessions import ClinicianSessions
from bot.store.clinicians import Clinicians
from bot.store.conversations import Conversations
from bot.store.email_addresses import EmailAddresses
from bot.store.emails import Emails
from bot.store.episodes import Episodes
from bot.store.erasure import Erasure
from bot.store.messages import Messages
from bot.store.moving import Moving
from bot.store.outbox import Outbox
from bot.store.queue_pages import QueuePages
from bot.store.references import References
from bot.store.remarks import Remarks
from bot.store.reviews import Reviews
from bot.store.second_factors import SecondFactors
from bot.store.sign_in_tries import SignInTries
from bot.store.telling import Telling
from bot.store.turns import Turns


class Store(
    Conversations,
    Messages,
    Outbox,
    Moving,
    Turns,
    Episodes,
    QueuePages,
    CheckIns,
    EmailAddresses,
    Emails,
    Clinicians,
    ClinicianSessions,
    SecondFactors,
    SignInTries,
    Reviews,
    Remarks,
    References,
    Telling,
    Audit,
    Erasure,
):
    """Everything that is kept. Safe to share between threads; each process makes its own.

    Every call is one transaction. A failing database comes out as `StoreUnavailable`.
    """

    def ping(self) -> bool:
        """Whether the database answers."""
        return self._database.ping()

    def close(self) -> None:
        """Close every connection."""
        self._database.dispose()
