"""What no written case reaches: the evidence behind a condition, danger told before, and the hours around midnight."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.clinical.compared import Case, Change, compare
from bot.clinical.facts import FactError, Facts
from bot.clinical.goals import goals
from bot.clinical.history import History, PastCheckIn
from bot.clinical.measures import sums
from bot.clinical.printed.markdown import table
from bot.clinical.progress import progress
from bot.clinical.questions import remaining
from bot.clinical.reading_back import in_plain_words
from bot.clinical.rulebook import RulebookError, default_rulebook, load_rulebook
from bot.clinical.rulebook.conditions import read_condition
from bot.clinical.rulebook.document import Item, parse, read
from bot.clinical.rulebook.loader import HERE
from bot.clinical.rules import Condition, Context, Named
from bot.clinical.schedule import daytime
from bot.clinical.trends import trends
from bot.clinical.urgency import Urgency


def named_by_itself(item: Item, sticky: bool) -> Named:
    """Every name stands for fever."""
    return Named(str(item.raw), condition("{fever: yes}", sticky=sticky))


def condition(text: str, *, sticky: bool = True) -> Condition:
    return read_condition(parse(text, "example.yaml"), named_by_itself, sticky=sticky)


# ------------------------------------------------------------------ evidence


@pytest.mark.parametrize(
    ("text", "told", "evidence"),
    [
        ("{unless: [{smoker: true}, {ibd: true}]}", {"smoker": True, "ibd": False}, {"smoker": True}),
        ("{unless: [{smoker: true}, {ibd: true}]}", {"smoker": False}, {"smoker": False}),
        (
            "{none: [{smoker: true}, {ibd: true}]}",
            {"smoker": False, "ibd": False},
            {"smoker": False, "ibd": False},
        ),
        ("{fever: yes}", {"fever": "no"}, {"fever": "no"}),
        ("{fever: yes}", {}, {}),
        ("{known: age}", {"age": 40}, {"age": 40}),
        ("{skipped: fever}", {"fever": "no"}, {}),
        ("{rise_from_best: {of: nprs_now, min: 3}}", {"nprs_now": 6}, {"nprs_now": 6}),
        ("{rise_from_best: {of: nprs_now, min: 3}}", {}, {}),
        ("{before: {fever: yes}}", {"fever": "yes"}, {}),
    ],
)
def test_the_evidence_of_a_condition_is_what_makes_it_so(
    text: str, told: dict[str, Any], evidence: object
) -> None:
    assert condition(text).used(Context(Facts.of(told))) == evidence


def test_danger_taken_back_is_the_evidence_only_where_it_counts() -> None:
    taken_back = Facts.of({"fever": "yes"}).with_("fever", "no")
    context = Context(taken_back, ever=taken_back.ever)
    assert condition("{fever: yes}").used(context) == {"fever": "yes"}
    assert condition("{fever: yes}", sticky=False).used(context) == {"fever": "no"}


def test_a_look_back_sees_each_moment_as_it_was() -> None:
    for text in ("{before: {fever: yes}}", "{at_start: {fever: yes}}"):
        part = condition(text).part  # type: ignore[attr-defined]
        assert part.sticky is False, text


# ------------------------------------------------------------------ what can never be true


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{is: hot, all: [{fever: no}]}", "fever"),
        ("{age: {min: 60}, all: [{age: {below: 60}}]}", "age"),
    ],
)
def test_a_condition_that_no_answer_fits_is_refused_by_the_field(text: str, field: str) -> None:
    with pytest.raises(RulebookError) as refused:
        condition(text)
    assert refused.value.mend == f"this can never be true: no value of {field} fits all of it"


@pytest.mark.parametrize(("edge", "fits"), [(-1, False), (0, True), (120, True), (121, False)])
def test_a_limit_lies_within_what_the_field_can_hold(edge: int, fits: bool) -> None:
    text = f"{{age: {{min: {edge}}}}}"
    if fits:
        assert condition(text).fields() == {"age"}
    else:
        with pytest.raises(RulebookError) as refused:
            condition(text)
        assert refused.value.mend == "age only goes from 0 to 120"


def test_a_file_that_is_not_there_is_refused_at_its_first_line(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as refused:
        read(tmp_path / "goals.yaml")
    assert str(refused.value) == "goals.yaml:1: the file is missing or cannot be read"


@pytest.mark.parametrize("limit", ["daily_actions: 3", "minutes_a_day: 30"])
def test_a_plan_may_be_limited_to_one(tmp_path: Path, limit: str) -> None:
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    file = tmp_path / "personalisation.yaml"
    key = limit.partition(":")[0]
    text = file.read_text(encoding="utf-8")
    start = text.index(f"{key}: ")
    number = text[start:].partition(": ")[2].split(",")[0].split("}")[0].split("\n")[0].strip()
    file.write_text(text.replace(f"{key}: {number}", f"{key}: 1", 1), encoding="utf-8")
    assert getattr(load_rulebook(tmp_path).personalisation.limits, key) == 1


# ------------------------------------------------------------------ facts, sums, words


def test_a_danger_told_twice_and_taken_back_is_remembered_with_the_others() -> None:
    facts = Facts.of({"bladder_change": "new"}).with_("bladder_change", "worsening").without("bladder_change")
    assert facts.ever == {"bladder_change": {"new", "worsening"}}


def test_an_activity_with_a_score_that_is_no_number_is_refused_in_full() -> None:
    with pytest.raises(FactError) as refused:
        Facts.of({"psfs": [{"activity": "walk", "score": "three"}]})
    assert str(refused.value) == (
        "psfs: must be a list of activities, each with words and a whole score from 0 to 10"
    )


def test_an_answer_of_zero_adds_nothing_to_a_sum() -> None:
    assert sums(Facts.of({"phq2_interest": 0, "phq2_mood": 0}))["phq2"] == 0
    assert sums(Facts.of({"phq2_interest": 0, "phq2_mood": 2}))["phq2"] == 2


def test_only_punctuation_is_taken_off_an_activity_that_was_wished_without_pain() -> None:
    (goal,) = goals(Facts.of({"goals": ["Xbox nights, without pain"]}), default_rulebook(), None)
    assert goal.activity.startswith("Xbox nights with pain at a level")


def test_minutes_are_said_as_minutes() -> None:
    assert in_plain_words("pref_minutes_day", 20, default_rulebook()).count("20 minutes") == 1
    assert in_plain_words("pref_minutes_day", 1, default_rulebook()).count("1 minute") == 1


def test_nothing_is_left_to_ask_when_every_question_was_asked_twice() -> None:
    book = default_rulebook()
    asked = {lead: 2 for one in book.questions.askings for lead in one.leads}
    assert remaining(Facts.of({}), asked, book) == 0


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert table(["a"], [["one | two\nthree"]]).splitlines()[-1] == "| one \\| two three |"


# ------------------------------------------------------------------ hours and days


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("Asia/Kolkata", "2026-11-23T05:00:00+00:00", "2026-11-23T05:00:00+00:00"),
        ("Asia/Kolkata", "2026-11-23T14:00:00+00:00", "2026-11-24T09:00:00+05:30"),
        ("America/New_York", "2026-11-23T12:00:00+00:00", "2026-11-23T09:00:00-05:00"),
        ("America/New_York", "2026-11-23T23:59:00+00:00", "2026-11-23T23:59:00+00:00"),
        ("Europe/London", "2026-11-23T19:00:00+00:00", "2026-11-24T09:00:00+00:00"),
        ("Europe/London", "2026-11-23T09:00:00+00:00", "2026-11-23T09:00:00+00:00"),
    ],
)
def test_a_message_at_night_waits_for_the_patients_own_morning(zone: str, at: str, due: str) -> None:
    assert daytime(datetime.fromisoformat(at), ZoneInfo(zone)) == datetime.fromisoformat(due)


def test_a_trend_stands_beside_the_check_in_before_this_one() -> None:
    earlier = tuple(
        PastCheckIn(day, Facts.of({"nprs_now": pain})) for day, pain in ((3, 7), (14, 2), (28, 1))
    )
    facts = Facts.of({"nprs_baseline": 8, "nprs_now": 4, "checkin_day": 28})
    (pain,) = trends(facts, History(check_ins=earlier), default_rulebook())
    assert (pain.before, pain.best) == (2, 2)


# ------------------------------------------------------------------ two rulebooks


def test_what_a_case_comes_to_is_told_with_both_sides(tmp_path: Path) -> None:
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    file = tmp_path / "red_flags.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("triage: emergency_now", "triage: same_day", 1), encoding="utf-8")
    numb = Case("numb", Facts.of({"saddle_numbness": "new"}))
    assert Change("triage", "emergency_now", "same_day") in compare(HERE, tmp_path, [numb]).outcomes["numb"]
    assert compare(HERE, HERE, [numb]).outcomes == {}


# ------------------------------------------------------------------ what a clinician has settled


@pytest.mark.parametrize(
    ("seen", "routine"),
    [
        ({"weight_loss_unexplained": "yes"}, True),
        ({"weight_loss_unexplained": "yes", "duration_weeks": 2}, True),
        ({"weight_loss_unexplained": "unsure"}, False),
        ({}, False),
    ],
)
def test_a_settled_finding_stays_settled_until_what_was_seen_is_different(
    seen: dict[str, Any], routine: bool
) -> None:
    facts = Facts.of({"weight_loss_unexplained": "yes", "checkin_day": 7})
    book = default_rulebook()
    (rule,) = [
        one.rule
        for one in progress(facts, History(), book).triage.findings
        if one.facts_used.keys() == {"weight_loss_unexplained"}
    ]
    picture = progress(facts, History(settled={rule: seen}), book).triage
    assert (picture.urgency < Urgency.URGENT_DAYS) is routine
