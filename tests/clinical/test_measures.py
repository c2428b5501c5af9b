"""Outcome measures: what answers add up to, what a change is worth, and whose words they are."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clinical.measures import (
    Direction,
    Measure,
    ScoreError,
    band_of,
    change,
    measure_of,
    score,
    shown_number,
)
from bot.clinical.rulebook import RulebookError, Scope, default_rulebook
from bot.clinical.rulebook.document import parse
from bot.clinical.rulebook.loader import HERE
from bot.clinical.rulebook.measure_table import parse_measures

IDS = ("nprs", "leg_nprs", "psfs", "psfs_activity", "peg", "phq2", "gad2", "rmdq", "gpe")


def measure(name: str) -> Measure:
    return measure_of(name, default_rulebook())


def test_the_measures_are_those_of_the_reference() -> None:
    assert tuple(default_rulebook().measures.measures) == IDS
    with pytest.raises(KeyError, match="use one of nprs"):
        measure("odi")


# ------------------------------------------------------------------ scores


@pytest.mark.parametrize(
    ("name", "answers", "expected"),
    [
        ("nprs", [0], 0),
        ("nprs", [10], 10),
        ("leg_nprs", [4], 4),
        ("psfs", [3], 3),
        ("psfs", [2, 5, 8], 5),
        ("psfs", [0, 0, 0, 0, 10], 2),
        ("psfs_activity", [7], 7),
        ("peg", [10, 10, 10], 10),
        ("peg", [4, 5, 5], pytest.approx(4.6667, abs=1e-4)),
        ("phq2", [0, 0], 0),
        ("phq2", [3, 3], 6),
        ("gad2", [1, 2], 3),
        ("rmdq", [], 0),
        ("rmdq", [1, 24, 13], 3),
        ("rmdq", [2, 2, 2], 1),
        ("rmdq", list(range(24, 0, -1)), 24),
        ("gpe", [-3], -3),
        ("gpe", [3], 3),
    ],
)
def test_answers_make_a_score(name: str, answers: list[int], expected: Any) -> None:
    assert score(measure(name), answers) == expected


@pytest.mark.parametrize(
    ("name", "answers", "words"),
    [
        ("nprs", [11], "each answer is a whole number from 0 to 10"),
        ("nprs", [-1], "from 0 to 10"),
        ("nprs", [], "give one answer"),
        ("nprs", [3, 4], "give one answer"),
        ("nprs", [True], "a whole number"),
        ("nprs", [3.5], "a whole number"),
        ("psfs", [], "give 1 to 5 answers"),
        ("psfs", [1, 2, 3, 4, 5, 6], "give 1 to 5 answers"),
        ("peg", [1, 2], "give all 3 answers"),
        ("peg", [1, 2, "3"], "a whole number"),
        ("phq2", [4, 0], "from 0 to 3"),
        ("gad2", [0], "give all 2 answers"),
        ("rmdq", [0], "from 1 to 24"),
        ("rmdq", [25], "from 1 to 24"),
        ("rmdq", [True], "from 1 to 24"),
        ("gpe", [-4], "from -3 to 3"),
    ],
)
def test_answers_that_make_no_score_are_refused_in_plain_words(
    name: str, answers: list[Any], words: str
) -> None:
    with pytest.raises(ScoreError) as refused:
        score(measure(name), answers)
    assert refused.value.measure == name
    assert words in refused.value.message


def test_a_refusal_does_not_repeat_what_was_given() -> None:
    with pytest.raises(ScoreError) as refused:
        score(measure("nprs"), [987])
    assert "987" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [("nprs", 0, 10), ("psfs", 0, 10), ("peg", 0, 10), ("phq2", 0, 6), ("rmdq", 0, 24), ("gpe", -3, 3)],
)
def test_a_score_has_a_range(name: str, lowest: float, highest: float) -> None:
    assert (measure(name).minimum, measure(name).maximum) == (lowest, highest)


# ------------------------------------------------------------------ bands


@pytest.mark.parametrize(
    ("name", "value", "band"),
    [
        ("nprs", 0, "recovered"),
        ("nprs", 1, "pain"),
        ("peg", 3.9, "low"),
        ("peg", 4, "middle"),
        ("peg", 6.9, "middle"),
        ("peg", 7, "high"),
        ("phq2", 1, "below"),
        ("phq2", 2, "support"),
        ("phq2", 3, "flag"),
        ("gad2", 2, "below"),
        ("gad2", 3, "flag"),
        ("rmdq", 2, "recovered"),
        ("rmdq", 3, "floor"),
        ("rmdq", 4, "middle"),
        ("rmdq", 20, "middle"),
        ("rmdq", 21, "ceiling"),
        ("gpe", -2, "worse"),
        ("gpe", -1, "unclear"),
        ("gpe", 1, "unclear"),
        ("gpe", 2, "success"),
    ],
)
def test_a_score_lies_in_a_band(name: str, value: float, band: str) -> None:
    found = band_of(measure(name), value)
    assert found is not None
    assert found.name == band
    assert found.sources


def test_a_measure_without_bands_has_none() -> None:
    assert band_of(measure("psfs"), 4.5) is None


@pytest.mark.parametrize("value", [-1, 10.1, float("nan"), True, "4"])
def test_a_score_outside_the_range_has_no_band(value: Any) -> None:
    with pytest.raises(ScoreError, match="from 0 to 10"):
        band_of(measure("nprs"), value)


# ------------------------------------------------------------------ change

BETTER, SAME, WORSE = Direction.IMPROVED, Direction.UNCHANGED, Direction.WORSE


@pytest.mark.parametrize(
    ("name", "baseline", "now", "direction"),
    [
        ("nprs", 9, 7, BETTER),  # 2 points, 22 %
        ("nprs", 9, 8, SAME),
        ("nprs", 3, 2, BETTER),  # 1 point, 33 %
        ("nprs", 4, 3, SAME),  # 25 %
        ("nprs", 10, 7, BETTER),  # 30 %
        ("nprs", 7, 8, SAME),
        ("nprs", 7, 9, WORSE),
        ("nprs", 0, 1, SAME),
        ("nprs", 0, 2, WORSE),
        ("nprs", 0, 0, SAME),
        ("psfs", 3.0, 5.0, BETTER),
        ("psfs", 2.1, 4.1, BETTER),
        ("psfs", 3.0, 4.9, SAME),
        ("psfs", 5.0, 3.1, SAME),
        ("psfs", 5.0, 3.0, WORSE),
        ("psfs", 1.0, 1.5, SAME),  # 50 %, and no percent counts here
        ("psfs_activity", 3, 5, SAME),
        ("psfs_activity", 3, 6, BETTER),
        ("peg", 10, 7, BETTER),
        ("peg", 10, 7.1, SAME),
        ("peg", 5, 6.4, SAME),
        ("peg", 5, 6.5, WORSE),
        ("peg", 0, 3.9, SAME),
        ("peg", 0, 4, WORSE),
        ("phq2", 4, 3, SAME),
        ("phq2", 3, 2, BETTER),
        ("phq2", 1, 2, WORSE),
        ("gad2", 3, 6, SAME),
        ("gad2", 2, 3, WORSE),
        ("rmdq", 15, 10, BETTER),  # 5 points
        ("rmdq", 20, 16, SAME),  # 20 %
        ("rmdq", 10, 7, BETTER),  # 30 %
        ("rmdq", 10, 14, SAME),
        ("rmdq", 10, 15, WORSE),
        ("gpe", 0, 1, SAME),
        ("gpe", 0, 2, BETTER),
        ("gpe", 0, -1, SAME),
        ("gpe", 0, -2, WORSE),
    ],
)
def test_a_change_counts_from_its_size_on(
    name: str, baseline: float, now: float, direction: Direction
) -> None:
    assert change(measure(name), baseline, now).direction is direction


def test_a_change_says_how_far_and_why() -> None:
    moved = change(measure("nprs"), 7, 4)
    assert (moved.points, round(moved.percent or 0)) == (3, 43)
    assert moved.reason == (
        "Pain, 0 to 10 (NPRS): from 7 to 4, 3 points better, 43 %. 2 points or 30 % count as improved."
    )
    assert moved.sources == ("OSTELO", "FARRAR", "SUZUKI-20")
    assert "1 point worse" in change(measure("rmdq"), 4, 5).reason
    assert "no change" in change(measure("nprs"), 7, 7).reason
    assert "'below' to 'flag'" in change(measure("gad2"), 0, 5).reason


@pytest.mark.parametrize(
    ("name", "baseline", "now", "reason"),
    [
        ("rmdq", 4, 5, "from 4 to 5, 1 point worse"),
        ("nprs", 7, 7, "Pain, 0 to 10 (NPRS): from 7 to 7, no change. "),
        ("nprs", 3, 2.5, "Pain, 0 to 10 (NPRS): from 3 to 2.5, 0.5 points better, 17 %. "),
        ("gad2", 0, 5, "from 0 to 5, 5 points worse. The band moved from 'below' to 'flag'."),
        ("gad2", 1, 2, "1 point worse. The band is the same; no size of change is published."),
    ],
)
def test_a_change_is_told_in_full(name: str, baseline: float, now: float, reason: str) -> None:
    moved = change(measure(name), baseline, now)
    assert reason in moved.reason
    assert (moved.baseline, moved.now) == (baseline, now)


def test_a_gain_of_a_third_is_not_rounded_to_whole_percent() -> None:
    assert change(measure("nprs"), 3, 2).percent == pytest.approx(33.333333, abs=1e-6)
    assert change(measure("nprs"), 7, 5).percent == pytest.approx(28.571429, abs=1e-6)


def test_a_band_that_stays_is_backed_by_its_own_sources() -> None:
    stays = change(measure("gad2"), 1, 2)
    assert stays.direction is SAME
    assert stays.sources == measure("gad2").bands[0].sources
    assert stays.sources


def test_the_sizes_of_a_change_name_points_percent_or_both() -> None:
    for name in IDS:
        step = measure(name).improvement
        if step is None:
            continue
        reason = change(measure(name), measure(name).maximum, measure(name).minimum).reason
        assert ("%" in reason.rpartition(". ")[0].rpartition(", ")[2]) or step.percent is None
        assert "XX" not in reason


def test_an_unknown_measure_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(KeyError) as refusal:
        measure_of("vas", default_rulebook())
    assert ", ".join(default_rulebook().measures.measures) in str(refusal.value)


def test_a_percent_is_not_worked_out_from_zero() -> None:
    assert change(measure("nprs"), 0, 4).percent is None
    assert change(measure("psfs"), 4, 6).percent is None


@pytest.mark.parametrize(("baseline", "now"), [(11, 4), (4, -1), (float("nan"), 4), (4, None)])
def test_a_change_from_or_to_nowhere_is_refused(baseline: Any, now: Any) -> None:
    with pytest.raises(ScoreError):
        change(measure("nprs"), baseline, now)


@given(st.sampled_from(IDS), st.data())
def test_a_gain_one_way_is_a_loss_the_other_way(name: str, data: st.DataObject) -> None:
    one = measure(name)
    values = st.integers(int(one.minimum), int(one.maximum))
    first, last = data.draw(values), data.draw(values)
    there, back = change(one, first, last), change(one, last, first)
    assert there.points == -back.points
    if there.direction is WORSE:
        assert back.direction is BETTER or one.improvement is not None
        assert there.points < 0
    if there.direction is BETTER:
        assert there.points > 0


@given(st.sampled_from(IDS), st.data())
def test_a_better_value_is_never_a_worse_change(name: str, data: st.DataObject) -> None:
    one = measure(name)
    values = st.integers(int(one.minimum), int(one.maximum))
    first, middle, last = data.draw(values), *sorted([data.draw(values), data.draw(values)])
    better, worse = (middle, last) if one.lower_is_better else (last, middle)
    order = [WORSE, SAME, BETTER]
    assert order.index(change(one, first, better).direction) >= order.index(
        change(one, first, worse).direction
    )


def test_a_number_is_shown_with_one_decimal_at_most() -> None:
    assert [shown_number(value) for value in (7, 3.0, 14 / 3, 0.04)] == ["7", "3", "4.7", "0"]


# ------------------------------------------------------------------ whose words they are

#: the words of each exact instrument, pinned: a change breaks its validity and must be meant
PINNED = {
    "peg": "affffcfd48fa585c",
    "phq2": "1c32f730f9d415db",
    "gad2": "0085d06fdc0b6e0a",
    "rmdq": "10c03d595494699d",
}


@pytest.mark.parametrize("name", sorted(PINNED))
def test_the_words_of_an_instrument_have_not_been_touched(name: str) -> None:
    one = measure(name)
    words = "\n".join((one.stem or "", *one.items, *one.answers.labels, one.answers.low or ""))
    assert hashlib.sha256(words.encode()).hexdigest()[:16] == PINNED[name]


def test_every_measure_says_whose_words_it_uses_and_may_use_them() -> None:
    for one in default_rulebook().measures.measures.values():
        assert one.licence.ships_text
        assert one.licence.terms
        assert one.licence.sources
        assert one.exact == (one.id in PINNED)
        if one.exact:
            assert one.licence.notice


def test_the_screens_carry_the_notice_of_their_owner() -> None:
    for name in ("phq2", "gad2"):
        notice = measure(name).licence.notice or ""
        assert notice.startswith("Copyright © Pfizer Inc.")
        assert notice.endswith("No permission required to reproduce, translate, display or distribute.")


def test_the_two_screens_keep_their_two_stems() -> None:
    assert "any of the following problems" in (measure("phq2").stem or "")
    assert "by the following problems" in (measure("gad2").stem or "")
    assert measure("phq2").answers == measure("gad2").answers


def test_the_disability_questionnaire_has_its_24_items() -> None:
    items = measure("rmdq").items
    assert len(set(items)) == 24
    assert items[8] == "I get dressed more slowly than usual because of my back."


# ------------------------------------------------------------------ a faulty table is refused


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        (
            "ships_text: true",
            "ships_text: false",
            "the licence does not let us give these words on; remove the measure",
        ),
        (
            "    fewest: 1\n",
            "    fewest: -1\n",
            "`most` must be at least `fewest` and the number of items",
        ),
        ("score: mean", "score: median", "'median' is not a known way to score; did you mean 'mean'?"),
        ("better: lower", "better: smaller", "'smaller' is not a known direction"),
        ("wording: own", "wording: mine", "'mine' is not a known wording"),
        ("- id: leg_nprs", "- id: nprs", "the measure 'nprs' is given twice; keep one"),
        ("name: low, from: 0", "name: low, from: 1", "the first band must begin at the lowest score, 0"),
        ("{name: pain, from: 1", "{name: pain, from: 0", "bands go up; this one begins below the one before"),
        ("{name: pain, from: 1", "{name: pain, from: 11", "the last band begins above the highest score, 10"),
        ("{points: 2, percent: 30, sources", "{sources", "give points, percent or both, each above zero"),
        (
            "{points: 2, percent: 30, sources",
            "{points: 0, sources",
            "give points, percent or both, each above zero",
        ),
        (
            "    worse: {points: 2, sources: [DESIGN], status: design}\n",
            "",
            "give both `improvement` and `worse`, or neither",
        ),
        ("baseline: nprs_baseline", "baseline: leg_pain", "leg_pain is not a number, so it is no score"),
        ("now: nprs_now", "now: nprs_today", "'nprs_today' is not a known field; did you mean 'nprs_now'?"),
        (
            "to {now} out of 10. That",
            "to {value} out of 10. That",
            "{value} cannot be filled here: the condition does not say that it is known",
        ),
        ("{min: 0, max: 10, low: no pain,", "{min: 0, max: 0, low: no pain,", "`max` must be above `min`"),
        (
            "sources: [OSTELO, FARRAR, SUZUKI-20]",
            "sources: [OSTELLO]",
            "'OSTELLO' is not a known source; did you mean 'OSTELO'?",
        ),
        (
            '      notice: "PEG scale: Krebs and colleagues, 2009."\n',
            "",
            "exact words need the `notice` of their licence",
        ),
        (
            "    field: phq2\n",
            "    field: phq2\n    fields: {baseline: phq2, now: phq2}\n",
            "give `field` or `fields`, not both",
        ),
    ],
)
def test_a_faulty_measure_is_refused(old: str, new: str, mend: str) -> None:
    text = (HERE / "measures.yaml").read_text(encoding="utf-8")
    assert old in text
    definitions = parse((HERE / "definitions.yaml").read_text(encoding="utf-8"), "definitions.yaml")
    scope = Scope(definitions.entries()["definitions"], default_rulebook().sources)
    with pytest.raises(RulebookError) as refused:
        parse_measures(parse(text.replace(old, new, 1), "measures.yaml"), scope)
    assert refused.value.file == "measures.yaml"
    assert refused.value.mend == mend
