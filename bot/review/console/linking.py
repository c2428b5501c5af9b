"""Whose case it is: the clinic's own reference, the other cases of the same person, and two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.clinical.rulebook import Rulebook
from bot.review.beside import beside
from bot.review.console.access import SignedIn, signed_in, to_sign_in
from bot.review.console.errors import PageError
from bot.review.console.forms import Forms
from bot.review.console.interface import ConsoleStore
from bot.review.console.pages import page
from bot.review.document import Summary
from bot.review.sharing import as_shared, is_withheld
from bot.review.summary import summarise
from bot.review.words import EPISODE_STATUS, NOT_TRIAGED, TRIAGE, plain_code
from bot.store.case_codes import case_code
from bot.store.errors import EpisodeUnknown, ReferenceInvalid
from bot.store.records import Case

MOST_OTHERS = 20


@dataclass(frozen=True)
class OtherCase:
    """Another case of the same person, as the list shows it."""

    episode: str
    code: str
    urgency: str
    triage: str
    status: str
    started_at: datetime


def other_cases(store: ConsoleStore, episode: str) -> tuple[OtherCase, ...]:
    """The other cases of this patient or of this reference, the newest first."""
    rows = store.episode_rows(store.cases_of_the_same_person(episode)[:MOST_OTHERS])
    return tuple(
        OtherCase(
            episode=row.episode,
            code=case_code(row.episode),
            urgency=row.urgency or "none",
            triage=TRIAGE.get(row.urgency or "", NOT_TRIAGED)[0],
            status=plain_code(row.status, EPISODE_STATUS),
            started_at=row.started_at,
        )
        for row in rows
    )


class Linking:
    """The pages at /episodes/{episode}/reference and /episodes/{episode}/beside/{other}."""

    def __init__(self, store: ConsoleStore, forms: Forms, rulebook: Rulebook) -> None:
        self._store = store
        self._forms = forms
        self._rulebook = rulebook

    async def reference(self, request: Request) -> Response:
        """POST /episodes/{episode}/reference: label the patient of this case, or take the label away."""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        fields = await self._forms.read(request)
        step, episode = fields.get("step", ""), request.path_params["episode"]
        if step not in {"link", "unlink"}:
            raise PageError(400, "Not readable", "The form could not be read. Please go back and try again.")
        case = await self._case(episode)
        # The reference is the clinic's own and stays out of the log.
        await self._audit(reader, f"{step} reference", case.episode.id)
        label = fields.get("reference", "") if step == "link" else None
        try:
            await run_in_threadpool(self._store.link_reference, case.episode.id, label)
        except ReferenceInvalid:
            await self._audit(reader, f"refused {step} reference", case.episode.id)
            raise PageError(
                422,
                "No reference",
                "A reference is 1 to 64 characters on one line, such as a record number. Please go back.",
            ) from None
        except EpisodeUnknown:
            raise _gone() from None
        return RedirectResponse(f"/episodes/{case.episode.id}?done={step}ed", 303)

    async def beside(self, request: Request) -> Response:
        """GET /episodes/{episode}/beside/{other}: two cases of one person."""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        here, there = request.path_params["episode"], request.path_params["other"]
        if there not in await run_in_threadpool(self._store.cases_of_the_same_person, here):
            raise PageError(
                404,
                "Not of one person",
                "These two are not known as cases of one person. Link both to the same reference first.",
            )
        cases = sorted(
            [await self._case(here), await self._case(there)],
            key=lambda case: (case.episode.started_at, case.episode.id),
        )
        for case in cases:
            await self._audit(reader, "read side by side", case.episode.id)
        first, second = await run_in_threadpool(self._sides, cases)
        return page(
            "beside.html",
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            here=here,
            reference=cases[0].reference,
            sides=(first, second),
            groups=beside(first, second),
        )

    def _sides(self, cases: list[Case]) -> tuple[Summary, Summary]:
        first, second = (
            summarise(as_shared(case), self._rulebook, withheld=is_withheld(case)) for case in cases
        )
        return first, second

    async def _case(self, episode: str) -> Case:
        try:
            return await run_in_threadpool(self._store.case, episode)
        except EpisodeUnknown:
            raise _gone() from None

    async def _audit(self, reader: SignedIn, action: str, subject: str) -> None:
        await run_in_threadpool(self._store.write_audit, reader.clinician.name, action, subject)


def _gone() -> PageError:
    return PageError(404, "No such episode", "It may have been deleted. The list shows those that are there.")
