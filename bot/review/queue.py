"""The queue: who waits for a clinician, by when somebody must act, and what is new to this reader."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.clinical.urgency import Urgency
from bot.review.rendering import ago
from bot.review.words import CHANNEL, EPISODE_STATUS, FLAG, NOT_TRIAGED, TRIAGE, plain_code
from bot.store.records import EpisodeRow, QueueLine

#: in these nothing happens until a clinician has looked
_WAITS = frozenset({"emergency", "held", "planned"})
#: classes in which a case is shown whatever the patient agreed to, so that the reasons of flags are too
_ALWAYS_SHOWN = frozenset({Urgency.EMERGENCY_NOW.value, Urgency.SAME_DAY.value})
#: class -> how many working days there are after the day itself; clinical.md §0.3
_DAYS: Mapping[str, int] = {Urgency.SAME_DAY.value: 0, Urgency.URGENT_DAYS.value: 3}
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


@dataclass(frozen=True)
class QueueView:
    """One page of the queue: its episodes in order, and counts over everything that the filter lets through.

    `counts` maps an urgency, or "none" before any, to how many there are.
    """

    episodes: tuple[str, ...]
    counts: Mapping[str, int]
    overdue: int
    total: int
    total_of_all: int
    number: int
    pages: int


def view(
    lines: Sequence[QueueLine],
    seen: Mapping[str, datetime],
    now: datetime,
    show: str = "all",
    urgency: str = "",
    number: int = 1,
    rows_on_a_page: int = 100,
) -> QueueView:
    """The page with this number, those that wait for a clinician first; else in the order of the lines.

    A filter that does not exist lets everything through, and past the last page comes the last one.
    """
    late = _Lateness(now)
    fits = _FILTERS.get(show)
    fitting = [
        line
        for line in lines
        if (not urgency or urgency == (line.urgency or "none"))
        and (fits is None or fits(line, seen.get(line.episode), late))
    ]
    fitting.sort(key=lambda line: not waits(line))
    pages = max(1, math.ceil(len(fitting) / rows_on_a_page))
    number = min(pages, number)
    first = (number - 1) * rows_on_a_page
    return QueueView(
        episodes=tuple(line.episode for line in fitting[first : first + rows_on_a_page]),
        counts=Counter(line.urgency or "none" for line in fitting),
        overdue=sum(map(late, fitting)),
        total=len(fitting),
        total_of_all=len(lines),
        number=number,
        pages=pages,
    )


def queue(rows: Iterable[EpisodeRow], seen: Mapping[str, datetime], now: datetime) -> list[QueueRow]:
    """The rows in words, in their order."""
    return [_row(row, seen.get(row.episode), now) for row in rows]


def state_of(rows: Sequence[QueueRow], page: QueueView | None = None) -> str:
    """Changes whenever a list of these rows on this page would look different, and says nothing else."""
    picture = [(row.episode, row.urgency, row.status, row.flags, row.mark, bool(row.overdue)) for row in rows]
    counts = page and (sorted(page.counts.items()), page.overdue, page.total_of_all, page.number, page.pages)
    return hashlib.sha256(repr((picture, counts)).encode()).hexdigest()[:32]


def due(row: EpisodeRow | QueueLine) -> datetime | None:
    """By when a clinician must act, from the moment the case began to wait; None without a target.

    Now, the end of the patient's own day, or three working days later (clinical.md §0.3).
    """
    since = _since(row)
    if row.urgency == Urgency.EMERGENCY_NOW.value:
        return since
    if row.urgency is None or row.urgency not in _DAYS:
        return None
    zone = _zone(row.timezone)
    return _due_after(since.astimezone(zone).date(), row.urgency, zone)


def waits(row: EpisodeRow | QueueLine) -> bool:
    """Whether nothing more happens until a clinician has looked."""
    return row.status in _WAITS or row.flagged_at is not None


class _Lateness:
    """Whether a line is past its target, as `due` says.

    Working out each target anew takes too long for a whole queue. In one class and one time zone, all that
    began to wait before some moment is late: that moment is worked out once.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._late_before: dict[tuple[str, str | None], datetime] = {}

    def __call__(self, line: QueueLine) -> bool:
        if not waits(line) or line.urgency is None:
            return False
        if line.urgency == Urgency.EMERGENCY_NOW.value:
            return _since(line) < self._now
        if line.urgency not in _DAYS:
            return False
        key = line.urgency, line.timezone
        if key not in self._late_before:
            self._late_before[key] = self._moment(line.urgency, _zone(line.timezone))
        return _since(line) < self._late_before[key]

    def _moment(self, urgency: str, zone: ZoneInfo) -> datetime:
        day = self._now.astimezone(zone).date()
        while _due_after(day, urgency, zone) >= self._now:
            day -= timedelta(days=1)
        return _midnight(day + timedelta(days=1), zone)


def _due_after(day: date, urgency: str, zone: ZoneInfo) -> datetime:
    """The end of the day by which somebody must act on what began to wait on this day."""
    left = _DAYS[urgency]
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return _midnight(day + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(timezone.utc)


def _changed_since(row: EpisodeRow | QueueLine, seen_at: datetime) -> bool:
    return row.updated_at > seen_at or (row.answered_at is not None and row.answered_at > seen_at)


def _answered(row: EpisodeRow | QueueLine, seen_at: datetime | None) -> bool:
    """Whether the patient wrote after a clinician's question, and this reader has not seen it."""
    return row.answered_at is not None and (seen_at is None or row.answered_at > seen_at)


_FILTERS: Mapping[str, Callable[[QueueLine, datetime | None, _Lateness], bool]] = {
    "waiting": lambda line, seen_at, late: waits(line) or _answered(line, seen_at),
    "overdue": lambda line, seen_at, late: late(line),
    "answered": lambda line, seen_at, late: _answered(line, seen_at),
    "new": lambda line, seen_at, late: seen_at is None or _changed_since(line, seen_at),
}


def _row(row: EpisodeRow, seen_at: datetime | None, now: datetime) -> QueueRow:
    waiting = waits(row)
    by = due(row) if waiting else None
    late = now - by if by is not None and now > by else None
    mark = "new" if seen_at is None else "changed" if _changed_since(row, seen_at) else ""
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
        answered=_answered(row, seen_at),
    )


def _since(row: EpisodeRow | QueueLine) -> datetime:
    """When it began to wait: in a case that was reviewed already, when its first open flag was raised."""
    if row.status in _WAITS or row.flagged_at is None:
        return row.waiting_since
    return row.flagged_at


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
