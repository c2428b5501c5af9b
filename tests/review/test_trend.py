"""How pain and function have gone: which values are drawn, and what the picture says without being seen."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

from bot.clinical.rulebook import default_rulebook
from bot.review.summary import summarise
from bot.review.summary_html import export_html
from bot.review.summary_json import export_json
from bot.review.trend import TrendView, trends_of
from bot.review.trend_picture import picture
from tests.review import patients
from tests.review.cases import CaseBuilder
from tests.review.documents import Document
from tests.review.varied import varied, with_measures

SVG = "{http://www.w3.org/2000/svg}"


def trends(builder: CaseBuilder) -> dict[str, TrendView]:
    return {one.measure: one for one in trends_of(builder.build(), default_rulebook())}


def values(trend: TrendView) -> list[tuple[int, float]]:
    return [(point.day, point.value) for point in trend.points]


def test_pain_and_function_are_followed_from_the_start_through_every_check_in() -> None:
    found = trends(with_measures())
    assert list(found) == ["nprs", "psfs", "rmdq"]
    assert values(found["nprs"]) == [(0, 7), (7, 6), (21, 3), (42, 4)]
    assert values(found["psfs"]) == [(0, 3), (7, 4), (21, 7), (42, 6)]
    assert values(found["rmdq"]) == [(0, 6), (42, 4)]


def test_the_best_is_the_lowest_pain_and_the_highest_function() -> None:
    found = trends(with_measures())
    assert (found["nprs"].best.day, found["psfs"].best.day) == (21, 21)
    assert "2 points or 30 % count as improved" in found["nprs"].change
    assert found["nprs"].in_words == (
        "Pain, 0 to 10, lower is better. day 0: 7; day 7: 6; day 21: 3; day 42: 4. "
        "Start 7, best 3 (day 21), now 4 (day 42)."
    )


def test_one_value_is_no_course() -> None:
    assert trends(patients.acute_uncomplicated()) == {}


def test_the_average_pain_of_the_intake_is_the_start_even_where_it_was_put_right() -> None:
    builder = patients.under_way().patient("pain 8", pain_avg=8).patient("no, 6", pain_avg=6)
    builder.answered_check_in("day_3", timedelta(days=3), nprs_now=5)
    assert values(trends(builder)["nprs"]) == [(0, 6), (3, 5)]


def test_the_activity_that_is_followed_is_the_first_with_a_score() -> None:
    told = [
        {"activity": "sleep", "score": None},
        {"activity": "walk", "score": 2},
        {"activity": "sit", "score": 9},
    ]
    builder = patients.under_way().learns(psfs=told)
    builder.answered_check_in("day_3", timedelta(days=3), psfs_now=4.0)
    assert values(trends(builder)["psfs"]) == [(0, 2), (3, 4)]


def test_an_answer_taken_back_is_not_drawn() -> None:
    builder = patients.under_way().learns(pain_avg=6)
    builder.answered_check_in("day_3", timedelta(days=3), nprs_now=9).takes_back("nprs_now")
    assert trends(builder) == {}


def test_the_picture_marks_every_value_and_runs_nothing() -> None:
    pain = trends(with_measures())["nprs"]
    root = ElementTree.fromstring(picture(pain))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == pain.in_words
    assert {one.tag.removeprefix(SVG) for one in root} <= {"line", "text", "polyline", "circle", "path"}
    labels = [one.text for one in root.iter(f"{SVG}text")]
    assert labels[-4:] == ["7", "6", "3", "4"]
    (line,) = root.iter(f"{SVG}polyline")
    assert len(line.attrib["points"].split()) == 4
    inside = [float(one) for pair in line.attrib["points"].split() for one in pair.split(",")]
    assert all(0 <= one <= 240 for one in inside)


def test_labels_that_would_lie_on_each_other_are_left_out_but_never_the_last() -> None:
    builder = patients.under_way().learns(pain_avg=8)
    for day in (1, 2, 3, 80, 84):
        builder.answered_check_in(f"day_{day}", timedelta(days=day), nprs_now=4 if day < 84 else 3)
    root = ElementTree.fromstring(picture(trends(builder)["nprs"]))
    labels = [one.text for one in root.iter(f"{SVG}text") if one.attrib.get("text-anchor") == "middle"]
    assert labels == ["8", "3"]


def test_the_page_shows_it_with_its_words_and_the_json_has_its_numbers() -> None:
    page = Document.of(export_html(varied()["measured"]))
    pictures = [one for one in page.elements if one.tag == "svg"]
    assert [one.attributes["role"] for one in pictures] == ["img"] * 3
    assert "Start 7, best 3 (day 21), now 4 (day 42)." in page.words
    assert page.unclosed == []
    pain = export_json(varied()["measured"])["trends"][0]  # type: ignore[index]
    assert (pain["baseline"], pain["best"], pain["now"]) == (7, 3, 4)
    assert pain["points"][1] == {"day": 7, "value": 6, "at": "2026-12-02T09:02:00Z"}


def test_scores_of_check_ins_are_a_course_and_no_corrections() -> None:
    summary = summarise(varied()["measured"], default_rulebook())
    assert summary.corrections == ()
    assert [one.name for one in summary.measures if one.drawn][:2] == ["RMDQ", "Pain at the start"]
