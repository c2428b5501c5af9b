"""The forms in which a case leaves the clinic, by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.clinical.rulebook import Rulebook
from bot.review.cohort_csv import export_csv
from bot.review.fhir import export_fhir
from bot.review.summary_html import export_html
from bot.review.summary_json import export_json
from bot.review.summary_pdf import export_pdf
from bot.store.records import Case


@dataclass(frozen=True)
class Form:
    """One form: how it is made (the case, the rulebook, whether answers were taken out), and its media type."""

    make: Callable[[Case, Rulebook, bool], bytes]
    media_type: str


def _html(case: Case, rulebook: Rulebook, withheld: bool) -> bytes:
    return f"{export_html(case, rulebook, withheld=withheld)}\n".encode()


def _json(case: Case, rulebook: Rulebook, _withheld: bool) -> bytes:
    return f"{json.dumps(export_json(case, rulebook), ensure_ascii=False, indent=2)}\n".encode(
        "utf-8", "backslashreplace"
    )


def _pdf(case: Case, rulebook: Rulebook, withheld: bool) -> bytes:
    return export_pdf(case, rulebook, withheld=withheld)


def _fhir(case: Case, rulebook: Rulebook, withheld: bool) -> bytes:
    return f"{json.dumps(export_fhir(case, rulebook, withheld=withheld), ensure_ascii=False)}\n".encode(
        "utf-8", "backslashreplace"
    )


def _csv(case: Case, _rulebook: Rulebook, _withheld: bool) -> bytes:
    return "".join(export_csv([case])).encode()


FORMS: Mapping[str, Form] = {
    "pdf": Form(_pdf, "application/pdf"),
    "html": Form(_html, "text/html; charset=utf-8"),
    "json": Form(_json, "application/json"),
    "fhir": Form(_fhir, "application/fhir+json"),
    "csv": Form(_csv, "text/csv; charset=utf-8"),
}
