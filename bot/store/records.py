"""What the store gives out: frozen values. Datetimes are aware UTC, ids are opaque text.

Fields that may hold a patient's words stay out of `repr`, so that no log can show them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

#: A JSON object as it was stored, such as an assessment or a tracker event.
JsonObject = dict[str, Any]

SENDERS = ("bot", "patient")
KINDS = ("question", "info", "plan", "safety")
INPUTS = ("choice", "multi_choice", "scale", "body_map")
EPISODE_STATUSES = (
    "consent",
    "intake",
    "emergency",
    "held",
    "planned",
    "reviewed",
    "declined",
    "withdrawn",
    "stopped",
    "closed",
)
#: in these nothing happens until a clinician has looked
WAITING_STATUSES = ("emergency", "held", "planned")
PLAN_STATUSES = ("draft", "reviewed", "superseded")
DECISIONS = ("accept", "amend", "reject", "call_in")
FLAG_STATUSES = ("open", "acknowledged", "closed")
#: what a clinician may add to a case beside a decision; a patient sees questions and messages, and no note
REMARKS = ("note", "question", "message", "flag")

#: what an account is for; `bot.review.console.roles` says who may do what
ROLES = ("clinician", "lead", "auditor")
#: Accounts that read cases and act on them. An auditor's never does.
CLINICAL_ROLES = ("clinician", "lead")

#: Channels that send each message themselves; their outbound rows wait for it as "pending".
PUSH_CHANNELS = frozenset({"telegram"})

#: Keys of messages with which such a channel sends the patient's document, made at that moment.
DOCUMENT_KEYS = frozenset({"utter_document", "utter_document_no_plan"})
#: Key of the message with which it sends the file with all of the patient's data.
COPY_KEY = "utter_data_copy"


#: Key of the last word to a patient who had everything deleted; the one message that outlives it.
FAREWELL_KEY = "utter_data_deleted"


class Kept(Enum):
    """Why a patient's data are not deleted at the patient's own word."""

    REVIEWED = "reviewed"  #: a clinician has worked on the case: it is part of the clinic's records
    DANGER = "danger"  #: somebody has to act today, and cannot if the answers are gone


#: The purpose of reminders by e-mail, and what the chat asks for them: the address, then the code sent there.
EMAIL_REMINDERS = "email_reminders"
EMAIL_ADDRESS, EMAIL_CODE = "email_address", "email_code"


class CheckInStatus(Enum):
    """Where a check-in stands, and so what may happen to it next."""

    PLANNED = "planned"  #: waiting for its hour
    CLAIMED = "claimed"  #: a worker holds its lease
    ASKED = "asked"  #: its first question is in the outbox
    ANSWERED = "answered"
    MISSED = "missed"  #: the reminders went unanswered
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Conversation:
    """One thread with one patient on one channel. `version` counts the turns stored so far."""

    id: str
    patient_id: str
    channel: str
    timezone: str | None
    locale: str | None
    country: str | None
    created_at: datetime
    version: int


@dataclass(frozen=True)
class Episode:
    """One intake with what followed from it. `triage` is an urgency value, or None before any triage."""

    id: str
    conversation_id: str
    patient_id: str
    status: str
    triage: str | None
    flags: tuple[str, ...]
    started_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class FactRecord:
    """One thing the patient reported, as it was understood and in their own `words`.

    `retracted` says that the patient took it back as a mistake.
    """

    field: str
    value: Any = dataclasses.field(repr=False)
    words: str | None = dataclasses.field(repr=False)
    at: datetime
    message_seq: int | None
    source: str
    retracted: bool = False
    restricted: bool = False


@dataclass(frozen=True)
class IssuedChoice:
    """A button: an opaque id that only this conversation may send back, and what it says."""

    id: str
    label: str = dataclasses.field(repr=False)


@dataclass(frozen=True)
class Message:
    """One numbered line of a conversation, from either side."""

    conversation_id: str
    seq: int
    sender: str
    at: datetime
    text: str = dataclasses.field(repr=False)
    asks: str | None = None
    input: str | None = None
    choices: tuple[IssuedChoice, ...] = ()
    kind: str = "info"
    key: str | None = None
    metadata: Mapping[str, Any] | None = dataclasses.field(default=None, repr=False)


@dataclass(frozen=True)
class ResolvedChoice:
    """A tapped choice with its meaning. `asked_seq` older than the last question marks a correction."""

    id: str
    field: str
    value: Any = dataclasses.field(repr=False)
    label: str = dataclasses.field(repr=False)
    asked_seq: int


@dataclass(frozen=True)
class PendingInbound:
    """A patient's message that no stored turn has answered yet: text, or tapped choices."""

    conversation_id: str
    seq: int
    text: str | None = dataclasses.field(repr=False)
    choices: tuple[ResolvedChoice, ...]
    at: datetime


