"""Who is signed in, and the gate that every address behind the sign-in has in front of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.review.console.errors import PageError
from bot.review.console.forms import SESSION, cookie, set_cookie
from bot.review.console.interface import ConsoleStore
from bot.review.console.roles import Permission, home, may
from bot.store.records import Clinician, ClinicianSession, Stage

Endpoint = Callable[[Request], Awaitable[Response]]

#: With this header a page only looks whether something has changed; nobody sits in front of that.
LIVE_HEADER, LIVE = "x-backplan", "live"


@dataclass(frozen=True)
class SessionRules:
    """How long one stays signed in: at most `valid`, and `idle` without a click; `half` to enter a code."""

    idle: timedelta = timedelta(minutes=30)
    valid: timedelta = timedelta(hours=12)
    half: timedelta = timedelta(minutes=15)

    def of(self, stage: Stage) -> timedelta:
        """How long a session of this stage lives."""
        return self.valid if stage is Stage.FULL else min(self.half, self.valid)


@dataclass(frozen=True)
class SignedIn:
    """A clinician with the session that the browser holds."""

    clinician: Clinician
    token: str


class Gate:
    """Lets through who is signed in and may do what the address is for, and writes down who was turned away."""

    def __init__(self, store: ConsoleStore, rules: SessionRules) -> None:
        self._store = store
        self._rules = rules

    def __call__(self, permission: Permission, endpoint: Endpoint, *, as_json: bool = False) -> Endpoint:
        """The endpoint behind the gate; `as_json` says how it answers somebody who is not signed in."""

        @wraps(endpoint)
        async def behind(request: Request) -> Response:
            reader = await self._reader(request)
            if reader is None:
                return _sign_in_first() if as_json else to_sign_in(request)
            if not may(reader.clinician, permission):
                if request.url.path == "/":
                    return RedirectResponse(home(reader.clinician), 303)
                await self._refused(reader, endpoint)
            request.state.reader = reader
            return await endpoint(request)

        return behind

    async def half_signed_in(self, request: Request, stage: Stage) -> SignedIn | None:
        """Who is at this stage of signing in."""
        token = cookie(request, SESSION)
        session = await self._session(token, in_use=True)
        if token is None or session is None or session.stage is not stage:
            return None
        return SignedIn(session.clinician, token)

    async def signed_in(self, request: Request) -> SignedIn | None:
        """Who asks, on a page that anybody may open."""
        return await self._reader(request)

    async def begin(
        self, request: Request, response: Response, clinician: Clinician, stage: Stage = Stage.FULL
    ) -> str:
        """Open a session with a new token; the one that this browser held before ends.

        Raises ClinicianUnknown.
        """
        valid = self._rules.of(stage)
        before = cookie(request, SESSION)
        token = await run_in_threadpool(
            self._store.open_clinician_session, clinician.id, valid, stage, before
        )
        set_cookie(request, response, SESSION, token, int(valid.total_seconds()))
        return token

    async def _reader(self, request: Request) -> SignedIn | None:
        token = cookie(request, SESSION)
        session = await self._session(token, in_use=request.headers.get(LIVE_HEADER) != LIVE)
        if token is None or session is None or session.stage is not Stage.FULL:
            return None
        return SignedIn(session.clinician, token)

    async def _session(self, token: str | None, *, in_use: bool) -> ClinicianSession | None:
        if token is None:
            return None
        idle = self._rules.idle
        return await run_in_threadpool(lambda: self._store.clinician_session(token, idle, in_use=in_use))

    async def _refused(self, reader: SignedIn, endpoint: Endpoint) -> None:
        name = getattr(endpoint, "__name__", "page")
        await run_in_threadpool(self._store.write_audit, reader.clinician.name, "refused page", name)
        raise PageError(
            403,
            "Not for this account",
            f"Your account is that of {_a(reader.clinician.role)}, which does not open this page. "
            "A lead can change that under Accounts.",
        )


async def signed_in(request: Request, _store: ConsoleStore) -> SignedIn | None:
    """Who asks, as the gate found out. None, which is nobody, for an address without a gate."""
    reader = getattr(request.state, "reader", None)
    return reader if isinstance(reader, SignedIn) else None


def to_sign_in(request: Request) -> Response:
    """Send the reader to the sign-in page, and afterwards back to where they wanted to go."""
    wanted = request.url.path
    address = "/signin" if wanted == "/" else f"/signin?next={quote(wanted, safe='')}"
    return RedirectResponse(address, 303)


def wanted_page(address: str | None) -> str:
    """Where to go after signing in: a page of our own, never another site."""
    if address in {"/audit", "/accounts", "/account", "/invitations"}:
        return str(address)
    if address is None or not address.startswith("/episodes/") or not address.isascii():
        return "/"
    return address if address.replace("/", "").replace("-", "").replace("_", "").isalnum() else "/"


def _sign_in_first() -> Response:
    return JSONResponse({"title": "Please sign in to the console first.", "status": 401}, 401)


def _a(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"
