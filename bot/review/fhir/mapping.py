"""One case as FHIR resources, by the table of clinical.md §8. Nothing here decides anything about medicine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.clinical.urgency import Urgency
from bot.review import stored
from bot.review.fhir import resources as fhir
from bot.review.fhir.codes import (
    CHRONIC_LOW_BACK_PAIN,
    IDS,
    LOW_BACK_PAIN,
    LUMBAR_REGION,
    RULEBOOK,
    hl7,
    id_of,
    local,
    measure,
    own,
    score,
    urn,
)
from bot.review.fhir.questionnaire import Questionnaire, Response, items, questionnaire
from bot.review.fhir.types import Annotation, Concept, Identifier, Name, Period, Reference
from bot.review.summary_json import iso
from bot.review.words import CONSENT, FLAG, TRIAGE, plain_code
from bot.store.records import Case, CheckInStatus, PlanRecord, Review

#: from 12 weeks an episode is chronic (clinical.md §3.1)
_CHRONIC_WEEKS = 12
_SEX = {"female": "female", "male": "male", "other": "other", "undisclosed": "unknown"}
_CHECK_IN: Mapping[CheckInStatus, str] = {
    CheckInStatus.PLANNED: "active",
    CheckInStatus.CLAIMED: "active",
    CheckInStatus.ASKED: "completed",
    CheckInStatus.ANSWERED: "completed",
    CheckInStatus.MISSED: "completed",
    CheckInStatus.CANCELLED: "revoked",
}
_ACTIVITY = {"recommend": "not-started", "consider": "not-started", "clinician_only": "on-hold"}
_NOT_FOR_THIS_PATIENT = frozenset({"withheld", "not_offered"})
_DRUGS = "pain"


@dataclass(frozen=True)
class Mapped:
    """Everything of one case; references are made once, so that they fit."""

    patient: fhir.Patient
    device: fhir.Device
    practitioners: tuple[fhir.Practitioner, ...]
    questionnaire: Questionnaire
    response: Response | None
    consents: tuple[fhir.Consent, ...]
    observations: tuple[fhir.Observation, ...]
    condition: fhir.Condition | None
    flags: tuple[fhir.Flag, ...]
    issues: tuple[fhir.DetectedIssue, ...]
    risk: fhir.RiskAssessment | None
    goals: tuple[fhir.Goal, ...]
    plans: tuple[fhir.CarePlan, ...]
    check_ins: tuple[fhir.CommunicationRequest, ...]
    communications: tuple[fhir.Communication, ...]
    tasks: tuple[fhir.Task, ...]
    provenances: tuple[fhir.Provenance, ...]


class Mapper:
    """Maps one case. `rulebook` is the version of the rules behind its newest plan, or the present one."""

    def __init__(self, case: Case, rulebook: str) -> None:
        self._case = case
        self._rulebook = rulebook
        self._facts = {one.field: one.value for one in case.facts if not one.retracted}
        self._subject = Reference(urn(id_of("patient", case.episode.patient_id)))
        self._bot = Reference(urn(id_of("device", rulebook)))
        self._seen = iso(case.episode.updated_at)

    def map(self) -> Mapped:
        case = self._case
        response = self._response()
        condition = self._condition()
        goals = self._goals()
        return Mapped(
            patient=fhir.Patient(
                id_of("patient", case.episode.patient_id),
                (Identifier(f"{IDS}/patient", case.episode.patient_id),),
                _SEX.get(str(self._facts.get("sex_at_birth"))),
            ),
            device=fhir.Device(
                id_of("device", self._rulebook),
                (fhir.DeviceName("Backplan intake assistant"),),
                (fhir.DeviceVersion(f"rulebook {self._rulebook}"),),
            ),
            practitioners=tuple(self._practitioners()),
            questionnaire=questionnaire(self._rulebook),
            response=response,
            consents=tuple(self._consents()),
            observations=tuple(self._observations()),
            condition=condition,
            flags=tuple(self._flags()),
            issues=tuple(self._issues()),
            risk=self._risk(response),
            goals=goals,
            plans=tuple(self._plans(condition, goals)),
            check_ins=tuple(self._check_ins()),
            communications=tuple(self._communications()),
            tasks=tuple(self._tasks()),
            provenances=tuple(self._provenances(response)),
        )

    def _practitioners(self) -> Iterator[fhir.Practitioner]:
        people = {one.clinician_id: one.clinician for one in self._case.reviews}
        people.update({one.clinician_id: one.clinician for one in self._case.remarks})
        for key, name in people.items():
            yield fhir.Practitioner(
                id_of("practitioner", key), (Identifier(f"{IDS}/clinician", key),), (Name(name),)
            )

    def _response(self) -> Response | None:
        if not self._facts:
            return None
        asking = self._case.episode.status in {"consent", "intake"}
        return Response(
            id_of("response", self._case.episode.id),
            questionnaire=f"{questionnaire(self._rulebook).url}|{self._rulebook}",
            status="in-progress" if asking else "completed",
            subject=self._subject,
            authored=self._seen,
            author=self._bot,
            source=self._subject,
            item=items(self._case.facts),
        )

    def _consents(self) -> Iterator[fhir.Consent]:
        newest = {one.purpose: one for one in self._case.consents}
        for purpose, one in newest.items():
            yield fhir.Consent(
                id_of("consent", f"{self._case.episode.patient_id}/{purpose}"),
                status="active" if one.granted else "rejected",
                scope=hl7("consentscope", "patient-privacy"),
                category=(own(purpose, plain_code(purpose, CONSENT)),),
                patient=self._subject,
                date_time=iso(one.at),
                policy_rule=Concept(f"Consent text, version {one.version}"),
                provision=fhir.Provision("permit" if one.granted else "deny"),
            )

    def _observations(self) -> Iterator[fhir.Observation]:
        for number, one in enumerate(self._case.measures):
            yield fhir.Observation(
                id_of("observation", f"{self._case.episode.id}/{number}"),
                status="final",
                category=(hl7("observation-category", "survey"),),
                code=measure(one.name),
                subject=self._subject,
                effective_date_time=iso(one.at),
                performer=(self._subject,),
                value_quantity=score(one.value),
            )

    def _condition(self) -> fhir.Condition | None:
        """The complaint that brought the patient; unconfirmed, because nobody examined them."""
        if not self._facts:
            return None
        weeks = self._facts.get("duration_weeks")
        chronic = isinstance(weeks, (int, float)) and weeks >= _CHRONIC_WEEKS
        code = CHRONIC_LOW_BACK_PAIN if chronic else LOW_BACK_PAIN
        sites = self._facts.get("pain_site")
        lumbar = isinstance(sites, list) and "lower_back" in sites
        return fhir.Condition(
            id_of("condition", self._case.episode.id),
            clinical_status=hl7("condition-clinical", "active"),
            verification_status=hl7("condition-ver-status", "unconfirmed"),
            category=(hl7("condition-category", "encounter-diagnosis", "Complaint, not a diagnosis"),),
            code=Concept(f"{code.display} (reported, not examined)", (code,)),
            body_site=(Concept(LUMBAR_REGION.display, (LUMBAR_REGION,)),) if lumbar else (),
            subject=self._subject,
            recorded_date=iso(self._case.episode.started_at),
        )

    def _flags(self) -> Iterator[fhir.Flag]:
        kept = {one.code for one in self._case.flags}
        for one in self._case.flags:
            status = "inactive" if one.status == "closed" else "active"
            yield self._flag(one.id, one.code, status, iso(one.raised_at))
        for code in self._case.episode.flags:
            if code not in kept:
                yield self._flag(f"{self._case.episode.id}/{code}", code, "active", self._seen)

    def _flag(self, key: str, code: str, status: str, start: str) -> fhir.Flag:
        return fhir.Flag(
            id_of("flag", key),
            status=status,
            category=(hl7("flag-category", "safety"),),
            code=own(code, plain_code(code, FLAG)),
            subject=self._subject,
            period=Period(start),
            author=self._bot,
        )

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

    def _risk(self, response: Response | None) -> fhir.RiskAssessment | None:
        urgency = self._case.episode.triage
        if urgency is None:
            return None
        planned = stored.objects(self._case.plans[-1].assessment, "findings") if self._case.plans else ()
        rules = [
            f"{stored.text(one, 'rule')}: {stored.text(one, 'clinician')}"
            for one in (*self._case.findings, *planned)
        ]
        name, meaning, _ = TRIAGE.get(urgency, (urgency, "", ""))
        return fhir.RiskAssessment(
            id_of("risk", self._case.episode.id),
            status="preliminary",
            method=Concept(f"Fixed rules, rulebook {self._rulebook}"),
            code=own("triage", "Triage class"),
            subject=self._subject,
            occurrence_date_time=self._seen,
            performer=self._bot,
            basis=(Reference(urn(response.id)),) if response else (),
            prediction=(fhir.Prediction(own(urgency, name), "; ".join(dict.fromkeys(rules)) or None),),
            mitigation=meaning or None,
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

    def _check_ins(self) -> Iterator[fhir.CommunicationRequest]:
        for one in self._case.check_ins:
            yield fhir.CommunicationRequest(
                id_of("check-in", one.id),
                status=_CHECK_IN[one.status],
                category=(own(f"check-in-{one.kind.replace('_', '-')}", "Check-in"),),
                subject=self._subject,
                occurrence_date_time=iso(one.due_at),
                recipient=(self._subject,),
                sender=self._bot,
            )

    def _communications(self) -> Iterator[fhir.Communication]:
        """Safety advice by the bot, and what clinicians asked or wrote to the patient; no note."""
        for message in self._case.messages:
            if message.kind == "safety":
                yield self._communication(
                    f"{message.conversation_id}/{message.seq}", "safety-advice", iso(message.at), self._bot,
                    message.text,
                )  # fmt: skip
        for one in self._case.remarks:
            if one.message_seq is not None:
                sender = Reference(urn(id_of("practitioner", one.clinician_id)))
                yield self._communication(one.id, f"clinician-{one.kind}", iso(one.at), sender, one.text)

    def _communication(
        self, key: str, kind: str, sent: str, sender: Reference, text: str
    ) -> fhir.Communication:
        return fhir.Communication(
            id_of("communication", key),
            status="completed",
            category=(own(kind, kind.replace("-", " ")),),
            subject=self._subject,
            sent=sent,
            recipient=(self._subject,),
            sender=sender,
            payload=(fhir.Payload(text),),
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

    def _reviewed(self, review: Review) -> Reference | None:
        found = next((one for one in self._case.plans if one.version == review.plan_version), None)
        return Reference(urn(self._plan_id(found))) if found else None

    def _plan_id(self, plan: PlanRecord) -> str:
        return id_of("plan", f"{self._case.episode.id}/{plan.version}")


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
