"""Choosing a password by a one-time link, signing in and signing out."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.review.console.access import begin_session, signed_in, wanted_page
from bot.review.console.errors import PageError
from bot.review.console.forms import SESSION, VISITOR, Forms, cookie, delete_cookie, new_binding, set_cookie
from bot.review.console.interface import ConsoleStore
from bot.review.console.pages import page
from bot.review.console.passwords import LONGEST, SHORTEST, Passwords, weakness
from bot.review.console.throttle import Attempts
from bot.store.errors import ClinicianUnknown, SetupTokenInvalid
from bot.store.records import Clinician

WINDOW = timedelta(minutes=15)
TRIES_PER_NAME = 5
TRIES_PER_ADDRESS = 30

_NOBODY = "nobody"
_WRONG = "The name or the password is not right. Please try again."


class SigningIn:
    """The pages at /setup, /signin and /signout."""

    def __init__(
        self, store: ConsoleStore, clock: Callable[[], datetime], forms: Forms, passwords: Passwords
    ) -> None:
        self._store = store
        self._forms = forms
        self._passwords = passwords
        self._by_name = Attempts(clock, TRIES_PER_NAME, WINDOW)
        self._by_address = Attempts(clock, TRIES_PER_ADDRESS, WINDOW)

    async def setup(self, request: Request) -> Response:
        """GET and POST /setup/{token}"""
        token = request.path_params["token"]
        try:
            clinician = await run_in_threadpool(self._store.setup_clinician, token)
            if request.method != "POST":
                return self._setup_page(request, clinician)
            return await self._choose_password(request, token, clinician)
        except SetupTokenInvalid:
            raise PageError(
                410,
                "This link does not work any more",
                "It was used already, or it is more than a day old. While nobody has a password, each start "
                "of the console prints a new one; later, `backplan clinicians add NAME` makes one.",
            ) from None

    async def sign_in(self, request: Request) -> Response:
        """GET and POST /signin"""
        if request.method == "POST":
            return await self._check(request)
        if await signed_in(request, self._store):
            return RedirectResponse("/", 303)
        name = self._forms.unsigned(request.query_params.get("for", ""))
        return self._sign_in_page(request, name=name or "", ready=name is not None)

    async def sign_out(self, request: Request) -> Response:
        """POST /signout"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return RedirectResponse("/signin", 303)
        await self._forms.read(request)
        await run_in_threadpool(self._store.close_clinician_session, reader.token)
        await self._audit(reader.clinician.name, "sign out")
        response = RedirectResponse("/signin", 303)
        delete_cookie(request, response, SESSION)
        return response

    async def _choose_password(self, request: Request, token: str, clinician: Clinician) -> Response:
        fields = await self._forms.read(request)
        password = fields.get("password", "")
        problem = weakness(password, fields.get("again", ""), clinician.name)
        if problem is not None:
            return self._setup_page(request, clinician, problem)
        hashed = await run_in_threadpool(self._passwords.hash, password)
        await run_in_threadpool(self._store.set_password, token, hashed)
        self._by_name.forget(clinician.name)
        await self._audit(clinician.name, "set password")
        return RedirectResponse(f"/signin?for={self._forms.signed(clinician.name)}", 303)

    async def _check(self, request: Request) -> Response:
        fields = await self._forms.read(request)
        name, password = fields.get("name", "").strip(), fields.get("password", "")
        wanted = wanted_page(fields.get("next"))
        address = request.client.host if request.client else ""
        wait = self._by_address.begin(address) or self._by_name.begin(name)
        clinician = await run_in_threadpool(self._store.clinician, name) if name else None
        if wait is not None:
            await self._audit(_actor(clinician), "refused sign in")
            return self._too_many(request, name, wanted, wait)
        stored = clinician.password_hash if clinician and not clinician.disabled else None
        fits = await run_in_threadpool(self._passwords.fits, password, stored)
        response = RedirectResponse(wanted, 303)
        if clinician is None or not fits or not await self._begin(request, response, clinician):
            await self._audit(_actor(clinician), "failed sign in")
            return self._sign_in_page(request, 401, name=name, wanted=wanted, problem=_WRONG)
        self._by_name.forget(name)
        self._by_address.forgive(address)
        delete_cookie(request, response, VISITOR)
        await self._audit(clinician.name, "sign in")
        return response

    async def _begin(self, request: Request, response: Response, clinician: Clinician) -> bool:
        """Open the session; False when the account was disabled while the password was checked."""
        try:
            await begin_session(request, response, self._store, clinician)
        except ClinicianUnknown:
            return False
        return True

    def _too_many(self, request: Request, name: str, wanted: str, wait: timedelta) -> Response:
        minutes = math.ceil(wait.total_seconds() / 60)
        words = f"Too many tries. Please wait {minutes} minute{'' if minutes == 1 else 's'}, then try again."
        response = self._sign_in_page(request, 429, name=name, wanted=wanted, problem=words)
        response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
        return response

    def _sign_in_page(
        self,
        request: Request,
        status_code: int = 200,
        *,
        name: str = "",
        ready: bool = False,
        wanted: str | None = None,
        problem: str | None = None,
    ) -> Response:
        return self._form_page(
            request,
            "sign_in.html",
            status_code,
            name=name,
            ready=ready,
            wanted=wanted or wanted_page(request.query_params.get("next")),
            problem=problem,
        )

    def _setup_page(self, request: Request, clinician: Clinician, problem: str | None = None) -> Response:
        return self._form_page(
            request,
            "setup.html",
            422 if problem else 200,
            name=clinician.name,
            shortest=SHORTEST,
            longest=LONGEST,
            problem=problem,
        )

    def _form_page(self, request: Request, template: str, status_code: int, **values: object) -> Response:
        """A page with a form for somebody who has no session, bound to a cookie made for it."""
        binding = cookie(request, SESSION) or cookie(request, VISITOR)
        fresh = new_binding() if binding is None else None
        response = page(template, status_code, csrf=self._forms.token(binding or fresh or ""), **values)
        if fresh is not None:
            set_cookie(request, response, VISITOR, fresh, None)
        return response

    async def _audit(self, actor: str, action: str) -> None:
        await run_in_threadpool(self._store.write_audit, actor, action, "console")


def _actor(clinician: Clinician | None) -> str:
    """Who it was about; a name that nobody has may be a password in the wrong box, so it is not kept."""
    return clinician.name if clinician else _NOBODY
