"""One's own account: what opens it, recovery codes, and signing out everywhere."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.review.console.access import SignedIn, signed_in, to_sign_in
from bot.review.console.forms import Forms
from bot.review.console.interface import ConsoleStore
from bot.review.console.lockout import Lockout, too_many
from bot.review.console.pages import page
from bot.review.console.roles import ROLE_WORDS
from bot.review.console.second_factor import new_recovery_codes
from bot.review.console.second_step import SecondStep


class OwnAccount:
    """The pages at /account. `second` is None where no second factor is asked for."""

    def __init__(
        self, store: ConsoleStore, forms: Forms, lockout: Lockout, second: SecondStep | None
    ) -> None:
        self._store = store
        self._forms = forms
        self._lockout = lockout
        self._second = second

    async def account(self, request: Request) -> Response:
        """GET /account"""
        reader = await signed_in(request, self._store)
        return to_sign_in(request) if reader is None else await self._page(reader)

    async def recovery(self, request: Request) -> Response:
        """POST /account/recovery: new recovery codes, for a fresh code of the second factor."""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        fields = await self._forms.read(request)
        if self._second is None:
            return RedirectResponse("/account", 303)
        name = reader.clinician.name
        wait = await self._lockout.begin(request, name)
        if wait is not None:
            return await self._page(reader, 429, too_many(wait))
        if not await self._second.fits(reader, fields.get("code", "")):
            await self._audit(reader, "failed second factor")
            return await self._page(reader, 422, "This code is not right, or it was used before.")
        await self._lockout.was_good(request, name, wholly=False)
        codes = new_recovery_codes()
        await run_in_threadpool(self._store.set_recovery_codes, reader.clinician.id, codes)
        await self._audit(reader, "make recovery codes")
        return page(
            "recovery_codes.html",
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            codes=codes,
            wanted="/account",
        )

    async def _page(self, reader: SignedIn, status_code: int = 200, problem: str | None = None) -> Response:
        left = await run_in_threadpool(self._store.recovery_codes_left, reader.clinician.id)
        return page(
            "account.html",
            status_code,
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            role=ROLE_WORDS[reader.clinician.role],
            second_factor=reader.clinician.has_second_factor and self._second is not None,
            left=left,
            problem=problem,
        )

    async def _audit(self, reader: SignedIn, action: str) -> None:
        await run_in_threadpool(self._store.write_audit, reader.clinician.name, action, "console")
