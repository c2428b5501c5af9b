"""What the console needs of a store; `bot.store.Store` fits, and so may a fake."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from bot.store.records import Case, Clinician, EpisodeRow


class ConsoleStore(Protocol):
    """Episodes to read, accounts and sessions, and the audit log. Safe to share between threads."""

    def episodes(self) -> list[EpisodeRow]:
        """All episodes, most urgent first, then longest waiting."""

    def case(self, episode_id: str) -> Case:
        """Everything about one episode. Raises EpisodeUnknown."""

    def clinicians(self) -> list[Clinician]:
        """All accounts."""

    def clinician(self, name: str) -> Clinician | None:
        """The account with this name."""

    def issue_setup_token(self, name: str, valid: timedelta = ...) -> str:
        """A one-time token to set a password; makes the account when there is none."""

    def setup_clinician(self, token: str) -> Clinician:
        """Whose token this is, without using it up. Raises SetupTokenInvalid."""

    def set_password(self, token: str, password_hash: str) -> Clinician:
        """Use the token up. Raises SetupTokenInvalid."""

    def open_clinician_session(self, clinician_id: str, valid: timedelta) -> str:
        """A session token. Raises ClinicianUnknown."""

    def clinician_for_session(self, token: str) -> Clinician | None:
        """Who is signed in; None when unknown, expired or disabled."""

    def close_clinician_session(self, token: str) -> None:
        """Sign out."""

    def write_audit(self, actor: str, action: str, subject: str) -> object:
        """Append one row to the audit log."""
