"""The half of the in-memory store that is about accounts: passwords, second factors, sessions, wrong tries."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.store.errors import ClinicianUnknown, SetupTokenInvalid
from bot.store.records import Clinician, ClinicianSession, Stage
from bot.store.sign_in_tries import wait_after


@dataclass
class _Session:
    name: str
    until: datetime
    stage: Stage
    seen_at: datetime


@dataclass
class _Factor:
    sealed: str
    step: int
    codes: set[str]


@dataclass
class FakeAccounts:
    """Accounts as `bot.store.Store` keeps them. `fails_with` makes every call raise it."""

    clock: Callable[[], datetime]
    fails_with: Exception | None = None
    _clinicians: dict[str, Clinician] = field(default_factory=dict)
    _setups: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _sessions: dict[str, _Session] = field(default_factory=dict)
    _factors: dict[str, _Factor] = field(default_factory=dict)
    _tries: dict[str, int] = field(default_factory=dict)
    _locked: dict[str, datetime] = field(default_factory=dict)

    def clinicians(self) -> list[Clinician]:
        return sorted(self._clinicians.values(), key=lambda one: one.name)

    def clinician(self, name: str) -> Clinician | None:
        self._fail()
        return self._clinicians.get(name)

    def disable_clinician(self, name: str) -> bool:
        return name in self._clinicians and bool(self._forget(self._change(name, disabled=True).name))

    def reset_clinician(self, name: str) -> bool:
        if name not in self._clinicians:
            return False
        clinician = self._change(name, password_hash=None, has_second_factor=False)
        self._factors.pop(clinician.id, None)
        return self._forget(name)

    def set_role(self, name: str, role: str) -> bool:
        if name not in self._clinicians:
            return False
        self._change(name, role=role)
        return True

    def issue_setup_token(
        self, name: str, valid: timedelta = timedelta(hours=24), role: str = "clinician"
    ) -> str:
        if name not in self._clinicians:
            made = Clinician(f"id-of-{name}", name, None, disabled=False, created_at=self.clock(), role=role)
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
        self.close_sessions_of(clinician.id)
        return self._change(clinician.name, password_hash=password_hash, disabled=False)

    def open_clinician_session(
        self,
        clinician_id: str,
        valid: timedelta,
        stage: Stage = Stage.FULL,
        instead_of: str | None = None,
    ) -> str:
        self._fail()
        found = [one for one in self._clinicians.values() if one.id == clinician_id and not one.disabled]
        if not found:
            raise ClinicianUnknown(clinician_id)
        self._sessions.pop(instead_of or "", None)
        token = secrets.token_urlsafe(32)
        self._sessions[token] = _Session(found[0].name, self.clock() + valid, stage, self.clock())
        return token

    def clinician_session(
        self, token: str, idle: timedelta | None = None, *, in_use: bool = True
    ) -> ClinicianSession | None:
        self._fail()
        found, now = self._sessions.get(token), self.clock()
        if found is None or found.until <= now or (idle is not None and found.seen_at <= now - idle):
            return None
        if in_use:
            found.seen_at = now
        return ClinicianSession(self._clinicians[found.name], found.stage)

    def close_clinician_session(self, token: str) -> None:
        self._sessions.pop(token, None)

    def close_sessions_of(self, clinician_id: str) -> int:
        before = len(self._sessions)
        self._sessions = {
            key: one for key, one in self._sessions.items() if self._clinicians[one.name].id != clinician_id
        }
        return before - len(self._sessions)

    def second_factor(self, clinician_id: str) -> str | None:
        found = self._factors.get(clinician_id)
        return found.sealed if found else None

    def set_second_factor(self, clinician_id: str, sealed: str, step: int, recovery: Collection[str]) -> bool:
        if clinician_id in self._factors:
            return False
        self._factors[clinician_id] = _Factor(sealed, step, set(recovery))
        name = next(one.name for one in self._clinicians.values() if one.id == clinician_id)
        self._change(name, has_second_factor=True)
        return True

    def use_second_factor(self, clinician_id: str, step: int) -> bool:
        found = self._factors.get(clinician_id)
        if found is None or step <= found.step:
            return False
        found.step = step
        return True

    def use_recovery_code(self, clinician_id: str, code: str) -> bool:
        found = self._factors.get(clinician_id)
        if found is None or code not in found.codes:
            return False
        found.codes.remove(code)
        return True

    def set_recovery_codes(self, clinician_id: str, codes: Collection[str]) -> None:
        self._factors[clinician_id].codes = set(codes)

    def recovery_codes_left(self, clinician_id: str) -> int:
        found = self._factors.get(clinician_id)
        return len(found.codes) if found else 0

    def begin_try(self, allowed: Mapping[str, int]) -> timedelta | None:
        now = self.clock()
        locks = [self._locked[key] for key in allowed if self._locked.get(key, now) > now]
        if locks:
            return max(locks) - now
        for key, most in allowed.items():
            self._tries[key] = self._tries.get(key, 0) + 1
            self._locked[key] = now + wait_after(self._tries[key], most)
        return None

    def forgive_try(self, key: str) -> None:
        self._tries[key] = max(0, self._tries.get(key, 0) - 1)
        self._locked.pop(key, None)

    def forget_tries(self, key: str) -> bool:
        self._locked.pop(key, None)
        return self._tries.pop(key, None) is not None

    def locked_for(self, key: str) -> timedelta | None:
        until = self._locked.get(key, self.clock())
        return until - self.clock() if until > self.clock() else None

    def _forget(self, name: str) -> bool:
        self.close_sessions_of(self._clinicians[name].id)
        self._setups = {key: one for key, one in self._setups.items() if one[0] != name}
        return True

    def _change(self, name: str, **changes: object) -> Clinician:
        self._clinicians[name] = dataclasses.replace(self._clinicians[name], **changes)  # type: ignore[arg-type]
        return self._clinicians[name]

    def _fail(self) -> None:
        if self.fails_with is not None:
            raise self.fails_with
