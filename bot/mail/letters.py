"""What an e-mail looks like: plain text, nothing about health, one link into the chat and one to stop them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from bot.mail.texts import mail_texts
from bot.store import EmailJob, EmailKind
from bot.store.email_turns import CODE_VALID

#: A check-in is given up after four days; a link to it need not outlive it.
LINK_VALID = timedelta(days=4)
STOP_PATH = "/email/stop/"
#: Links must not be broken, in no line and in no header.
_UNFOLDED = SMTP.clone(max_line_length=998)


@dataclass(frozen=True)
class Letters:
    """Writes the e-mails of one clinic. `public_url` has no slash at its end; `name` may be empty."""

    sender: str
    name: str
    public_url: str

    @property
    def host(self) -> str:
        """The name under which patients reach the chat."""
        return urlsplit(self.public_url).hostname or "localhost"

    def code(self, job: EmailJob, now: datetime) -> EmailMessage:
        """The mail that brings the code of `job` to the address."""
        words, code = mail_texts(), job.code or ""
        minutes = int(CODE_VALID.total_seconds() // 60)
        text = words["code"].format(code=code, minutes=minutes, with_clinic=self._with_clinic)
        return self._letter(job, words["code_subject"].format(code=code), text, now)

    def reminder(self, job: EmailJob, move_token: str, now: datetime) -> EmailMessage:
        """The mail that says that something waits. The token opens the chat once; it is not sent to any
        server before somebody says yes, because it stands behind the sign #.
        """
        words, stop = mail_texts(), f"{self.public_url}{STOP_PATH}{job.stop_token}"
        text = words["reminder"].format(
            link=f"{self.public_url}/#move={move_token}",
            days=LINK_VALID.days,
            stop=stop,
            with_clinic=self._with_clinic,
        )
        letter = self._letter(job, words["reminder_subject"], text, now)
        # RFC 8058: the mail program offers a button that posts there by itself.
        letter["List-Unsubscribe"] = f"<{stop}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return letter

    def write(self, job: EmailJob, move_token: str | None, now: datetime) -> EmailMessage:
        """The mail of `job`; `move_token` is None for a code, and `now` is aware."""
        if job.kind is EmailKind.CODE or move_token is None:
            return self.code(job, now)
        return self.reminder(job, move_token, now)

    def _letter(self, job: EmailJob, subject: str, text: str, now: datetime) -> EmailMessage:
        letter = EmailMessage(policy=_UNFOLDED)
        letter["From"] = Address(self.name, addr_spec=self.sender)
        letter["To"] = Address(addr_spec=job.address)
        letter["Subject"] = subject
        letter["Date"] = now
        # The same for every try: a mailbox that got it twice shows it once.
        letter["Message-ID"] = f"<{job.id}@{self.host}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter["X-Auto-Response-Suppress"] = "All"
        letter.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")
        return letter

    @property
    def _with_clinic(self) -> str:
        return f" with {self.name}" if self.name else ""
