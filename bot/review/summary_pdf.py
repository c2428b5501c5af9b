"""The summary as a tagged PDF (PDF/UA-1): one page for an ordinary case, then the plan's reasons and the chat."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

import typst

from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.clinical.urgency import Urgency
from bot.review.document import Section, Summary
from bot.review.plan_view import Option
from bot.review.rendering import moment, page_file, shown
from bot.review.sharing import Sharing
from bot.review.summary import summarise
from bot.store.records import Case

_HAND_OVER = frozenset({Urgency.EMERGENCY_NOW.value, Urgency.SAME_DAY.value})
#: what the embedded fonts can set: Latin, Greek and Cyrillic with their punctuation and a few signs
_SETTABLE = re.compile(
    "[^\n\t\u0020-\u04ff\u1e00-\u1fff\u2010-\u2027\u2030-\u203a\u20ac\u2190-\u2193\u27e8\u27e9]"
)

#: of half a page
_CHARACTERS_A_LINE = 70

Page = dict[str, object]


class PdfFailed(RuntimeError):
    """The page could not be set; says nothing of what is on it."""


def export_pdf(case: Case, rulebook: Rulebook | None = None, *, withheld: bool = False) -> bytes:
    """The file. `withheld` says that the answers were taken out of the case. Raises PdfFailed.

    A character for which this machine has no font is shown by its number, so that no message of a
    patient stops the export.
    """
    page = paper(summarise(case, rulebook or default_rulebook(), withheld=withheld))
    text = json.dumps(page, ensure_ascii=False)
    for attempt in (text, _SETTABLE.sub(lambda found: f"\u27e8U+{ord(found[0]):04X}\u27e9", text)):
        try:
            return bytes(
                typst.compile(
                    page_file("summary.typ").encode(),
                    format="pdf",
                    pdf_standards=["ua-1"],
                    sys_inputs={"data": attempt},
                )
            )
        except typst.TypstError:
            continue
    # Without the reason: it may quote a line of the page.
    raise PdfFailed("the summary could not be set as a PDF")


def paper(summary: Summary) -> Page:
    """What the page shows, as texts only; stray characters are made visible."""
    danger = summary.danger
    page: Page = {
        "title": "Back pain summary",
        "signed": summary.mark.signed,
        "mark": summary.mark.text,
        "person": summary.person,
        "footer": f"Episode {summary.episode}. {summary.mark.text}",
        "meta": [
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
        "history": _two_columns(summary.history),
        "skipped": "; ".join(summary.skipped),
        "corrections": [
            f"{one.label}: “{one.before.value}” "
            + (f"became “{one.now.value}”." if one.now else "was taken back.")
            for one in summary.corrections
        ],
        "flags": [
            f"{one.name} ({one.code}), {one.status}" + (f": {one.reason}" if one.reason else ".")
            for one in summary.flags
        ],
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
    return _visible(page)


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
    texts = [f"{row.label}: {row.value}" for row in part.rows]
    texts += ["; ".join(part.denied), "; ".join(part.not_asked)]
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
        f"{row.label}: {row.value}"
        for part in summary.history
        for row in part.rows
        if part.title in _BACKGROUND
    ]
    assessment = [f"Rule {one.rule}: {one.clinician}" for one in summary.triage.findings]
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


def _plan(summary: Summary) -> Page:
    plan = summary.plan
    if plan is None:
        return {"title": "none", "goals": [], "glance": [], "families": []}
    return {
        "title": f"version {plan.version}, {plan.status}" + (f", {plan.extent}" if plan.extent else ""),
        "goals": [goal.text for goal in plan.goals],
        "glance": [[one.words, "; ".join(one.names)] for one in plan.glance],
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
        values = ", then ".join(f"{value} ({at:%d %b})" for value, at in score.values)
        yield f"{score.name}: {values}"
    for check_in in summary.check_ins:
        yield f"Check-in {check_in.kind.lower()}: {check_in.local}, {check_in.status}"
    for review in summary.reviews:
        about = f", plan version {review.plan_version}" if review.plan_version else ""
        why = f": {review.reason}" if review.reason else "."
        yield f"{review.decision.capitalize()} by {review.clinician}, {moment(review.at)}{about}{why}"
    for consent in summary.consents:
        yield f"{consent.purpose}: {'yes' if consent.granted else 'no'}, {moment(consent.at)}"
    yield f"Rulebook {summary.rulebook}"


def _groups(groups: Iterator[tuple[str, tuple[str, ...]]]) -> str:
    return " ".join(f"{title}: {', '.join(labels)}." for title, labels in groups)


def _visible(value: Page) -> Page:
    return {key: _shown(one) for key, one in value.items()}


def _shown(value: object) -> object:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return _visible(value)
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return value
