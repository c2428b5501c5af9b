"""Choosing a password by a one-time link, signing in with it, and signing out."""

from __future__ import annotations

import math
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.review.console.access import Gate, SignedIn, signed_in, wanted_page
from bot.review.console.entry_forms import entry_page
from bot.review.console.errors import PageError
from bot.review.console.forms import SESSION, VISITOR, Forms, delete_cookie
from bot.review.console.interface import ConsoleStore
from bot.review.console.lockout import Lockout, too_many
from bot.review.console.passwords import LONGEST, SHORTEST, Passwords, weakness
from bot.review.console.roles import home
from bot.store.errors import ClinicianUnknown, SetupTokenInvalid
from bot.store.records import Clinician, Stage

_NOBODY = "nobody"
_WRONG = "The name or the password is not right. Please try again."


class SigningIn:
    """The pages at /setup, /signin and /signout. With `second_factor` a password alone opens nothing."""

    def __init__(
        self,
        store: ConsoleStore,
        forms: Forms,
        passwords: Passwords,
        gate: Gate,
        lockout: Lockout,
        *,
        second_factor: bool,
    ) -> None:
        self._store = store
        self._forms = forms
        self._passwords = passwords
        self._gate = gate
        self._lockout = lockout
        self._second_factor = second_factor

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
        reader = await self._gate.signed_in(request)
        if reader is not None:
            return RedirectResponse(home(reader.clinician), 303)
        name = self._forms.unsigned(request.query_params.get("for", ""))
        return self._sign_in_page(request, name=name or "", ready=name is not None)

    async def sign_out(self, request: Request) -> Response:
        """POST /signout"""
        reader = await self._leaving(request)
        await run_in_threadpool(self._store.close_clinician_session, reader.token)
        await self._audit(reader.clinician.name, "sign out")
        return _out(request)

    async def sign_out_everywhere(self, request: Request) -> Response:
        """POST /signout/everywhere"""
        reader = await self._leaving(request)
        await run_in_threadpool(self._store.close_sessions_of, reader.clinician.id)
        await self._audit(reader.clinician.name, "sign out everywhere")
        return _out(request)

    async def _leaving(self, request: Request) -> SignedIn:
        reader = await signed_in(request, self._store)
        if reader is None:
            raise PageError(401, "Not signed in", "You are signed out already.")
        await self._forms.read(request)
        return reader

    async def _choose_password(self, request: Request, token: str, clinician: Clinician) -> Response:
        fields = await self._forms.read(request)
        password = fields.get("password", "")
        problem = weakness(password, fields.get("again", ""), clinician.name)
        if problem is not None:
            return self._setup_page(request, clinician, problem)
        hashed = await run_in_threadpool(self._passwords.hash, password)
        ready = await run_in_threadpool(self._store.set_password, token, hashed)
        await self._lockout.was_good(request, clinician.name, wholly=True)
        await self._audit(clinician.name, "set password")
        if self._second_factor and not ready.has_second_factor:
            return await self._half_way(request, ready, Stage.ENROL, "/")
        return RedirectResponse(f"/signin?for={self._forms.signed(clinician.name)}", 303)

    async def _check(self, request: Request) -> Response:
        fields = await self._forms.read(request)
        name, password = fields.get("name", "").strip(), fields.get("password", "")
        wanted = wanted_page(fields.get("next"))
        wait = await self._lockout.begin(request, name)
        clinician = await run_in_threadpool(self._store.clinician, name) if name else None
        if wait is not None:
            await self._audit(_actor(clinician), "refused sign in")
            return self._too_many(request, name, wanted, wait)
        stored = clinician.password_hash if clinician and not clinician.disabled else None
        fits = await run_in_threadpool(self._passwords.fits, password, stored)
        try:
            if clinician is not None and fits:
                return await self._let_in(request, clinician, wanted)
        except ClinicianUnknown:
            # Disabled while the password was checked.
            pass
        await self._audit(_actor(clinician), "failed sign in")
        return self._sign_in_page(request, 401, name=name, wanted=wanted, problem=_WRONG)

    async def _let_in(self, request: Request, clinician: Clinician, wanted: str) -> Response:
        if self._second_factor:
            stage = Stage.CODE if clinician.has_second_factor else Stage.ENROL
            response = await self._half_way(request, clinician, stage, wanted)
            await self._lockout.was_good(request, clinician.name, wholly=False)
            return response
        response = RedirectResponse(wanted, 303)
        await self._gate.begin(request, response, clinician)
        await self._lockout.was_good(request, clinician.name, wholly=True)
        delete_cookie(request, response, VISITOR)
        await self._audit(clinician.name, "sign in")
        return response

    async def _half_way(self, request: Request, clinician: Clinician, stage: Stage, wanted: str) -> Response:
        address = "/signin/code" if stage is Stage.CODE else "/signin/enrol"
        response = RedirectResponse(address if wanted == "/" else f"{address}?next={wanted}", 303)
        await self._gate.begin(request, response, clinician, stage)
        return response

    def _too_many(self, request: Request, name: str, wanted: str, wait: timedelta) -> Response:
        response = self._sign_in_page(request, 429, name=name, wanted=wanted, problem=too_many(wait))
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
        return entry_page(
            self._forms,
            request,
            "sign_in.html",
            status_code,
            name=name,
            ready=ready,
            wanted=wanted or wanted_page(request.query_params.get("next")),
            problem=problem,
        )

    def _setup_page(self, request: Request, clinician: Clinician, problem: str | None = None) -> Response:
        return entry_page(
            self._forms,
            request,
            "setup.html",
            422 if problem else 200,
            name=clinician.name,
            shortest=SHORTEST,
            longest=LONGEST,
            second_factor=self._second_factor and not clinician.has_second_factor,
            problem=problem,
        )

    async def _audit(self, actor: str, action: str) -> None:
        await run_in_threadpool(self._store.write_audit, actor, action, "console")


def _out(request: Request) -> Response:
    response = RedirectResponse("/signin", 303)
    delete_cookie(request, response, SESSION)
    return response


def _actor(clinician: Clinician | None) -> str:
    """Who it was about; a name that nobody has may be a password in the wrong box, so it is not kept."""
    return clinician.name if clinician else _NOBODY