@dataclass(frozen=True)
class Accepted:
    """The receipt for an inbound message. `duplicate` says that it was accepted before."""

    seq: int
    duplicate: bool


@dataclass(frozen=True)
class Delivery:
    """A message that its channel still has to send, and to whom there.

    `parts_sent` says how many pieces of it are out already, for a channel that sends a long one in pieces.
    """

    external_id: str = dataclasses.field(repr=False)
    message: Message
    parts_sent: int = 0


@dataclass(frozen=True)
class Consent:
    """One decision about one purpose; the newest of a purpose holds."""

    purpose: str
    granted: bool
    version: str
    at: datetime


@dataclass(frozen=True)
class CheckIn:
    """One planned contact. `wall_time` is `due_at` on the patient's clock in `zone`, as ISO text.

    `fence` grows with every claim; what a worker writes counts only while its fence is the newest.
    `notes` hold what was asked and answered in it that is no clinical fact.
    """

    id: str
    episode_id: str
    conversation_id: str
    kind: str
    due_at: datetime
    wall_time: str
    zone: str
    status: CheckInStatus
    attempts: int
    lease_until: datetime | None
    fence: int
    asked_at: datetime | None
    ended_at: datetime | None = None
    notes: Mapping[str, Any] = dataclasses.field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Flag:
    """Something a clinician should look at; `severity` is an urgency value."""

    id: str
    episode_id: str
    code: str
    severity: str
    reason: str = dataclasses.field(repr=False)
    rule: str | None
    status: str
    raised_at: datetime


@dataclass(frozen=True)
class PlanRecord:
    """One version of the plan; `assessment` is the core's JSON, unchanged."""

    version: int
    status: str
    assessment: JsonObject = dataclasses.field(repr=False)
    created_at: datetime


@dataclass(frozen=True)
class Review:
    """A clinician's decision about one plan version, or about an episode without a plan."""

    id: str
    episode_id: str
    plan_version: int | None
    clinician_id: str
    clinician: str
    decision: str
    reason: str | None = dataclasses.field(repr=False)
    at: datetime


@dataclass(frozen=True)
class Remark:
    """What a clinician added to a case: a note, a question or a message to the patient, or about a flag.

    `message_seq` is the number of the message that told the patient, None for what patients do not see.
    """

    id: str
    episode_id: str
    clinician_id: str
    clinician: str
    kind: str
    text: str = dataclasses.field(repr=False)
    at: datetime
    message_seq: int | None
    flag_id: str | None


@dataclass(frozen=True)
class Told:
    """Something to tell a patient, in the channel they use. `key` names the text for tests and counts."""

    text: str = dataclasses.field(repr=False)
    key: str
    kind: str = "info"


@dataclass(frozen=True)
class Measure:
    """One reported value of something that is followed over time, such as `pain_avg`."""

    name: str
    value: int | float = dataclasses.field(repr=False)
    at: datetime


