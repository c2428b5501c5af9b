"""The summary as a tagged PDF (PDF/UA-1): one page for an ordinary case, then the plan's reasons and the chat."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.clinical.urgency import Urgency
from bot.review.document import FlagView, Section, Summary
from bot.review.plan_view import Option
from bot.review.rendering import moment
from bot.review.sharing import Sharing
from bot.review.summary import summarise
from bot.review.trend_picture import picture
from bot.review.typesetting import FONT, Page, typeset, visible
from bot.store.records import Case

_HAND_OVER = frozenset({Urgency.EMERGENCY_NOW.value, Urgency.SAME_DAY.value})
#: of half a page
_CHARACTERS_A_LINE = 70


def export_pdf(case: Case, rulebook: Rulebook | None = None, *, withheld: bool = False) -> bytes:
    """The file. `withheld` says that the answers were taken out of the case. Raises PdfFailed."""
    return typeset("summary.typ", paper(summarise(case, rulebook or default_rulebook(), withheld=withheld)))


def paper(summary: Summary) -> Page:
    """What the page shows, as texts only; stray characters are made visible."""
    danger = summary.danger
    page: Page = {
        "title": "Back pain summary",
        "signed": summary.mark.signed,
        "mark": summary.mark.text,
        "person": summary.person,
        "footer": f"Case {summary.code}. {summary.mark.text}",
        "meta": [
            ["Case code", summary.code],
            ["Status", summary.status],
            ["Started", moment(summary.started_at)],
            ["Last change", moment(summary.updated_at)],
            ["Channel", summary.channel],
            ["Episode", summary.episode],
            ["Patient", f"{summary.patient} (no name is kept)"],
            *([] if summary.withheld else [["Completeness", summary.progress]]),
        ],
        "notice": _notice(summary),
        "withheld": summary.withheld,
        "sbar": list(_sbar(summary)),
        "danger": {
            "counts": f"{len(danger.positive)} positive, {len(danger.unclear)} unsure or skipped, "
            f"{len(danger.not_asked_fields)} not asked, {len(danger.negative_fields)} negative",
            "positive": [
                {
                    "name": f"{one.report.label}: {one.report.value}",
                    "rules": list(one.rules),
                    "how": "tapped" if one.report.source == "choice" else "said",
                    "words": one.report.words or "",
                    "note": _stands(one.since is not None or one.taken_back),
                }
                for one in danger.positive
            ],
            "unclear": "; ".join(f"{one.label}: {one.answer}" for one in danger.unclear),
            "not_asked": _groups((group.title, group.labels) for group in danger.not_asked),
            "negative": _groups((group.title, group.labels) for group in danger.negative),
        },
        "triage": {
            "name": summary.triage.name,
            "meaning": summary.triage.meaning,
            "plan": summary.triage.plan,
        },
        "findings": [
            {
                "rule": one.rule,
                "urgency": one.urgency_words,
                "text": one.clinician,
                "sources": ", ".join(one.sources),
            }
            for one in summary.triage.findings
        ],
        "trends": [
            {
                "title": f"{one.title}, 0 to {one.top}",
                "svg": picture(one, FONT),
                "words": one.in_words,
                "short": f"{one.in_short} {'Lower' if one.lower_is_better else 'Higher'} is better.",
                "change": one.change,
            }
            for one in summary.trends
        ],
        "history": _two_columns(summary.history),
        "skipped": "; ".join(summary.skipped),
        "corrections": [
            f"{one.label}: “{one.before.value}” "
            + (f"became “{one.now.value}”." if one.now else "was taken back.")
            for one in summary.corrections
        ],
        "flags": [_flag(one, summary) for one in summary.flags],
        "plan": _plan(summary),
        "record": list(_record(summary)),
        "transcript": [
            {
                "head": f"{one.seq}. {'Patient' if one.sender == 'patient' else 'Bot'}, {moment(one.at)}",
                "text": one.text,
                "patient": one.sender == "patient",
            }
            for one in summary.transcript
        ],
    }
    return visible(page)


def _two_columns(sections: tuple[Section, ...]) -> list[list[Page]]:
    """The history in two columns of about the same height, in its order."""
    columns: list[list[Page]] = [[], []]
    heights = [_lines(part) for part in sections]
    above = 0
    for part, height in zip(sections, heights, strict=True):
        columns[above + height / 2 > sum(heights) / 2].append(
            {
                "title": part.title,
                "rows": [[row.label, row.value] for row in part.rows],
                "denied": "; ".join(part.denied),
                "not_asked": "; ".join(part.not_asked),
            }
        )
        above += height
    return columns


def _lines(part: Section) -> int:
    told = " · ".join(f"{row.label}: {row.value}" for row in part.rows)
    texts = [told, "; ".join(part.denied), "; ".join(part.not_asked)]
    return 1 + sum(math.ceil(len(text) / _CHARACTERS_A_LINE) for text in texts)


def _sbar(summary: Summary) -> Iterator[Page]:
    """Situation, background, assessment, recommendation: only where somebody must act today."""
    if summary.triage.urgency not in _HAND_OVER:
        return
    positive = summary.danger.positive
    situation = [f"{summary.person}. {summary.triage.name}."]
    situation += [
        f"{one.report.label}: {one.report.value}"
        + (f" (“{one.report.words}”, {moment(one.report.at)})" if one.report.words else "")
        for one in positive
    ]
    background = [
        "; ".join(f"{row.label}: {row.value}" for row in part.rows)
        for part in summary.history
        if part.title in _BACKGROUND and part.rows
    ]
    pressing = [one for one in summary.triage.findings if one.urgency in _HAND_OVER]
    assessment = [f"Rule {one.rule}: {one.clinician}" for one in pressing or summary.triage.findings]
    recommendation = [summary.triage.meaning]
    if summary.safety_advice:
        recommendation.append(f"The patient was told: {summary.safety_advice[-1].text}")
    if not summary.danger.cauda_equina_complete:
        recommendation.append("Ask first: the cauda equina questions are not complete.")
    parts = {
        "Situation": situation,
        "Background": background or ["Nothing more is known yet."],
        "Assessment": assessment,
        "Recommendation": recommendation,
    }
    for title, lines in parts.items():
        yield {"title": title, "lines": lines}


#: sections of the history that a hand-over needs
_BACKGROUND = frozenset({"Onset and course", "Pain", "Legs and nerves", "Medicines", "Other conditions"})


def _notice(summary: Summary) -> str:
    if summary.sharing is Sharing.REFUSED:
        return "The patient did not agree to show the answers to a clinician."
    if summary.withheld:
        return "The patient has not yet said whether a clinician may see the answers."
    return ""


def _stands(earlier: bool) -> str:
    return "Said earlier; it stands until a clinician clears it." if earlier else ""


def _flag(flag: FlagView, summary: Summary) -> str:
    """The flag with its reason; a reason that stands among the findings is named by its rule."""
    above = [
        one.rule
        for one in summary.triage.findings
        if flag.code in one.flags and flag.reason in ("", one.clinician)
    ]
    why = f"rule {above[0]}, see above" if above else flag.reason
    return f"{flag.name} ({flag.code}), {flag.status}" + (f": {why}" if why else "")


def _plan(summary: Summary) -> Page:
    plan = summary.plan
    if plan is None:
        return {"title": "none", "goals": [], "glance": [], "families": []}
    return {
        "title": f"version {plan.version}, {plan.status}" + (f", {plan.extent}" if plan.extent else ""),
        "goals": [goal.text for goal in plan.goals],
        "glance": [
            {"title": one.words, "names": "; ".join(one.names), "small": one.status == "not_offered"}
            for one in plan.glance
        ],
        "families": [
            {"title": family.title, "options": [_option(option) for option in family.options]}
            for family in plan.families
        ],
    }


def _option(option: Option) -> Page:
    return {
        "name": option.name,
        "status": option.status_words,
        "reasons": [
            {
                "rule": one.rule,
                "text": one.clinician or one.text,
                "sources": ", ".join(one.sources),
            }
            for one in option.reasons
        ],
        "positions": "; ".join(f"{one.body} {one.verdict}" for one in option.positions),
    }


def _record(summary: Summary) -> Iterator[str]:
    for score in summary.measures:
        if len(score.values) > 1 and not score.drawn:
            values = ", then ".join(f"{value} ({at:%d %b})" for value, at in score.values)
            yield f"{score.name}: {values}"
    if summary.check_ins:
        contacts = [f"{one.kind} ({one.local}) {one.status}" for one in summary.check_ins]
        yield f"Check-ins: {'; '.join(contacts)}"
    for review in summary.reviews:
        about = f", plan version {review.plan_version}" if review.plan_version else ""
        why = f": {review.reason}" if review.reason else "."
        yield f"{review.decision.capitalize()} by {review.clinician}, {moment(review.at)}{about}{why}"
    if summary.consents:
        last = max(one.at for one in summary.consents)
        decided = "; ".join(
            f"{one.purpose.lower()}: {'yes' if one.granted else 'no'}" for one in summary.consents
        )
        yield f"Consents, {moment(last)}: {decided}"
    yield f"Rulebook {summary.rulebook}"


def _groups(groups: Iterator[tuple[str, tuple[str, ...]]]) -> str:
    return " ".join(f"{title}: {', '.join(labels)}." for title, labels in groups)
