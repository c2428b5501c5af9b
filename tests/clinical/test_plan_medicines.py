"""Medicines are known by the names people write, and by nothing that only looks like one."""

from __future__ import annotations

import pytest

from bot.clinical.facts import Facts
from bot.clinical.medicines import in_brackets, listed_names, with_listed_medicines
from bot.clinical.rulebook import default_rulebook

RULES = default_rulebook().contraindications


def known(*listed: str, **told: object) -> Facts:
    return with_listed_medicines(Facts.of({"current_meds": list(listed), **told}), RULES)


@pytest.mark.parametrize(
    ("listed", "field"),
    [
        ("Apixaban 5mg", "anticoagulant"),
        ("a blood thinner", "anticoagulant"),
        ("low dose ASPIRIN", "antiplatelet"),
        ("co codamol", "current_opioid"),
        ("Co-Codamol 30/500", "current_opioid"),
        ("tramadol, at night", "current_opioid"),
        ("lisinopril", "ace_arb_diuretic"),
        ("water tablets", "ace_arb_diuretic"),
        ("mefenamic acid", "current_nsaid"),
        ("prednisolone", "oral_steroid_current"),
        ("pregabalin", "current_gabapentinoid"),
        ("Valium", "current_benzodiazepine"),
        ("methotrexate", "lithium_or_methotrexate"),
        ("duloxetine", "ssri_snri"),
    ],
)
def test_a_listed_name_answers_yes(listed: str, field: str) -> None:
    assert known(listed)[field] is True


@pytest.mark.parametrize(
    "listed",
    ["hydrocortisone cream", "prednisolone eye drops", "vitamin D", "codeinex", "metformin", "no tablets"],
)
def test_other_words_answer_nothing(listed: str) -> None:
    assert known(listed).plain() == {"current_meds": [listed]}


@pytest.mark.parametrize("ticked", [False, "unsure"])
def test_the_list_outweighs_a_tick(ticked: object) -> None:
    assert known("warfarin", anticoagulant=ticked)["anticoagulant"] is True


def test_one_product_may_belong_to_several_classes() -> None:
    facts = known("co-codamol", "butrans patch")
    assert facts["current_opioid"] is True
    listed = facts["current_meds"]
    assert isinstance(listed, tuple)
    assert {"paracetamol", "patch"} <= set(listed)


def test_an_empty_or_missing_list_changes_nothing() -> None:
    for facts in (Facts.of({"age": 40}), Facts.of({"current_meds": []})):
        assert with_listed_medicines(facts, RULES) is facts


def test_names_are_shown_as_the_rulebook_writes_them_two_at_most_and_never_twice() -> None:
    names = listed_names(Facts.of({"current_meds": ["XARELTO 20", "Warfarin", "heparin"]}), RULES)
    assert in_brackets(names["anticoagulant"], "You take a blood thinner.") == " (xarelto, warfarin)"
    assert in_brackets(("aspirin",), "You take aspirin or a tablet like it.") == ""
    assert in_brackets((), "You take a blood thinner.") == ""


def test_what_the_patient_wrote_around_a_name_is_never_shown() -> None:
    names = listed_names(Facts.of({"current_meds": ["warfarin from my late husband John"]}), RULES)
    assert names == {"anticoagulant": ("warfarin",)}
