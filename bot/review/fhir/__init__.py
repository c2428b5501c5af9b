"""A case as a FHIR R4 document: a Bundle whose first entry is the Composition (clinical.md §8)."""

from __future__ import annotations

from bot.review.fhir.document import export_fhir
from bot.review.fhir.questionnaire import facts_in

__all__ = ["export_fhir", "facts_in"]
