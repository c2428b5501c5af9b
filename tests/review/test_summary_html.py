"""The page: what stands where, nothing of a patient's text as markup, nothing loaded, readable by all."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from bot.review.rendering import page_file, shown
from bot.review.summary_html import export_html
from tests.review import patients
from tests.review.cases import CaseBuilder
from tests.review.documents import Document

PATIENTS: dict[str, Callable[[], CaseBuilder]] = {
    "acute": patients.acute_uncomplicated,
    "thinner": patients.on_a_blood_thinner,
    "numb": patients.cauda_equina,
    "declined": patients.declined,
    "under way": patients.under_way,
    "corrected": patients.corrected,
    "signed": lambda: patients.acute_uncomplicated().reviewed(),
}
INJECTIONS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</q></dd></style></main><h1>Reviewed</h1>",
    "' autofocus onfocus='alert(1)",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "<!-- ]]> <![CDATA[",
    "javascript:alert(1) https://example.test/",
    "line one\nline two\t<b>bold</b>",
)


def page_of(builder: CaseBuilder) -> str:
    return export_html(builder.build())


def patient_who_writes(text: str) -> CaseBuilder:
    """One whose words reach every place of the page that holds words."""
    plan = patients.assessment({**patients.WALKING, "goal": text, "daily": {"text": text, "minutes": 5}})
    plan["goals"] = [{"text": text, "words": text, "if_then": text}]
    return (
        CaseBuilder()
        .agrees(*patients.ALL)
        .patient(text, saddle_numbness="new", aggravated_by=[text], current_meds=[text])
        .patient(text, psfs=[{"activity": text, "score": 3}], goals=[text], cancer_history="unsure")
        .patient(text, pain_avg=4)
        .patient(text, pain_avg=5)
        .flagged("FL_RED_CES", "emergency_now", text)
        .bot(text, "safety")
        .planned(plan)
    )


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_a_patient_wrote_is_shown_literally_and_never_becomes_markup(text: str) -> None:
    page = Document.of(page_of(patient_who_writes(text)))
    assert page.words.count(text) >= 12
    assert page.shape == Document.of(page_of(patient_who_writes("plain words"))).shape


def test_characters_that_hide_or_turn_text_are_made_visible() -> None:
    page = Document.of(page_of(patient_who_writes("safe\u202egnp.exe\x07 a\u200bb\ufeff")))
    assert "safe⟨U+202E⟩gnp.exe⟨U+0007⟩ a⟨U+200B⟩b⟨U+FEFF⟩" in page.words
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x07]", page.words)


@pytest.mark.parametrize("text", ["naïve café", "背中が痛い", "ظهري يؤلمني", "🙂 👩‍⚕️", "tab\tand\nline"])
def test_ordinary_text_of_any_language_stays_as_it_is(text: str) -> None:
    assert shown(text) == text


def test_danger_comes_first_then_triage_then_the_history_then_the_plan() -> None:
    headings = [element.words for element in Document.of(page_of(patients.on_a_blood_thinner())).all("h2")]
    assert headings == [
        "Danger signs",
        "Triage",
        "Subjective: what the patient reported",
        "Objective",
        "Assessment: flags for the clinician",
        "Plan: draft options",
        "Check-ins",
        "Record",
        "Appendix: transcript",
    ]


def test_an_emergency_page_says_what_happened_in_the_patients_words() -> None:
    words = Document.of(page_of(patients.cauda_equina())).words
    assert "Draft. No clinician has signed it. Not a diagnosis." in words
    assert "Saddle or genital numbness: new" in words
    assert "rule A1" in words
    assert "desk job, though i cant really feel when i wipe since yesterday" in words
    assert "The cauda equina questions are not complete." in words
    assert "Emergency now. The patient was told to call or go now. No treatment plan." in words
    assert "No plan was drafted." in words
    assert patients.CES_ADVICE in words


def test_a_withheld_option_says_why_with_rule_sources_and_mark() -> None:
    words = " ".join(Document.of(page_of(patients.on_a_blood_thinner())).words.split())
    assert "Anti-inflammatory tablets Withheld" in words
    assert "rule N04 withheld: Additive bleeding risk. Withholding is our stricter choice." in words
    assert "Sources: ARTHRITIS-CA, GGC-NSAID. our design, awaits sign-off" in words
    assert "The patient is told: You take a blood thinner." in words
    assert "Rests on: Anticoagulant: yes" in words
    assert "Instead: Warmth" in words
    assert "NICE consider (part of a programme) [FHT-NICE]; ACP recommend [GLC-ACP]." in words
    assert "American College of Physicians (2017, lapsed 2022)" in words


def test_a_signed_plan_is_no_draft_on_the_page() -> None:
    words = Document.of(page_of(PATIENTS["signed"]())).words
    assert "Reviewed: accepted by dr.rossi" in words
    assert "No clinician has signed it" not in words


def test_a_refusal_to_share_is_said_at_the_top() -> None:
    assert "did not agree to show the answers" in Document.of(page_of(patients.declined())).words


@pytest.mark.parametrize("name", PATIENTS)
def test_the_page_is_well_formed_and_can_be_read_without_seeing_it(name: str) -> None:
    page = Document.of(page_of(PATIENTS[name]()))
    assert page.unclosed == []
    assert page.all("html")[0].attributes["lang"] == "en"
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert len(page.ids) == len(set(page.ids))
    levels = [int(element.tag[1]) for element in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(element.attributes.get("scope") for element in page.all("th"))
    for element in page.elements:
        for named in element.attributes.get("aria-labelledby", "").split():
            assert named in page.ids
    for link in page.all("a"):
        assert link.attributes["href"].removeprefix("#") in page.ids
    for table in page.all("table"):
        assert table.words.strip()


@pytest.mark.parametrize("name", PATIENTS)
def test_the_page_loads_nothing_and_runs_nothing(name: str) -> None:
    text = page_of(PATIENTS[name]())
    page = Document.of(text)
    assert not page.all("script", "iframe", "object", "embed", "img", "form", "base")
    for element in page.elements:
        assert not any(attribute.startswith("on") for attribute in element.attributes)
        assert "style" not in element.attributes
        assert element.attributes.get("src") is None
        assert element.attributes.get("href", "#").startswith(("#", "data:"))
    assert "url(" not in page_file("style.css")
    assert "@import" not in page_file("style.css")


def test_the_pages_own_policy_allows_its_own_styles_only() -> None:
    page = Document.of(page_of(patients.declined()))
    policy = next(one.attributes["content"] for one in page.all("meta") if "http-equiv" in one.attributes)
    digest = base64.b64encode(hashlib.sha256(page.all("style")[0].words.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"


def test_the_same_case_gives_the_same_page() -> None:
    assert page_of(patients.acute_uncomplicated()) == page_of(patients.acute_uncomplicated())


PAIRS = [
    *(("text", "page"), ("text", "sheet"), ("soft", "page"), ("soft", "sheet"), ("link", "page")),
    *(("link", "sheet"), ("emergency", "emergency-back"), ("today", "today-back"), ("days", "days-back")),
    *(("routine", "routine-back"), ("calm", "calm-back"), ("button-text", "button")),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_text_stands_out_from_its_background_in_both_schemes(scheme: str, ink: str, paper: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    first, second = re.findall(r":root \{(.*?)\}", page_file("style.css"), re.DOTALL)[:2]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", first if scheme == "light" else second))
    lighter, darker = sorted((_luminance(colours[ink]), _luminance(colours[paper])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    def channel(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (channel(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
