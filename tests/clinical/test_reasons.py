"""Every reason and finding is traced to the rule it names: effect, words, evidence, sources and mark."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

from bot.clinical.assess import Assessment, assess
from bot.clinical.facts import Facts
from bot.clinical.plan import PlannedOption, Reason
from bot.clinical.plan_reasons import duration_words, joined
from bot.clinical.rulebook import Rule, default_rulebook
from bot.clinical.rulebook.option_document import OptionRule
from bot.clinical.rulebook.option_terms import Effect
from bot.clinical.status import Status
from tests.clinical.situations import FOLDERS, columns_of_the_table, situations

RULEBOOK = default_rulebook()
BOOK, PERSONAL = RULEBOOK.contraindications, RULEBOOK.personalisation
OPTION_RULES: dict[str, OptionRule] = {rule.id: rule for rule in (*BOOK.rules, *PERSONAL.rules)}
RULES: dict[str, Rule] = {
    **{rule.id: rule for rule in RULEBOOK.red_flags},
    **{one.rule.id: one.rule for one in RULEBOOK.progress.rules},
    **{rule.id: rule for rule in (*BOOK.holds, *PERSONAL.choices)},
    **OPTION_RULES,
}
MARKS = ("cited", "design", "to_verify")
#: what a rule of a check-in does to the options it brings
EFFECT_OF = {
    Status.RECOMMEND: Effect.RECOMMEND,
    Status.CONSIDER: Effect.CONSIDER,
    Status.CLINICIAN_ONLY: Effect.OPENS,
}


@lru_cache(maxsize=1)
def assessments() -> tuple[Assessment, ...]:
    """What follows from every situation that is written down."""
    cases = [one.case for folder in FOLDERS if folder != "question_cases" for one in situations(folder)]
    cases += [one.case for one in columns_of_the_table()]
    return tuple(
        assess(
            Facts.of(case["facts"], case.get("skipped", ()), case.get("ever")),
            RULEBOOK,
            case.get("profile", "international"),
        )
        for case in cases
    )


def every_reason() -> Iterator[tuple[PlannedOption, Reason]]:
    for result in assessments():
        for option in result.plan.options:
            for reason in option.reasons:
                yield option, reason


def effects_of(rule: str, option: str) -> set[Effect]:
    """Every effect that a rule may have on an option."""
    if rule in {hold.id for hold in BOOK.holds}:
        return {Effect.WITHHELD}
    if rule in {choice.id for choice in PERSONAL.choices}:
        return {Effect.LOWER}
    progress = RULEBOOK.progress.by_id(rule)
    if progress is not None:
        return {EFFECT_OF[added.status] for added in progress.options if added.option == option}
    targets = [target for target in OPTION_RULES[rule].targets if option in target.options]
    effects = {target.effect for target in targets}
    effects |= {step.effect for target in targets for step in target.raises}
    if option in OPTION_RULES[rule].adds:
        effects.add(Effect.RECOMMEND)
    return effects


def test_a_reason_has_an_effect_that_its_rule_may_have_on_the_option() -> None:
    seen = set()
    for option, reason in every_reason():
        if reason.rule.startswith("T_"):
            assert (reason.rule, reason.effect) == (f"T_{option.id}", None)
        else:
            assert reason.effect in effects_of(reason.rule, option.id), (reason, option)
            seen.add(reason.effect)
    assert seen == set(Effect)


def test_a_reason_has_the_clinicians_words_the_sources_and_the_mark_of_its_rule() -> None:
    for option, reason in every_reason():
        if reason.rule.startswith("T_"):
            own = option.option
            assert (reason.clinician, reason.sources, reason.status) == (
                own.clinician, own.sources, own.status,
            )  # fmt: skip
            continue
        rule = RULES[reason.rule]
        assert reason.clinician == rule.clinician
        if reason.sources == rule.sources:
            assert MARKS.index(reason.status) >= MARKS.index(rule.status)
        else:
            assert reason.sources == tuple(dict.fromkeys((*rule.sources, *option.option.sources)))
            assert reason.status == max(rule.status, option.option.status, key=MARKS.index)


def test_a_reason_that_leans_on_the_options_evidence_takes_the_less_settled_mark() -> None:
    brought_in = [
        (option, reason)
        for option, reason in every_reason()
        if not reason.rule.startswith("T_") and reason.sources != RULES[reason.rule].sources
    ]
    pairs = {(RULES[reason.rule].status, option.option.status) for option, reason in brought_in}
    assert any(rule != own for rule, own in pairs)


def test_a_reason_rests_on_facts_that_the_patient_gave() -> None:
    for result in assessments():
        classes = set(BOOK.medicines)
        for option in result.plan.options:
            for reason in option.reasons:
                for name, value in reason.facts.items():
                    assert value not in (None, ())
                    if name == "current_meds" and isinstance(value, tuple):
                        assert not classes & set(value) or set(value) <= classes


def test_a_finding_has_both_voices_the_sources_and_the_mark_of_its_rule() -> None:
    for result in assessments():
        for finding in result.triage.findings:
            rule = RULES[finding.rule]
            assert (finding.clinician, finding.sources, finding.status) == (
                rule.clinician, rule.sources, rule.status,
            )  # fmt: skip
            assert finding.patient
            if rule.id not in OPTION_RULES:
                assert finding.patient == rule.patient


def test_an_option_has_one_reason_of_the_table_at_most_and_none_when_it_is_withheld() -> None:
    for result in assessments():
        for option in result.plan.options:
            table = [reason for reason in option.reasons if reason.rule.startswith("T_")]
            assert len(table) <= 1
            if option.status is Status.WITHHELD:
                assert table == []


# --- the table's own reason -----------------------------------------------------------------------------------


def reason_of(option: str, rule: str, **told: Any) -> Reason:
    result = assess(Facts.of(told), RULEBOOK)
    (planned,) = [one for one in result.plan.options if one.id == option]
    return next(reason for reason in planned.reasons if reason.rule == rule)


def test_the_tables_reason_opens_with_the_persons_own_duration_and_rests_on_it() -> None:
    reason = reason_of("PT_ADVICE_ACTIVE", "T_PT_ADVICE_ACTIVE", age=40, duration_weeks=3)
    assert reason.text.startswith(RULEBOOK.options.situations["acute"].text.replace("{duration}", "3 weeks"))
    assert reason.facts == {"duration_weeks": 3.0}


def test_without_a_duration_it_opens_with_that_and_rests_on_nothing() -> None:
    reason = reason_of("PT_ADVICE_ACTIVE", "T_PT_ADVICE_ACTIVE", age=40)
    assert reason.text.startswith(RULEBOOK.options.situations["unknown"].text)
    assert reason.facts == {}


def test_with_nerve_signs_it_opens_with_the_leg_and_rests_on_what_was_told_of_it() -> None:
    told = {"leg_pain": "below_knee", "leg_pain_onset_days": 40, "leg_pain_trend": "stable"}
    result = assess(Facts.of({"age": 40, "duration_weeks": 3, **told}), RULEBOOK)
    legs = [
        reason
        for one in result.plan.options
        for reason in one.reasons
        if reason.rule.startswith("T_") and reason.text.startswith(RULEBOOK.options.situations["leg"].text)
    ]
    assert legs
    assert all("leg_pain" in reason.facts for reason in legs)
    assert any("duration_weeks" not in reason.facts for reason in legs)
    assert not any("age" in reason.facts for reason in legs)


def test_what_is_offered_to_nobody_needs_no_word_on_the_person() -> None:
    reason = reason_of("BED_REST", "T_BED_REST", age=40, duration_weeks=3)
    assert reason.text == RULEBOOK.options.options["BED_REST"].because[Status.NOT_OFFERED].text
    assert reason.facts == {}


@pytest.mark.parametrize("count", [44, 45, 46])
def test_two_texts_are_told_as_one_while_a_message_holds_them(count: int) -> None:
    first, then = "word " * 20, "word " * (count - 20)
    both = joined(first.strip(), then.strip())
    assert (both is not None) == (count <= 45)
    assert both is None or len(both.split()) == count


@pytest.mark.parametrize(
    ("weeks", "words"),
    [
        (0.0, "less than a day"),
        (1 / 7, "1 day"),
        (13 / 7, "13 days"),
        (2.0, "2 weeks"),
        (12.0, "12 weeks"),
        (13.0, "about 3 months"),
        (23 * 4.345, "about 23 months"),
        (24 * 4.345, "about 2 years"),
        (35 * 4.345, "about 3 years"),
        (10 * 52.14, "about 10 years"),
    ],
)
def test_a_duration_is_told_in_the_unit_that_people_use(weeks: float, words: str) -> None:
    assert duration_words(weeks) == words
