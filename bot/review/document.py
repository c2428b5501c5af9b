"""The summary of an episode as a frozen document: every part that a page or an export shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.review.danger import DangerBox
from bot.review.findings import Finding
from bot.review.plan_view import PlanView
from bot.review.reported import Correction, Report
from bot.review.sharing import Sharing
from bot.review.trend import TrendView
from bot.store.records import Message


@dataclass(frozen=True)
class Mark:
    """Whether a clinician has signed: the words at the top of the page."""

    signed: bool
    text: str


@dataclass(frozen=True)
class TriageView:
    """The class, who must act by when, what it does to the plan, and the rules that led there."""

    urgency: str | None
    name: str
    meaning: str
    plan: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class FlagView:
    """A flag for the queue."""

    code: str
    name: str
    severity: str
    reason: str = field(repr=False)
    rule: str | None
    status: str
    raised_at: datetime | None


@dataclass(frozen=True)
class Section:
    """One part of the history: what was told, what was denied, and, where it matters, what was not asked.

    `leads` says that a decision needs it at first sight; a page may fold the other parts.
    """

    title: str
    leads: bool
    rows: tuple[Report, ...]
    denied: tuple[str, ...]
    not_asked: tuple[str, ...]


@dataclass(frozen=True)
class CheckInView:
    """One contact; `local` is the time on the patient's own clock, in words."""

    kind: str
    due_at: datetime
    local: str
    zone: str
    status: str


@dataclass(frozen=True)
class MeasureView:
    """A score that is followed over time: its values, oldest first. `drawn` says that a trend shows it."""

    name: str
    drawn: bool
    values: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True)
class ConsentView:
    """The newest decision about one purpose."""

    purpose: str
    granted: bool
    version: str
    at: datetime


@dataclass(frozen=True)
class ReviewView:
    """One clinician's decision."""

    clinician: str
    decision: str
    plan_version: int | None
    reason: str
    at: datetime


@dataclass(frozen=True)
class Summary:
    """Everything the page shows, in its order. What a patient wrote stays out of `repr`."""

    episode: str
    code: str
    reference: str | None = field(repr=False)
    patient: str
    channel: str
    timezone: str | None
    person: str
    status: str
    progress: str
    started_at: datetime
    updated_at: datetime
    mark: Mark
    sharing: Sharing
    withheld: bool
    triage: TriageView
    danger: DangerBox = field(repr=False)
    flags: tuple[FlagView, ...] = field(repr=False)
    history: tuple[Section, ...] = field(repr=False)
    skipped: tuple[str, ...]
    trends: tuple[TrendView, ...] = field(repr=False)
    measures: tuple[MeasureView, ...] = field(repr=False)
    plan: PlanView | None = field(repr=False)
    check_ins: tuple[CheckInView, ...]
    corrections: tuple[Correction, ...] = field(repr=False)
    safety_advice: tuple[Message, ...]
    consents: tuple[ConsentView, ...]
    reviews: tuple[ReviewView, ...] = field(repr=False)
    transcript: tuple[Message, ...]
    sources: tuple[tuple[str, str], ...]
    rulebook: str
