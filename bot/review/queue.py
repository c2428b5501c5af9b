"""The queue: who waits for a clinician, by when somebody must act, and what is new to this reader."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.clinical.urgency import Urgency
from bot.review.rendering import ago
from bot.review.words import CHANNEL, EPISODE_STATUS, FLAG, NOT_TRIAGED, TRIAGE, plain_code
from bot.store.records import EpisodeRow

#: in these nothing happens until a clinician has looked
_WAITS = frozenset({"emergency", "held", "planned"})
#: classes in which a case is shown whatever the patient agreed to, so that the reasons of flags are too
_ALWAYS_SHOWN = frozenset({Urgency.EMERGENCY_NOW.value, Urgency.SAME_DAY.value})
_WORKING_DAYS = 3
_SATURDAY = 5

#: what the filter may show -> its words
SHOWS: Mapping[str, str] = {
    "waiting": "Waiting for a clinician",
    "overdue": "Overdue",
    "answered": "Patient answered",
    "new": "New to me",
    "all": "All cases",
}
#: class -> by when, in words; clinical.md §0.3
TARGETS: Mapping[str, str] = {
    Urgency.EMERGENCY_NOW.value: "now",
    Urgency.SAME_DAY.value: "today",
    Urgency.URGENT_DAYS.value: "3 working days",
    Urgency.ROUTINE_FLAG.value: "normal",
    Urgency.SELF_MANAGE.value: "sampled",
}


@dataclass(frozen=True)
class FlagLine:
    """An open flag: its name, and why it was raised where that may be shown."""

    name: str
    reason: str = field(repr=False)


@dataclass(frozen=True)
class QueueRow:
    """One case in words. `mark` is "new", "changed" or "" for the one who reads the list."""

    episode: str
    urgency: str
    triage: str
    status: str
    waits: bool
    target: str
    due: datetime | None
    overdue: str
    flags: tuple[str, ...]
    reasons: tuple[FlagLine, ...] = field(repr=False)
    channel: str
    waiting: str
    waiting_since: datetime
    mark: str
    answered: bool


def queue(rows: Iterable[EpisodeRow], seen: Mapping[str, datetime], now: datetime) -> list[QueueRow]:
    """The rows in words, those that wait for a clinician first; else in their order."""
    made = [_row(row, seen.get(row.episode), now) for row in rows]
    return sorted(made, key=lambda row: not row.waits)


def shown(rows: Sequence[QueueRow], show: str, urgency: str) -> list[QueueRow]:
    """The rows that a filter lets through; a filter that does not exist lets everything through."""
    tests: Mapping[str, Callable[[QueueRow], bool]] = {
        "waiting": lambda row: row.waits or row.answered,
        "overdue": lambda row: bool(row.overdue),
        "answered": lambda row: row.answered,
        "new": lambda row: bool(row.mark),
    }
    fits = tests.get(show)
    return [row for row in rows if (fits is None or fits(row)) and urgency in {"", row.urgency}]


def state_of(rows: Sequence[QueueRow]) -> str:
    """Changes whenever a list of these rows would look different, and says nothing else about them."""
    picture = [(row.episode, row.urgency, row.status, row.flags, row.mark, bool(row.overdue)) for row in rows]
    return hashlib.sha256(repr(picture).encode()).hexdigest()[:32]


def due(row: EpisodeRow) -> datetime | None:
    """By when a clinician must act, from the moment the case began to wait; None without a target.

    Now, the end of the patient's own day, or three working days later (clinical.md §0.3).
    """
    since = _since(row)
    if row.urgency == Urgency.EMERGENCY_NOW.value:
        return since
    zone = _zone(row.timezone)
    local = since.astimezone(zone)
    if row.urgency == Urgency.SAME_DAY.value:
        return datetime.combine(local.date() + timedelta(days=1), time(), zone).astimezone(timezone.utc)
    if row.urgency == Urgency.URGENT_DAYS.value:
        day, left = local.date(), _WORKING_DAYS
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < _SATURDAY
        return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(timezone.utc)
    return None


def waits(row: EpisodeRow) -> bool:
    """Whether nothing more happens until a clinician has looked."""
    return row.status in _WAITS or bool(row.open_flags)


def _row(row: EpisodeRow, seen_at: datetime | None, now: datetime) -> QueueRow:
    waiting = waits(row)
    by = due(row) if waiting else None
    late = now - by if by is not None and now > by else None
    changed = max(filter(None, (row.updated_at, row.answered_at)))
    mark = "new" if seen_at is None else "changed" if changed > seen_at else ""
    since = _since(row)
    return QueueRow(
        episode=row.episode,
        urgency=row.urgency or "none",
        triage=TRIAGE.get(row.urgency or "", NOT_TRIAGED)[0],
        status=plain_code(row.status, EPISODE_STATUS),
        waits=waiting,
        target=TARGETS.get(row.urgency or "", "") if waiting else "",
        due=by,
        overdue=ago(late) if late is not None else "",
        flags=tuple(plain_code(flag, FLAG) for flag in row.flags),
        reasons=tuple(
            FlagLine(plain_code(flag.code, FLAG), flag.reason if row.triage in _ALWAYS_SHOWN else "")
            for flag in row.open_flags
        ),
        channel=plain_code(row.channel, CHANNEL),
        waiting=ago(now - since),
        waiting_since=since,
        mark=mark,
        answered=row.answered_at is not None and (seen_at is None or row.answered_at > seen_at),
    )


def _since(row: EpisodeRow) -> datetime:
    """When it began to wait: in a case that was reviewed already, when its first open flag was raised."""
    if row.status in _WAITS or not row.open_flags:
        return row.waiting_since
    return row.open_flags[0].raised_at


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
