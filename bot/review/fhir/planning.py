"""The plans of a case as FHIR resources: options, goals, conflicts, who reviewed them and who made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.clinical.urgency import Urgency
from bot.review import stored
from bot.review.fhir import resources as fhir
from bot.review.fhir.codes import LIFECYCLE, RULEBOOK, hl7, id_of, local, measure, own, score, urn
from bot.review.fhir.part import Part
from bot.review.fhir.questionnaire import Response
from bot.review.fhir.types import Annotation, Coding, Concept, Reference
from bot.review.summary_json import iso
from bot.store.records import PlanRecord, Review

_ACTIVITY = {"recommend": "not-started", "consider": "not-started", "clinician_only": "on-hold"}
_NOT_FOR_THIS_PATIENT = frozenset({"withheld", "not_offered"})
_DRUGS = "pain"


class PlanMapper(Part):
    """Maps the versions of the plan and what hangs on them."""

    def _issues(self) -> Iterator[fhir.DetectedIssue]:
        """A conflict between a medicine and the patient's answers, for each that a rule withheld."""
        plan = self._case.plans[-1] if self._case.plans else None
        for option in stored.objects(plan.assessment, "options") if plan else ():
            against = [
                one for one in stored.objects(option, "reasons") if stored.text(one, "effect") == "withheld"
            ]
            if stored.text(option, "family") != _DRUGS or not against:
                continue
            name = stored.text(option, "name")
            yield fhir.DetectedIssue(
                id_of("issue", f"{self._case.episode.id}/{stored.text(option, 'id')}"),
                status="preliminary",
                code=own(stored.text(option, "id"), name),
                severity="high",
                patient=self._subject,
                identified_date_time=iso(plan.created_at) if plan else self._seen,
                author=self._bot,
                detail=" ".join(
                    f"Rule {stored.text(one, 'rule')}: {stored.text(one, 'clinician') or stored.text(one, 'text')}"
                    for one in against
                ),
                mitigation=(fhir.Mitigation(Concept(f"{name}: {_status_words(option)} in the plan")),),
            )

    def _goals(self) -> tuple[fhir.Goal, ...]:
        plan = self._case.plans[-1] if self._case.plans else None
        found = []
        for number, one in enumerate(stored.objects(plan.assessment, "goals") if plan else ()):
            text = stored.text(one, "text") or stored.text(one, "words")
            aim, due = stored.number(one, "score_aim"), stored.text(one, "by_date")
            words = stored.text(one, "words")
            found.append(
                fhir.Goal(
                    id_of("goal", f"{self._case.episode.id}/{plan.version if plan else 0}/{number}"),
                    lifecycle_status="active" if plan and plan.status == "reviewed" else "proposed",
                    description=Concept(text or "Goal"),
                    subject=self._subject,
                    target=(
                        fhir.GoalTarget(
                            measure("psfs"), score(aim) if aim is not None else None, due or None
                        ),
                    )
                    if aim is not None or due
                    else (),
                    note=(Annotation(f"In the patient's words: {words}"),) if words else (),
                )
            )
        return tuple(found)

    def _plans(
        self, condition: fhir.Condition | None, goals: tuple[fhir.Goal, ...]
    ) -> Iterator[fhir.CarePlan]:
        for place, plan in enumerate(self._case.plans):
            latest = place == len(self._case.plans) - 1
            before = self._case.plans[place - 1] if place else None
            yield fhir.CarePlan(
                self._plan_id(plan),
                replaces=(Reference(urn(self._plan_id(before))),) if before else (),
                status={"reviewed": "active", "superseded": "revoked"}.get(plan.status, "draft"),
                intent="plan" if plan.status == "reviewed" else "proposal",
                category=(Concept("Back pain self-management plan"),),
                title=f"Draft plan, version {plan.version}"
                if plan.status != "reviewed"
                else f"Plan, version {plan.version}",
                subject=self._subject,
                created=iso(plan.created_at),
                author=self._bot,
                addresses=(Reference(urn(condition.id)),) if condition else (),
                goal=tuple(Reference(urn(one.id)) for one in goals) if latest else (),
                activity=tuple(
                    fhir.Activity(_activity(one)) for one in stored.objects(plan.assessment, "options")
                ),
                note=(Annotation("Draft ideas to talk over with a clinician. Not a diagnosis."),),
            )

    def _tasks(self) -> Iterator[fhir.Task]:
        """The review: one completed task for each decision, or one that still asks for it."""
        for review in self._case.reviews:
            yield fhir.Task(
                id_of("task", review.id),
                status="rejected" if review.decision == "reject" else "completed",
                intent="order",
                code=own(f"review-{review.decision.replace('_', '-')}", "Clinician review"),
                focus=self._reviewed(review),
                for_=self._subject,
                authored_on=iso(review.at),
                owner=Reference(urn(id_of("practitioner", review.clinician_id)), review.clinician),
                note=(Annotation(review.reason, iso(review.at), review.clinician),) if review.reason else (),
            )
        if not self._case.reviews and self._case.episode.triage not in (None, Urgency.SELF_MANAGE.value):
            latest = self._case.plans[-1] if self._case.plans else None
            yield fhir.Task(
                id_of("task", self._case.episode.id),
                status="requested",
                intent="order",
                code=own("review", "Clinician review"),
                focus=Reference(urn(self._plan_id(latest))) if latest else None,
                for_=self._subject,
                authored_on=self._seen,
                owner=None,
                note=(),
            )

    def _provenances(self, response: Response | None) -> Iterator[fhir.Provenance]:
        for plan in self._case.plans:
            version = stored.text(plan.assessment, "rulebook") or self._rulebook
            signers = {
                one.clinician_id for one in self._case.reviews
                if one.plan_version == plan.version and one.decision == "accept"
            }  # fmt: skip
            yield fhir.Provenance(
                id_of("provenance", f"{self._case.episode.id}/{plan.version}"),
                target=(Reference(urn(self._plan_id(plan))),),
                recorded=iso(plan.created_at),
                policy=(f"{RULEBOOK}/{version}",),
                agent=(
                    fhir.Agent(hl7("provenance-participant-type", "author"), self._bot),
                    *(
                        fhir.Agent(
                            hl7("provenance-participant-type", "verifier"),
                            Reference(urn(id_of("practitioner", key))),
                        )
                        for key in sorted(signers)
                    ),
                ),
                entity=(fhir.Entity("source", Reference(urn(response.id))),) if response else (),
            )

    def _audits(self) -> Iterator[fhir.AuditEvent]:
        """Who made each version of the plan, and who signed it."""
        for plan in self._case.plans:
            yield self._audit(f"made/{plan.version}", "originate", "C", iso(plan.created_at), self._bot, plan)
        for review in self._case.reviews:
            signed = next((one for one in self._case.plans if one.version == review.plan_version), None)
            if signed is not None and review.decision == "accept":
                who = Reference(urn(id_of("practitioner", review.clinician_id)))
                yield self._audit(f"signed/{review.id}", "attest", "U", iso(review.at), who, signed)

    def _audit(
        self, key: str, kind: str, action: str, recorded: str, who: Reference, plan: PlanRecord
    ) -> fhir.AuditEvent:
        return fhir.AuditEvent(
            id_of("audit", f"{self._case.episode.id}/{key}"),
            type=Coding(LIFECYCLE, kind),
            action=action,
            recorded=recorded,
            outcome="0",
            agent=(fhir.AuditAgent(who, requestor=True),),
            source=fhir.AuditSource(self._bot),
            entity=(fhir.AuditEntity(Reference(urn(self._plan_id(plan)))),),
        )

    def _reviewed(self, review: Review) -> Reference | None:
        found = next((one for one in self._case.plans if one.version == review.plan_version), None)
        return Reference(urn(self._plan_id(found))) if found else None


def _activity(option: Mapping[str, object]) -> fhir.ActivityDetail:
    status = stored.text(option, "status")
    reasons = stored.objects(option, "reasons")
    why = stored.text(reasons[0], "clinician") or stored.text(reasons[0], "text") if reasons else ""
    return fhir.ActivityDetail(
        code=Concept(
            stored.text(option, "name"), (local(stored.text(option, "id"), stored.text(option, "name")),)
        ),
        status=_ACTIVITY.get(status, "cancelled"),
        status_reason=Concept(f"{status.replace('_', ' ')}: {why}" if why else status.replace("_", " ")),
        do_not_perform=True if status in _NOT_FOR_THIS_PATIENT else None,
        description=stored.text(reasons[0], "text") if reasons else None,
    )


def _status_words(option: Mapping[str, object]) -> str:
    return stored.text(option, "status").replace("_", " ")
