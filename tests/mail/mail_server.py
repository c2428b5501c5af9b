"""A real mail server on loopback that keeps what it is given, and refuses what a test says."""

from __future__ import annotations

import email
import email.policy
import re
import ssl
import warnings
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.chat_server import free_port


@dataclass
class MailServer:
    """Set `refuses_address` or `refuses_mail` to an SMTP answer such as `550 no such user`."""

    tls: ssl.SSLContext | None = None
    password: str | None = None
    port: int = field(default_factory=free_port)
    mails: list[EmailMessage] = field(default_factory=list)
    on_the_wire: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    refuses_address: str | None = None
    refuses_mail: str | None = None
    _controller: Any = None

    def start(self) -> MailServer:
        handler = _Handler(self)
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": self.port}
        if self.tls is not None:
            options.update(tls_context=self.tls, require_starttls=True)
        if self.password is not None:
            options.update(authenticator=handler.check, auth_required=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._controller = Controller(handler, **options)
            self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    @property
    def newest(self) -> EmailMessage:
        return self.mails[-1]

    def link(self) -> str:
        """The link into the chat of the newest mail."""
        [found] = re.findall(r"https?://\S+/#move=\S+", words_of(self.newest))
        return str(found)

    def code(self) -> str:
        """The code of the newest mail."""
        [found] = re.findall(r"\b\d{6}\b", words_of(self.newest))
        return str(found)


class _Handler:
    """What the server does with each mail."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._server.refuses_address is not None:
            return self._server.refuses_address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self._server.refuses_mail is not None:
            return self._server.refuses_mail
        content = envelope.content
        assert isinstance(content, bytes)
        read = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(read, EmailMessage)
        self._server.mails.append(read)
        self._server.on_the_wire.append(content)
        self._server.to += envelope.rcpt_tos
        return "250 OK"

    def check(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password.decode() == self._server.password
        return AuthResult(success=right, handled=False)


def words_of(mail: EmailMessage) -> str:
    """The text of a mail as its reader sees it."""
    return str(mail.get_content())
