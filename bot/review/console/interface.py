"""What the console needs of a store; `bot.store.Store` fits, and so may a fake."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.store.records import (
    AuditCheck,
    AuditFilter,
    AuditRow,
    Case,
    Clinician,
    ClinicianSession,
    EpisodeRow,
    Invitation,
    JsonObject,
    QueuePage,
    Stage,
    Told,
    WaitingInvitation,
)


class ConsoleStore(Protocol):
    """Episodes to read, accounts and sessions, and the audit log. Safe to share between threads."""

    def episodes(self) -> list[EpisodeRow]:
        """All episodes, most urgent first, then longest waiting."""

    def queue_page(
        self,
        clinician_id: str,
        late_before: Callable[[str, str | None], datetime | None],
        show: str = ...,
        urgency: str = ...,
        number: int = ...,
        size: int = ...,
    ) -> QueuePage:
        """A page of the queue for this reader. `late_before` says for a class and a zone when lateness begins."""

    def episode_ids(self) -> Iterator[str]:
        """The ids of all episodes, the oldest first, read a page at a time."""

    def case(self, episode_id: str) -> Case:
        """Everything about one episode. Raises EpisodeUnknown."""

    def mark_seen(self, episode_id: str, clinician_id: str) -> None:
        """This clinician has the case on the screen now. Raises EpisodeUnknown."""

    def last_seen(self, episode_id: str, clinician_id: str) -> datetime | None:
        """When this clinician last had the case on the screen; None for never."""

    def add_review(
        self,
        episode_id: str,
        clinician_id: str,
        decision: str,
        plan_version: int | None,
        reason: str | None = ...,
        as_of: datetime | None = ...,
        told: Sequence[Told] = ...,
        heard: int | None = ...,
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
        heard: int | None = ...,
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

    def invite(self, reference: str, valid: timedelta = ...) -> Invitation:
        """A chat that waits for this person, and the token that opens it once. Raises ReferenceInvalid."""

    def waiting_invitations(self, limit: int = ...) -> list[WaitingInvitation]:
        """Invitations that nobody has used, the newest first, late ones among them."""

    def withdraw_invitation(self, conversation_id: str) -> bool:
        """End one that nobody has used; False when there is none such."""

    def link_reference(self, episode_id: str, reference: str | None) -> None:
        """Label the patient of this case; None takes the label away. Raises EpisodeUnknown, ReferenceInvalid."""

    def cases_of_the_same_person(self, episode_id: str) -> tuple[str, ...]:
        """The other cases of this patient or of this reference, the newest first."""

    def episode_rows(self, episode_ids: tuple[str, ...]) -> list[EpisodeRow]:
        """What the list shows of these cases, in this order."""

    def clinicians(self) -> list[Clinician]:
        """All accounts."""

    def clinician(self, name: str) -> Clinician | None:
        """The account with this name."""

    def issue_setup_token(self, name: str, valid: timedelta = ..., role: str = ...) -> str:
        """A one-time token to set a password; makes the account, with the role, when there is none."""

    def disable_clinician(self, name: str) -> bool:
        """Lock the account at once; False when there is none."""

    def reset_clinician(self, name: str) -> bool:
        """Forget all that opens the account; False when there is none."""

    def set_role(self, name: str, role: str) -> bool:
        """Change what the account is for; False when there is none. Raises ValueError for no such role."""

    def setup_clinician(self, token: str) -> Clinician:
        """Whose token this is, without using it up. Raises SetupTokenInvalid."""

    def set_password(self, token: str, password_hash: str) -> Clinician:
        """Use the token up. Raises SetupTokenInvalid."""

    def open_clinician_session(
        self, clinician_id: str, valid: timedelta, stage: Stage = ..., instead_of: str | None = ...
    ) -> str:
        """A session token; the session `instead_of` ends. Raises ClinicianUnknown."""

    def clinician_session(
        self, token: str, idle: timedelta | None = ..., *, in_use: bool = ...
    ) -> ClinicianSession | None:
        """The session of this token; None when unknown, expired, idle or disabled."""

    def close_clinician_session(self, token: str) -> None:
        """Sign out."""

    def close_sessions_of(self, clinician_id: str) -> int:
        """Sign out everywhere."""

    def second_factor(self, clinician_id: str) -> str | None:
        """The sealed secret."""

    def set_second_factor(self, clinician_id: str, sealed: str, step: int, recovery: Collection[str]) -> bool:
        """Keep a confirmed secret; False when there is one already."""

    def use_second_factor(self, clinician_id: str, step: int) -> bool:
        """Take the code of this step; False when it or a later one was used."""

    def use_recovery_code(self, clinician_id: str, code: str) -> bool:
        """Use the code up; False when it is worth nothing."""

    def set_recovery_codes(self, clinician_id: str, codes: Collection[str]) -> None:
        """Only these work from now on."""

    def recovery_codes_left(self, clinician_id: str) -> int:
        """How many were not used yet."""

    def begin_try(self, allowed: Mapping[str, int]) -> timedelta | None:
        """Count a try to sign in for each key; how long to wait instead, or None."""

    def forgive_try(self, key: str) -> None:
        """The newest try does not count."""

    def forget_tries(self, key: str) -> bool:
        """Count from nothing again."""

    def locked_for(self, key: str) -> timedelta | None:
        """How long the key has to wait, or None."""

    def audit_page(self, wanted: AuditFilter, limit: int, before: int | None = ...) -> list[AuditRow]:
        """Rows of the audit log, newest first."""

    def check_audit(self) -> AuditCheck:
        """Whether the audit log is as it was written."""

    def write_audit(self, actor: str, action: str, subject: str) -> object:
        """Append one row to the audit log."""
