"""Invitations: a one-time link and its picture for one patient, and those that nobody has used yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.review.console.access import SignedIn, signed_in, to_sign_in
from bot.review.console.errors import PageError
from bot.review.console.forms import Forms
from bot.review.console.interface import ConsoleStore
from bot.review.console.pages import page
from bot.review.console.qr import picture_of
from bot.review.decisions import day
from bot.review.invitations import ChatAddresses, telegram_link, web_link
from bot.review.texts import texts
from bot.store.errors import ReferenceInvalid
from bot.store.records import Invitation

USUAL_DAYS, MOST_DAYS = 14, 90
MOST_SHOWN = 200
_DONE = {"withdrawn": "The invitation is withdrawn. Its link opens nothing any more."}
_NO_REFERENCE = "A reference is 1 to 64 characters on one line, such as a record number."
_NO_DAYS = f"Please choose a number of days from 1 to {MOST_DAYS}."


@dataclass(frozen=True)
class Way:
    """One way to the chat: its title, its link, and the same as a picture."""

    title: str
    link: str
    picture: Markup


class Inviting:
    """The pages at /invitations."""

    def __init__(
        self, store: ConsoleStore, clock: Callable[[], datetime], forms: Forms, chat: ChatAddresses
    ) -> None:
        self._store = store
        self._clock = clock
        self._forms = forms
        self._chat = chat

    async def invitations(self, request: Request) -> Response:
        """GET and POST /invitations: those that wait; a new one with its link."""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        if request.method != "POST":
            await self._audit(reader, "read invitations", "invitations")
            return await self._page(reader, done=_DONE.get(request.query_params.get("done", "")))
        fields = await self._forms.read(request)
        reference, days = fields.get("reference", ""), fields.get("days", str(USUAL_DAYS))
        valid = _days(days)
        if valid is None:
            return await self._page(reader, 422, problem=_NO_DAYS, reference=reference, days=days)
        try:
            invitation = await run_in_threadpool(self._store.invite, reference, valid)
        except ReferenceInvalid:
            return await self._page(reader, 422, problem=_NO_REFERENCE, reference=reference, days=days)
        # The reference is the clinic's own and stays out of the log; the link is shown once this is written.
        await self._audit(reader, "invite patient", invitation.conversation)
        return await self._link_page(reader, invitation)

    async def withdraw(self, request: Request) -> Response:
        """POST /invitations/{conversation}/withdraw"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        await self._forms.read(request)
        conversation = request.path_params["conversation"]
        if not await run_in_threadpool(self._store.withdraw_invitation, conversation):
            raise PageError(
                404,
                "No such invitation",
                "It was withdrawn already, or the patient has used it and is in the list of episodes.",
            )
        await self._audit(reader, "withdraw invitation", conversation)
        return RedirectResponse("/invitations?done=withdrawn", 303)

    async def _link_page(self, reader: SignedIn, invitation: Invitation) -> Response:
        link = web_link(self._chat.chat, invitation.token)
        ways = [Way("In a web browser", link, picture_of(link))]
        name = await run_in_threadpool(self._chat.bot_name) if self._chat.bot_name else None
        if name is not None:
            link = telegram_link(name, invitation.token)
            ways.append(Way("In Telegram", link, picture_of(link)))
        gaps = {"date": day(invitation.expires_at - timedelta(days=1))}
        return page(
            "invitation.html",
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            invitation=invitation,
            ways=ways,
            told=[texts()[key].format(**gaps) for key in ("invited", "invited_how", "invited_emergency")],
            telegram_is_away=self._chat.bot_name is not None and name is None,
            only_here=self._chat.only_here,
        )

    async def _page(
        self,
        reader: SignedIn,
        status_code: int = 200,
        *,
        problem: str | None = None,
        done: str | None = None,
        reference: str = "",
        days: str = str(USUAL_DAYS),
    ) -> Response:
        now = self._clock()
        waiting = await run_in_threadpool(self._store.waiting_invitations, MOST_SHOWN)
        return page(
            "invitations.html",
            status_code,
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            waiting=[(one, one.expires_at <= now) for one in waiting],
            most=MOST_SHOWN,
            problem=problem,
            done=done,
            reference=reference,
            days=days,
            most_days=MOST_DAYS,
        )

    async def _audit(self, reader: SignedIn, action: str, subject: str) -> None:
        await run_in_threadpool(self._store.write_audit, reader.clinician.name, action, subject)


def _days(text: str) -> timedelta | None:
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MOST_DAYS):
        return None
    return timedelta(days=int(text))
