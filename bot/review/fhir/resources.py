"""The resources of the document beside the Questionnaire, each with the elements that a case fills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.review.fhir.types import (
    Annotation,
    Coding,
    Concept,
    Identifier,
    Name,
    Narrative,
    Period,
    Quantity,
    Reference,
    Resource,
)


@dataclass(frozen=True)
class Patient(Resource):
    resource_type: ClassVar[str] = "Patient"
    identifier: tuple[Identifier, ...]
    gender: str | None


@dataclass(frozen=True)
class Practitioner(Resource):
    resource_type: ClassVar[str] = "Practitioner"
    identifier: tuple[Identifier, ...]
    name: tuple[Name, ...]


@dataclass(frozen=True)
class DeviceName:
    name: str
    type: str = "user-friendly-name"


@dataclass(frozen=True)
class DeviceVersion:
    value: str


@dataclass(frozen=True)
class Device(Resource):
    resource_type: ClassVar[str] = "Device"
    device_name: tuple[DeviceName, ...]
    version: tuple[DeviceVersion, ...]


@dataclass(frozen=True)
class Provision:
    type: str


@dataclass(frozen=True)
class Consent(Resource):
    resource_type: ClassVar[str] = "Consent"
    status: str
    scope: Concept
    category: tuple[Concept, ...]
    patient: Reference
    date_time: str
    policy_rule: Concept
    provision: Provision


@dataclass(frozen=True)
class Observation(Resource):
    resource_type: ClassVar[str] = "Observation"
    status: str
    category: tuple[Concept, ...]
    code: Concept
    subject: Reference
    effective_date_time: str
    performer: tuple[Reference, ...]
    value_quantity: Quantity
    body_site: Concept | None = None


@dataclass(frozen=True)
class Condition(Resource):
    resource_type: ClassVar[str] = "Condition"
    clinical_status: Concept
    verification_status: Concept
    category: tuple[Concept, ...]
    code: Concept
    body_site: tuple[Concept, ...]
    subject: Reference
    recorded_date: str


@dataclass(frozen=True)
class Flag(Resource):
    resource_type: ClassVar[str] = "Flag"
    status: str
    category: tuple[Concept, ...]
    code: Concept
    subject: Reference
    period: Period
    author: Reference


@dataclass(frozen=True)
class Mitigation:
    action: Concept


@dataclass(frozen=True)
class DetectedIssue(Resource):
    resource_type: ClassVar[str] = "DetectedIssue"
    status: str
    code: Concept
    severity: str
    patient: Reference
    identified_date_time: str
    author: Reference
    detail: str
    mitigation: tuple[Mitigation, ...]


@dataclass(frozen=True)
class Prediction:
    outcome: Concept
    rationale: str | None


@dataclass(frozen=True)
class RiskAssessment(Resource):
    resource_type: ClassVar[str] = "RiskAssessment"
    status: str
    method: Concept
    code: Concept
    subject: Reference
    occurrence_date_time: str
    performer: Reference
    basis: tuple[Reference, ...]
    prediction: tuple[Prediction, ...]
    mitigation: str | None


@dataclass(frozen=True)
class GoalTarget:
    measure: Concept
    detail_quantity: Quantity | None
    due_date: str | None


@dataclass(frozen=True)
class Goal(Resource):
    resource_type: ClassVar[str] = "Goal"
    lifecycle_status: str
    description: Concept
    subject: Reference
    target: tuple[GoalTarget, ...]
    note: tuple[Annotation, ...]


@dataclass(frozen=True)
class ActivityDetail:
    code: Concept
    status: str
    status_reason: Concept | None
    do_not_perform: bool | None
    description: str | None


@dataclass(frozen=True)
class Activity:
    detail: ActivityDetail


@dataclass(frozen=True)
class CarePlan(Resource):
    resource_type: ClassVar[str] = "CarePlan"
    replaces: tuple[Reference, ...]
    status: str
    intent: str
    category: tuple[Concept, ...]
    title: str
    subject: Reference
    created: str
    author: Reference
    addresses: tuple[Reference, ...]
    goal: tuple[Reference, ...]
    activity: tuple[Activity, ...]
    note: tuple[Annotation, ...]


@dataclass(frozen=True)
class Payload:
    content_string: str


@dataclass(frozen=True)
class CommunicationRequest(Resource):
    resource_type: ClassVar[str] = "CommunicationRequest"
    status: str
    category: tuple[Concept, ...]
    subject: Reference
    occurrence_date_time: str
    recipient: tuple[Reference, ...]
    sender: Reference


@dataclass(frozen=True)
class Communication(Resource):
    resource_type: ClassVar[str] = "Communication"
    based_on: tuple[Reference, ...]
    status: str
    category: tuple[Concept, ...]
    subject: Reference
    sent: str
    recipient: tuple[Reference, ...]
    sender: Reference
    payload: tuple[Payload, ...]


@dataclass(frozen=True)
class Task(Resource):
    resource_type: ClassVar[str] = "Task"
    status: str
    intent: str
    code: Concept
    focus: Reference | None
    for_: Reference
    authored_on: str
    owner: Reference | None
    note: tuple[Annotation, ...]


@dataclass(frozen=True)
class Agent:
    type: Concept
    who: Reference


@dataclass(frozen=True)
class Entity:
    role: str
    what: Reference


@dataclass(frozen=True)
class Provenance(Resource):
    resource_type: ClassVar[str] = "Provenance"
    target: tuple[Reference, ...]
    recorded: str
    policy: tuple[str, ...]
    agent: tuple[Agent, ...]
    entity: tuple[Entity, ...]


@dataclass(frozen=True)
class AuditAgent:
    who: Reference
    requestor: bool


@dataclass(frozen=True)
class AuditSource:
    observer: Reference


@dataclass(frozen=True)
class AuditEntity:
    what: Reference


@dataclass(frozen=True)
class AuditEvent(Resource):
    resource_type: ClassVar[str] = "AuditEvent"
    type: Coding
    action: str
    recorded: str
    outcome: str
    agent: tuple[AuditAgent, ...]
    source: AuditSource
    entity: tuple[AuditEntity, ...]


@dataclass(frozen=True)
class Attester:
    mode: str
    time: str
    party: Reference


@dataclass(frozen=True)
class Section:
    title: str
    text: Narrative
    entry: tuple[Reference, ...]


@dataclass(frozen=True)
class Composition(Resource):
    resource_type: ClassVar[str] = "Composition"
    identifier: Identifier
    text: Narrative
    status: str
    type: Concept
    subject: Reference
    date: str
    author: tuple[Reference, ...]
    title: str
    attester: tuple[Attester, ...]
    section: tuple[Section, ...]


@dataclass(frozen=True)
class Entry:
    full_url: str
    resource: Resource


@dataclass(frozen=True)
class Bundle(Resource):
    resource_type: ClassVar[str] = "Bundle"
    identifier: Identifier
    type: str
    timestamp: str
    entry: tuple[Entry, ...]
