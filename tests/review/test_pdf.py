"""The PDFs as a reader and a screen reader get them: order, tags, pictures with words, and one page."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable
from functools import cache

import pytest

from bot.clinical.rulebook import default_rulebook
from bot.clinical.wording import safety_net
from bot.review.labels import label_of
from bot.review.patient_document import export_patient_pdf, patient_paper, wording
from bot.review.summary import summarise
from bot.review.summary_pdf import export_pdf, paper
from bot.review.typesetting import Page
from bot.store.records import Case
from tests.clinical.readability import grade
from tests.review import patients
from tests.review.cases import CaseBuilder
from tests.review.pdf_reading import PaperPdf
from tests.review.test_exports import FORMULA, MARKUP, NO_FONT, pictures
from tests.review.varied import planned, varied

#: the tags of PDF 1.7 that may stand in such a document
ROLES = {
    *("Document", "Div", "P", "Span", "Strong", "Em", "H1", "H2", "H3", "H4", "L", "LI", "Lbl", "LBody"),
    *("Figure", "Table", "TR", "TD", "TH"),
}
DOCUMENTS: dict[str, Callable[[Case], bytes]] = {"clinician": export_pdf, "patient": export_patient_pdf}
CASES = ("measured", "signed", "cauda_equina", "declined", "remarks", "corrected", "nothing said")


@cache
def read(who: str, name: str) -> PaperPdf:
    return PaperPdf(DOCUMENTS[who](varied()[name]))


def in_order(words: str, *pieces: str) -> bool:
    places = [words.find(piece) for piece in pieces]
    return -1 not in places and places == sorted(places)


def page_of(name: str) -> Page:
    return paper(summarise(varied()[name], default_rulebook()))


@pytest.mark.parametrize("who", DOCUMENTS)
@pytest.mark.parametrize("name", CASES)
def test_it_keeps_the_rules_of_pdf_ua_that_a_machine_can_check(who: str, name: str) -> None:
    pdf = read(who, name)
    root, tags = pdf.root, pdf.tags
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = pdf.reader.metadata
    assert metadata is not None
    assert metadata.title in (wording()["title"], wording()["title_without_plan"], "Back pain summary")
    about = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert f'<rdf:li xml:lang="x-default">{metadata.title}</rdf:li>' in about
    assert pdf.unmarked == []
    assert all(page["/Tabs"] == "/S" and "/StructParents" in page for page in pdf.reader.pages)
    assert {tag.role for tag in tags.all()} <= ROLES
    for figure in tags.all("Figure"):
        assert figure.alternative
    for font in pdf.fonts:
        assert "/ToUnicode" in font
        (described,) = font["/DescendantFonts"]
        assert {"/FontFile2", "/FontFile3"} & set(described.get_object()["/FontDescriptor"])


@pytest.mark.parametrize("who", DOCUMENTS)
@pytest.mark.parametrize("name", CASES)
def test_headings_begin_with_the_title_and_leave_no_level_out(who: str, name: str) -> None:
    levels = [int(tag.role[1]) for tag in read(who, name).tags.all("H1", "H2", "H3", "H4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("who", DOCUMENTS)
@pytest.mark.parametrize("name", CASES)
def test_every_word_can_be_read_out(who: str, name: str) -> None:
    words = read(who, name).tags.words
    assert "\ufffd" not in words
    plain = " ".join(" ".join(page.extract_text() for page in read(who, name).reader.pages).split())
    titles = [tag.words for tag in read(who, name).tags.all("H2")]
    assert in_order(words, *titles)
    # A reader that knows nothing of tags gets the same order.
    assert in_order(plain, *(title.split(" rule ")[0] for title in titles))


def test_the_summary_is_read_in_its_order() -> None:
    words = read("clinician", "measured").tags.words
    assert in_order(
        words,
        "Reviewed: accepted by dr.rossi",
        "Back pain summary",
        "52 years old, female",
        "Danger signs: 1 positive",
        "Triage: Routine review",
        "Course since the start",
        "Start 7, best 3 (day 21), now 4 (day 42).",
        "Subjective: what the patient reported",
        "Duration of this episode: 30 weeks",
        "Leg pain: above the knee · Side of the leg pain: left",
        "PHQ-2: 5 of 6 (little interest 2, feeling down 3)",
        "Assessment: flags for the clinician",
        "Plan: version 1",
        "Record",
        "Appendix: the plan with its reasons",
        "Appendix: transcript",
        "seven months now",
    )


def test_an_emergency_is_read_from_its_hand_over_on() -> None:
    tags = read("clinician", "cauda_equina").tags
    assert tags.all("H2")[0].words == "SBAR: hand over now"
    assert in_order(
        tags.words, "SBAR: hand over now", "Situation", "cant really feel when i wipe", "Assessment", "Rule A1",
        "Recommendation", "call 999", "Danger signs: 2 positive", "Record",
    )  # fmt: skip


@pytest.mark.parametrize("name", varied())
def test_every_case_fits_one_page_before_its_appendices(name: str) -> None:
    page = page_of(name)
    assert len(pictures({**page, "plan": {**page["plan"], "families": []}, "transcript": []})) == 1  # type: ignore[dict-item]


def test_a_long_case_runs_over_instead_of_shrinking() -> None:
    long = {"title": "Assessment", "lines": ["A line that is there to fill the page."] * 100}
    assert len(pictures({**page_of("cauda_equina"), "sbar": [long], "transcript": []})) > 1


@pytest.mark.parametrize("who", DOCUMENTS)
def test_the_trend_is_a_picture_with_words(who: str) -> None:
    pain, activity, day = read(who, "measured").tags.all("Figure")
    for figure, said in (
        (pain, "Start 7, best 3 (day 21), now 4 (day 42)"),
        (activity, "Start 3, best 7 (day 21), now 6 (day 42)"),
        (day, "Start 6, best 4 (day 42), now 4 (day 42)"),
    ):
        assert said in str(figure.alternative)
    assert read(who, "signed").tags.all("Figure") == []


def test_what_a_patient_takes_home_starts_with_where_to_get_help() -> None:
    words = read("patient", "signed").tags.words
    assert in_order(
        words,
        "Your back pain plan",
        "dr.rossi checked this on 25 November 2026. It is not a diagnosis.",
        "Get help",
        safety_net(default_rulebook()),
        "Your goals",
        "carry my toddler",
        "Start with these",
        "Walking, a little more each week",
        "How to begin:",
        "You could also think about these",
        "Only with a clinician",
        "Not part of the plan",
        "When I will ask how you are",
        "28 November 2026, 09:00",
        "What you told me",
        "You are 34 years old",
    )
    emergency = read("patient", "cauda_equina").tags.words
    assert in_order(
        emergency, "Get help", "Please stop here.", "call 999", "Get help right away if", "no plan"
    )


def test_an_option_that_was_left_out_says_why_and_nothing_of_how_to_begin_it() -> None:
    page = patient_paper(varied()["declined by the clinician"], default_rulebook())
    assert (page["start"], page["left_out"]) == ([], [])
    assert "did not sign" in str(page["mark"])
    page = patient_paper(planned(patients.on_a_blood_thinner()).build(), default_rulebook())
    left_out = {one["name"]: one for one in page["left_out"]}  # type: ignore[attr-defined]
    tablets = left_out["Anti-inflammatory tablets from the pharmacy"]
    assert "blood thinner" in tablets["why"]
    assert tablets["lines"] == []


@pytest.mark.parametrize("name", varied())
def test_a_patient_reads_no_code_no_rule_and_no_words_for_clinicians(name: str) -> None:
    page = patient_paper(varied()[name], default_rulebook())
    said = re.sub(r"<svg.*?</svg>", "", str({key: one for key, one in page.items() if key != "words"}))
    assert not re.search(r"\b(FL|PM|PT|AT|MT|LS|ACT)_[A-Z]+|\brule [A-Z]\d|\bN\d\d\b", said)
    for term in ("contraindicat", "radicular", "cauda equina", "self_manage", "emergency_now"):
        assert term not in said.lower()


def test_answers_that_are_kept_apart_are_not_printed() -> None:
    case = (
        CaseBuilder("apart").agrees(*patients.ALL).learns(suicidal_thoughts="passive", pregnant="yes", age=30)
    )
    page = patient_paper(case.build(), default_rulebook())
    assert page["noted"] == ["You are 30 years old"]
    assert "not printed" in str(page["private"])
    assert label_of("pregnant").lower() not in str(page["noted"]).lower()


def test_what_repeats_is_told_once() -> None:
    page = patient_paper(varied()["measured"], default_rulebook())
    told = str([page["start"], page["consider"]])
    assert told.count("back pain has lasted about 7 months") == 1


@pytest.mark.parametrize("key", wording())
def test_the_words_of_the_document_are_short_plain_and_claim_nothing(key: str) -> None:
    text = wording()[key].format(clinician="Dr Rossi", date="6 January 2027", code="a1b2c3d4", top=10)
    assert len(text.split()) <= 45
    assert grade(text) <= 8
    for claim in ("cure", "proven", "safe for you", "you have (", "mg"):
        assert claim not in text.lower()


def test_markup_and_letters_without_a_font_stop_no_patients_document() -> None:
    told = [MARKUP, FORMULA, NO_FONT]
    case = planned(patients.acute_uncomplicated().patient(MARKUP, goals=told)).build()
    words = PaperPdf(export_patient_pdf(case)).tags.words
    assert "#heading[owned]" in words
    assert "Owned" not in [tag.words for tag in PaperPdf(export_patient_pdf(case)).tags.all("H1", "H2")]


@pytest.mark.parametrize("status", ["emergency", "held"])
def test_while_a_case_waits_for_help_the_patients_paper_holds_no_plan(status: str) -> None:
    case = planned(patients.acute_uncomplicated()).build()
    assert patient_paper(case, default_rulebook())["start"]
    waiting = dataclasses.replace(case, episode=dataclasses.replace(case.episode, status=status))
    page = patient_paper(waiting, default_rulebook())
    assert (page["start"], page["consider"], page["goals"]) == ([], [], [])
    assert page["no_plan"] == wording()["no_plan"]
