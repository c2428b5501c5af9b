"""The list of episodes, and the summary of one, for a signed-in clinician. Every look is audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.clinical.rulebook import Rulebook
from bot.review.console.access import SignedIn, signed_in, to_sign_in
from bot.review.console.errors import PageError
from bot.review.console.forms import Forms
from bot.review.console.guard import WITH_OUR_SCRIPT
from bot.review.console.interface import ConsoleStore
from bot.review.console.linking import MOST_OTHERS, other_cases
from bot.review.console.pages import page
from bot.review.exports import FORMS
from bot.review.history import last_heard, news, thread, versions
from bot.review.queue import SHOWS, QueueRow, late_before, queue, state_of
from bot.review.sharing import as_shared, is_withheld
from bot.review.summary import summarise
from bot.review.summary_json import export_json
from bot.review.words import FLAG, NOT_TRIAGED, TRIAGE, plain_code
from bot.store.errors import EpisodeUnknown
from bot.store.records import Case, QueuePage

ROWS_ON_A_PAGE = 100

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
    "linked": "The case stands under your reference.",
    "unlinked": "The reference is taken away.",
}


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
        show, urgency = _filters(request)
        found, rows = await run_in_threadpool(self._queue, request, reader)
        await self._audit(reader, "read list", "episodes")
        answer = page(
            "episodes.html",
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            view=found,
            rows=rows,
            counts=[(key, words, found.counts[key]) for key, words in _CLASSES if key in found.counts],
            shows=SHOWS,
            show=show,
            classes=_CLASSES,
            urgency=urgency,
            state=state_of(rows, found),
        )
        answer.headers["Content-Security-Policy"] = WITH_OUR_SCRIPT
        return answer

    async def queue_state(self, request: Request) -> Response:
        """GET /queue/state: changes when the list on this page does.

        It shows nothing of a case, so it is no look at one.
        """
        reader = await signed_in(request, self._store)
        if reader is None:
            return JSONResponse({"title": "Please sign in to the console first.", "status": 401}, 401)
        found, rows = await run_in_threadpool(self._queue, request, reader)
        return JSONResponse({"state": state_of(rows, found)})

    def _queue(self, request: Request, reader: SignedIn) -> tuple[QueuePage, list[QueueRow]]:
        """The page of the queue that is asked for, and its rows in words."""
        now, number = self._clock(), _page_number(request)
        found = self._store.queue_page(
            reader.clinician.id, late_before(now), *_filters(request), number, ROWS_ON_A_PAGE
        )
        return found, queue(found.rows, found.seen, now)

    async def episode(self, request: Request) -> Response:
        """GET /episodes/{episode}"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        case = await self._case(reader, request, "read case")
        since = await run_in_threadpool(self._store.last_seen, case.episode.id, reader.clinician.id)
        await run_in_threadpool(self._store.mark_seen, case.episode.id, reader.clinician.id)
        shared, withheld = as_shared(case), is_withheld(case)
        return page(
            "episode.html",
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            summary=summarise(shared, self._rulebook, withheld=withheld),
            case=shared,
            plan_version=case.plans[-1].version if case.plans else None,
            heard=last_heard(case),
            flags=[(flag, plain_code(flag.code, FLAG)) for flag in shared.flags if flag.status != "closed"],
            versions=versions(shared),
            thread=thread(shared),
            since=since,
            news=news(shared, since) if since else (),
            forms=tuple(FORMS),
            others=await run_in_threadpool(other_cases, self._store, case.episode.id),
            most_others=MOST_OTHERS,
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


_CLASSES = tuple((key, words[0]) for key, words in (*TRIAGE.items(), ("none", NOT_TRIAGED)))


def _filters(request: Request) -> tuple[str, str]:
    """(what to show, which class); whatever is no filter counts as none."""
    show = request.query_params.get("show", "all")
    urgency = request.query_params.get("urgency", "")
    return (
        show if show in SHOWS else "all",
        urgency if urgency in {key for key, _ in _CLASSES} else "",
    )


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
