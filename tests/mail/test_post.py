"""The connection to the mail server: secret, signed in, and honest about what went wrong."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.mail.post import Fate, Post
from bot.settings import SmtpSettings
from tests.mail.mail_server import MailServer


def letter() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "chat@riverside.example", "mary@example.org", "Hello"
    made.set_content("Hello.")
    return made


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `localhost`, with its key in the same file."""
    from datetime import datetime, timedelta, timezone

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secret_server(certificate: Path) -> Iterator[MailServer]:
    """Wants STARTTLS, and then a password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = MailServer(tls=context, password="open sesame").start()
    yield server
    server.stop()


def post(server: MailServer, tls: str, password: str | None = None) -> Post:
    user = "chat" if password else None
    smtp = SmtpSettings("localhost", server.port, tls, "c@x.example", user=user, password=password)
    return Post(smtp, "chat.example")


def test_a_mail_goes_out_in_secret_after_signing_in(
    secret_server: MailServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    posting = post(secret_server, "starttls", "open sesame")
    posting.check()
    assert posting.deliver(letter()).fate is Fate.SENT
    assert secret_server.to == ["mary@example.org"]


def test_a_server_that_cannot_prove_who_it_is_gets_no_mail_and_no_password(secret_server: MailServer) -> None:
    found = post(secret_server, "starttls", "open sesame").deliver(letter())
    assert (found.fate, found.why) == (Fate.LATER, "SSLCertVerificationError")
    assert secret_server.mails == []


def test_a_server_without_tls_gets_no_mail_where_tls_is_wanted(mail_server: MailServer) -> None:
    found = post(mail_server, "starttls").deliver(letter())
    assert (found.fate, found.why) == (Fate.LATER, "SMTPNotSupportedError")
    assert mail_server.mails == []


def test_a_wrong_password_is_the_operators_to_mend_and_loses_no_mail(
    secret_server: MailServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    wrong = post(secret_server, "starttls", "open barley")
    found = wrong.deliver(letter())
    assert (found.fate, found.why) == (Fate.LATER, "535")
    with pytest.raises(smtplib.SMTPAuthenticationError):
        wrong.check()
