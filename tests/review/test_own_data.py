"""A patient's copy of their own data: all they said and were told, and nothing that was written about them."""

from __future__ import annotations

import json
from typing import Any

from bot.review.own_data import export_own_data
from bot.store.records import Case
from tests.review import patients
from tests.review.desk import Desk
from tests.review.test_exports import assessed


def copy_of(*cases: Case) -> dict[str, Any]:
    last = cases[-1]
    content = export_own_data(last.conversation, last.messages, cases, None, last.episode.updated_at)
    return dict(json.loads(content))


def test_every_answer_is_in_it_in_the_patients_own_words_and_every_message() -> None:
    case = assessed(patients.on_a_blood_thinner())
    copy = copy_of(case)
    [episode] = copy["episodes"]
    told = {one["field"]: one["words"] for one in episode["answers"]}
    assert told == {one.field: one.words for one in case.facts}
    assert [one["text"] for one in copy["messages"]] == [one.text for one in case.messages]
    assert {one["purpose"] for one in copy["permissions"]} == {one.purpose for one in case.consents}


def test_the_plan_is_in_it_with_its_reasons_and_without_words_for_clinicians() -> None:
    case = assessed(patients.on_a_blood_thinner())
    plan = copy_of(case)["episodes"][0]["plans"][-1]
    options = {one["id"]: one for one in plan["options"]}
    assert options["PM_NSAID_ORAL"]["reasons"][0]["text"]
    written = [
        reason["clinician"] for one in case.plans[-1].assessment["options"] for reason in one["reasons"]
    ]
    assert any(written)
    assert '"clinician"' not in json.dumps(plan)


def test_no_plan_is_in_it_while_the_case_waits_for_help() -> None:
    case = patients.cauda_equina().build()
    assert case.episode.status == "emergency"
    assert copy_of(case)["episodes"][0]["plans"] == []


async def test_a_note_between_clinicians_is_not_in_it(desk: Desk) -> None:
    doctor = next(one for one in desk.store.clinicians() if one.name == "dr.rossi")
    desk.store.add_remark(desk.episode, doctor.id, "note", "a note between us")
    assert "a note between us" not in json.dumps(copy_of(desk.case))
