"""What the console needs of a store; `bot.store.Store` fits, and so may a fake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.store.records import Case, Clinician, EpisodeRow, JsonObject, Told


class ConsoleStore(Protocol):
    """Episodes to read, accounts and sessions, and the audit log. Safe to share between threads."""

    def episodes(self) -> list[EpisodeRow]:
        """All episodes, most urgent first, then longest waiting."""

    def episode_ids(self) -> Iterator[str]:
        """The ids of all episodes, the oldest first, read a page at a time."""

    def case(self, episode_id: str) -> Case:
        """Everything about one episode. Raises EpisodeUnknown."""

    def mark_seen(self, episode_id: str, clinician_id: str) -> None:
        """This clinician has the case on the screen now. Raises EpisodeUnknown."""

    def seen_by(self, clinician_id: str) -> Mapping[str, datetime]:
        """episode -> when this clinician last had it on the screen"""

    def add_review(
        self,
        episode_id: str,
        clinician_id: str,
        decision: str,
        plan_version: int | None,
        reason: str | None = ...,
        as_of: datetime | None = ...,
        told: Sequence[Told] = ...,
    ) -> object:
        """Record a decision and tell the patient. Raises EpisodeUnknown, ClinicianUnknown, PlanChanged."""

    def sign_changed_plan(
        self,
        episode_id: str,
        clinician_id: str,
        plan_version: int,
        assessment: JsonObject,
        reason: str | None = ...,
        as_of: datetime | None = ...,
        told: Sequence[Told] = ...,
    ) -> object:
        """Store and sign a changed plan, and tell the patient. Raises as `add_review` does."""

    def add_remark(
        self, episode_id: str, clinician_id: str, kind: str, text: str, told: Sequence[Told] = ...
    ) -> object:
        """Add a note, a question or a message. Raises EpisodeUnknown, ClinicianUnknown."""

    def set_flag(
        self, episode_id: str, flag_id: str, clinician_id: str, status: str, reason: str = ...
    ) -> object:
        """Acknowledge or close a flag. Raises EpisodeUnknown, FlagUnknown, ClinicianUnknown."""

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
