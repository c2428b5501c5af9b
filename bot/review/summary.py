"""Makes the summary: the one place that selects and orders what a clinician is shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.clinical.fields import FIELDS, ITEMS_OF, RMDQ_PARTS
from bot.clinical.rulebook import Rulebook
from bot.review import stored
from bot.review.danger import DangerBox, danger_box
from bot.review.document import (
    CheckInView,
    ConsentView,
    FlagView,
    Mark,
    MeasureView,
    ReviewView,
    Section,
    Summary,
    TriageView,
)
from bot.review.findings import Finding, findings_of
from bot.review.labels import AREAS, GATES_TREATMENT, HISTORY, LABELS, LEADS, label_of
from bot.review.plan_view import PlanView, option_names, plan_view
from bot.review.reported import Correction, Report, Reported
from bot.review.sharing import sharing_of
from bot.review.trend import SHOWN, TrendView, trends_of
from bot.review.words import (
    CHANNEL,
    CHECK_IN_STATUS,
    CONSENT,
    CUT_SHORT,
    DECISION,
    EPISODE_STATUS,
    FLAG,
    NOT_TRIAGED,
    SOURCE_MARK,
    TRIAGE,
    UNDER_WAY,
    is_no,
    number_words,
    plain_code,
)
from bot.store.case_codes import case_code
from bot.store.records import Case, CheckIn, Review

#: Danger signs that belong to the story of the pain too, and are told there again.
_TOLD_TWICE = frozenset({"leg_pain", "leg_numbness", "leg_weakness", "pregnant"})
_CHECK_IN = "check_in"
#: scores that a check-in asks for again
_TOLD_ANEW = frozenset(
    {
        *next(area.fields for area in AREAS if area.key == _CHECK_IN),
        *(name for total, items in ITEMS_OF.items() for name in (total, *items)),
    }
)


def summarise(case: Case, rulebook: Rulebook, *, withheld: bool = False) -> Summary:
    """The case as a document. Pure: the same case and rulebook give the same summary.

    `withheld` says that the answers were taken out of the case, so that nothing looks "not asked".
    """
    latest = case.plans[-1] if case.plans else None
    reported = Reported(case.facts, option_names(latest))
    plan = plan_view(latest) if latest else None
    planned = stored.objects(latest.assessment, "findings") if latest else ()
    findings = findings_of((*case.findings, *planned), rulebook)
    danger = danger_box(reported, case.skipped, findings)
    trends = trends_of(case, rulebook)
    return Summary(
        episode=case.episode.id,
        code=case_code(case.episode.id),
        reference=case.reference,
        patient=case.episode.patient_id,
        channel=plain_code(case.conversation.channel, CHANNEL),
        timezone=case.conversation.timezone,
        person=_person(reported, case.conversation.country),
        status=plain_code(case.episode.status, EPISODE_STATUS),
        progress=_progress(case.episode.status, danger),
        started_at=case.episode.started_at,
        updated_at=case.episode.updated_at,
        mark=_mark(case),
        sharing=sharing_of(case),
        withheld=withheld,
        triage=_triage(case.episode.triage, findings),
        danger=danger,
        flags=_flags(case, findings),
        history=tuple(_history(reported, _drawn(trends))),
        skipped=tuple(label_of(name) for name in case.skipped),
        trends=trends,
        measures=tuple(_measures(case, _drawn(trends))),
        plan=plan,
        check_ins=tuple(_check_in(one) for one in sorted(case.check_ins, key=lambda one: one.due_at)),
        corrections=tuple(_corrections(case, reported)),
        safety_advice=tuple(message for message in case.messages if message.kind == "safety"),
        consents=tuple(_consents(case)),
        reviews=tuple(_review(one) for one in case.reviews),
        transcript=case.messages,
        sources=tuple(_sources(findings, plan, rulebook)),
        rulebook=plan.rulebook if plan and plan.rulebook else rulebook.version,
    )


def _person(reported: Reported, country: str | None) -> str:
    age, sex, told = (reported.current(name) for name in ("age", "sex_at_birth", "country"))
    where = str(told.value) if told else country
    parts = [
        f"{age.value} years old" if age else "age not known",
        reported.report(sex).value if sex else "sex not known",
        *([where] if where else []),
    ]
    return ", ".join(parts)


def _progress(status: str, danger: DangerBox) -> str:
    if status in UNDER_WAY:
        return "Incomplete: the questions are still open."
    if status in CUT_SHORT:
        return "Incomplete: the questions ended early."
    if danger.complete:
        return "Complete."
    return "The questions ended, with danger signs left open."


def _mark(case: Case) -> Mark:
    """Signed is what a clinician accepted last, in the version that is the latest now."""
    version = case.plans[-1].version if case.plans else None
    last = case.reviews[-1] if case.reviews else None
    if last is None:
        return Mark(signed=False, text="Draft. No clinician has signed it. Not a diagnosis.")
    said = f"{plain_code(last.decision, DECISION)} by {last.clinician} on {last.at:%d %b %Y}"
    if last.plan_version != version:
        return Mark(signed=False, text=f"Draft, changed since it was {said}. Not a diagnosis.")
    if last.decision == "accept":
        return Mark(signed=True, text=f"Reviewed: {said}.")
    return Mark(signed=False, text=f"Draft: {said}. Not a diagnosis.")


def _triage(urgency: str | None, findings: tuple[Finding, ...]) -> TriageView:
    name, meaning, plan = TRIAGE.get(urgency or "", NOT_TRIAGED)
    return TriageView(urgency, name, meaning, plan, findings)


def _flags(case: Case, findings: tuple[Finding, ...]) -> tuple[FlagView, ...]:
    stored_flags = [
        FlagView(
            code=one.code,
            name=plain_code(one.code, FLAG),
            severity=TRIAGE.get(one.severity, NOT_TRIAGED)[0],
            reason=one.reason,
            rule=one.rule,
            status=one.status,
            raised_at=one.raised_at,
        )
        for one in case.flags
    ]
    known = {one.code for one in stored_flags}
    behind = {flag: one for one in reversed(findings) for flag in one.flags}
    for code in case.episode.flags:
        if code in known:
            continue
        finding = behind.get(code)
        stored_flags.append(
            FlagView(
                code=code,
                name=plain_code(code, FLAG),
                severity=finding.urgency_words if finding else "",
                reason=finding.clinician if finding else "",
                rule=finding.rule if finding else None,
                status="open",
                raised_at=None,
            )
        )
    return tuple(stored_flags)


def _drawn(trends: Iterable[TrendView]) -> frozenset[str]:
    """The fields that the trends show."""
    return frozenset(name for one in trends for name in SHOWN[one.measure])


def _corrections(case: Case, reported: Reported) -> Iterator[Correction]:
    """What was put right, and news that came later; a score told anew at a check-in is neither."""
    for one in reported.corrections(case.check_ins):
        if not (one.later and one.field in _TOLD_ANEW):
            yield one


def _history(reported: Reported, drawn: frozenset[str]) -> Iterator[Section]:
    areas = {area.key: area for area in AREAS}
    for key in HISTORY:
        names = [
            name
            for name in areas[key].fields
            if (not FIELDS[name].red_flag or name in _TOLD_TWICE) and not (key == _CHECK_IN and name in drawn)
        ]
        section = _section(
            areas[key].title,
            names,
            reported,
            leads=key in LEADS,
            names_gaps=key in GATES_TREATMENT,
        )
        if section.rows or section.denied:
            yield section
    others = [name for name in reported.fields() if name not in LABELS]
    unknown = _section("Other", others, reported, leads=False)
    if unknown.rows or unknown.denied:
        yield unknown


def _section(
    title: str, names: list[str], reported: Reported, *, leads: bool, names_gaps: bool = False
) -> Section:
    current = {name: record for name in names if (record := reported.current(name))}
    denied = tuple(name for name, record in current.items() if is_no(record.value))
    gaps = tuple(name for name in names if name not in current) if names_gaps else ()
    folded = {item for name in current for item in _items_behind(name, reported)}
    told = [name for name in current if name not in denied and name not in folded]
    return Section(
        title=title,
        leads=leads,
        rows=tuple(_with_items(reported.report(current[name]), reported) for name in told),
        denied=tuple(label_of(name) for name in denied),
        not_asked=tuple(label_of(name) for name in gaps),
    )


def _items_behind(name: str, reported: Reported) -> tuple[str, ...]:
    """The single answers that make this sum, where they still do."""
    total = reported.current(name)
    answers = [reported.current(item) for item in ITEMS_OF.get(name, ())]
    values = [one.value for one in answers if one is not None]
    if total is None or not values or len(values) < len(answers):
        return ()
    counted = sum(len(one) if isinstance(one, (list, tuple)) else int(one or 0) for one in values)
    return ITEMS_OF[name] if counted == total.value else ()


def _with_items(report: Report, reported: Reported) -> Report:
    """A sum with the answers behind it in brackets."""
    items = [one for name in _items_behind(report.field, reported) if (one := reported.current(name))]
    if not items:
        return report
    if items[0].field in RMDQ_PARTS:
        held = ", ".join(str(number) for one in items for number in one.value)
        words = f"statements {held}" if held else ""
    else:
        words = ", ".join(f"{label_of(one.field).partition(', ')[2]} {one.value}" for one in items)
    return dataclasses.replace(report, value=f"{report.value} ({words})") if words else report


def _measures(case: Case, drawn: frozenset[str]) -> Iterator[MeasureView]:
    """Each score with the last value of each day: what was mistyped and put right is no course."""
    for name in dict.fromkeys(one.name for one in case.measures):
        form = LABELS[name].form if name in LABELS else "{}"
        by_day = {one.at.date(): one for one in case.measures if one.name == name}
        yield MeasureView(
            label_of(name),
            name in drawn,
            tuple((number_words(form, one.value), one.at) for one in by_day.values()),
        )


def _check_in(one: CheckIn) -> CheckInView:
    return CheckInView(
        kind=one.kind.replace("_", " ").capitalize(),
        due_at=one.due_at,
        local=f"{datetime.fromisoformat(one.wall_time):%d %b %Y, %H:%M}",
        zone=one.zone,
        status=CHECK_IN_STATUS[one.status.value],
    )


def _consents(case: Case) -> Iterator[ConsentView]:
    newest = {one.purpose: one for one in case.consents}
    for purpose, one in newest.items():
        yield ConsentView(plain_code(purpose, CONSENT), one.granted, one.version, one.at)


def _review(review: Review) -> ReviewView:
    return ReviewView(
        clinician=review.clinician,
        decision=plain_code(review.decision, DECISION),
        plan_version=review.plan_version,
        reason=review.reason or "",
        at=review.at,
    )


def _sources(
    findings: Iterable[Finding], plan: PlanView | None, rulebook: Rulebook
) -> Iterator[tuple[str, str]]:
    keys = {key for finding in findings for key in finding.sources}
    for family in plan.families if plan else ():
        for option in family.options:
            for sources in [part.sources for part in option.reasons] + [
                part.sources for part in option.positions
            ]:
                keys.update(sources)
    for key in sorted(keys):
        if key in rulebook.sources:
            yield key, rulebook.sources[key].where
        else:
            yield key, SOURCE_MARK.get(key, "not in the present rulebook")
