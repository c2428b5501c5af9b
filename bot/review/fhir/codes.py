"""Systems and codes: LOINC and SNOMED CT where clinical.md §8 names a source, our own code system elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from bot.review.fhir.types import Coding, Concept, Quantity
from bot.review.labels import label_of

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
#: ours; a clinic that publishes it puts it under an address of its own
LOCAL = "https://backplan.example/fhir/CodeSystem/lbp-intake"
IDS = "https://backplan.example/fhir/id"
QUESTIONNAIRE = "https://backplan.example/fhir/Questionnaire/lbp-intake"
RULEBOOK = "https://backplan.example/fhir/rulebook"
WORDS = "https://backplan.example/fhir/StructureDefinition/patient-words"

_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
LIFECYCLE = f"{_TERMINOLOGY}/iso-21089-lifecycle"
_UUIDS = uuid.UUID("6d0b2a64-9a0e-5c54-8d4f-6f3d4d0a7b1e")

_NRS = Coding(LOINC, "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
#: field -> its LOINC code; the local code beside it says which of several it is
_MEASURES: Mapping[str, Coding] = {
    **dict.fromkeys(
        ("pain_avg", "pain_worst", "pain_now", "leg_pain_score", "nprs_baseline", "nprs_now"), _NRS
    ),
    "phq2": Coding(LOINC, "55758-7", "Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]"),
}
#: an item of an instrument -> its LOINC code; the words are those that the patient was asked in
ITEM_CODES: Mapping[str, Coding] = {
    "phq2_interest": Coding(LOINC, "44250-9"),
    "phq2_mood": Coding(LOINC, "44255-8"),
    "gad2_nervous": Coding(LOINC, "69725-0"),
    "gad2_worry": Coding(LOINC, "68509-9"),
}
#: the four answers of those items, in the order of their scores 0 to 3
ITEM_ANSWERS: tuple[Coding, ...] = (
    Coding(LOINC, "LA6568-5", "Not at all"),
    Coding(LOINC, "LA6569-3", "Several days"),
    Coding(LOINC, "LA6570-1", "More than half the days"),
    Coding(LOINC, "LA6571-9", "Nearly every day"),
)
#: FHIR's own extension for the number that a coded answer counts
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
LOW_BACK_PAIN = Coding(SNOMED, "279039007", "Low back pain")
CHRONIC_LOW_BACK_PAIN = Coding(SNOMED, "278860009", "Chronic low back pain")
LUMBAR_REGION = Coding(SNOMED, "52612000", "Lumbar region")


def local(code: str, words: str | None = None) -> Coding:
    """A code of our own system."""
    return Coding(LOCAL, code, words)


def own(code: str, words: str) -> Concept:
    """A concept of our own system."""
    return Concept(words, (local(code, words),))


def hl7(system: str, code: str, words: str | None = None) -> Concept:
    """A concept of one of FHIR's own code systems."""
    return Concept(words, (Coding(f"{_TERMINOLOGY}/{system}", code),))


def measure(field: str) -> Concept:
    """What a followed number measures."""
    known = _MEASURES.get(field)
    ours = local(field, label_of(field))
    return Concept(label_of(field), (known, ours) if known else (ours,))


def score(value: int | float) -> Quantity:
    return Quantity(value, "score", UCUM, "{score}")


def id_of(kind: str, name: str) -> str:
    """The same UUID for the same thing in every export."""
    return str(uuid.uuid5(_UUIDS, f"{kind}/{name}"))


def urn(resource_id: str) -> str:
    """How entries of a document refer to each other."""
    return f"urn:uuid:{resource_id}"
