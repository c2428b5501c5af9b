"""What every part of the mapping needs: the case, its rules, and the references that the resources share."""

from __future__ import annotations

from bot.clinical.rulebook import Rulebook
from bot.review.fhir.codes import id_of, urn
from bot.review.fhir.questionnaire import questionnaire
from bot.review.fhir.types import Reference
from bot.review.summary_json import iso
from bot.store.records import Case, PlanRecord


class Part:
    """A part of the mapping. `version` is that of the rules behind the newest plan, or of the present ones."""

    def __init__(self, case: Case, rulebook: Rulebook, version: str) -> None:
        self._case = case
        self._rules = rulebook
        self._rulebook = version
        self._facts = {one.field: one.value for one in case.facts if not one.retracted}
        self._subject = Reference(urn(id_of("patient", case.episode.patient_id)))
        self._questionnaire = questionnaire(version, rulebook)
        self._bot = Reference(urn(id_of("device", version)))
        self._seen = iso(case.episode.updated_at)

    def _plan_id(self, plan: PlanRecord) -> str:
        return id_of("plan", f"{self._case.episode.id}/{plan.version}")
