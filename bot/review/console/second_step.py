"""The second step of signing in: setting up an authenticator app, and giving its code ever after."""

from __future__ import annotations

import math
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.review.console.access import Gate, SignedIn, wanted_page
from bot.review.console.forms import VISITOR, Forms, delete_cookie
from bot.review.console.interface import ConsoleStore
from bot.review.console.lockout import Lockout, too_many
from bot.review.console.pages import page
from bot.review.console.qr import picture_of
from bot.review.console.second_factor import (
    SecondFactors,
    SecretUnreadable,
    as_recovery_code,
    in_groups,
    new_recovery_codes,
)
from bot.store.errors import ClinicianUnknown
from bot.store.records import Stage

_WRONG = "This code is not right, or it was used before. Please wait for the next one and type that."
_NOT_CONFIRMED = (
    "This code does not fit. Check that the phone sets its clock by itself, and type the newest code."
)
_SIGN_IN = "/signin"


class SecondStep:
    """The pages at /signin/enrol and /signin/code, for a browser whose password was right."""

    def __init__(
        self, store: ConsoleStore, forms: Forms, gate: Gate, lockout: Lockout, factors: SecondFactors
    ) -> None:
        self._store = store
        self._forms = forms
        self._gate = gate
        self._lockout = lockout
        self._factors = factors

    async def enrol(self, request: Request) -> Response:
        """GET and POST /signin/enrol"""
        reader = await self._gate.half_signed_in(request, Stage.ENROL)
        if reader is None:
            return RedirectResponse(_SIGN_IN, 303)
        if request.method != "POST":
            return self._enrol_page(request, reader)
        fields = await self._forms.read(request)
        secret = self._factors.secret_for(reader.token)
        step = self._factors.step_of(secret, fields.get("code", ""))
        if step is None:
            return self._enrol_page(request, reader, _NOT_CONFIRMED)
        codes = new_recovery_codes()
        sealed = self._factors.seal(secret, reader.clinician.id)
        kept = await run_in_threadpool(
            self._store.set_second_factor, reader.clinician.id, sealed, step, codes
        )
        if not kept:
            # Set up in another browser meanwhile.
            return RedirectResponse(_SIGN_IN, 303)
        await self._audit(reader, "set second factor")
        response = RedirectResponse("/", 303)
        try:
            token = await self._gate.begin(request, response, reader.clinician)
        except ClinicianUnknown:
            return RedirectResponse(_SIGN_IN, 303)
        await self._lockout.was_good(request, reader.clinician.name, wholly=True)
        await self._audit(reader, "sign in")
        wanted = wanted_page(fields.get("next"))
        shown = self._codes_page(reader, token, codes, wanted)
        shown.raw_headers.extend(one for one in response.raw_headers if one[0] == b"set-cookie")
        delete_cookie(request, shown, VISITOR)
        return shown

    async def code(self, request: Request) -> Response:
        """GET and POST /signin/code"""
        reader = await self._gate.half_signed_in(request, Stage.CODE)
        if reader is None:
            return RedirectResponse(_SIGN_IN, 303)
        if request.method != "POST":
            return self._code_page(request, reader)
        fields = await self._forms.read(request)
        name = reader.clinician.name
        wait = await self._lockout.begin(request, name)
        if wait is not None:
            await self._audit(reader, "refused sign in")
            response = self._code_page(request, reader, 429, too_many(wait))
            response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
            return response
        how = await self._use(reader, fields)
        if how is None:
            await self._audit(reader, "failed second factor")
            return self._code_page(request, reader, 401, _WRONG)
        wanted = "/account" if how == "recovery code" else wanted_page(fields.get("next"))
        response = RedirectResponse(wanted, 303)
        try:
            await self._gate.begin(request, response, reader.clinician)
        except ClinicianUnknown:
            return RedirectResponse(_SIGN_IN, 303)
        await self._lockout.was_good(request, name, wholly=True)
        delete_cookie(request, response, VISITOR)
        await self._audit(reader, "sign in" if how == "code" else f"sign in by {how}")
        return response

    async def _use(self, reader: SignedIn, fields: Mapping[str, str]) -> str | None:
        """Take the code that was typed, of either kind; None when it is worth nothing."""
        typed, account = fields.get("code", ""), reader.clinician.id
        if await run_in_threadpool(self._store.use_recovery_code, account, as_recovery_code(typed)):
            return "recovery code"
        return "code" if await self.fits(reader, typed) else None

    async def fits(self, reader: SignedIn, typed: str) -> bool:
        """Whether this is a code of the account's second factor that was not used before; it is used now."""
        account = reader.clinician.id
        sealed = await run_in_threadpool(self._store.second_factor, account)
        if sealed is None:
            return False
        try:
            step = self._factors.step_of(self._factors.unseal(sealed, account), typed)
        except SecretUnreadable:
            await self._audit(reader, "second factor unreadable")
            return False
        return step is not None and await run_in_threadpool(self._store.use_second_factor, account, step)

    def _enrol_page(self, request: Request, reader: SignedIn, problem: str | None = None) -> Response:
        secret = self._factors.secret_for(reader.token)
        return page(
            "enrol.html",
            422 if problem else 200,
            csrf=self._forms.token(reader.token),
            name=reader.clinician.name,
            picture=picture_of(self._factors.address(secret, reader.clinician.name)),
            secret=in_groups(secret),
            wanted=wanted_page(request.query_params.get("next")),
            problem=problem,
        )

    def _code_page(
        self, request: Request, reader: SignedIn, status_code: int = 200, problem: str | None = None
    ) -> Response:
        return page(
            "code.html",
            status_code,
            csrf=self._forms.token(reader.token),
            name=reader.clinician.name,
            wanted=wanted_page(request.query_params.get("next")),
            problem=problem,
        )

    def _codes_page(self, reader: SignedIn, token: str, codes: tuple[str, ...], wanted: str) -> Response:
        return page(
            "recovery_codes.html",
            clinician=reader.clinician,
            csrf=self._forms.token(token),
            codes=codes,
            wanted=wanted,
        )

    async def _audit(self, reader: SignedIn, action: str) -> None:
        await run_in_threadpool(self._store.write_audit, reader.clinician.name, action, "console")
