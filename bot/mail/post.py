"""Handing an e-mail to the mail server (SMTP), and what its answer means for the next try."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import Enum

from bot.settings import SmtpSettings

_SECONDS = 20.0
_PERMANENT = 500


class Fate(Enum):
    """What became of one try."""

    SENT = "sent"
    LATER = "later"  #: the server is away, busy, or does not let us in: try again
    REFUSED = "refused"  #: there is no such address, now or later
    GIVEN_UP = "given_up"  #: this mail will never be taken, through no fault of the address


@dataclass(frozen=True)
class Posted:
    """One try. `why` is a code of the server or the kind of an error, never its wording: that may quote the mail."""

    fate: Fate
    why: str


class Post:
    """One mail server. Makes a connection for each mail; may be used by several threads."""

    def __init__(self, settings: SmtpSettings, our_name: str) -> None:
        self._settings = settings
        self._our_name = our_name

    def deliver(self, letter: EmailMessage) -> Posted:
        """Hand over one mail. Raises nothing: every failure is a fate."""
        try:
            with self._signed_in() as smtp:
                try:
                    smtp.send_message(letter)
                except smtplib.SMTPRecipientsRefused as refused:
                    code = next(iter(refused.recipients.values()))[0]
                    return Posted(Fate.REFUSED if code >= _PERMANENT else Fate.LATER, str(code))
                except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
                    code = refused.smtp_code
                    return Posted(Fate.GIVEN_UP if code >= _PERMANENT else Fate.LATER, str(code))
        except smtplib.SMTPResponseException as error:
            return Posted(Fate.LATER, str(error.smtp_code))
        except (smtplib.SMTPException, OSError) as error:
            return Posted(Fate.LATER, type(error).__name__)
        return Posted(Fate.SENT, "sent")

    def check(self) -> None:
        """Connect and sign in, as for a mail; raises smtplib.SMTPException or OSError."""
        with self._signed_in() as smtp:
            smtp.noop()

    @contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        to = self._settings
        if to.tls == "tls":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                to.host, to.port, self._our_name, timeout=_SECONDS, context=context
            )
        else:
            smtp = smtplib.SMTP(to.host, to.port, self._our_name, timeout=_SECONDS)
        try:
            if to.tls == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if to.user is not None and to.password is not None:
                smtp.login(to.user, to.password)
            yield smtp
            # The mail is out: whatever goes wrong in saying goodbye must not send it again.
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        finally:
            smtp.close()
