"""The second look adds danger told in unknown words; it takes nothing away and trusts a denial less."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.understanding.score import load_set
from bot.clinical.facts import plain
from bot.understanding import second_look
from bot.understanding.looking_again import danger_of, doubted, looked_again, rest_of, worth_a_look
from bot.understanding.reading import Reading, read
from bot.understanding.second_look import (
    SecondLook,
    SignExample,
    Suspicion,
    examples_digest,
    fit,
    is_sign,
    load_examples,
)
from bot.understanding.sentence_encoder import DIMENSIONS
from tools.sign_examples import DEVELOPMENT, LATER_SETS, red_flags

LEAST = {"emergency": 0.2, "same_day": 0.3, "doubt": 0.5, "share": 0.2}
NUMB = ("saddle_numbness", "new")
HOT = ("fever", "yes")
TOLD = [
    "the saddle area has gone dead",
    "dead down below in the saddle",
    "my saddle is dead",
    "dead saddle today",
]
HOT_TOLD = ["burning up since last night", "boiling and shivery", "burning up", "boiling hot tonight"]
PINK = ("blood_in_urine", True)
PINK_TOLD = ["my wee is pink", "pink water in the loo", "rusty wee", "rusty pink toilet water"]
HARMLESS = [
    "i work in a shop",
    "seven",
    "my back aches after gardening",
    "thanks for asking",
    "walking helps",
    "hello",
]


def meaning(text: str) -> NDArray[np.float32]:
    """Says nothing, so that the words alone decide here."""
    return np.zeros(DIMENSIONS, dtype=np.float32)


@pytest.fixture(scope="module")
def model() -> SecondLook:
    numb = [SignExample(f"{text} {n}", None, (NUMB,)) for text in TOLD for n in "abc"]
    hot = [SignExample(f"{text} {n}", "fever", (HOT,)) for text in HOT_TOLD for n in "abc"]
    pink = [SignExample(f"{text} {n}", None, (PINK,)) for text in PINK_TOLD for n in "abc"]
    plain = [SignExample(f"{text} {n}", None, ()) for text in HARMLESS for n in "abc"]
    return fit([*numb, *hot, *pink, *plain], lambda texts: np.stack([meaning(text) for text in texts]))


def suspects(field: str, value: str | bool, danger: float, share: float = 0.9) -> Suspicion:
    return Suspicion(danger, (((field, value), share),))


def facts(reading: Reading) -> dict[str, object]:
    return {fact.field: fact.value for fact in reading.facts}


def test_it_finds_the_sign_that_others_told_in_these_words(model: SecondLook) -> None:
    text = "my saddle area is dead, dead down below"
    found = model.at(text, None, meaning(text))
    assert found.danger > model.at("gardening and walking", None, meaning("other")).danger
    assert found.signs[0][0] == NUMB


@pytest.mark.parametrize(
    "text", ["Burning up, and SHIVERY \u2019n boiling", "fi\u00e8vre depuis hier", "x", "\ud800 hot"]
)
def test_one_message_is_counted_as_the_examples_were(text: str) -> None:
    known = text.encode("utf-8", "ignore").decode("utf-8")
    asked = ("fever",)
    by_library = second_look._features([known], ["fever"], meaning(text)[np.newaxis, :], asked)
    words = second_look._Words.of(text, "fever", asked)
    ours = np.zeros(by_library.shape[1], dtype=np.float32)
    ours[words.columns] = words.values
    assert ours == pytest.approx(by_library.toarray()[0], abs=1e-6)


def test_it_finds_nothing_in_harmless_words(model: SecondLook) -> None:
    text = "gardening and walking, thanks"
    assert model.at(text, None, meaning(text)).danger < 0.5


def test_a_message_whose_words_cannot_reach_the_likelihood_need_not_be_encoded(model: SecondLook) -> None:
    harmless, numb = "gardening and walking, thanks", "the saddle area has gone dead"
    assert not model.may_reach(harmless, None, 0.9)
    assert model.may_reach(numb, None, model.at(numb, None, meaning(numb)).danger - 0.01)


def test_the_sentence_vector_and_the_question_count_too(model: SecondLook) -> None:
    text, some = "burning up", np.full(DIMENSIONS, 0.05, dtype=np.float32)
    assert model.at(text, "fever", meaning(text)).danger > model.at(text, None, meaning(text)).danger
    weights = np.ones(len(model.danger_weights), dtype=np.float32)
    heavier = replace(model, danger_weights=weights)
    assert heavier.at(text, None, some).danger > heavier.at(text, None, -some).danger


def test_it_is_stored_as_arrays_and_read_back_the_same(model: SecondLook, tmp_path: Path) -> None:
    model.save(tmp_path / "look.npz")
    again = SecondLook.load(tmp_path / "look.npz")
    before, after = (one.at("burning up", "fever", meaning("x")) for one in (model, again))
    assert after.danger == pytest.approx(before.danger)
    assert [sign for sign, _ in after.signs] == [sign for sign, _ in before.signs]


def test_a_likely_emergency_becomes_a_fact_in_the_patients_own_words() -> None:
    text = "it is as if I sat on somebody else"
    found = looked_again(Reading(), text, None, suspects(*NUMB, 0.93), LEAST)
    assert facts(found) == {"saddle_numbness": "new"}
    assert (found.facts[0].words, found.facts[0].source) == (text, "likely")
    danger = danger_of(found, None)
    assert danger is not None
    assert danger.urgency == "emergency_now"
    assert found.safety is None


@pytest.mark.parametrize(
    ("sign", "danger", "share", "believed"),
    [
        (NUMB, 0.9, 0.35, True),
        (NUMB, 0.7, 0.9, True),  # which sign it is may make up for a little doubt
        (NUMB, 0.7, 0.5, False),
        (NUMB, 0.99, 0.15, False),  # the signs are not told apart
        (HOT, 0.9, 0.4, False),  # same day needs more
        (HOT, 0.9, 0.5, True),
        (("night_pain_constant", "yes"), 1.0, 1.0, False),  # alone it is no danger
    ],
)
def test_how_likely_a_sign_must_be(
    sign: tuple[str, str], danger: float, share: float, believed: bool
) -> None:
    found = looked_again(Reading(), "some words of it", None, suspects(*sign, danger, share), LEAST)
    assert (sign[0] in facts(found)) is believed


def test_a_sign_counts_for_what_it_makes_of_what_was_read() -> None:
    text = "had lymphoma, and it is like a hosepipe of fire to my big toe"
    reading = read(text, None)
    assert facts(reading)["cancer_history"] == "past"
    likely = suspects("leg_pain", "below_knee", 0.9, 0.5)
    assert looked_again(Reading(), text, None, likely, LEAST) == Reading()
    looked = looked_again(reading, text, None, likely, LEAST)
    assert facts(looked)["leg_pain"] == "below_knee"
    danger = danger_of(looked, None)
    assert danger is not None
    assert danger.urgency == "emergency_now"


def test_the_words_beside_a_sign_that_was_read_are_looked_at_alone() -> None:
    text = "no temp. but my husband has had poo in his pyjama bottoms two nights running"
    reading = read(text, "fever")
    assert facts(reading)["fever"] == "no"
    rest = rest_of(reading, text, suspects(*HOT, 0.95), LEAST)
    assert rest is not None
    assert "no temp" not in rest
    assert "poo in his pyjama bottoms" in rest
    assert rest_of(reading, text, suspects(*HOT, 0.5), LEAST) is None
    assert rest_of(Reading(), text, suspects(*HOT, 0.95), LEAST) is None
    assert rest_of(read("no temp at all", "fever"), "no temp at all", suspects(*HOT, 0.95), LEAST) is None


def test_what_was_read_stands() -> None:
    reading = read("no fever, but my back is stiff in the mornings", "fever")
    looked = looked_again(reading, "no fever, but my back is stiff", "fever", suspects(*HOT, 1.0), LEAST)
    assert looked == reading


def test_only_words_that_are_left_are_looked_at() -> None:
    assert not worth_a_look(read("7", "pain_avg"), "7")
    assert not worth_a_look(read("no i have not", "fever"), "no i have not")
    assert worth_a_look(
        read("7, and the chair was soaked when i stood up", "pain_avg"),
        "7, and the chair was soaked when i stood up",
    )


def test_a_turn_of_phrase_beside_the_answer_is_not_looked_at() -> None:
    said = "yes, 39 last night. and the pain is 7 out of 10 on average"
    assert not worth_a_look(read(said, "fever"), said)


def test_an_activity_or_a_goal_in_own_words_is_looked_at() -> None:
    said = "to sit through a film without it all coming out of me"
    assert worth_a_look(read(said, "goals"), said)


def test_whoever_is_told_to_get_help_is_not_looked_at_again() -> None:
    said = "I cannot feel myself wipe since yesterday"
    assert not worth_a_look(read(said, None), said)


def test_every_example_tells_facts_of_the_vocabulary_and_all_kinds_are_there() -> None:
    examples = load_examples()
    dangerous = [one for one in examples if one.signs]
    assert len(examples) > 4000
    assert 0.2 < len(dangerous) / len(examples) < 0.6
    assert {field for one in dangerous for field, _ in one.signs} >= {
        *("saddle_numbness", "bladder_change", "bowel_change", "leg_weakness", "fever", "cancer_history"),
        *(
            "suicidal_thoughts",
            "overdose",
            "major_trauma_recent",
            "pulsating_abdomen",
            "reduced_fetal_movements",
        ),
    }
    assert not is_sign("pregnant", "yes")


def test_what_was_learned_from_a_set_is_what_its_messages_are_labelled_with() -> None:
    labelled = {
        (one.text, one.asks, json.dumps(red_flags(one), sort_keys=True))
        for path in DEVELOPMENT.glob("*.yaml")
        if "obliquely" not in path.name
        for one in load_set(path)
    }
    learned = {
        (one.text, one.asks, json.dumps({name: plain(value) for name, value in one.facts}, sort_keys=True))
        for one in load_examples(LATER_SETS)
    }
    assert len(learned) > 4_000
    assert learned - labelled == set()


def test_another_example_gives_another_digest(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- {text: numb, facts: {saddle_numbness: new}}\n", encoding="utf-8")
    first = examples_digest(tmp_path)
    (tmp_path / "a.yaml").write_text("- {text: numb, facts: {saddle_numbness: none}}\n", encoding="utf-8")
    assert examples_digest(tmp_path) != first


def test_an_example_with_an_unknown_key_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text("- {text: numb, signs: {saddle_numbness: new}}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.yaml"):
        load_examples(tmp_path)


@pytest.mark.parametrize(
    ("danger", "share", "doubts"),
    [(0.6, 0.9, ("saddle_numbness",)), (0.4, 0.9, ()), (0.6, 0.1, ()), (0.95, 0.9, ())],
)
def test_what_is_not_likely_enough_to_count_may_be_likely_enough_to_be_asked(
    danger: float, share: float, doubts: tuple[str, ...]
) -> None:
    text = "the loo roll might as well be touching a stranger"
    reading = Reading()
    suspicion = suspects(*NUMB, danger, share)
    looked = looked_again(reading, text, None, suspicion, LEAST)
    assert doubted(reading, looked, suspicion, LEAST) == doubts


def test_what_was_read_is_not_doubted() -> None:
    reading = read("no numbness down there at all", "saddle_numbness")
    assert "saddle_numbness" in facts(reading)
    assert doubted(reading, reading, suspects(*NUMB, 0.9), LEAST) == ()
