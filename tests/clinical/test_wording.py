"""The words for danger, and the readability of everything a patient is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clinical.facts import Facts
from bot.clinical.measures import measure_of
from bot.clinical.rulebook import default_rulebook
from bot.clinical.triage import Triage, triage
from bot.clinical.urgency import Urgency
from bot.clinical.wording import SafetyMessage, incomplete_message, safety_messages, safety_net
from tests.clinical.readability import grade

RULEBOOK = default_rulebook()
WORDING = RULEBOOK.wording
COUNTRIES = [None, "ZZ", *RULEBOOK.phone_numbers.countries]
#: Messages on life and safety count as emergency messages, whatever the class.
LONG = ("safety_emergency", "safety_crisis", "safety_safeguarding", "safety_same_day_unsure_safety")

CASES: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "red_flag_cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    if case["triage"] in ("emergency_now", "same_day", "urgent_days")
]


def told(
    facts: dict[str, Any], country: str | None = "GB", skipped: tuple[str, ...] = (), ever: Any = None
) -> tuple[SafetyMessage, ...]:
    known = Facts.of(facts, skipped, ever)
    return safety_messages(triage(known, RULEBOOK), known, RULEBOOK, country)


def of_case(case: dict[str, Any], country: str | None) -> tuple[SafetyMessage, ...]:
    return told(case["facts"], country, tuple(case.get("skipped", ())), case.get("ever"))


def keys(facts: dict[str, Any]) -> list[str]:
    return [message.key for message in told(facts)]


def test_the_cauda_equina_message_is_as_written() -> None:
    (message,) = told({"saddle_numbness": "new", "bladder_change": "new"})
    assert message.key == "safety_emergency_ces"
    assert message.text == (
        "Please stop here. Your answers can mean pressure on nerves at the base of your spine. This is rare, but it "
        "must be checked in hospital now. Waiting can cause lasting harm. Go to an emergency department, or call 999. "
        "Do not drive yourself. Tell them: back pain with numbness between your legs and new trouble passing urine. "
        "I have marked this for your clinician. Do not wait for a reply."
    )


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"suicidal_thoughts": "plan_or_intent"}, "safety_emergency_crisis"),
        ({"suicidal_thoughts": "passive"}, "safety_crisis"),
    ],
)
def test_the_crisis_message_is_as_written(facts: dict[str, Any], key: str) -> None:
    (message,) = told(facts, "US")
    assert message.key == key
    assert message.text == (
        "I'm really sorry it is this hard. I'm a computer program, so I can't keep you safe, but a person can. If you "
        "might act on this now, call 911. You can talk to someone now on 988 (call or text). Are you safe right now?"
    )


def test_the_safety_net_is_as_written() -> None:
    assert safety_net(RULEBOOK) == (
        "Get help right away if you have: numbness between your legs; new trouble peeing or controlling your bowels; "
        "weakness or numbness in both legs; fever with back pain; or sudden very bad tummy or chest pain."
    )


def test_cancer_is_told_with_its_reason_and_how_soon() -> None:
    (soon,) = told({"cancer_history": "past"})
    assert soon.text.startswith(
        "Most back pain is not caused by cancer. Because of cancer in the past, it is safest that a clinician checks "
        "you in the next few days."
    )
    (today,) = told({"cancer_history": "current", "pain_trend": "worsening"})
    assert (
        "Because of cancer and pain that gets worse, it is safest that a clinician checks you today."
        in today.text
    )


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_every_danger_has_its_message(case: dict[str, Any]) -> None:
    messages = of_case(case, "GB")
    assert 1 <= len(messages) <= 3
    assert len({message.key for message in messages}) == len(messages)
    top = {"emergency_now": "safety_emergency", "same_day": "safety_", "urgent_days": "safety_u"}
    assert messages[0].key.startswith(top[case["triage"]])


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_messages_are_short_and_filled_in_every_country(case: dict[str, Any]) -> None:
    for country in COUNTRIES:
        for message in of_case(case, country):
            most = 75 if message.key.startswith(LONG) else 45
            assert len(message.text.split()) <= most, (country, message.text)
            assert not re.search(r"[{}_]|None|\(\)| ,|\.\.", message.text)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_an_emergency_names_the_number_of_the_country(case: dict[str, Any]) -> None:
    if case["triage"] == "emergency_now":
        for country in COUNTRIES:
            number = RULEBOOK.phone_numbers.of(country).emergency
            assert number in of_case(case, country)[0].text


def test_where_no_line_is_known_words_stand_for_it() -> None:
    (message,) = told({"suicidal_thoughts": "active"}, None)
    assert "call your local emergency number" in message.text
    assert "a crisis line in your area" in message.text
    (same_day,) = told({"fever": "yes"}, "FR")
    assert "your doctor or an out-of-hours service" in same_day.text


def test_northern_ireland_is_not_sent_to_111() -> None:
    assert "111" not in told({"fever": "yes"}, "GB-NIR")[0].text
    assert "NHS 111" in told({"fever": "yes"}, "GB")[0].text


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"saddle_numbness": "new", "fever": "yes"}, ["safety_emergency_ces", "safety_emergency_infection"]),
        ({"overdose": "intentional"}, ["safety_emergency_overdose", "safety_emergency_crisis"]),
        ({"overdose": "accidental"}, ["safety_emergency_overdose"]),
        (
            {"chest_pain_or_breathless": True, "suicidal_thoughts": "passive"},
            ["safety_emergency_vascular", "safety_crisis"],
        ),
        (
            {"fever": "yes", "safeguarding_concern": True},
            ["safety_safeguarding", "safety_same_day_infection"],
        ),
        ({"age": 16, "saddle_numbness": "new"}, ["safety_emergency_ces", "safety_under_18_now"]),
        ({"age": 16}, ["safety_under_18"]),
        ({"uveitis": "red_painful_eye_now"}, ["safety_same_day_eye"]),
        ({"calf_swelling": True}, ["safety_same_day_clot"]),
        ({"pregnant": "yes", "dysuria": True}, ["safety_same_day_pregnancy"]),
        ({"pregnant": "yes", "reduced_fetal_movements": True}, ["safety_emergency_pregnancy"]),
        ({"drowsy_or_slow_breathing": True}, ["safety_emergency_drowsy"]),
        ({"major_trauma_recent": "yes"}, ["safety_emergency_fracture"]),
        ({"gait_unsteady_new": "yes"}, ["safety_emergency_neuro"]),
        ({"blood_in_urine": True}, ["safety_urgent"]),
        ({"collapse_or_faint": True}, ["safety_same_day"]),
        (
            {"weight_loss_unexplained": "yes", "fever": "unsure"},
            ["safety_urgent_cancer", "safety_urgent_incomplete"],
        ),
    ],
)
def test_the_messages_for_a_picture(facts: dict[str, Any], expected: list[str]) -> None:
    assert keys(facts) == expected


def test_at_most_three_messages_are_said_the_worst_first() -> None:
    facts = {
        **{"overdose": "intentional", "saddle_numbness": "new", "gait_unsteady_new": "yes"},
        **{"cancer_history": "past", "chest_pain_or_breathless": True},
    }
    assert keys(facts) == ["safety_emergency_overdose", "safety_emergency_crisis", "safety_emergency_ces"]


@pytest.mark.parametrize(
    "facts", [{}, {"age": 74}, {"age": 40, "leg_pain": "below_knee"}, {"pregnant": "yes"}]
)
def test_nothing_is_said_where_nothing_is_urgent(facts: dict[str, Any]) -> None:
    assert told(facts) == ()


def test_what_the_screen_cannot_tell_apart_is_said_as_it_was_tapped() -> None:
    bundle = RULEBOOK.questions.screen.facts_for("cauda_equina")
    (message,) = told(dict(bundle))
    assert "numbness between the legs, or new bladder, bowel or leg trouble" in message.text


def test_not_sure_is_never_told_as_a_sign() -> None:
    (message,) = told({"bladder_change": "unsure"})
    assert message.text.startswith("You were not sure about a change in passing urine.")


def test_sensitive_answers_are_not_named() -> None:
    for facts in ({"iv_drug_use": "yes", "fever": "yes"}, {"iv_drug_use": "yes", "pain_trend": "worsening"}):
        assert not any("drug" in message.text.lower() for message in told(facts))


def test_every_rule_that_a_message_names_exists_and_every_grave_rule_has_one() -> None:
    rules = [*RULEBOOK.red_flags, *(one.rule for one in RULEBOOK.progress.rules)]
    named = {rule for message in WORDING.messages for rule in message.rules}
    assert named <= {rule.id for rule in rules}
    emergencies = {rule.id for rule in rules if rule.urgency is Urgency.EMERGENCY_NOW}
    assert emergencies <= {r for m in WORDING.messages if m.urgency is Urgency.EMERGENCY_NOW for r in m.rules}


def texts() -> Iterator[tuple[str, str]]:
    """Every sentence that a patient may be told by the questions and the safety messages."""
    for asking in RULEBOOK.questions.askings:
        question = asking.question
        yield f"{question.field} text", question.text
        yield f"{question.field} why", question.why
        if question.example:
            yield f"{question.field} again", f"{question.text} {question.example}"
    yield "screen", RULEBOOK.questions.screen.text
    yield "screen why", RULEBOOK.questions.screen.why
    yield "incomplete", incomplete_message(RULEBOOK)
    for case in CASES:
        for country in (None, "GB", "IE"):
            for message in of_case(case, country):
                yield f"{message.key}, {case['case']}, {country}", message.text


TEXTS = list(texts())
LABELS = [
    choice.label
    for question in (RULEBOOK.questions.screen, *(asking.question for asking in RULEBOOK.questions.askings))
    for choice in question.choices
]


def test_every_text_can_be_read_after_eight_years_of_school() -> None:
    hard = {name: (round(grade(text), 1), text) for name, text in TEXTS if grade(text) > 8}
    assert not hard


def test_every_text_is_short() -> None:
    safety = "safety_"
    assert all(len(text.split()) <= 45 for name, text in TEXTS if not name.startswith(safety))
    statements = measure_of("rmdq", RULEBOOK).items  # words that may not be changed
    assert all(len(label.split()) <= 12 for label in LABELS if label not in statements)


def test_no_text_claims_diagnoses_doses_or_promises_a_call() -> None:
    said = [text for _, text in TEXTS] + LABELS + [safety_net(RULEBOOK)]
    said += [words for noted in WORDING.noted.values() for words in noted.said.values()]
    claims = r"\b(cures?|proven|safe for you|will call you|call you back|get back to you|we will contact)\b"
    doses = r"\b\d+ ?(mg|milligrams?|tablets? (a|per|each) day)\b"
    for text in said:
        assert not re.search(claims, text, re.IGNORECASE), text
        assert not re.search(doses, text, re.IGNORECASE), text


def test_a_question_asks_one_thing_at_a_time() -> None:
    for asking in RULEBOOK.questions.askings:
        question = asking.question
        asks = [sentence for sentence in re.split(r"(?<=[.?!]) ", question.text) if sentence.endswith("?")]
        assert len(asks) <= 1 or question.field == "leg_weakness", question.text


def test_a_picture_without_findings_says_nothing() -> None:
    assert safety_messages(Triage(), Facts.of({}), RULEBOOK, "GB") == ()
