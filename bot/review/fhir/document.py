"""The document itself: the Composition with its sections, then every resource it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import escape

from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.review.document import Summary
from bot.review.fhir import resources as fhir
from bot.review.fhir.codes import IDS, id_of, own, urn
from bot.review.fhir.mapping import Mapped, Mapper
from bot.review.fhir.types import Identifier, Json, Narrative, Reference, Resource, as_json
from bot.review.rendering import shown
from bot.review.summary import summarise
from bot.review.summary_json import iso
from bot.store.records import Case

_XHTML = "http://www.w3.org/1999/xhtml"


def export_fhir(case: Case, rulebook: Rulebook | None = None, *, withheld: bool = False) -> Json:
    """A Bundle of type `document`. The same case gives the same Bundle; `withheld` as in the summary."""
    rules = rulebook or default_rulebook()
    summary = summarise(case, rules, withheld=withheld)
    mapped = Mapper(case, rules, summary.rulebook).map()
    composition = _composition(case, summary, mapped)
    entries = [fhir.Entry(urn(one.id), one) for one in (composition, *_all(mapped))]
    bundle = fhir.Bundle(
        id_of("bundle", case.episode.id),
        identifier=Identifier(f"{IDS}/episode", case.episode.id),
        type="document",
        timestamp=iso(case.episode.updated_at),
        entry=tuple(entries),
    )
    made = as_json(bundle)
    assert isinstance(made, dict)
    return made


def _composition(case: Case, summary: Summary, mapped: Mapped) -> fhir.Composition:
    signed = case.reviews[-1] if summary.mark.signed else None
    return fhir.Composition(
        id_of("composition", case.episode.id),
        identifier=Identifier(f"{IDS}/case-code", summary.code),
        text=_narrative([f"Back pain summary. {summary.person}.", summary.mark.text]),
        status="final" if signed else "preliminary",
        type=own("intake-summary", "Back pain intake summary"),
        subject=Reference(urn(mapped.patient.id)),
        date=iso(case.episode.updated_at),
        author=(Reference(urn(mapped.device.id)),),
        title="Back pain intake summary",
        attester=(
            fhir.Attester(
                "professional", iso(signed.at), Reference(urn(id_of("practitioner", signed.clinician_id)))
            ),
        )
        if signed
        else (),
        section=tuple(_sections(summary, mapped)),
    )


def _sections(summary: Summary, mapped: Mapped) -> Iterator[fhir.Section]:
    danger = summary.danger
    if not summary.withheld:
        positive = [f"{one.report.label}: {one.report.value}" for one in danger.positive]
        yield _section(
            "Danger signs",
            [
                f"Positive: {'; '.join(positive) or 'none reported'}.",
                f"Not asked: {'; '.join(label for group in danger.not_asked for label in group.labels) or 'none'}.",
            ],
            mapped.flags,
        )
    rules = [f"Rule {one.rule}: {one.clinician}" for one in summary.triage.findings]
    risk = [mapped.risk] if mapped.risk else []
    triage = [f"{summary.triage.name}. {summary.triage.meaning}", *rules]
    yield _section("Triage", triage, [*risk, *(mapped.flags if summary.withheld else ())])
    if mapped.response is not None and mapped.condition is not None:
        told = [f"{row.label}: {row.value}" for part in summary.history for row in part.rows]
        yield _section(
            "What the patient reported",
            told or ["Nothing beyond the danger signs."],
            [mapped.response, mapped.condition, *mapped.observations, *mapped.follow_ups],
        )
    if mapped.plans:
        glance = (
            [f"{one.words}: {'; '.join(one.names)}" for one in summary.plan.glance] if summary.plan else []
        )
        yield _section("Plan", glance or ["See the entries."], [*mapped.plans, *mapped.goals, *mapped.issues])
    follow_up = [*mapped.check_ins, *mapped.communications]
    if follow_up:
        yield _section("Follow-up and advice", [f"{len(follow_up)} contacts."], follow_up)
    record = [*mapped.tasks, *mapped.provenances, *mapped.audits, *mapped.consents]
    if record:
        reviews = [f"{one.decision} by {one.clinician}, {iso(one.at)}" for one in summary.reviews]
        yield _section("Record", reviews or ["Not reviewed."], record)


def _section(title: str, lines: Sequence[str], entries: Sequence[Resource]) -> fhir.Section:
    return fhir.Section(title, _narrative(lines), tuple(Reference(urn(one.id)) for one in entries))


def _narrative(lines: Sequence[str]) -> Narrative:
    body = "".join(f"<p>{escape(shown(line))}</p>" for line in lines)
    return Narrative(f'<div xmlns="{_XHTML}">{body}</div>')


def _all(mapped: Mapped) -> Iterator[Resource]:
    yield mapped.patient
    yield mapped.device
    yield from mapped.practitioners
    yield mapped.questionnaire
    yield from (one for one in (mapped.response, mapped.condition, mapped.risk) if one is not None)
    for many in (
        *(mapped.consents, mapped.observations, mapped.flags, mapped.issues, mapped.goals, mapped.plans),
        *(mapped.follow_ups, mapped.check_ins, mapped.communications, mapped.tasks),
        *(mapped.provenances, mapped.audits),
    ):
        yield from many
