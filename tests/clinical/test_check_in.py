"""One check-in from its first question to its last: what is asked, in which order, and what ends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.clinical.check_in import (
    CheckInNotes,
    CheckInStep,
    followed_activity,
    fresh,
    is_safety,
    next_step,
    question_named,
    takes_any_words,
    told_by,
)
from bot.clinical.facts import Facts
from bot.clinical.history import History
from bot.clinical.rulebook import Rulebook, default_rulebook
from bot.clinical.urgency import Urgency

AT_START: Mapping[str, object] = {
    "age": 44,
    "duration_weeks": 2.0,
    "pain_avg": 6,
    "leg_pain": "none",
    "leg_numbness": "none",
    "leg_weakness": "none",
    "saddle_numbness": "none",
    "bladder_change": "none",
    "bowel_change": "none",
    "sexual_change": "none",
    "fever": "no",
    "pregnant": "no",
    "psfs": [{"activity": "carry the shopping up the stairs", "score": 3}],
}
#: one leg hurts, so the cauda equina block is asked in full
ONE_LEG = {"leg_pain": "below_knee", "leg_pain_onset_days": 60, "leg_pain_trend": "stable"}

NOTHING_BAD: Mapping[str, Sequence[str]] = {
    "nprs_now": ["4"],
    "psfs_now": ["5"],
    "gpe": ["better_1"],
    "adherence_pct": ["7"],
    "leg_pain_trend": ["stable"],
    "wish": ["none"],
    "were_you_seen": ["yes"],
}


@dataclass
class Contact:
    """A check-in with a patient who answers as a test says, or that nothing is wrong."""

    rulebook: Rulebook
    start: Mapping[str, object] = field(default_factory=lambda: AT_START)
    kind: str = "week_2"
    answers: Mapping[str, Sequence[str] | None] = field(default_factory=dict)
    notes: CheckInNotes = field(default_factory=CheckInNotes)
    asks: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        before = Facts.of(self.start)
        self.facts = before.with_("checkin_day", 14)
        self.history = History(start=before, told=dict.fromkeys(before, 0))

    def step(self) -> CheckInStep:
        return next_step(self.kind, self.facts, self.notes, self.history, self.rulebook)

    def run(self, limit: int = 60) -> CheckInStep:
        for _ in range(limit):
            step = self.step()
            for one in step.left_open:
                self.facts = self.facts.with_(one, "unsure")
                self.opened.append(one)
            self.notes = self.notes.telling(step.left_open)
            if step.question is None:
                return step
            name = step.question.field
            self.asks.append(name)
            self.texts.append(step.question.text)
            self.notes = self.notes.asking(name)
            keys = self.answers.get(name, NOTHING_BAD.get(name, ["none"]))
            if keys is not None:
                self.tell(name, keys)
        raise AssertionError(f"the questions do not end: {self.asks}")

    def tell(self, name: str, keys: Sequence[str]) -> None:
        """Take in the taps as the dialogue does: what is stored counts as told today."""
        stored = told_by(question_named(name, self.rulebook), keys, self.facts)
        for one, value in stored.items():
            self.facts = self.facts.with_(one, value)
        self.notes = self.notes.telling(stored)
        if stored or keys[0] not in ("unsure",):
            self.notes = self.notes.answering(name, keys)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return default_rulebook()


def test_without_leg_symptoms_one_line_asks_for_danger_then_how_it_goes(rulebook: Rulebook) -> None:
    contact = Contact(rulebook)
    contact.run()
    assert contact.asks == [
        *("new_danger", "nprs_now", "psfs_now", "gpe", "adherence_pct"),
        *("adverse_event", "health_change", "wish"),
    ]


def test_where_a_leg_was_ever_affected_the_whole_block_is_asked_one_symptom_at_a_time(
    rulebook: Rulebook,
) -> None:
    contact = Contact(rulebook, {**AT_START, **ONE_LEG})
    contact.run()
    assert contact.asks[:6] == [
        *("saddle_numbness", "bladder_change", "bowel_change"),
        *("both_legs_now", "sexual_change", "new_illness"),
    ]
    assert "new_danger" not in contact.asks
    assert "leg_pain_trend" in contact.asks


def test_a_child_is_not_asked_about_sexual_function(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, {**AT_START, **ONE_LEG, "age": 15})
    contact.run()
    assert "sexual_change" not in contact.asks


def test_the_activity_is_asked_for_in_the_patients_own_words(rulebook: Rulebook) -> None:
    contact = Contact(rulebook)
    contact.run()
    text = contact.texts[contact.asks.index("psfs_now")]
    assert text == "How well can you do this now? carry the shopping up the stairs"


@pytest.mark.parametrize(
    "activities", [[], [{"activity": "carry the shopping up the stairs", "score": None}]]
)
def test_without_a_scored_activity_nobody_is_asked_for_its_score(
    rulebook: Rulebook, activities: list[object]
) -> None:
    contact = Contact(rulebook, {**AT_START, "psfs": activities})
    contact.run()
    assert "psfs_now" not in contact.asks
    assert not any("{activity}" in text for text in contact.texts)


def test_a_long_activity_is_cut_after_twelve_words() -> None:
    words = "walk with my two dogs to the far end of the long park and back"
    facts = Facts.of({"psfs": [{"activity": "drive"}, {"activity": words, "score": 2}]})
    assert followed_activity(facts) == "walk with my two dogs to the far end of the long"
    assert followed_activity(Facts.of({})) is None


def test_new_numbness_between_the_legs_ends_the_check_in_at_once(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, answers={"new_danger": ["numb_saddle"]})
    step = contact.run()
    assert contact.asks == ["new_danger"]
    assert step.through_danger
    assert step.triage.urgency is Urgency.EMERGENCY_NOW
    assert "FL_RED_CES" in step.triage.flags


def test_a_same_day_finding_ends_it_once_the_danger_questions_are_through(rulebook: Rulebook) -> None:
    contact = Contact(
        rulebook, {**AT_START, **ONE_LEG}, answers={"saddle_numbness": None, "sexual_change": ["unsure"]}
    )
    step = contact.run()
    assert step.triage.urgency is Urgency.SAME_DAY
    assert contact.opened == ["saddle_numbness"]
    assert contact.asks.count("saddle_numbness") == 2
    assert "new_illness" in contact.asks
    assert "nprs_now" not in contact.asks
    assert step.through_danger


def test_danger_told_before_does_not_end_todays_questions(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, {**AT_START, **ONE_LEG, "bladder_change": "new"})
    contact.facts = contact.facts.with_("bladder_change", "none")
    contact.run()
    assert contact.asks[-1] == "wish"


def test_a_danger_question_is_asked_again_with_its_example_and_then_left_open(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, answers={"new_danger": None})
    first = contact.step()
    assert not first.through_danger
    assert first.left_open == ()
    contact.run()
    assert contact.asks[:3] == ["new_danger", "new_danger", "saddle_numbness"]
    example = 'If you are not sure, tap "Not sure" and I ask one by one.'
    assert contact.texts[0] == "Since we last spoke, is any of these new? Tick all that apply."
    assert contact.texts[1] == f"{contact.texts[0]} {example}"
    assert contact.opened == [
        *("saddle_numbness", "bladder_change", "bowel_change"),
        *("fever", "sudden_severe_onset", "suicidal_thoughts"),
    ]


def test_any_other_question_is_asked_twice_at_most_and_leaves_nothing_open(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, answers={"nprs_now": None, "gpe": None})
    step = contact.run()
    assert contact.asks.count("nprs_now") == contact.asks.count("gpe") == 2
    assert step.left_open == ()


def test_not_sure_about_the_list_is_asked_one_by_one_in_the_words_of_the_intake(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, answers={"new_danger": ["unsure"], "saddle_numbness": ["none"]})
    contact.run()
    start = contact.asks.index("new_danger")
    assert contact.asks[start : start + 3] == ["new_danger", "saddle_numbness", "bladder_change"]
    asked = contact.texts[contact.asks.index("saddle_numbness")]
    assert asked == (
        f"{rulebook.questions.by_lead['saddle_numbness'].question.text} "
        f"{rulebook.questions.by_lead['saddle_numbness'].question.example}"
    )


def test_a_barrier_is_asked_for_only_when_little_was_done(rulebook: Rulebook) -> None:
    seldom = Contact(rulebook, answers={"adherence_pct": ["4"]})
    seldom.run()
    assert seldom.asks[seldom.asks.index("adherence_pct") + 1] == "barriers"
    often = Contact(rulebook, answers={"adherence_pct": ["6"]})
    often.run()
    assert "barriers" not in often.asks


def test_what_was_told_at_an_earlier_check_in_opens_no_question_today(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, {**AT_START, "adherence_pct": 14}, answers={"adherence_pct": ["skip"]})
    contact.run()
    assert "barriers" not in contact.asks


def test_a_change_in_medicines_asks_for_them_anew_before_the_wish(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, answers={"health_change": ["medicines", "pregnant"]})
    contact.run()
    after = contact.asks[contact.asks.index("health_change") + 1 :]
    assert after[0] == "current_meds"
    assert after[-1] == "wish"
    assert "pregnant" in after
    assert contact.facts["pregnant"] in ("possible", "no")


def test_the_contact_after_advice_to_get_help_asks_two_things(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, kind="safety_1h")
    contact.run()
    assert contact.asks == ["were_you_seen", "got_worse"]
    assert is_safety("safety_24h")
    assert not is_safety("day_3")


def test_something_new_since_the_advice_is_an_emergency_again(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, kind="safety_1h", answers={"got_worse": ["pee"]})
    assert contact.run().triage.urgency is Urgency.EMERGENCY_NOW


def test_only_findings_that_rest_on_todays_words_are_fresh(rulebook: Rulebook) -> None:
    contact = Contact(rulebook, {**AT_START, "cancer_history": "current"}, answers={"new_danger": ["fever"]})
    picture = contact.run().triage
    assert {"FL_RED_CANCER", "FL_RED_INFECTION"} <= set(picture.flags)
    told = {flag for one in fresh(picture, contact.facts, contact.notes) for flag in one.flags}
    assert "FL_RED_INFECTION" in told
    assert "FL_RED_CANCER" not in told
    assert fresh(picture, contact.facts, CheckInNotes()) == ()


# --- what an answer means -------------------------------------------------------------------------------------


def told(rulebook: Rulebook, name: str, keys: Sequence[object], facts: Mapping[str, Any]) -> dict[str, Any]:
    return told_by(question_named(name, rulebook), keys, Facts.of(facts))


def test_an_empty_box_repeats_a_no_and_undoes_nothing(rulebook: Rulebook) -> None:
    before = {"saddle_numbness": "longstanding_stable", "bladder_change": "none", "fever": "no"}
    answer = told(rulebook, "new_danger", ["none"], before)
    assert answer["bladder_change"] == "none"
    assert answer["fever"] == "no"
    assert "saddle_numbness" not in answer


def test_a_tick_stands_beside_the_empty_boxes(rulebook: Rulebook) -> None:
    answer = told(rulebook, "new_danger", ["fever"], AT_START)
    assert answer["fever"] == "yes"
    assert answer["saddle_numbness"] == "none"
    assert "leg_pain" not in answer


def test_not_sure_leaves_an_earlier_no_open_again_and_never_softens_danger(rulebook: Rulebook) -> None:
    before = {**AT_START, "bladder_change": "worsening"}
    answer = told(rulebook, "new_danger", ["unsure"], before)
    assert answer["saddle_numbness"] == "unsure"
    assert answer["fever"] == "unsure"
    assert "bladder_change" not in answer


def test_none_beside_not_sure_opens_nothing(rulebook: Rulebook) -> None:
    answer = told(rulebook, "new_danger", ["none", "unsure"], AT_START)
    assert "unsure" not in answer.values()


@pytest.mark.parametrize("keys", [["skip"], ["something else"], []])
def test_a_skip_or_unknown_words_report_nothing(rulebook: Rulebook, keys: list[str]) -> None:
    assert told(rulebook, "new_danger", keys, AT_START) == {}


def test_not_sure_about_a_field_of_its_own_stores_unsure(rulebook: Rulebook) -> None:
    assert told(rulebook, "saddle_numbness", ["unsure"], AT_START) == {"saddle_numbness": "unsure"}


@pytest.mark.parametrize(
    ("name", "free"),
    [
        *(("check_in_start", True), ("barriers", True), ("health_change", True), ("wish", True)),
        *(("nprs_now", False), ("new_danger", False), ("were_you_seen", False)),
    ],
)
def test_some_questions_take_any_words(rulebook: Rulebook, name: str, free: bool) -> None:
    assert takes_any_words(name, rulebook) is free


def test_a_question_is_found_by_its_name_wherever_it_stands(rulebook: Rulebook) -> None:
    assert question_named("emergency_screen", rulebook).field == "emergency_screen"
    assert question_named("check_in_start", rulebook).field == "check_in_start"
    assert question_named("got_worse", rulebook).field == "got_worse"
    assert question_named("age", rulebook).field == "age"
    with pytest.raises(KeyError):
        question_named("no_such_question", rulebook)


# --- the notes ------------------------------------------------------------------------------------------------


def test_the_notes_come_back_from_json_as_they_were() -> None:
    notes = CheckInNotes().asking("gpe").asking("gpe").answering("wish", ["easier", "other"])
    notes = notes.telling(["nprs_now"]).telling(["gpe"]).reminding()
    document = notes.as_json()
    assert document == {
        "asked": {"gpe": 2},
        "answered": {"wish": ["easier", "other"]},
        "told": ["gpe", "nprs_now"],
        "reminders": 1,
    }
    assert CheckInNotes.from_json(document) == notes
    assert CheckInNotes.from_json({}) == CheckInNotes()


def test_the_notes_show_no_answer_where_they_are_printed() -> None:
    assert "barrier words" not in repr(CheckInNotes().answering("barriers", ["barrier words"]))
