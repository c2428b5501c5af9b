"""Who is signed in: sessions, and what a page answers to somebody who is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.review.console.forms import SESSION, cookie, set_cookie
from bot.review.console.interface import ConsoleStore
from bot.store.records import Clinician

SESSION_VALID = timedelta(hours=8)


@dataclass(frozen=True)
class SignedIn:
    """A clinician with the session that the browser holds."""

    clinician: Clinician
    token: str


async def signed_in(request: Request, store: ConsoleStore) -> SignedIn | None:
    """Who asks, or None."""
    token = cookie(request, SESSION)
    if token is None:
        return None
    clinician = await run_in_threadpool(store.clinician_for_session, token)
    return SignedIn(clinician, token) if clinician else None


async def begin_session(
    request: Request, response: Response, store: ConsoleStore, clinician: Clinician
) -> None:
    """Open a session; one that this browser held before ends. Raises ClinicianUnknown."""
    before = cookie(request, SESSION)
    token = await run_in_threadpool(store.open_clinician_session, clinician.id, SESSION_VALID)
    if before is not None:
        await run_in_threadpool(store.close_clinician_session, before)
    set_cookie(request, response, SESSION, token, int(SESSION_VALID.total_seconds()))


def to_sign_in(request: Request) -> Response:
    """Send the reader to the sign-in page, and afterwards back to where they wanted to go."""
    wanted = request.url.path
    address = "/signin" if wanted == "/" else f"/signin?next={quote(wanted, safe='')}"
    return RedirectResponse(address, 303)


def wanted_page(address: str | None) -> str:
    """Where to go after signing in: a page of our own, never another site."""
    if address is None or not address.startswith("/episodes/") or not address.isascii():
        return "/"
    return address if address.replace("/", "").replace("-", "").replace("_", "").isalnum() else "/"
