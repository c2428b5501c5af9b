"""What a clinician does with a case: decide, change options, ask, write, note, deal with a flag."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.clinical.plan_changes import Change
from bot.clinical.rulebook import Rulebook
from bot.clinical.status import Status
from bot.review.console.access import SignedIn, signed_in, to_sign_in
from bot.review.console.errors import PageError
from bot.review.console.forms import Forms
from bot.review.console.interface import ConsoleStore
from bot.review.console.pages import page
from bot.review.decisions import (
    LONGEST_REASON,
    LONGEST_WORDS,
    changed_assessment,
    statuses,
    steps_of,
    told_of_changes,
    told_of_decision,
    told_of_message,
    told_of_question,
)
from bot.review.history import last_heard
from bot.review.plan_view import plan_view
from bot.review.sharing import is_withheld
from bot.review.words import OPTION_STATUS
from bot.store.errors import ClinicianUnknown, EpisodeUnknown, FlagUnknown, PlanChanged
from bot.store.records import Case, PlanRecord

#: decisions of the form, and whether each needs a reason
DECISIONS: Mapping[str, bool] = {"accept": False, "call_in": False, "reject": True}
_OF_A_CASE_THAT_IS_HIDDEN = frozenset({"call_in"})
_FLAG_STEPS: Mapping[str, bool] = {"acknowledged": False, "closed": True}
_MOST_FIELDS = 400
_LARGEST = 512 * 1024


@dataclass(frozen=True)
class AsRead:
    """What the clinician had on the screen: a decision about anything else is refused."""

    plan_version: int | None
    as_of: datetime
    heard: int


class Deciding:
    """The forms under /episodes/{episode}. Each step is in the audit log before it is taken."""

    def __init__(
        self, store: ConsoleStore, clock: Callable[[], datetime], forms: Forms, rulebook: Rulebook
    ) -> None:
        self._store = store
        self._clock = clock
        self._forms = forms
        self._rulebook = rulebook

    async def decide(self, request: Request) -> Response:
        """POST /episodes/{episode}/decision"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        fields = await self._forms.read(request, largest=_LARGEST)
        decision = fields.get("decision", "")
        if decision not in DECISIONS:
            raise _unreadable()
        reason = _words(fields, "reason", LONGEST_REASON, needed=DECISIONS[decision])
        words = _words(fields, "words", LONGEST_WORDS)
        read = _as_read(fields)
        case = await self._case(reader, request)
        if is_withheld(case) and decision not in _OF_A_CASE_THAT_IS_HIDDEN:
            raise _hidden()
        told = told_of_decision(case, decision, reader.clinician.name, self._clock(), words)
        await self._take(
            reader,
            request,
            f"decide {decision}",
            partial(
                self._store.add_review,
                case.episode.id,
                reader.clinician.id,
                decision,
                read.plan_version,
                reason or None,
                read.as_of,
                told,
                read.heard,
            ),
        )
        return _done(request, decision)

    async def options(self, request: Request) -> Response:
        """GET and POST /episodes/{episode}/options"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        if request.method != "POST":
            case = await self._case(reader, request, "read options")
            return self._options_page(reader, case, self._plan_of(case).version)
        fields = await self._forms.read(request, _MOST_FIELDS, _LARGEST)
        read = _as_read(fields)
        case = await self._case(reader, request)
        plan = self._plan_of(case)
        if AsRead(plan.version, case.episode.updated_at, last_heard(case)) != read:
            raise _stale()
        changes = _changes(fields, statuses(plan))
        if not changes:
            problem = "Nothing is changed yet. Choose another status for an option first."
            return self._options_page(reader, case, plan.version, problem, 422)
        return await self._check_or_sign(reader, request, fields, case, changes)

    async def tell(self, request: Request) -> Response:
        """POST /episodes/{episode}/tell: a question or a message that the patient gets in the chat."""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        fields = await self._forms.read(request, largest=_LARGEST)
        kind = fields.get("kind", "")
        if kind not in {"question", "message"}:
            raise _unreadable()
        words = _words(fields, "text", LONGEST_WORDS, needed=True)
        case = await self._case(reader, request)
        name = reader.clinician.name
        told = told_of_question(name, words) if kind == "question" else told_of_message(name, words)
        add = partial(self._store.add_remark, case.episode.id, reader.clinician.id, kind, words, told)
        await self._take(reader, request, f"send {kind}", add)
        return _done(request, kind)

    async def note(self, request: Request) -> Response:
        """POST /episodes/{episode}/notes: for clinicians only."""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        fields = await self._forms.read(request, largest=_LARGEST)
        words = _words(fields, "text", LONGEST_REASON, needed=True)
        add = partial(
            self._store.add_remark, request.path_params["episode"], reader.clinician.id, "note", words
        )
        await self._take(reader, request, "add note", add)
        return _done(request, "note")

    async def flag(self, request: Request) -> Response:
        """POST /episodes/{episode}/flags/{flag}"""
        reader = await signed_in(request, self._store)
        if reader is None:
            return to_sign_in(request)
        fields = await self._forms.read(request, largest=_LARGEST)
        status = fields.get("status", "")
        if status not in _FLAG_STEPS:
            raise _unreadable()
        reason = _words(fields, "reason", LONGEST_REASON, needed=_FLAG_STEPS[status])
        episode, flag = request.path_params["episode"], request.path_params["flag"]
        change = partial(self._store.set_flag, episode, flag, reader.clinician.id, status, reason)
        await self._take(reader, request, f"flag {status}", change)
        return _done(request, f"flag_{status}")

    async def _check_or_sign(
        self,
        reader: SignedIn,
        request: Request,
        fields: Mapping[str, str],
        case: Case,
        changes: Sequence[Change],
    ) -> Response:
        now = self._clock()
        steps = await run_in_threadpool(steps_of, case, changes, self._rulebook, now)
        unexplained = [step.name for step in steps if step.breaks and not step.why]
        signing = fields.get("step") == "sign"
        problem = None
        if signing and unexplained:
            problem = f"Please write why, for: {'; '.join(unexplained)}."
        if not signing or problem:
            return page(
                "check_options.html",
                422 if problem else 200,
                clinician=reader.clinician,
                csrf=self._forms.token(reader.token),
                case=case,
                plan_version=case.plans[-1].version,
                heard=last_heard(case),
                steps=steps,
                changes=changes,
                problem=problem,
                words=fields.get("words", ""),
                longest=(LONGEST_REASON, LONGEST_WORDS),
            )
        words = _words(fields, "words", LONGEST_WORDS)
        plan = case.plans[-1]
        reasons = "; ".join(f"{one.name}: {one.why}" for one in steps if one.why)
        await self._take(
            reader,
            request,
            "sign changed plan",
            partial(
                self._store.sign_changed_plan,
                case.episode.id,
                reader.clinician.id,
                plan.version,
                changed_assessment(plan, changes, self._rulebook),
                reasons or None,
                case.episode.updated_at,
                told_of_changes(steps, reader.clinician.name, now, words),
                last_heard(case),
            ),
        )
        return _done(request, "changed")

    def _options_page(
        self, reader: SignedIn, case: Case, version: int, problem: str | None = None, status: int = 200
    ) -> Response:
        return page(
            "options.html",
            status,
            clinician=reader.clinician,
            csrf=self._forms.token(reader.token),
            case=case,
            plan_version=version,
            heard=last_heard(case),
            families=plan_view(case.plans[-1]).families,
            choices=OPTION_STATUS,
            problem=problem,
        )

    def _plan_of(self, case: Case) -> PlanRecord:
        if is_withheld(case):
            raise _hidden()
        if not case.plans:
            raise PageError(404, "No plan", "No plan was drafted for this patient, so none can be changed.")
        return case.plans[-1]

    async def _case(self, reader: SignedIn, request: Request, action: str | None = None) -> Case:
        try:
            case = await run_in_threadpool(self._store.case, request.path_params["episode"])
        except EpisodeUnknown:
            raise _gone() from None
        if action is not None:
            await self._audit(reader, action, case.episode.id)
        return case

    async def _take(
        self, reader: SignedIn, request: Request, action: str, step: Callable[[], object]
    ) -> None:
        """Write down who does what, then do it; a step that was refused is written down as that."""
        episode = request.path_params["episode"]
        await self._audit(reader, action, episode)
        try:
            await run_in_threadpool(step)
        except (PlanChanged, EpisodeUnknown, FlagUnknown, ClinicianUnknown) as error:
            await self._audit(reader, f"refused {action}", episode)
            if isinstance(error, PlanChanged):
                raise _stale() from None
            raise _gone() from None

    async def _audit(self, reader: SignedIn, action: str, subject: str) -> None:
        await run_in_threadpool(self._store.write_audit, reader.clinician.name, action, subject)


def _changes(fields: Mapping[str, str], known: Mapping[str, str]) -> tuple[Change, ...]:
    """The options for which another status was chosen, with the reason written for each."""
    changes = []
    for option, before in known.items():
        chosen = fields.get(f"status.{option}", before)
        if chosen == before:
            continue
        if chosen not in OPTION_STATUS:
            raise _unreadable()
        why = _words(fields, f"why.{option}", LONGEST_REASON)
        changes.append(Change(option, Status(chosen), why))
    return tuple(changes)


def _as_read(fields: Mapping[str, str]) -> AsRead:
    version, at, heard = (fields.get(name, "") for name in ("plan_version", "as_of", "heard"))
    try:
        read = AsRead(int(version) if version else None, datetime.fromisoformat(at), int(heard))
    except ValueError:
        raise _unreadable() from None
    numbers = [one for one in (version, heard) if one]
    if read.as_of.tzinfo is None or not all(one.isdecimal() and len(one) < 10 for one in numbers):
        raise _unreadable()
    return read


def _words(fields: Mapping[str, str], name: str, longest: int, *, needed: bool = False) -> str:
    words = fields.get(name, "").replace("\r\n", "\n").strip()
    if needed and not words:
        raise PageError(422, "Please write a few words", "This step needs a text. Please go back and add it.")
    if len(words) > longest:
        raise PageError(
            422, "Too long", f"At most {longest:,} characters, please. Go back and shorten the text."
        )
    return words


def _done(request: Request, what: str) -> Response:
    return RedirectResponse(f"/episodes/{request.path_params['episode']}?done={what}", 303)


def _unreadable() -> PageError:
    return PageError(400, "Not readable", "The form could not be read. Please go back and try again.")


def _gone() -> PageError:
    return PageError(404, "Not there any more", "It may have been deleted. The list shows what is there.")


def _hidden() -> PageError:
    return PageError(
        403,
        "Not shared with clinicians",
        "The patient did not agree to show the answers, so their plan cannot be signed or changed. "
        "You may call the patient in.",
    )


def _stale() -> PageError:
    return PageError(
        409,
        "The case has changed",
        "The patient or a colleague added something after you opened the case, so nothing was signed. "
        "Please open it again, read what is new, and decide then.",
    )
