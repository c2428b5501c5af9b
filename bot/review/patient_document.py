"""The document that a patient takes home: their plan, their goals and what they told, in plain words, as a PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from importlib import resources

import yaml

from bot.clinical.facts import Facts
from bot.clinical.fields import FIELDS
from bot.clinical.questions import read_back
from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.clinical.wording import safety_net
from bot.review import stored
from bot.review.labels import AREAS
from bot.review.trend import TrendView, trends_of
from bot.review.trend_picture import picture
from bot.review.typesetting import FONT, Page, typeset, visible
from bot.review.words import CUT_SHORT
from bot.store.case_codes import case_code
from bot.store.records import Case, CheckInStatus, PlanRecord, Review

_ABOUT: Mapping[str, str] = {
    "what": "what",
    "expect": "expect",
    "guidelines": "guidelines",
    "risks": "risks",
    "cost_time_place": "effort",
}
_BEGIN = "begin"
#: part of the document, the status of its options, and what of each is told beside the reason
_PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("start", "recommend", (_BEGIN, *_ABOUT)),
    ("consider", "consider", ("risks", "cost_time_place")),
    ("clinician_only", "clinician_only", ()),
    ("left_out", "withheld", ()),
)
_TRENDS = {"nprs": "pain", "psfs": "activity", "rmdq": "day"}
#: told at a check-in about the course, which the pictures show
_COURSE = frozenset(next(area.fields for area in AREAS if area.key == "check_in"))


@lru_cache(maxsize=1)
def wording() -> Mapping[str, str]:
    """key -> text, some with gaps"""
    file = resources.files("bot.review") / "patient_document.yaml"
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {str(key): str(text) for key, text in document.items()}


def export_patient_pdf(case: Case, rulebook: Rulebook | None = None) -> bytes:
    """The patient's own document (tagged PDF/UA-1). Raises PdfFailed.

    For the patient, so what they did not agree to show a clinician is in it; answers that are kept apart
    (clinical.md §9) are not, because paper and phones are seen by others. Options that may not be shown
    are not in it either, nor is a plan that a clinician declined.
    """
    return typeset("patient.typ", patient_paper(case, rulebook or default_rulebook()))


def patient_paper(case: Case, rulebook: Rulebook) -> Page:
    """What the document shows, as texts only; stray characters are made visible."""
    words = wording()
    plan = _plan(case)
    options = stored.objects(plan.assessment, "options") if plan else ()
    advice = safety_net(rulebook)
    said: set[str] = set()
    held = case.episode.status in CUT_SHORT or bool(case.plans)
    page: Page = {
        "words": dict(words),
        "title": words["title"] if plan else words["title_without_plan"],
        "signed": _signature(case) is not None,
        "mark": _mark(case, plan),
        "footer": words["footer"].format(code=case_code(case.episode.id), date=_day(case.episode.updated_at)),
        "advice": advice,
        "told_before": list(_told_before(case, advice)),
        "no_plan": "" if plan else words["no_plan" if held else "no_plan_yet"],
        "goals": [
            [stored.text(one, "text") or stored.text(one, "words"), stored.text(one, "if_then")]
            for one in (stored.objects(plan.assessment, "goals") if plan else ())
        ],
        **{
            part: [_option(one, said if parts else set(), parts) for one in _with(options, status)]
            for part, status, parts in _PARTS
        },
        "not_part": "; ".join(stored.text(one, "name") for one in _with(options, "not_offered")),
        "trends": [_trend(one) for one in trends_of(case, rulebook)],
        "clinic": [
            f"{one.clinician}, {_day(one.at)}: {one.text}"
            for one in case.remarks
            if one.message_seq is not None
        ],
        "next": [
            f"{_day(at := datetime.fromisoformat(one.wall_time))}, {at:%H:%M}"
            for one in sorted(case.check_ins, key=lambda one: one.due_at)
            if one.status is CheckInStatus.PLANNED
        ],
        "noted": list(_answers(case, rulebook)),
        "private": words["private"] if _keeps_private(case) else "",
    }
    return visible(page)


def _plan(case: Case) -> PlanRecord | None:
    """The newest plan, where something of it may be shown and no clinician declined it."""
    if not case.plans:
        return None
    plan = case.plans[-1]
    shown = any(one.get("shown") is True for one in stored.objects(plan.assessment, "options"))
    last = _last_review(case)
    return plan if shown and (last is None or last.decision != "reject") else None


def _last_review(case: Case) -> Review | None:
    """The newest decision about the newest plan."""
    version = case.plans[-1].version if case.plans else None
    about = [one for one in case.reviews if one.plan_version == version]
    return about[-1] if about else None


def _signature(case: Case) -> Review | None:
    last = _last_review(case)
    return last if last is not None and last.decision == "accept" else None


def _mark(case: Case, plan: PlanRecord | None) -> str:
    last = _last_review(case)
    signed = _signature(case)
    if signed is not None:
        return wording()["signed"].format(clinician=signed.clinician, date=_day(signed.at))
    if last is not None and last.decision == "reject" and plan is None:
        return wording()["declined"].format(clinician=last.clinician)
    return wording()["draft" if plan else "unread"]


def _told_before(case: Case, advice: str) -> Iterator[str]:
    """The safety messages of the chat, the newest last, each once; what every chat ends with stands apart."""
    told = [one.text for one in case.messages if one.kind == "safety" and one.sender == "bot"]
    yield from (one for one in dict.fromkeys(told) if one != advice)


def _with(options: Iterable[Mapping[str, object]], status: str) -> list[Mapping[str, object]]:
    return [one for one in options if stored.text(one, "status") == status]


def _option(option: Mapping[str, object], said: set[str], parts: Iterable[str]) -> Page:
    """Why it stands where it stands, then the parts that were asked for.

    What holds for many options, such as how long the pain has lasted, is told at the first of them: `said`.
    Why something was left out is always told whole.
    """
    reasons = stored.objects(option, "reasons")
    why = [_new(stored.text(one, "text"), said) for one in reasons[:1]]
    for one in reasons[1:]:
        text = stored.text(one, "text")
        if stored.text(one, "effect") == "caution" and text not in said:
            said.add(text)
            why.append(text)
    about = {_BEGIN: stored.text(stored.mapping(option, "daily"), "text")}
    about.update({part: stored.text(stored.mapping(option, "about"), part) for part in _ABOUT})
    return {
        "name": stored.text(option, "name"),
        "why": " ".join(one for one in why if one),
        "lines": [[wording()[_ABOUT.get(part, part)], about[part]] for part in parts if about[part]],
    }


def _new(text: str, said: set[str]) -> str:
    """The text without its first sentence where that was said before."""
    first, _, rest = text.partition(". ")
    if rest and first in said:
        return rest
    said.add(first)
    return text


def _trend(trend: TrendView) -> Page:
    words = wording()
    better = words["lower" if trend.lower_is_better else "higher"].format(top=trend.top)
    title = words[_TRENDS[trend.measure]]
    return {
        "title": title,
        "svg": picture(trend, FONT),
        "words": f"{title}. {better} {trend.in_short}",
        "short": f"{trend.in_short} {better}",
    }


def _answers(case: Case, rulebook: Rulebook) -> Iterator[str]:
    """What the patient told, in the words of the read-back."""
    facts = Facts.of({one.field: one.value for one in case.facts if not one.retracted}, case.skipped)
    for item in read_back(facts, rulebook):
        alone = len(item.fields) == 1
        if item.field in _COURSE or (alone and FIELDS[item.field].restricted):
            continue
        yield item.words


def _keeps_private(case: Case) -> bool:
    return any(
        FIELDS[one.field].restricted for one in case.facts if not one.retracted and one.field in FIELDS
    )


def _day(at: datetime) -> str:
    """The date as it is written in a sentence: 6 January 2027."""
    return f"{at.day} {at:%B %Y}"
