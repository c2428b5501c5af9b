"""The audit log, for whoever checks it: filters, pages, and whether the chain of hashes is unbroken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.review.console.access import SignedIn, signed_in, to_sign_in
from bot.review.console.forms import Forms
from bot.review.console.interface import ConsoleStore
from bot.review.console.pages import page
from bot.store.records import AuditCheck, AuditFilter

ROWS_ON_A_PAGE = 100
#: The whole chain is read for a check; one that is this fresh is shown again.
CHECK_LASTS = timedelta(minutes=5)
_HIGHEST_ROW = 2**63 - 1


@dataclass(frozen=True)
class Checked:
    """What a check of the chain found, and when."""

    check: AuditCheck
    at: datetime


class Auditing:
    """The page at /audit. It shows names, actions and ids; nothing that a patient wrote is in the log."""

    def __init__(self, store: ConsoleStore, clock: Callable[[], datetime], forms: Forms) -> None:
        self._store = store
        self._clock = clock
        self._forms = forms
        self._checked: Checked | None = None

    async def audit(self, request: Request) -> Response:
        """GET /audit"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        await self._audit(reader)
        asked = request.query_params
        typed = {name: asked.get(name, "").strip() for name in ("actor", "subject", "since", "until")}
        wanted, problem = _filter(typed)
        before = _row_number(asked.get("before", ""))
        rows = await run_in_threadpool(self._store.audit_page, wanted, ROWS_ON_A_PAGE + 1, before)
        shown = rows[:ROWS_ON_A_PAGE]
        kept = {name: text for name, text in typed.items() if text}
        older = {**kept, "before": str(shown[-1].n)} if len(rows) > ROWS_ON_A_PAGE else None
        return page(
            "audit.html",
            422 if problem else 200,
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            checked=await self._check(anew=asked.get("check") == "now"),
            rows=shown,
            typed=typed,
            names=sorted({one.name for one in await run_in_threadpool(self._store.clinicians)}),
            problem=problem,
            older=f"/audit?{urlencode(older)}" if older else None,
            newest=f"/audit?{urlencode(kept)}" if before is not None else None,
        )

    async def _check(self, *, anew: bool) -> Checked:
        now = self._clock()
        if anew or self._checked is None or now - self._checked.at >= CHECK_LASTS:
            self._checked = Checked(await run_in_threadpool(self._store.check_audit), now)
        return self._checked

    async def _audit(self, reader: SignedIn) -> None:
        await run_in_threadpool(self._store.write_audit, reader.clinician.name, "read audit log", "audit")


def _filter(typed: dict[str, str]) -> tuple[AuditFilter, str | None]:
    """What is wanted, and what is wrong with it in words. Days are days in UTC, the last one included."""
    try:
        since, until = _day(typed["since"]), _day(typed["until"])
    except ValueError:
        return AuditFilter(), "Please write a day as in 2026-11-25."
    return (
        AuditFilter(
            actor=typed["actor"] or None,
            subject=typed["subject"] or None,
            since=since,
            until=until + timedelta(days=1) if until else None,
        ),
        None,
    )


def _day(text: str) -> datetime | None:
    if not text:
        return None
    day = datetime.combine(date.fromisoformat(text), time(0), timezone.utc)
    if not 1970 <= day.year < 9999:
        raise ValueError(text)
    return day


def _row_number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 19 else None
    return number if number is not None and number <= _HIGHEST_ROW else None
