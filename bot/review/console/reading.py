"""The list of episodes, and the summary of one, for a signed-in clinician. Every look is audited."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.clinical.rulebook import Rulebook
from bot.review.console.access import SignedIn, signed_in, to_sign_in
from bot.review.console.errors import PageError
from bot.review.console.forms import Forms
from bot.review.console.interface import ConsoleStore
from bot.review.console.pages import page
from bot.review.history import news, thread, versions
from bot.review.rendering import ago
from bot.review.sharing import as_shared, is_withheld
from bot.review.summary import summarise
from bot.review.summary_json import export_json
from bot.review.words import CHANNEL, EPISODE_STATUS, FLAG, NOT_TRIAGED, TRIAGE, plain_code
from bot.store.errors import EpisodeUnknown
from bot.store.records import Case, EpisodeRow

ROWS_ON_A_PAGE = 200

#: what was just done -> what the page says of it
DONE: Mapping[str, str] = {
    "accept": "Signed. The patient has been told in the chat.",
    "changed": "The changed plan is signed. The patient has been told in the chat.",
    "reject": "Declined. The plan is a draft again and held back. The patient has been told in the chat.",
    "call_in": "The patient has been asked in the chat to get in touch. The plan is held back.",
    "question": "The question is in the chat. The answer will appear here, and the list will say so.",
    "message": "The message is in the chat.",
    "note": "The note is kept. The patient does not see it.",
    "flag_acknowledged": "The flag is acknowledged.",
    "flag_closed": "The flag is resolved.",
}


@dataclass(frozen=True)
class Row:
    """One line of the list, in words."""

    episode: str
    urgency: str
    triage: str
    status: str
    flags: tuple[str, ...]
    channel: str
    waiting: str
    waiting_since: datetime


class Reading:
    """The pages at / and /episodes."""

    def __init__(
        self, store: ConsoleStore, clock: Callable[[], datetime], forms: Forms, rulebook: Rulebook
    ) -> None:
        self._store = store
        self._clock = clock
        self._forms = forms
        self._rulebook = rulebook

    async def episodes(self, request: Request) -> Response:
        """GET /"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        rows = await run_in_threadpool(self._store.episodes)
        await self._audit(reader, "read list", "episodes")
        pages = max(1, math.ceil(len(rows) / ROWS_ON_A_PAGE))
        number = min(pages, _page_number(request))
        now = self._clock()
        first = (number - 1) * ROWS_ON_A_PAGE
        return page(
            "episodes.html",
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            rows=[_row(row, now) for row in rows[first : first + ROWS_ON_A_PAGE]],
            counts=_counts(rows),
            total=len(rows),
            number=number,
            pages=pages,
        )

    async def episode(self, request: Request) -> Response:
        """GET /episodes/{episode}"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        case = await self._case(reader, request, "read case")
        seen = await run_in_threadpool(self._store.seen_by, reader.clinician.id)
        await run_in_threadpool(self._store.mark_seen, case.episode.id, reader.clinician.id)
        shared, withheld = as_shared(case), is_withheld(case)
        since = seen.get(case.episode.id)
        return page(
            "episode.html",
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            summary=summarise(shared, self._rulebook, withheld=withheld),
            case=shared,
            plan_version=case.plans[-1].version if case.plans else None,
            flags=[(flag, plain_code(flag.code, FLAG)) for flag in shared.flags if flag.status != "closed"],
            versions=versions(shared),
            thread=thread(shared),
            since=since,
            news=news(shared, since) if since else (),
            done=DONE.get(request.query_params.get("done", "")),
        )

    async def episode_json(self, request: Request) -> Response:
        """GET /episodes/{episode}.json"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return JSONResponse({"title": "Please sign in to the console first.", "status": 401}, 401)
        case = await self._case(reader, request, "export json")
        return JSONResponse(export_json(as_shared(case), self._rulebook))

    async def _case(self, reader: SignedIn, request: Request, action: str) -> Case:
        """Read a case, and write down that it was read before anything of it is shown."""
        episode = request.path_params["episode"]
        try:
            case = await run_in_threadpool(self._store.case, episode)
        except EpisodeUnknown:
            raise PageError(
                404, "No such episode", "It may have been deleted. The list shows those that are there."
            ) from None
        await self._audit(reader, action, case.episode.id)
        return case

    async def _audit(self, reader: SignedIn, action: str, subject: str) -> None:
        await run_in_threadpool(self._store.write_audit, reader.clinician.name, action, subject)


def _row(row: EpisodeRow, now: datetime) -> Row:
    return Row(
        episode=row.episode,
        urgency=row.triage or "none",
        triage=TRIAGE.get(row.triage or "", NOT_TRIAGED)[0],
        status=plain_code(row.status, EPISODE_STATUS),
        flags=tuple(plain_code(flag, FLAG) for flag in row.flags),
        channel=plain_code(row.channel, CHANNEL),
        waiting=ago(now - row.waiting_since),
        waiting_since=row.waiting_since,
    )


def _counts(rows: list[EpisodeRow]) -> list[tuple[str, str, int]]:
    """(urgency, its words, how many) for each class that has episodes, most urgent first."""
    classes = [*((urgency, words[0]) for urgency, words in TRIAGE.items()), (None, NOT_TRIAGED[0])]
    counted = [
        (urgency or "none", words, sum(row.triage == urgency for row in rows)) for urgency, words in classes
    ]
    return [one for one in counted if one[2]]


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
