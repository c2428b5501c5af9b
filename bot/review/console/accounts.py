"""Accounts, for a lead: who there is, one-time links, roles, resets, and ending a wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.review.console.access import SignedIn, signed_in, to_sign_in
from bot.review.console.errors import PageError
from bot.review.console.forms import Forms
from bot.review.console.interface import ConsoleStore
from bot.review.console.links import clinician_link, trouble_with_name
from bot.review.console.lockout import key_of_name
from bot.review.console.pages import page
from bot.review.console.roles import ROLE_WORDS
from bot.store.records import ROLES, Clinician

DONE = {
    "role": "The role is changed. It counts from the next click on.",
    "disable": "The account is disabled and signed out.",
    "unlock": "The account may try again at once.",
    "sign_out": "The account is signed out everywhere.",
}


@dataclass(frozen=True)
class AccountRow:
    """One line of the page. `locked` is how long the account must wait after wrong tries."""

    account: Clinician
    state: str
    locked: timedelta | None
    own: bool


class Accounts:
    """The pages at /accounts. Nobody changes their own role there, or shuts themselves out."""

    def __init__(self, store: ConsoleStore, clock: Callable[[], datetime], forms: Forms) -> None:
        self._store = store
        self._clock = clock
        self._forms = forms

    async def accounts(self, request: Request) -> Response:
        """GET and POST /accounts: the list; a new account with its link."""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        if request.method != "POST":
            done = DONE.get(request.query_params.get("done", ""))
            await self._audit(reader, "read accounts", "accounts")
            return await self._page(reader, done=done)
        fields = await self._forms.read(request)
        name, role = fields.get("name", "").strip(), fields.get("role", "")
        problem = trouble_with_name(name) or (None if role in ROLES else "Please choose a role.")
        known = await run_in_threadpool(self._store.clinician, name) if problem is None else None
        if known is not None:
            problem = "There is an account of this name already. Give it a new link from its own row."
        if problem is not None:
            return await self._page(reader, 422, problem=problem, name=name, role=role)
        await self._audit(reader, f"invite {role}", name)
        return await self._page(reader, link=await self._link(request, name, role), invited=name)

    async def account(self, request: Request) -> Response:
        """POST /accounts/{account}: one step with one account."""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        fields = await self._forms.read(request)
        account = await self._account(request.path_params["account"])
        step = fields.get("step", "")
        if account.id == reader.clinician.id and step in {"role", "disable", "reset"}:
            raise PageError(
                422,
                "Your own account",
                "Please ask another lead, or use `backplan clinicians`, for this step.",
            )
        if step == "reset":
            await self._audit(reader, "reset account", account.name)
            await run_in_threadpool(self._store.reset_clinician, account.name)
            await run_in_threadpool(self._store.forget_tries, key_of_name(account.name))
            link = await self._link(request, account.name, account.role)
            return await self._page(reader, link=link, invited=account.name)
        await self._take(reader, account, step, fields.get("role", ""))
        return RedirectResponse(f"/accounts?done={step}", 303)

    async def _take(self, reader: SignedIn, account: Clinician, step: str, role: str) -> None:
        store, name = self._store, account.name
        steps: dict[str, tuple[str, Callable[[], object]]] = {
            "role": (f"set role {role}", partial(store.set_role, name, role)),
            "disable": ("disable clinician", partial(store.disable_clinician, name)),
            "unlock": ("unlock clinician", partial(store.forget_tries, key_of_name(name))),
            "sign_out": ("sign out clinician", partial(store.close_sessions_of, account.id)),
        }
        if step not in steps or (step == "role" and role not in ROLES):
            raise PageError(400, "Not readable", "The form could not be read. Please go back and try again.")
        action, do = steps[step]
        await self._audit(reader, action, name)
        await run_in_threadpool(do)

    async def _account(self, account_id: str) -> Clinician:
        for one in await run_in_threadpool(self._store.clinicians):
            if one.id == account_id:
                return one
        raise PageError(404, "No such account", "The list of accounts shows those that are there.")

    async def _link(self, request: Request, name: str, role: str) -> str:
        address = f"{request.url.scheme}://{request.url.netloc}"
        return await run_in_threadpool(clinician_link, self._store, address, self._clock(), name, role)

    async def _page(
        self,
        reader: SignedIn,
        status_code: int = 200,
        *,
        problem: str | None = None,
        done: str | None = None,
        link: str | None = None,
        invited: str = "",
        name: str = "",
        role: str = "clinician",
    ) -> Response:
        rows = await run_in_threadpool(self._rows, reader)
        return page(
            "accounts.html",
            status_code,
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            rows=rows,
            roles=ROLE_WORDS,
            problem=problem,
            done=done,
            link=link,
            invited=invited,
            name=name,
            role=role,
        )

    def _rows(self, reader: SignedIn) -> list[AccountRow]:
        return [
            AccountRow(
                account=one,
                state=_state(one),
                locked=self._store.locked_for(key_of_name(one.name)),
                own=one.id == reader.clinician.id,
            )
            for one in self._store.clinicians()
        ]

    async def _audit(self, reader: SignedIn, action: str, subject: str) -> None:
        await run_in_threadpool(self._store.write_audit, reader.clinician.name, action, subject)


def _state(account: Clinician) -> str:
    if account.disabled:
        return "disabled"
    return "in use" if account.password_hash is not None else "waits for its link to be used"
