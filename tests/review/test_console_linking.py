"""Whose case it is: linking to the clinic's reference on the case page, and two cases of one person side by side."""

from __future__ import annotations

import pytest

from bot.store.case_codes import case_code
from tests.review.browser import Browser
from tests.review.clinics import Clinic
from tests.review.desk import Desk, play
from tests.review.documents import Document
from tests.review.patients import acute_uncomplicated

PATIENTS_WORDS = "cant really feel when i wipe"


async def link(
    browser: Browser, episode: str, reference: str | None = "A 17", step: str = "link"
) -> Document:
    await browser.open(f"/episodes/{episode}")
    fields = {"reference": reference} if reference is not None else {}
    answer = await browser.submit(f"/episodes/{episode}/reference", step=step, **fields)
    return Document.of(answer.text)


async def linked(clinic: Clinic, browser: Browser) -> tuple[str, str]:
    """The cases "well" and "numb" under one reference."""
    for name in ("well", "numb"):
        await link(browser, clinic.episodes[name])
    return clinic.episodes["well"], clinic.episodes["numb"]


async def test_a_case_is_linked_and_the_label_can_be_taken_away(clinic: Clinic, clinician: Browser) -> None:
    episode = clinic.episodes["well"]
    page = await link(clinician, episode, "  MRN   0042/b ")
    assert "The case stands under your reference." in page.words
    assert clinic.store.case(episode).reference == "MRN 0042/b"
    (field,) = [one for one in page.all("input") if one.attributes.get("id") == "reference"]
    assert field.attributes["value"] == "MRN 0042/b"
    page = await link(clinician, episode, None, "unlink")
    assert "The reference is taken away." in page.words
    assert clinic.store.case(episode).reference is None


async def test_each_step_and_each_look_is_in_the_audit_log_and_the_reference_is_not(
    clinic: Clinic, clinician: Browser
) -> None:
    well, numb = await linked(clinic, clinician)
    before = len(clinic.audit())
    await clinician.open(f"/episodes/{numb}/beside/{well}")
    await link(clinician, numb, None, "unlink")
    rows = clinic.audit()[before:]
    assert set(rows[:2]) == {
        ("clinician", "read side by side", well),
        ("clinician", "read side by side", numb),
    }
    assert rows[2:] == [
        ("clinician", "read case", numb),
        ("clinician", "unlink reference", numb),
        ("clinician", "read case", numb),
    ]
    assert not any("A 17" in subject + action for _, action, subject in clinic.audit())


@pytest.mark.parametrize("reference", ["", "  ", "x" * 65, "two\nlines", "turned \u202e around"])
async def test_what_is_no_reference_changes_nothing(
    clinic: Clinic, clinician: Browser, reference: str
) -> None:
    episode = clinic.episodes["well"]
    await link(clinician, episode, "A 17")
    before = clinic.store.case(episode).reference
    page = await link(clinician, episode, reference)
    if reference == "two\nlines":
        # One space stands for any white space, as in the command.
        assert clinic.store.case(episode).reference == "two lines"
        return
    assert "1 to 64 characters" in page.words
    assert clinic.store.case(episode).reference == before
    assert clinic.audit()[-1] == ("clinician", "refused link reference", episode)


async def test_a_step_that_is_none_and_a_case_that_is_gone_are_said_kindly(
    clinic: Clinic, clinician: Browser
) -> None:
    episode = clinic.episodes["well"]
    await clinician.open(f"/episodes/{episode}")
    assert (await clinician.submit(f"/episodes/{episode}/reference", step="erase")).status_code == 400
    await clinician.open(f"/episodes/{episode}")
    gone = await clinician.submit("/episodes/nothing/reference", step="link", reference="A")
    assert gone.status_code in {403, 404}


async def test_the_other_cases_of_the_person_are_named_on_the_case_page(
    clinic: Clinic, clinician: Browser
) -> None:
    well, numb = clinic.episodes["well"], clinic.episodes["numb"]
    assert "same person" not in (await clinician.open(f"/episodes/{well}")).text
    await linked(clinic, clinician)
    page = Document.of((await clinician.open(f"/episodes/{well}")).text)
    assert "The same person has another case:" in page.words
    assert f"{case_code(numb)} Emergency now Ended by an emergency" in " ".join(page.words.split())
    assert f"/episodes/{well}/beside/{numb}" in [one.attributes.get("href") for one in page.all("a")]
    assert case_code(clinic.episodes["private"]) not in page.words


