"""An in-memory store for reading in the console; what decides is tested on the real store only."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clinical.urgency import Urgency
from bot.store.errors import ClinicianUnknown, EpisodeUnknown, SetupTokenInvalid
from bot.store.records import Case, Clinician, EpisodeRow


@dataclass
class FakeClock:
    """A clock that stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, span: timedelta) -> None:
        self.now += span


@dataclass
class FakeStore:
    """Holds cases as they are. `fails_with` makes every call raise it, `audit_fails_with` those of the log."""

    clock: Callable[[], datetime]
    cases: dict[str, Case] = field(default_factory=dict)
    audit: list[tuple[str, str, str]] = field(default_factory=list)
    fails_with: Exception | None = None
    audit_fails_with: Exception | None = None
    _clinicians: dict[str, Clinician] = field(default_factory=dict)
    seen: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _setups: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _sessions: dict[str, tuple[str, datetime]] = field(default_factory=dict)

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

    def case(self, episode_id: str) -> Case:
        self._fail()
        if episode_id not in self.cases:
            raise EpisodeUnknown(episode_id)
        return self.cases[episode_id]

    def mark_seen(self, episode_id: str, clinician_id: str) -> None:
        self.case(episode_id)
        self.seen[clinician_id, episode_id] = self.clock()

    def seen_by(self, clinician_id: str) -> dict[str, datetime]:
        return {episode: at for (who, episode), at in self.seen.items() if who == clinician_id}

    def clinicians(self) -> list[Clinician]:
        return sorted(self._clinicians.values(), key=lambda one: one.name)

    def clinician(self, name: str) -> Clinician | None:
        self._fail()
        return self._clinicians.get(name)

    def disable_clinician(self, name: str) -> bool:
        if name not in self._clinicians:
            return False
        self._change(name, disabled=True)
        self._sessions = {key: one for key, one in self._sessions.items() if one[0] != name}
        self._setups = {key: one for key, one in self._setups.items() if one[0] != name}
        return True

    def issue_setup_token(self, name: str, valid: timedelta = timedelta(hours=24)) -> str:
        if not name.strip():
            raise ValueError("a clinician needs a name")
        if name not in self._clinicians:
            made = Clinician(f"id-of-{name}", name, None, disabled=False, created_at=self.clock())
            self._clinicians[name] = made
        self._setups = {key: one for key, one in self._setups.items() if one[0] != name}
        token = secrets.token_urlsafe(32)
        self._setups[token] = (name, self.clock() + valid)
        return token

    def setup_clinician(self, token: str) -> Clinician:
        self._fail()
        name, until = self._setups.get(token, ("", self.clock()))
        if until <= self.clock():
            raise SetupTokenInvalid
        return self._clinicians[name]

    def set_password(self, token: str, password_hash: str) -> Clinician:
        clinician = self.setup_clinician(token)
        del self._setups[token]
        self._sessions = {key: one for key, one in self._sessions.items() if one[0] != clinician.name}
        return self._change(clinician.name, password_hash=password_hash, disabled=False)

    def open_clinician_session(self, clinician_id: str, valid: timedelta) -> str:
        self._fail()
        found = [one for one in self._clinicians.values() if one.id == clinician_id and not one.disabled]
        if not found:
            raise ClinicianUnknown(clinician_id)
        token = secrets.token_urlsafe(32)
        self._sessions[token] = (found[0].name, self.clock() + valid)
        return token

    def clinician_for_session(self, token: str) -> Clinician | None:
        self._fail()
        name, until = self._sessions.get(token, ("", self.clock()))
        return (
            self._clinicians[name] if until > self.clock() and not self._clinicians[name].disabled else None
        )

    def close_clinician_session(self, token: str) -> None:
        self._sessions.pop(token, None)

    def write_audit(self, actor: str, action: str, subject: str) -> None:
        self._fail()
        if self.audit_fails_with is not None:
            raise self.audit_fails_with
        self.audit.append((actor, action, subject))

    def _change(self, name: str, **changes: object) -> Clinician:
        self._clinicians[name] = dataclasses.replace(self._clinicians[name], **changes)  # type: ignore[arg-type]
        return self._clinicians[name]

    def _fail(self) -> None:
        if self.fails_with is not None:
            raise self.fails_with


def _rank(triage: str | None) -> int:
    return Urgency(triage).rank if triage else -1
