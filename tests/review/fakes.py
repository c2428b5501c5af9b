"""An in-memory store for reading in the console; what decides is tested on the real store only."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clinical.urgency import Urgency
from bot.store.errors import EpisodeUnknown
from bot.store.records import (
    WAITING_STATUSES,
    AuditCheck,
    AuditFilter,
    AuditRow,
    Case,
    EpisodeRow,
    Invitation,
    QueuePage,
    WaitingInvitation,
)
from bot.store.references import checked_reference
from tests.review.fake_accounts import FakeAccounts


@dataclass
class FakeClock:
    """A clock that stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, span: timedelta) -> None:
        self.now += span


@dataclass
class FakeStore(FakeAccounts):
    """Holds cases as they are. `fails_with` makes every call raise it, `audit_fails_with` those of the log."""

    cases: dict[str, Case] = field(default_factory=dict)
    audit: list[tuple[str, str, str]] = field(default_factory=list)
    audit_fails_with: Exception | None = None
    seen: dict[tuple[str, str], datetime] = field(default_factory=dict)
    invited: list[WaitingInvitation] = field(default_factory=list)

    def add(self, case: Case) -> None:
        self.cases[case.episode.id] = case

    def episode_ids(self) -> Iterator[str]:
        self._fail()
        cases = sorted(self.cases.values(), key=lambda case: (case.episode.started_at, case.episode.id))
        yield from (case.episode.id for case in cases)

    def episodes(self) -> list[EpisodeRow]:
        self._fail()
        rows = [
            EpisodeRow(
                episode=case.episode.id,
                conversation=case.conversation.id,
                patient=case.episode.patient_id,
                channel=case.conversation.channel,
                status=case.episode.status,
                triage=case.episode.triage,
                flags=case.episode.flags,
                started_at=case.episode.started_at,
                updated_at=case.episode.updated_at,
                waiting_since=case.episode.updated_at,
                urgency=case.episode.triage,
                open_flags=tuple(flag for flag in case.flags if flag.status == "open"),
                timezone=case.conversation.timezone,
            )
            for case in self.cases.values()
        ]
        return sorted(rows, key=lambda row: (-_rank(row.triage), row.waiting_since))

    def queue_page(
        self,
        clinician_id: str,
        late_before: Callable[[str, str | None], datetime | None],
        show: str = "all",
        urgency: str = "",
        number: int = 1,
        size: int = 100,
    ) -> QueuePage:
        seen = {episode: at for (who, episode), at in self.seen.items() if who == clinician_id}
        return page_of(self.episodes(), seen, late_before, show, urgency, number, size)

    def case(self, episode_id: str) -> Case:
        self._fail()
        if episode_id not in self.cases:
            raise EpisodeUnknown(episode_id)
        return self.cases[episode_id]

    def invite(self, reference: str, valid: timedelta = timedelta(days=14)) -> Invitation:
        self._fail()
        label, n, now = checked_reference(reference), len(self.invited), self.clock()
        self.invited.insert(0, WaitingInvitation(label, f"waiting-{n}", now, now + valid))
        return Invitation(label, f"waiting-{n}", f"{n:x}" * 43, now + valid)

    def waiting_invitations(self, limit: int = 200) -> list[WaitingInvitation]:
        self._fail()
        return self.invited[:limit]

    def withdraw_invitation(self, conversation_id: str) -> bool:
        self._fail()
        before = len(self.invited)
        self.invited = [one for one in self.invited if one.conversation != conversation_id]
        return len(self.invited) < before

    def link_reference(self, episode_id: str, reference: str | None) -> None:
        label = checked_reference(reference) if reference is not None else None
        self.cases[episode_id] = dataclasses.replace(self.case(episode_id), reference=label)

    def cases_of_the_same_person(self, episode_id: str) -> tuple[str, ...]:
        self._fail()
        if episode_id not in self.cases:
            return ()
        this = self.cases[episode_id]
        same = [
            case.episode
            for case in self.cases.values()
            if case.episode.id != episode_id
            and (
                case.episode.patient_id == this.episode.patient_id
                or (this.reference is not None and case.reference == this.reference)
            )
        ]
        same.sort(key=lambda one: one.started_at, reverse=True)
        return tuple(one.id for one in same)

    def episode_rows(self, episode_ids: tuple[str, ...]) -> list[EpisodeRow]:
        rows = {row.episode: row for row in self.episodes()}
        return [rows[one] for one in episode_ids if one in rows]

    def mark_seen(self, episode_id: str, clinician_id: str) -> None:
        self.case(episode_id)
        self.seen[clinician_id, episode_id] = self.clock()

    def last_seen(self, episode_id: str, clinician_id: str) -> datetime | None:
        return self.seen.get((clinician_id, episode_id))

    def write_audit(self, actor: str, action: str, subject: str) -> None:
        self._fail()
        if self.audit_fails_with is not None:
            raise self.audit_fails_with
        self.audit.append((actor, action, subject))

    def audit_page(self, wanted: AuditFilter, limit: int, before: int | None = None) -> list[AuditRow]:
        rows = [AuditRow(n, self.clock(), *row, hash="") for n, row in enumerate(self.audit, 1)]
        fitting = [
            row for row in rows if wanted.actor in {None, row.actor} and (not before or row.n < before)
        ]
        return fitting[::-1][:limit]

    def check_audit(self) -> AuditCheck:
        return AuditCheck(len(self.audit), None, "0" * 64, self.clock())


def page_of(
    rows: Sequence[EpisodeRow],
    seen: Mapping[str, datetime],
    late_before: Callable[[str, str | None], datetime | None],
    show: str = "all",
    urgency: str = "",
    number: int = 1,
    size: int = 100,
) -> QueuePage:
    """A page of the queue, told once more in plain Python: what the stores' SQL has to give."""

    def waits(row: EpisodeRow) -> bool:
        return row.status in WAITING_STATUSES or bool(row.open_flags)

    def answered(row: EpisodeRow) -> bool:
        return row.answered_at is not None and (
            row.episode not in seen or row.answered_at > seen[row.episode]
        )

    def late(row: EpisodeRow) -> bool:
        if not waits(row):
            return False
        since = row.waiting_since if row.status in WAITING_STATUSES else row.open_flags[0].raised_at
        moment = late_before(row.urgency, row.timezone) if row.urgency else None
        return moment is not None and since < moment

    shows: dict[str, Callable[[EpisodeRow], bool]] = {
        "waiting": lambda row: waits(row) or answered(row),
        "overdue": late,
        "answered": answered,
        "new": lambda row: row.episode not in seen or row.updated_at > seen[row.episode] or answered(row),
    }
    classes = {*(one.value for one in Urgency), "none"}
    fitting = [
        row
        for row in rows
        if (show not in shows or shows[show](row))
        and (urgency not in classes or (row.urgency or "none") == urgency)
    ]
    fitting.sort(key=lambda row: not waits(row))
    pages = max(1, math.ceil(len(fitting) / size))
    number = min(pages, number)
    shown = tuple(fitting[(number - 1) * size : number * size])
    return QueuePage(
        rows=shown,
        seen={row.episode: seen[row.episode] for row in shown if row.episode in seen},
        counts=Counter(row.urgency or "none" for row in fitting),
        overdue=sum(map(late, fitting)),
        total=len(fitting),
        total_of_all=len(rows),
        number=number,
        pages=pages,
    )


def _rank(triage: str | None) -> int:
    return Urgency(triage).rank if triage else -1