async def test_both_cases_lead_to_the_same_page(clinic: Clinic, clinician: Browser) -> None:
    well, numb = await linked(clinic, clinician)
    pages = [
        (await clinician.open(f"/episodes/{one}/beside/{other}")).text
        for one, other in ((well, numb), (numb, well))
    ]
    for page in pages:
        assert clinician.title == "Two cases of one person"
        assert {case_code(well), case_code(numb)} == set(columns(page))
    first, second = (page.partition("<h1>")[2] for page in pages)
    assert first == second


def columns(page: str) -> list[str]:
    """The case codes over the first table, from left to right."""
    heads = [one.words for one in Document.of(page).all("th") if one.attributes.get("scope") == "col"]
    return heads[1:3]


async def test_what_differs_is_marked_in_words_and_what_is_the_same_is_folded(
    clinic: Clinic, clinician: Browser
) -> None:
    well, numb = await linked(clinic, clinician)
    page = Document.of((await clinician.open(f"/episodes/{well}/beside/{numb}")).text)
    triage = next(one.words for one in page.all("tr") if one.words.strip().startswith("Triage"))
    assert "differs" in triage
    assert "Self-manage" in triage
    assert "Emergency now" in triage
    assert page.all("details")
    for folded in page.all("details"):
        assert "differs" not in folded.words


async def test_two_cases_that_are_not_of_one_person_are_not_set_side_by_side(
    clinic: Clinic, clinician: Browser
) -> None:
    well, numb, private = (clinic.episodes[name] for name in ("well", "numb", "private"))
    await linked(clinic, clinician)
    for one, other in ((well, private), (private, numb), (well, well), (well, "nothing"), ("nothing", well)):
        page = await clinician.open(f"/episodes/{one}/beside/{other}")
        assert page.status_code == 404
        assert "same reference" in page.text


async def test_what_a_patient_does_not_share_is_not_shown_beside_either(
    clinic: Clinic, clinician: Browser
) -> None:
    well, private = clinic.episodes["well"], clinic.episodes["private"]
    await link(clinician, well)
    await link(clinician, private)
    page = (await clinician.open(f"/episodes/{well}/beside/{private}")).text
    assert "not shared with clinicians" in page
    assert "nobody is to know" not in page
    assert "does not share these answers" in page


async def test_two_chats_of_one_person_that_a_clinic_links_are_one_persons(desk: Desk) -> None:
    """On the real store: the older case on the left, and the plan of each option by option."""
    _, _, later = play(desk.store, acute_uncomplicated())
    for episode in (desk.episode, later):
        await link(desk.browser, episode, "MRN 0042")
    answer = await desk.browser.open(f"/episodes/{later}/beside/{desk.episode}")
    assert columns(answer.text) == [case_code(desk.episode), case_code(later)]
    page = Document.of(answer.text)
    row = next(
        one.words for one in page.all("tr") if "Anti-inflammatory tablets from the pharmacy" in one.words
    )
    assert "Withheld (N04)" in row
    assert "differs" in row
    assert desk.case.reference == "MRN 0042"


async def test_the_page_can_be_read_without_seeing_it(clinic: Clinic, clinician: Browser) -> None:
    well, numb = await linked(clinic, clinician)
    page = Document.of((await clinician.open(f"/episodes/{well}/beside/{numb}")).text)
    assert page.unclosed == []
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert len(page.ids) == len(set(page.ids))
    assert all(header.attributes.get("scope") for header in page.all("th"))
    assert not page.all("style", "script")
    assert not any("style" in element.attributes for element in page.elements)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
async def test_a_reference_is_never_markup_on_the_case_page_and_beside(
    clinic: Clinic, clinician: Browser, text: str
) -> None:
    for name in ("well", "numb"):
        await link(clinician, clinic.episodes[name], text)
    well, numb = clinic.episodes["well"], clinic.episodes["numb"]
    for address in (f"/episodes/{well}", f"/episodes/{well}/beside/{numb}"):
        page = Document.of((await clinician.open(address)).text)
        assert text in page.words
        assert not page.all("script", "img")
        assert page.unclosed == []
