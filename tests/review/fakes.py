"""An in-memory store for reading in the console; what decides is tested on the real store only."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clinical.urgency import Urgency
from bot.store.errors import EpisodeUnknown
from bot.store.records import AuditCheck, AuditFilter, AuditRow, Case, EpisodeRow, QueueLine
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

    def episode_rows(self, episode_ids: Collection[str]) -> dict[str, EpisodeRow]:
        return {row.episode: row for row in self.episodes() if row.episode in episode_ids}

    def queue_lines(self) -> list[QueueLine]:
        return [line_of(row) for row in self.episodes()]

    def case(self, episode_id: str) -> Case:
        self._fail()
        if episode_id not in self.cases:
            raise EpisodeUnknown(episode_id)
        return self.cases[episode_id]

    def mark_seen(self, episode_id: str, clinician_id: str) -> None:
        self.case(episode_id)
        self.seen[clinician_id, episode_id] = self.clock()

    def last_seen(self, episode_id: str, clinician_id: str) -> datetime | None:
        return self.seen.get((clinician_id, episode_id))

    def seen_by(self, clinician_id: str) -> dict[str, datetime]:
        return {episode: at for (who, episode), at in self.seen.items() if who == clinician_id}

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


def line_of(row: EpisodeRow) -> QueueLine:
    """The same in short."""
    return QueueLine(
        row.episode,
        row.status,
        row.urgency,
        row.waiting_since,
        row.updated_at,
        row.timezone,
        row.flagged_at,
        row.answered_at,
    )


def _rank(triage: str | None) -> int:
    return Urgency(triage).rank if triage else -1
