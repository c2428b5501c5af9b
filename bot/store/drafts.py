"""What a turn has collected and not stored yet: the buffers between `begin_turn` and `commit_turn`."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from bot.clinical.facts import FIELDS, Activity, FactError, Facts, FactValue, check, plain
from bot.clinical.triage import Finding
from bot.clinical.urgency import Urgency
from bot.store.records import (
    CheckIn,
    CheckInStatus,
    Consent,
    Conversation,
    EmailKind,
    Episode,
    FactRecord,
    JsonObject,
    Kept,
    Message,
    PendingInbound,
    PlanRecord,
    ReminderAddress,
)

logger = logging.getLogger(__name__)


def jsonable(value: object) -> Any:
    """The value as JSON can hold it: dataclasses and mappings as objects, tuples and sets as lists."""
    if isinstance(value, Activity) or (dataclasses.is_dataclass(value) and not isinstance(value, type)):
        return {each.name: jsonable(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): jsonable(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((jsonable(each) for each in value), key=str)
    if isinstance(value, (list, tuple)):
        return [jsonable(each) for each in value]
    return value


def finding_as_json(finding: Finding) -> JsonObject:
    """One reason of a triage, with the names that `Assessment.as_json` gives its findings."""
    return {
        "rule": finding.rule,
        "urgency": finding.urgency.value,
        "flags": list(finding.flags),
        "facts": {name: plain(value) for name, value in finding.facts_used.items()},
        "patient": finding.patient,
        "clinician": finding.clinician,
        "sources": list(finding.sources),
        "status": finding.status,
    }


def urgency_of(value: Urgency | str) -> Urgency:
    """The urgency by its enum member or its published name; ValueError for any other."""
    return value if isinstance(value, Urgency) else Urgency(value)


@dataclass
class StoredFact:
    """A row of the fact history: a report, or with `retracts` the taking back of report number n."""

    n: int
    record: FactRecord
    retracts: int | None = None


@dataclass
class MessageDraft:
    """A bot message that has no number yet."""

    text: str = field(repr=False)
    kind: str
    asks: str | None
    input: str | None
    choices: tuple[ChoiceDraft, ...]
    key: str | None
    metadata: Mapping[str, Any] | None = field(repr=False)


@dataclass
class ChoiceDraft:
    """A button with its id already made."""

    id: str
    label: str = dataclasses.field(repr=False)
    field: str
    value: Any = dataclasses.field(repr=False)


@dataclass
class FlagDraft:
    """A flag to raise, unless the same one is open already."""

    episode_id: str
    code: str
    severity: str
    reason: str = field(repr=False)
    rule: str | None


@dataclass
class CheckInDraft:
    """A contact to plan, unless the same one is planned already."""

    episode_id: str
    kind: str
    due_at: datetime


@dataclass
class BegunCheckIn:
    """A check-in that the patient asked for, open from this turn on; `look_at` is when it is looked at."""

    check_in: CheckIn
    look_at: datetime


@dataclass
class CheckInChange:
    """A step of an existing check-in. With a fence it counts only for the worker that holds the claim.

    Without a status it keeps the one it has, and only `notes` and `look_at` are written.
    """

    id: str
    status: CheckInStatus | None
    fence: int | None = None
    due_at: datetime | None = None
    zone: str | None = None
    look_at: datetime | None = None
    notes: JsonObject | None = field(default=None, repr=False)


@dataclass
class EmailDraft:
    """An e-mail to send. Of one `key` only the first is kept."""

    kind: EmailKind
    key: str
    check_in_id: str | None = None


@dataclass
class EmailChange:
    """New values of the address that was given at `given_at`, or with `forget` its end."""

    given_at: datetime
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    forget: bool = False


@dataclass
class EpisodeState:
    """One episode as the turn sees it; everything in it may change until the turn is stored."""

    episode: Episode
    number: int
    findings: list[JsonObject] = field(default_factory=list, repr=False)
    asked: dict[str, int] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    history: list[StoredFact] = field(default_factory=list)
    latest_plan: PlanRecord | None = None
    first_planned_at: datetime | None = None
    check_ins: list[CheckIn] = field(default_factory=list)
    #: where the next fact row goes, and how many of `history` the database already has
    next_fact: int = 0
    stored_facts: int = 0
    new_plans: list[PlanRecord] = field(default_factory=list)
    is_new: bool = False
    changed: bool = False
    waits_anew: bool = False
    check_ins_cancelled: bool = False

    def records(self) -> list[FactRecord]:
        """The reports, oldest first, each marked when a later row took it back."""
        taken_back = {row.retracts for row in self.history if row.retracts is not None}
        return [
            dataclasses.replace(row.record, retracted=row.n in taken_back)
            for row in self.history
            if row.retracts is None
        ]

    def standing_reports(self) -> list[StoredFact]:
        """The reports that were not taken back, oldest first."""
        taken_back = {row.retracts for row in self.history if row.retracts is not None}
        return [row for row in self.history if row.retracts is None and row.n not in taken_back]

    def latest_report(self, name: str) -> StoredFact | None:
        """The newest report of a field that still stands."""
        reports = [row for row in self.standing_reports() if row.record.field == name]
        return reports[-1] if reports else None

    def facts(self) -> Facts:
        """The facts as they stand; see `facts_of`."""
        return facts_of(self.episode.id, self.records(), self.skipped)


def facts_of(episode_id: str, records: Iterable[FactRecord], skipped: Iterable[str]) -> Facts:
    """The facts as they stand: the newest report of each field that was not taken back.

    `ever` is built from everything reported. A report that was taken back leaves it too, except
    of a red-flag field, which only a clinician may clear.
    """
    current: dict[str, FactValue] = {}
    ever: dict[str, list[FactValue]] = {}
    for record in records:
        value = _still_in_the_vocabulary(episode_id, record)
        if value is None:
            continue
        if not record.retracted:
            current[record.field] = value
        if not record.retracted or FIELDS[record.field].red_flag:
            ever.setdefault(record.field, []).append(value)
    return Facts.of(current, skipped=[name for name in skipped if name in FIELDS], ever=ever)


def _still_in_the_vocabulary(episode_id: str, record: FactRecord) -> FactValue | None:
    try:
        return check(record.field, record.value)
    except FactError:
        # Written under an older vocabulary. Not asked is safe; refusing the conversation is not.
        logger.warning("episode %s: a stored value of %s is outside the vocabulary", episode_id, record.field)
        return None


@dataclass
class Snapshot:
    """What `begin_turn` read."""

    conversation: Conversation
    episode: EpisodeState | None
    consents: dict[str, bool]
    inbound: PendingInbound | None
    last_question: Message | None
    check_in: CheckIn | None
    tracker_events: list[JsonObject] = field(repr=False)
    now: datetime
    last_heard_at: datetime | None = None
    #: why the patient's data stay with the clinic, if they do
    kept: Kept | None = None
    email: ReminderAddress | None = None
    answers_clinician: bool = False


@dataclass
class Pending:
    """What `commit_turn` will write beside the episodes."""

    episodes: list[EpisodeState] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    messages: list[MessageDraft] = field(default_factory=list)
    flags: list[FlagDraft] = field(default_factory=list)
    check_ins: list[CheckInDraft] = field(default_factory=list)
    check_ins_begun: list[BegunCheckIn] = field(default_factory=list)
    check_in_changes: list[CheckInChange] = field(default_factory=list)
    emails: list[EmailDraft] = field(default_factory=list)
    email_changes: list[EmailChange] = field(default_factory=list)
    events: list[JsonObject] = field(default_factory=list, repr=False)
