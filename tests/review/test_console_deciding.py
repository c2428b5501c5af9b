"""From the case on the screen to what the patient reads: deciding, changing options, asking, flags, notes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.review.texts import texts
from tests.clinical.readability import grade
from tests.review import patients
from tests.review.browser import Browser, FormReader
from tests.review.cases import CaseBuilder
from tests.review.desk import Desk, desk_for, enter
from tests.review.documents import Document

HOSTILE = "<script>alert(1)</script> {{7*7}} =cmd|' /C calc'!A0 \u202e"
HARMLESS_WORDS = {"clinician": "dr.rossi", "date": "25 Nov 2026", "text": "When?", "options": "Walking"}


async def test_approving_signs_the_plan_and_the_patient_reads_it_in_the_chat(desk: Desk) -> None:
    page = await desk.post("decision", decision="accept", reason="Fits the phone call.")
    assert "Signed. The patient has been told in the chat." in page.text
    (review,) = desk.case.reviews
    assert (review.decision, review.clinician, review.reason, review.plan_version) == (
        "accept", "dr.rossi", "Fits the phone call.", 1,
    )  # fmt: skip
    assert (desk.case.episode.status, desk.case.plans[0].status) == ("reviewed", "reviewed")
    heard = (await desk.heard())[-1]
    assert heard.startswith("dr.rossi has read your answers and signed your plan on 25 Nov 2026.")
    assert "Fits the phone call" not in " ".join(await desk.heard())
    assert "Reviewed: accepted by dr.rossi on 25 Nov 2026." in page.text


async def test_declining_needs_a_reason_that_the_patient_does_not_read(desk: Desk) -> None:
    refused = await desk.post("decision", decision="reject", reason="  ")
    assert refused.status_code == 422
    assert desk.case.reviews == ()
    await desk.post("decision", decision="reject", reason="Renal history.", words="Please see me on Friday.")
    heard = await desk.heard()
    assert "did not sign the draft plan" in heard[-2]
    assert heard[-1] == "dr.rossi writes: Please see me on Friday."
    assert "Renal" not in " ".join(heard)
    assert desk.case.episode.status == "held"


async def test_calling_in_holds_the_plan_and_asks_the_patient_to_get_in_touch(desk: Desk) -> None:
    await desk.post("decision", decision="call_in")
    assert "wants to talk with you. The clinic will get in touch" in (await desk.heard())[-1]
    assert desk.case.episode.status == "held"
    assert "Draft: called in by dr.rossi" in (await desk.open()).text


async def test_in_an_emergency_the_patient_is_asked_to_call_now(kept_desk: Path, tmp_path: Path) -> None:
    desk = await desk_for(kept_desk, tmp_path, emergency())
    await desk.post("decision", decision="call_in")
    assert "wants to talk with you today. Please call the clinic now." in (await desk.heard())[-1]


async def test_tablets_for_a_patient_on_a_blood_thinner_are_shown_with_the_rules_against_them(
    desk: Desk,
) -> None:
    page = await desk.change(PM_NSAID_ORAL="recommend")
    assert desk.browser.title == "Check the changes"
    words = " ".join(Document.of(page.text).words.split())
    assert "1 of 1 change goes against the rules" in words
    assert "Withheld becomes Recommended" in words
    assert "rule N04" in words
    assert desk.case.reviews == ()
    refused = await desk.browser.submit(f"{desk.path}/options", step="sign")
    assert refused.status_code == 422
    assert "Please write why, for: " in refused.text
    assert desk.case.reviews == ()
    reason = "Apixaban was stopped by cardiology."
    await desk.browser.submit(f"{desk.path}/options", step="sign", **{"why.PM_NSAID_ORAL": reason})
    case = desk.case
    assert [(one.version, one.status) for one in case.plans] == [(1, "superseded"), (2, "reviewed")]
    (tablets,) = [one for one in case.plans[1].assessment["options"] if one["id"] == "PM_NSAID_ORAL"]
    assert (tablets["status"], tablets["reasons"][0]["clinician"]) == ("recommend", reason)
    assert reason in (case.reviews[0].reason or "")
    heard = await desk.heard()
    assert "Your plan was changed and signed on 25 Nov 2026" in heard[-2]
    assert heard[-1] == f"New in your plan: {tablets['name']}."
    page = await desk.open()
    assert f"{tablets['name']}: withheld became recommended." in page.text


async def test_a_change_that_breaks_nothing_needs_no_reason(desk: Desk) -> None:
    page = await desk.change(PM_HEAT="withheld")
    assert "No rule speaks against this change." in page.text
    await desk.browser.submit(f"{desk.path}/options", step="sign", words="Ice is fine too.")
    heard = await desk.heard()
    assert heard[-2].startswith("No longer in your plan: ")
    assert heard[-1] == "dr.rossi writes: Ice is fine too."


async def test_options_that_were_not_changed_are_not_signed(desk: Desk) -> None:
    page = await desk.change()
    assert page.status_code == 422
    assert "Nothing is changed yet." in page.text
    page = await desk.change(PM_HEAT="miracle")
    assert page.status_code == 400
    assert desk.case.reviews == ()


async def test_a_question_is_asked_in_the_chat_and_the_answer_is_threaded_in_the_case(desk: Desk) -> None:
    await desk.post("tell", kind="question", text="Since when do you take it?")
    heard = await desk.heard()
    assert "You can answer here, in your own words." in heard[-2]
    assert heard[-1] == "dr.rossi asks: Since when do you take it?"
    desk.clock.pass_(timedelta(minutes=20))
    await desk.says("since last winter")
    page = await desk.open()
    thread = page.text.partition('id="thread"')[2]
    assert thread.index("Since when do you take it?") < thread.index("since last winter")
    assert "1 message from the patient" in page.text
    assert desk.store.episodes()[0].answered_at == desk.clock.now


async def test_a_message_reaches_the_patient_and_a_note_does_not(desk: Desk) -> None:
    await desk.post("tell", kind="message", text="Your form is at the desk.")
    assert (await desk.heard())[-1] == "dr.rossi writes: Your form is at the desk."
    page = await desk.post("notes", text="Sounds frightened.")
    assert "Sounds frightened." in page.text
    assert "patient does not see this" in page.text
    assert "frightened" not in " ".join(await desk.heard())


async def test_a_flag_is_acknowledged_and_resolved_with_what_was_done(desk: Desk) -> None:
    flag = next(one for one in desk.case.flags if one.code == "FL_MED_INTERACTION")
    await desk.post(f"flags/{flag.id}", status="acknowledged")
    assert status_of(desk, flag.id) == "acknowledged"
    refused = await desk.post(f"flags/{flag.id}", status="closed", reason="")
    assert refused.status_code == 422
    page = await desk.post(f"flags/{flag.id}", status="closed", reason="Pharmacist told.")
    assert status_of(desk, flag.id) == "closed"
    assert "Medicine conflict closed: Pharmacist told." in page.text
    token = FormReader.of(page.text)[-1].hidden["csrf"]
    fields = {"csrf": token, "status": "acknowledged"}
    missing = await desk.browser.http.post(f"{desk.path}/flags/nothing", data=fields)
    assert missing.status_code == 404


async def test_a_decision_about_what_has_changed_since_is_refused_with_a_kind_page(desk: Desk) -> None:
    await desk.open()
    turn = desk.store.begin_turn(desk.conversation, None)
    turn.learn("fever", "yes", "I have a fever now", "answer")
    desk.store.commit_turn(turn)
    page = await desk.browser.submit(f"{desk.path}/decision", decision="accept")
    assert page.status_code == 409
    assert desk.browser.title == "The case has changed"
    assert desk.case.reviews == ()
    assert not any("dr.rossi" in text for text in await desk.heard())
    assert ("dr.rossi", "refused decide accept", desk.episode) in desk.audit()


async def test_changes_that_were_checked_before_the_patient_wrote_are_not_signed(desk: Desk) -> None:
    await desk.change(PM_HEAT="withheld")
    turn = desk.store.begin_turn(desk.conversation, None)
    turn.learn("fever", "yes", "I have a fever now", "answer")
    desk.store.commit_turn(turn)
    page = await desk.browser.submit(f"{desk.path}/options", step="sign")
    assert page.status_code == 409
    assert len(desk.case.plans) == 1


async def test_what_is_new_since_the_last_look_stands_on_top(desk: Desk) -> None:
    first = await desk.open()
    assert "New since you looked" not in first.text
    desk.clock.pass_(timedelta(hours=1))
    await desk.says("it is worse today")
    turn = desk.store.begin_turn(desk.conversation, None)
    turn.learn("fever", "yes", "hot", "answer")
    desk.store.commit_turn(turn)
    page = await desk.open()
    news = page.text.partition('id="news"')[2].partition("</div>")[0]
    assert "1 message from the patient" in news
    assert "answers about: Fever" in news
    desk.clock.pass_(timedelta(hours=1))
    assert "New since you looked" not in (await desk.open()).text


async def test_a_plan_that_is_not_shared_can_only_be_called_in(kept_desk: Path, tmp_path: Path) -> None:
    builder = CaseBuilder("private").agrees("keep_answers").patient("my back aches", pain_avg=3)
    desk = await desk_for(kept_desk, tmp_path, builder)
    page = await desk.open()
    assert "Approve and sign" not in page.text
    for decision in ("accept", "reject"):
        refused = await desk.post("decision", decision=decision, reason="x")
        assert (refused.status_code, desk.browser.title) == (403, "Not shared with clinicians")
    assert (await desk.browser.open(f"{desk.path}/options")).status_code == 403
    await desk.post("decision", decision="call_in")
    assert [one.decision for one in desk.case.reviews] == ["call_in"]


@pytest.mark.parametrize("decision", ["accept", "call_in", "reject"])
async def test_a_message_that_came_after_the_page_was_opened_is_read_before_anything_is_signed(
    desk: Desk, decision: str
) -> None:
    """Words that change no answer change no triage either, and yet may matter to whoever signs."""
    await desk.open()
    await desk.says("oh, and my leg hurts a bit too")
    refused = await desk.browser.submit(f"{desk.path}/decision", decision=decision, reason="x")
    assert (refused.status_code, desk.browser.title) == (409, "The case has changed")
    assert desk.case.reviews == ()
    await desk.post("decision", decision=decision, reason="x")
    assert [one.decision for one in desk.case.reviews] == [decision]


async def test_options_are_not_changed_over_words_that_nobody_read(desk: Desk) -> None:
    await desk.browser.open(f"{desk.path}/options")
    await desk.says("oh, and my leg hurts a bit too")
    refused = await desk.browser.submit(
        f"{desk.path}/options", step="check", **{"status.PM_NSAID_ORAL": "recommend"}
    )
    assert refused.status_code == 409
    checked = await desk.change(PM_NSAID_ORAL="recommend")
    assert checked.status_code == 200
    await desk.says("and my foot")
    why = {"status.PM_NSAID_ORAL": "recommend", "why.PM_NSAID_ORAL": "Cardiology agrees."}
    refused = await desk.browser.submit(f"{desk.path}/options", step="sign", **why)
    assert refused.status_code == 409
    assert desk.case.reviews == ()


@pytest.mark.parametrize("form", ["decision", "options", "tell", "notes", "flags/x"])
async def test_a_form_without_our_token_or_from_another_site_does_nothing(desk: Desk, form: str) -> None:
    fields = {"decision": "accept", "plan_version": "1", "kind": "message", "text": "x", "status": "closed",
              "as_of": desk.case.episode.updated_at.isoformat(), "reason": "x"}  # fmt: skip
    for token, headers in (("", {}), ("forged", {}), ("", {"Sec-Fetch-Site": "cross-site"})):
        answer = await desk.browser.http.post(
            f"{desk.path}/{form}", data={**fields, "csrf": token}, headers=headers
        )
        assert answer.status_code == 403
    assert desk.case.reviews == desk.case.remarks == ()


@pytest.mark.parametrize("form", ["decision", "options", "tell", "notes", "flags/x"])
async def test_nobody_decides_without_signing_in(desk: Desk, form: str) -> None:
    stranger = Browser(desk.browser.http._transport.app)  # type: ignore[attr-defined]
    answer = await stranger.http.post(f"{desk.path}/{form}", data={"decision": "accept"})
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/signin")
    assert desk.case.reviews == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"decision": "perhaps"},
        {"decision": "accept", "as_of": "yesterday"},
        {"decision": "accept", "as_of": "2026-11-25T09:00:00"},
        {"decision": "accept", "plan_version": "one"},
        {"decision": "accept", "plan_version": "²"},
        {"decision": "accept", "heard": ""},
        {"decision": "accept", "heard": "-1"},
        {"decision": "accept", "heard": "²"},
        {"decision": "accept", "heard": "9" * 30},
    ],
)
async def test_a_form_that_says_nothing_sensible_is_refused(desk: Desk, fields: dict[str, str]) -> None:
    page = await desk.post("decision", **fields)
    assert page.status_code == 400
    assert desk.case.reviews == ()


async def test_too_long_a_text_is_refused_before_anything_is_sent(desk: Desk) -> None:
    page = await desk.post("tell", kind="message", text="x" * 1001)
    assert page.status_code == 422
    assert "At most 1,000 characters" in page.text
    assert desk.case.remarks == ()


async def test_words_of_clinicians_stay_words_on_every_page(desk: Desk) -> None:
    await desk.post("notes", text=HOSTILE)
    await desk.post("tell", kind="message", text=HOSTILE)
    await desk.change(PM_NSAID_ORAL="consider")
    await desk.browser.submit(f"{desk.path}/options", step="sign", **{"why.PM_NSAID_ORAL": HOSTILE})
    page = await desk.open()
    assert "<script>" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page.text
    assert "\u202e" not in page.text
    assert Document.of(page.text).unclosed == []


async def test_every_step_is_in_the_audit_log_by_who_took_it(desk: Desk) -> None:
    colleague = Browser(desk.browser.http._transport.app)  # type: ignore[attr-defined]
    await enter(colleague, desk.store, desk.clock, "anna")
    before = len(desk.audit())
    await desk.post("tell", kind="question", text="Since when?")
    await desk.post("notes", text="Call the GP.")
    await desk.change(PM_HEAT="withheld")
    await desk.browser.submit(f"{desk.path}/options", step="sign")
    await colleague.open(desk.path)
    await colleague.submit(f"{desk.path}/decision", decision="call_in")
    steps = [(who, what) for who, what, _ in desk.audit()[before:] if what != "read case"]
    assert steps == [
        ("dr.rossi", "send question"),
        ("dr.rossi", "add note"),
        ("dr.rossi", "read options"),
        ("dr.rossi", "sign changed plan"),
        ("anna", "decide call_in"),
    ]
    assert desk.store.check_audit().intact


async def test_every_page_of_a_decision_can_be_read_without_seeing_it(desk: Desk) -> None:
    await desk.post("tell", kind="question", text="Since when?")
    pages = [await desk.open(), await desk.browser.open(f"{desk.path}/options")]
    pages.append(await desk.change(PM_NSAID_ORAL="recommend", PM_HEAT="consider"))
    pages.append(await desk.browser.submit(f"{desk.path}/options", step="sign"))
    for answer in pages:
        page = Document.of(answer.text)
        assert page.unclosed == []
        assert len(page.all("h1")) == 1
        assert len(page.ids) == len(set(page.ids))
        labelled = {label.attributes["for"] for label in page.all("label")}
        for field in page.all("input", "textarea", "select"):
            assert field.attributes.get("type") == "hidden" or field.attributes["id"] in labelled
            for described in field.attributes.get("aria-describedby", "").split():
                assert described in page.ids
        assert all(button.words.strip() for button in page.all("button"))


@pytest.mark.parametrize("key", texts())
def test_what_patients_are_told_is_short_plain_and_claims_nothing(key: str) -> None:
    text = texts()[key].format(**HARMLESS_WORDS)
    assert len(text.split()) <= 45
    assert grade(text) <= 8
    for claim in ("cure", "proven", "safe for you", "you have (", "diagnosis", "mg"):
        assert claim not in text.lower()


def status_of(desk: Desk, flag: str) -> str:
    return next(one.status for one in desk.case.flags if one.id == flag)


def emergency() -> CaseBuilder:
    """The web patient who is numb between the legs."""
    return (
        CaseBuilder("numb-web")
        .agrees(*patients.ALL)
        .patient("cant feel when i wipe", "screen", saddle_numbness="new", age=41)
    )