@dataclass(frozen=True)
class EpisodeRow:
    """One line of the episode list. `waiting_since` is when status or triage last changed.

    `flags` are the codes of the last triage, and then of every other flag that is open. `urgency` is the
    worst of the triage and the open flags, None before any. `timezone` is the patient's. `answered_at` is
    the newest message of the patient after a clinician's question, None without one.
    """

    episode: str
    conversation: str
    patient: str
    channel: str
    status: str
    triage: str | None
    flags: tuple[str, ...]
    started_at: datetime
    updated_at: datetime
    waiting_since: datetime
    answered_at: datetime | None = None
    urgency: str | None = None
    open_flags: tuple[Flag, ...] = ()
    timezone: str | None = None


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue, as of one moment. `total`, `counts` and `overdue` are of all that the filter shows.

    `counts` maps a class, or "none" before any, to how many there are. `seen` maps an episode of this page to
    when the reader last had it on the screen.
    """

    rows: tuple[EpisodeRow, ...]
    seen: Mapping[str, datetime]
    counts: Mapping[str, int]
    overdue: int
    total: int
    total_of_all: int
    number: int
    pages: int


@dataclass(frozen=True)
class Invitation:
    """A link that a clinic gives to one person: `token` opens the waiting chat once, until `expires_at`."""

    reference: str = dataclasses.field(repr=False)
    conversation: str
    token: str = dataclasses.field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class ReminderAddress:
    """Where a patient wants reminders. Only a code goes there until it was typed into the chat."""

    address: str = dataclasses.field(repr=False)
    given_at: datetime
    code: str | None = dataclasses.field(repr=False)
    code_at: datetime | None
    code_tries: int
    confirmed_at: datetime | None
    failed_at: datetime | None
    codes_lately: int = 0  #: codes sent for this patient within a day, wherever to

    @property
    def works(self) -> bool:
        """Whether the patient proved to read it, and the mail server there has not refused it."""
        return self.confirmed_at is not None and self.failed_at is None


class EmailKind(Enum):
    """What an e-mail is about."""

    CODE = "code"  #: the code that shows that the address is the patient's
    CHECK_IN = "check_in"  #: a check-in waits, or still waits
    ANSWER = "answer"  #: the clinic wrote something


@dataclass(frozen=True)
class EmailJob:
    """An e-mail to be sent now by the worker that claimed it, while `fence` is the newest."""

    id: str
    conversation_id: str
    kind: EmailKind
    address: str = dataclasses.field(repr=False)
    code: str | None = dataclasses.field(repr=False)
    stop_token: str = dataclasses.field(repr=False)
    timezone: str | None
    created_at: datetime
    attempts: int
    fence: int


@dataclass(frozen=True)
class WaitingInvitation:
    """An invitation that nobody has used. Its link is not stored, so it cannot be shown again."""

    reference: str = dataclasses.field(repr=False)
    conversation: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Case:
    """Everything about one episode, as of one moment. Histories are oldest first."""

    episode: Episode
    conversation: Conversation
    findings: tuple[JsonObject, ...] = dataclasses.field(repr=False)
    facts: tuple[FactRecord, ...]
    skipped: tuple[str, ...]
    consents: tuple[Consent, ...]
    plans: tuple[PlanRecord, ...]
    check_ins: tuple[CheckIn, ...]
    flags: tuple[Flag, ...]
    reviews: tuple[Review, ...]
    messages: tuple[Message, ...]
    measures: tuple[Measure, ...]
    remarks: tuple[Remark, ...] = ()
    reference: str | None = dataclasses.field(default=None, repr=False)


@dataclass(frozen=True)
class Clinician:
    """A clinician's account. Without a password hash it waits for its setup token to be used."""

    id: str
    name: str
    password_hash: str | None = dataclasses.field(repr=False)
    disabled: bool
    created_at: datetime
    role: str = "clinician"
    has_second_factor: bool = False


class Stage(Enum):
    """How far a sign-in has come. Only a full session opens the console."""

    CODE = "code"  #: the password was right; the code of the second factor is to come
    ENROL = "enrol"  #: the password was right; a second factor is to be set up
    FULL = "full"


@dataclass(frozen=True)
class ClinicianSession:
    """Somebody who signed in, or is about to."""

    clinician: Clinician
    stage: Stage


@dataclass(frozen=True)
class AuditFilter:
    """Which rows of the audit log are wanted: these values exactly, and times in [since, until)."""

    actor: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AuditRow:
    """Who did what to which subject. `hash` covers the row and the hash of the row before it."""

    n: int
    at: datetime
    actor: str
    action: str
    subject: str
    hash: str


@dataclass(frozen=True)
class AuditCheck:
    """What verifying the audit chain found: `broken_at` is the first row that does not fit, or None.

    `since` is the time of the first row, None for an empty log.
    """

    rows: int
    broken_at: int | None
    last_hash: str
    since: datetime | None = None

    @property
    def intact(self) -> bool:
        return self.broken_at is None
