"""One case as FHIR resources, by the table of clinical.md §8. Nothing here decides anything about medicine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.review import stored
from bot.review.fhir import resources as fhir
from bot.review.fhir.codes import (
    CHRONIC_LOW_BACK_PAIN,
    IDS,
    LOW_BACK_PAIN,
    LUMBAR_REGION,
    hl7,
    id_of,
    measure,
    own,
    score,
    urn,
)
from bot.review.fhir.planning import PlanMapper
from bot.review.fhir.questionnaire import Questionnaire, Response, items
from bot.review.fhir.types import Concept, Identifier, Name, Period, Reference
from bot.review.summary_json import iso
from bot.review.words import CONSENT, FLAG, TRIAGE, plain_code
from bot.store.records import CheckInStatus, FactRecord

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


@dataclass(frozen=True)
class Mapped:
    """Everything of one case; references are made once, so that they fit."""

    patient: fhir.Patient
    device: fhir.Device
    practitioners: tuple[fhir.Practitioner, ...]
    questionnaire: Questionnaire
    response: Response | None
    follow_ups: tuple[Response, ...]
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
    audits: tuple[fhir.AuditEvent, ...]


class Mapper(PlanMapper):
    """Maps one case; `version` is that of the rules behind its newest plan, or of the present ones."""

    def map(self) -> Mapped:
        case = self._case
        response = self._response()
        condition = self._condition()
        goals = self._goals()
        return Mapped(
            patient=fhir.Patient(
                id_of("patient", case.episode.patient_id),
                (
                    Identifier(f"{IDS}/patient", case.episode.patient_id),
                    *((Identifier(f"{IDS}/clinic-reference", case.reference),) if case.reference else ()),
                ),
                _SEX.get(str(self._facts.get("sex_at_birth"))),
            ),
            device=fhir.Device(
                id_of("device", self._rulebook),
                (fhir.DeviceName("Backplan intake assistant"),),
                (fhir.DeviceVersion(f"rulebook {self._rulebook}"),),
            ),
            practitioners=tuple(self._practitioners()),
            questionnaire=self._questionnaire,
            response=response,
            follow_ups=tuple(self._follow_ups()),
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
            audits=tuple(self._audits()),
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
        episode = self._case.episode
        asking = episode.status in {"consent", "intake"}
        return self._answers(
            id_of("response", episode.id),
            Identifier(f"{IDS}/episode", episode.id),
            "in-progress" if asking else "completed",
            self._seen,
            self._case.facts,
        )

    def _follow_ups(self) -> Iterator[Response]:
        """For each check-in that was answered, what the patient said in it."""
        for one in self._case.check_ins:
            if one.asked_at is None or one.ended_at is None:
                continue
            asked, ended = one.asked_at, one.ended_at
            said = [fact for fact in self._case.facts if asked < fact.at <= ended and not fact.retracted]
            if said:
                yield self._answers(
                    id_of("response", f"check-in/{one.id}"),
                    Identifier(f"{IDS}/check-in", one.id),
                    "completed" if one.status is CheckInStatus.ANSWERED else "stopped",
                    iso(ended),
                    said,
                )

    def _answers(
        self, key: str, identifier: Identifier, status: str, authored: str, facts: Iterable[FactRecord]
    ) -> Response:
        return Response(
            key,
            identifier=identifier,
            questionnaire=f"{self._questionnaire.url}|{self._rulebook}",
            status=status,
            subject=self._subject,
            authored=authored,
            author=self._bot,
            source=self._subject,
            item=items(facts, self._rules),
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
                body_site=Concept("Leg") if one.name == "leg_pain_score" else None,
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
        """Check-ins that were sent, safety advice, and what clinicians wrote to the patient; no note."""
        for check_in in self._case.check_ins:
            if check_in.asked_at is not None:
                yield self._communication(
                    f"check-in/{check_in.id}", "check-in", iso(check_in.asked_at), self._bot, "",
                    (Reference(urn(id_of("check-in", check_in.id))),),
                )  # fmt: skip
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
        self,
        key: str,
        kind: str,
        sent: str,
        sender: Reference,
        text: str,
        based_on: tuple[Reference, ...] = (),
    ) -> fhir.Communication:
        return fhir.Communication(
            id_of("communication", key),
            based_on=based_on,
            status="completed",
            category=(own(kind, kind.replace("-", " ")),),
            subject=self._subject,
            sent=sent,
            recipient=(self._subject,),
            sender=sender,
            payload=(fhir.Payload(text),) if text else (),
        )
