"""Two cases of one person: what differs is marked, what is the same is told apart, what is hidden stays so."""

from __future__ import annotations

from bot.clinical.rulebook import default_rulebook
from bot.review.beside import NOT_SHARED, NOT_TOLD, Group, Line, beside
from bot.review.document import Summary
from bot.review.sharing import as_shared, is_withheld
from bot.review.summary import summarise
from tests.review import patients
from tests.review.cases import CaseBuilder
from tests.review.clinics import private
from tests.review.varied import varied, with_measures


def summary(builder: CaseBuilder) -> Summary:
    case = builder.build()
    return summarise(as_shared(case), default_rulebook(), withheld=is_withheld(case))


def groups(first: CaseBuilder, second: CaseBuilder) -> dict[str, Group]:
    return {group.title: group for group in beside(summary(first), summary(second))}


def line(group: Group, label: str) -> Line:
    (found,) = [one for one in group.lines if one.label == label]
    return found


def test_the_same_case_twice_differs_in_nothing() -> None:
    for case in varied().values():
        once = summarise(case, default_rulebook())
        assert not any(one.differs for group in beside(once, once) for one in group.lines)


def test_another_class_is_marked_and_dates_are_not() -> None:
    course = groups(patients.acute_uncomplicated(), patients.cauda_equina())["Course"]
    assert line(course, "Triage").values == ("Self-manage", "Emergency now")
    assert line(course, "Triage").differs
    assert not line(course, "Started").differs
    assert line(course, "Started") in course.shown


def test_a_danger_sign_of_one_is_set_against_what_the_other_said_of_it() -> None:
    danger = groups(patients.acute_uncomplicated(), patients.cauda_equina())["Danger signs"]
    assert line(danger, "Saddle or genital numbness").values == ("negative", "positive: new")
    assert line(danger, "History of cancer").values == ("negative", "unsure")
    assert line(danger, "Cauda equina block").values == ("4 of 4 answered", "1 of 4 answered")
    assert "A1" in line(danger, "Rules that fired").values[1]


def test_not_asked_is_never_negative() -> None:
    danger = groups(patients.under_way(), patients.cauda_equina())["Danger signs"]
    assert line(danger, "Leg pain").values == ("not asked", "positive: below the knee")


def test_a_danger_that_was_taken_back_still_stands() -> None:
    danger = groups(patients.acute_uncomplicated(), patients.corrected())["Danger signs"]
    assert line(danger, "Fever").values == ("negative", "positive: yes, later “no”")


def test_answers_flags_and_options_are_compared_by_name() -> None:
    found = groups(patients.acute_uncomplicated(), patients.on_a_blood_thinner())
    assert line(found["Medicines"], "Anticoagulant").values == ("no", "yes")
    assert line(found["Medicines"], "Medicines named").values == (NOT_TOLD, "apixaban")
    assert line(found["Flags"], "Medicine conflict").values == ("none", "open, Routine review")
    plan = found["Plan"]
    assert line(plan, "Anti-inflammatory tablets").values == ("Consider", "Withheld (N04)")
    walking = line(plan, "Walking, a little more each week")
    assert walking.values == ("Recommended", "Recommended")
    assert walking in plan.same


def test_an_option_chosen_against_a_rule_names_the_rule() -> None:
    builder = patients.on_a_blood_thinner()
    against = {**patients.NO_TABLETS, "status": "recommend", "shown": True}
    builder.planned(patients.assessment(patients.WALKING, against))
    tablets = line(groups(patients.on_a_blood_thinner(), builder)["Plan"], "Anti-inflammatory tablets")
    assert tablets.values == ("Withheld (N04)", "Recommended, against N04")


def test_a_case_without_a_plan_says_so_at_every_option() -> None:
    plan = groups(patients.acute_uncomplicated(), patients.cauda_equina())["Plan"]
    assert line(plan, "Plan").values == ("version 1, draft", "none")
    assert line(plan, "Walking, a little more each week").values == ("Recommended", "no plan")


def test_scores_come_with_their_course() -> None:
    scores = groups(patients.acute_uncomplicated(), with_measures())["Scores"]
    first, second = line(scores, "Pain").values
    assert first == NOT_TOLD
    assert second.startswith("Start 7, best 3 (day 21), now 4 (day 42).")


def test_what_one_of_them_does_not_share_looks_hidden_and_never_like_no_or_not_asked() -> None:
    found = groups(private(), patients.acute_uncomplicated())
    assert line(found["Course"], "Triage").values == ("Self-manage", "Self-manage")
    for title, group in found.items():
        if title in {"Course", "Flags"}:
            continue
        assert {one.values[0] for one in group.lines} == {NOT_SHARED}, title
    assert "nobody is to know" not in str([one.values for group in found.values() for one in group.lines])
