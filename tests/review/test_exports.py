"""What leaves the clinic: PDF and CSV, by console and command line, with nothing in it that acts."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import tracemalloc
from collections.abc import Callable
from datetime import date

import pytest
import typst

from bot.clinical.assess import assess
from bot.clinical.fields import FIELDS
from bot.clinical.rulebook import default_rulebook
from bot.review.cohort_csv import COLUMNS, cell, export_csv
from bot.review.rendering import page_file
from bot.review.summary import summarise
from bot.review.summary_pdf import export_pdf, paper
from bot.review.typesetting import Page
from bot.store.records import Case
from tests.review import patients
from tests.review.browser import Browser
from tests.review.cases import CaseBuilder
from tests.review.clinics import Clinic, private
from tests.review.desk import Desk, play

FORMULA = '=HYPERLINK("http://evil.test","x")'
MARKUP = '#heading[owned] = Owned\n\n= Owned <b>x</b> $x$ #sys.inputs #read("/etc/passwd") "quoted" \\u{41}'
#: an emoji, Chinese, Tibetan, a private character and one that turns the line around
NO_FONT = "\U0001f642 \u80cc\u4e2d \u0f56 \ue000 \u202e \U0001f9b4"


def assessed(builder: CaseBuilder) -> Case:
    plan = assess(builder.known(), default_rulebook(), on=date(2026, 11, 25))
    return builder.planned(plan.as_json()).build()


def page_of(case: Case) -> Page:
    return paper(summarise(case, default_rulebook()))


def pictures(page: Page) -> list[bytes]:
    """Every page as a picture, by the template that makes the PDF."""
    made = typst.compile(
        page_file("summary.typ").encode(), format="png", ppi=30, sys_inputs={"data": json.dumps(page)}
    )
    return made if isinstance(made, list) else [made]


def headings(page: Page) -> list[str]:
    found = typst.query(page_file("summary.typ").encode(), "heading", sys_inputs={"data": json.dumps(page)})
    return [json.dumps(one["body"]) for one in json.loads(found)]


def lines(*cases: Case) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(export_csv(cases)))))


PATIENTS: dict[str, Callable[[], Case]] = {
    "acute": lambda: assessed(patients.acute_uncomplicated()),
    "thinner": lambda: assessed(patients.on_a_blood_thinner()),
    "numb": lambda: patients.cauda_equina().build(),
    "declined": lambda: patients.declined().build(),
    "under way": lambda: patients.under_way().build(),
    "corrected": lambda: patients.corrected().build(),
}


@pytest.mark.parametrize("name", PATIENTS)
def test_every_case_becomes_a_tagged_pdf(name: str) -> None:
    pdf = export_pdf(PATIENTS[name]())
    assert pdf.startswith(b"%PDF-1.7")
    # typst refuses to write a file that says this of itself and does not keep the rules of PDF/UA-1.
    assert b"pdfuaid:part" in pdf
    assert b"/StructTreeRoot" in pdf
    assert re.search(rb"/Lang\s*\(en", pdf)


@pytest.mark.parametrize("name", ["acute", "thinner"])
def test_an_ordinary_case_fits_one_page_before_its_appendices(name: str) -> None:
    page = page_of(PATIENTS[name]())
    plan = {**page["plan"], "families": []}  # type: ignore[dict-item]
    assert len(pictures({**page, "plan": plan, "transcript": []})) == 1
    assert len(pictures(page)) > 1


def test_an_emergency_has_its_hand_over_on_top() -> None:
    page = page_of(PATIENTS["numb"]())
    assert [part["title"] for part in page["sbar"]] == [  # type: ignore[attr-defined]
        "Situation", "Background", "Assessment", "Recommendation",
    ]  # fmt: skip
    words = json.dumps(page["sbar"], ensure_ascii=False)
    assert "cant really feel when i wipe" in words
    assert "Rule A1" in words
    assert "Go to an emergency department, or call 999" in words
    assert "SBAR" in headings(page)[1]
    assert page_of(PATIENTS["acute"]())["sbar"] == []


def test_what_the_page_of_the_console_shows_is_on_paper_too() -> None:
    page = page_of(PATIENTS["thinner"]())
    words = json.dumps(page, ensure_ascii=False)
    for one in ("N04", "Additive bleeding risk", "apixaban", "Draft. No clinician has signed it.",
                "Not a diagnosis", default_rulebook().version):  # fmt: skip
        assert one in words


def test_markup_in_a_patients_words_makes_nothing_on_the_page() -> None:
    calm = page_of(patients.on_a_blood_thinner().patient("plain words", goals=["walk"]).build())
    owned = page_of(patients.on_a_blood_thinner().patient(MARKUP, goals=[MARKUP]).build())
    assert "#heading[owned]" in json.dumps(owned)
    assert headings(owned) == headings(calm)


def test_letters_without_a_font_are_shown_by_number_and_stop_nothing() -> None:
    case = patients.on_a_blood_thinner().patient(NO_FONT, goals=[NO_FONT]).build()
    assert export_pdf(case).startswith(b"%PDF")
    words = json.dumps(page_of(case), ensure_ascii=False)
    assert "\u202e" not in words
    assert "\u27e8U+202E\u27e9" in words


def test_a_case_that_is_withheld_shows_its_class_and_says_why_on_paper() -> None:
    summary = summarise(private().build(), default_rulebook(), withheld=True)
    page = paper(summary)
    assert "did not agree" in str(page["notice"])
    assert len(pictures(page)) >= 1


def test_csv_has_a_column_for_every_field_and_one_line_for_each_case() -> None:
    rows = lines(*(make() for make in PATIENTS.values()))
    assert len(rows) == len(PATIENTS)
    assert set(FIELDS) < set(rows[0])
    assert list(rows[0]) == list(COLUMNS)
    acute, thinner = rows[0], rows[1]
    assert (acute["age"], acute["pain_avg"], acute["duration_weeks"]) == ("34", "5", "0.7")
    assert acute["psfs"] == "carry my toddler (3)"
    assert acute["pregnant"] == ""
    assert thinner["anticoagulant"] == "true"
    assert "PM_NSAID_ORAL" in thinner["withheld"].split("; ")
    assert thinner["flags"].startswith("FL_MED_INTERACTION")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋", "－", "＠"])
def test_no_text_begins_as_a_formula(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    assert cell(text) == f"'{text}"
    assert cell([text]).startswith("'")
    row = lines(patients.under_way().patient(text, goals=[text]).build())[0]
    assert not row["goals"].startswith(("=", "+", "-", "@", "\t", "\r", "\n", " ", "＝", "＋", "－", "＠"))
    assert row["goals"].endswith("cmd|' /C calc'!A0")


def test_numbers_stay_numbers_and_quotes_stay_inside_their_cell() -> None:
    assert (cell(-3), cell(0.5), cell(True), cell(None)) == ("-3", "0.5", "true", "")
    text = 'say "hi", then\nnew line; done'
    row = lines(patients.under_way().patient(text, goals=[text]).build())[0]
    assert row["goals"] == text


def test_csv_holds_nothing_that_is_not_shared() -> None:
    row = lines(private().build())[0]
    assert (row["sharing"], row["triage"], row["pain_avg"], row["messages"]) == (
        "refused", "self_manage", "", "0",
    )  # fmt: skip


def test_cases_come_one_at_a_time() -> None:
    taken: list[str] = []

    def cases() -> object:
        for name, make in PATIENTS.items():
            taken.append(name)
            yield make()

    stream = export_csv(cases())  # type: ignore[arg-type]
    assert taken == []
    next(stream)
    next(stream)
    assert taken == ["acute"]


def test_memory_does_not_grow_with_the_number_of_cases() -> None:
    case = PATIENTS["acute"]()

    def most(count: int) -> int:
        cases = (dataclasses.replace(case, facts=case.facts * 2) for _ in range(count))
        tracemalloc.start()
        try:
            assert sum(1 for _ in export_csv(cases)) == count + 1
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most(10)
    assert most(1000) < 1.2 * most(100)


@pytest.mark.parametrize(
    ("form", "media_type", "start"),
    [
        ("pdf", "application/pdf", b"%PDF"),
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("csv", "text/csv; charset=utf-8", b"episode,patient"),
    ],
)
async def test_a_case_can_be_taken_away_and_that_is_audited(
    clinic: Clinic, clinician: Browser, form: str, media_type: str, start: bytes
) -> None:
    numb = clinic.episodes["numb"]
    answer = await clinician.open(f"/episodes/{numb}.{form}")
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="backplan-{numb}.{form}"'
    assert answer.content.startswith(start)
    assert clinic.audit()[-1] == ("clinician", f"export {form}", numb)


async def test_what_is_not_shared_is_in_no_file(clinic: Clinic, clinician: Browser) -> None:
    for form in ("html", "csv", "json"):
        answer = await clinician.open(f"/episodes/{clinic.episodes['private']}.{form}")
        assert answer.status_code == 200
        assert "nobody is to know" not in answer.text


async def test_a_form_or_a_case_that_is_not_there_is_a_kind_404(clinic: Clinic, clinician: Browser) -> None:
    for address in ("/episodes/nothing.pdf", f"/episodes/{clinic.episodes['numb']}.docx"):
        answer = await clinician.open(address)
        assert answer.status_code == 404
        assert "<h1>" in answer.text


async def test_nobody_takes_a_file_away_without_signing_in(clinic: Clinic, browser: Browser) -> None:
    for address in (
        "/episodes.csv",
        *(f"/episodes/{clinic.episodes['numb']}.{one}" for one in ("pdf", "csv")),
    ):
        await browser.open(address)
        assert browser.title == "Sign in"


async def test_all_cases_come_as_one_csv_each_of_them_audited(desk: Desk) -> None:
    _, _, numb = play(desk.store, patients.cauda_equina())
    answer = await desk.browser.open("/episodes.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["episode"] for row in rows] == [desk.episode, numb]
    assert desk.audit()[-2:] == [("dr.rossi", "export csv", desk.episode), ("dr.rossi", "export csv", numb)]


async def test_a_file_for_research_leaves_out_who_did_not_agree_or_took_it_back(desk: Desk) -> None:
    _, _, agreed = play(desk.store, patients.cauda_equina().agrees("keep_answers", "research"))
    _, conversation, regrets = play(desk.store, patients.cauda_equina().agrees("keep_answers", "research"))
    turn = desk.store.begin_turn(conversation, None)
    turn.consent("research", granted=False, version="2026-11")
    desk.store.commit_turn(turn)
    answer = await desk.browser.open("/episodes.csv?for=research")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["episode"], row["research"]) for row in rows] == [(agreed, "agreed")]
    assert desk.audit()[-1] == ("dr.rossi", "export research csv", agreed)
    assert regrets not in {subject for _, _, subject in desk.audit()}
