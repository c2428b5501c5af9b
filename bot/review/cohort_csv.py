"""Cases as CSV, one line each, ready for analysis and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from bot.clinical.fields import FIELDS
from bot.review.danger import CAUDA_EQUINA
from bot.review.sharing import RESEARCH, as_shared, decision_of, sharing_of
from bot.review.summary_json import iso
from bot.store.case_codes import case_code
from bot.store.records import Case

#: a cell that begins so may be run by a spreadsheet (OWASP, CSV injection), full-width forms too
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

COLUMNS = (
    *(
        "episode",
        "patient",
        "channel",
        "code",
        "reference",
        "status",
        "sharing",
        "research",
        "triage",
        "flags",
        "open_flags",
    ),
    *("started_at", "updated_at", "plan_version", "plan_status", "rulebook"),
    *("recommended", "considered", "clinician_only", "withheld", "decision", "decided_by", "decided_at"),
    *("cauda_equina_answered", "check_ins_answered", "check_ins_missed", "messages"),
    *FIELDS,
)


def export_csv(cases: Iterable[Case]) -> Iterator[str]:
    """The header, then a line for each case as it comes: memory holds one case at a time.

    Values are codes of the vocabulary; a list is joined by "; ". A patient's own words are left out but
    for the fields that are words. What is not shared with clinicians is empty. A text that a spreadsheet
    could take for a formula gets an apostrophe in front.
    """
    yield _line(COLUMNS)
    for case in cases:
        row = row_of(case)
        yield _line(row[name] for name in COLUMNS)


def row_of(case: Case) -> Mapping[str, object]:
    """column -> value, before it is made harmless"""
    shared = as_shared(case)
    facts = {one.field: one.value for one in shared.facts if not one.retracted}
    plan = shared.plans[-1] if shared.plans else None
    review = shared.reviews[-1] if shared.reviews else None
    statuses = [one.status.value for one in case.check_ins]
    return {
        **dict.fromkeys(COLUMNS),
        **{name: value for name, value in facts.items() if name in FIELDS},
        "episode": case.episode.id,
        "code": case_code(case.episode.id),
        "reference": case.reference,
        "patient": case.episode.patient_id,
        "channel": case.conversation.channel,
        "status": case.episode.status,
        "sharing": sharing_of(case).value,
        "research": decision_of(case, RESEARCH).value,
        "triage": case.episode.triage,
        "flags": list(case.episode.flags),
        "open_flags": [one.code for one in case.flags if one.status == "open"],
        "started_at": iso(case.episode.started_at),
        "updated_at": iso(case.episode.updated_at),
        "plan_version": plan.version if plan else None,
        "plan_status": plan.status if plan else None,
        "rulebook": plan.assessment.get("rulebook") if plan else None,
        "recommended": _options(plan.assessment if plan else {}, "recommend"),
        "considered": _options(plan.assessment if plan else {}, "consider"),
        "clinician_only": _options(plan.assessment if plan else {}, "clinician_only"),
        "withheld": _options(plan.assessment if plan else {}, "withheld"),
        "decision": review.decision if review else None,
        "decided_by": review.clinician if review else None,
        "decided_at": iso(review.at) if review else None,
        "cauda_equina_answered": sum(name in facts for name in CAUDA_EQUINA),
        "check_ins_answered": statuses.count("answered"),
        "check_ins_missed": statuses.count("missed"),
        "messages": sum(one.sender == "patient" for one in shared.messages),
    }


def cell(value: object) -> str:
    """A value as the text of a cell, with nothing in it that a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = "; ".join(_item(one) for one in value) if isinstance(value, (list, tuple)) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS_A_FORMULA) else text


def _item(value: object) -> str:
    if isinstance(value, Mapping):
        score = value.get("score")
        return f"{value.get('activity')} ({'not scored' if score is None else score})"
    return str(value)


def _options(assessment: Mapping[str, object], status: str) -> list[str]:
    listed = assessment.get("options")
    options = listed if isinstance(listed, (list, tuple)) else ()
    return [str(one["id"]) for one in options if isinstance(one, Mapping) and one.get("status") == status]


def _line(values: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cell(value) for value in values])
    return out.getvalue()
