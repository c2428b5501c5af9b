"""Files to take away: one case in each form, or all of them as CSV. Every case in a file is audited."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.clinical.rulebook import Rulebook
from bot.review.cohort_csv import export_csv
from bot.review.console.access import SignedIn, signed_in, to_sign_in
from bot.review.console.errors import PageError
from bot.review.console.interface import ConsoleStore
from bot.review.exports import FORMS
from bot.review.sharing import as_shared, is_for_research, is_withheld
from bot.store.errors import EpisodeUnknown
from bot.store.records import Case


class Exporting:
    """The files under /episodes."""

    def __init__(self, store: ConsoleStore, rulebook: Rulebook) -> None:
        self._store = store
        self._rulebook = rulebook

    async def one(self, request: Request) -> Response:
        """GET /episodes/{episode}.{form}"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        name = request.path_params["form"]
        if name not in FORMS:
            raise PageError(404, "No such form", f"A case can be had as {', '.join(FORMS)}.")
        try:
            case = await self._read(reader, request.path_params["episode"], f"export {name}")
        except EpisodeUnknown:
            raise PageError(
                404, "No such episode", "It may have been deleted. The list shows those that are there."
            ) from None
        form = FORMS[name]
        content = await run_in_threadpool(form.make, as_shared(case), self._rulebook, is_withheld(case))
        return Response(content, media_type=form.media_type, headers=_as_file(f"{case.episode.id}.{name}"))

    async def cohort(self, request: Request) -> Response:
        """GET /episodes.csv: every case, streamed; with `for=research` those whose patients agree to that."""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        research = request.query_params.get("for") == "research"
        return StreamingResponse(
            self._lines(reader, research=research),
            media_type="text/csv; charset=utf-8",
            headers=_as_file("research.csv" if research else "episodes.csv"),
        )

    async def _lines(self, reader: SignedIn, *, research: bool) -> AsyncIterator[str]:
        header, *_ = export_csv([])
        yield header
        async for episode in iterate_in_threadpool(self._store.episode_ids()):
            try:
                if research and not is_for_research(await run_in_threadpool(self._store.case, episode)):
                    continue
                case = await self._read(reader, episode, "export research csv" if research else "export csv")
            except EpisodeUnknown:
                # Erased while the file was on its way.
                continue
            yield [*export_csv([case])][1]

    async def _read(self, reader: SignedIn, episode: str, action: str) -> Case:
        """Read a case, and write down that it was before anything of it leaves."""
        case = await run_in_threadpool(self._store.case, episode)
        await run_in_threadpool(self._store.write_audit, reader.clinician.name, action, case.episode.id)
        return case


def _as_file(name: str) -> dict[str, str]:
    # The ids are ours, and hexadecimal; anything else in a name would be a mistake, so it goes.
    kept = "".join(letter for letter in name if letter.isalnum() or letter in "-_.")
    return {"Content-Disposition": f'attachment; filename="backplan-{kept}"'}
