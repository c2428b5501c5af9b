"""The small picture of a trend: bars of ten that every channel can show, each with its number and its words."""

from __future__ import annotations

import pytest

from bot.clinical.facts import Facts
from bot.clinical.history import History, PastCheckIn
from bot.clinical.rulebook import default_rulebook
from bot.clinical.trend_picture import trend_picture
from bot.clinical.trends import trends

RULES = default_rulebook()


def pictures(*past: tuple[int, float], day: int = 28, **facts: object) -> list[str | None]:
    """`past` are the days of earlier check-ins with the pain told then."""
    history = History(
        start=Facts.of({}),
        check_ins=tuple(PastCheckIn(at, Facts.of({"nprs_now": pain})) for at, pain in past),
    )
    return [
        trend_picture(one, RULES) for one in trends(Facts.of({**facts, "checkin_day": day}), history, RULES)
    ]


def test_each_value_is_a_bar_of_ten_with_its_number_and_words_behind() -> None:
    [picture] = pictures((7, 8), (14, 6), nprs_baseline=7, nprs_now=4)
    assert picture == "███████░░░ 7 at the start\n██████░░░░ 6 last time\n████░░░░░░ 4 now"


def test_at_the_first_check_in_there_is_no_last_time() -> None:
    [picture] = pictures(nprs_baseline=7, nprs_now=4)
    assert picture is not None
    assert [line.split(" ", 1)[1] for line in picture.splitlines()] == ["7 at the start", "4 now"]


@pytest.mark.parametrize(
    ("value", "bar"), [(0, "░" * 10), (10, "█" * 10), (4.4, "████" + "░" * 6), (9.6, "█" * 10)]
)
def test_the_bar_is_as_long_as_the_number(value: float, bar: str) -> None:
    found = pictures(psfs_baseline=3, psfs_now=value)
    assert [picture.splitlines()[-1].split()[0] for picture in found if picture] == [bar]


def test_what_is_not_counted_from_0_to_10_has_no_picture() -> None:
    assert pictures(gpe=2) == [None]
