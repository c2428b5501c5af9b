"""Countries and their clocks, from the table of the time zone database."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.store.zones import country_of, zones_of

WINTER = datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc)
SUMMER = datetime(2026, 7, 15, 12, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/London", "GB"),
        ("Europe/Dublin", "IE"),
        ("America/Chicago", "US"),
        ("Asia/Kolkata", "IN"),
        ("Asia/Calcutta", "IN"),
        ("US/Pacific", "US"),
        ("Etc/GMT+3", None),
        ("UTC", None),
        ("Mars/Olympus", None),
        (None, None),
    ],
)
def test_a_zone_tells_its_country_and_a_mere_offset_tells_none(zone: str | None, country: str | None) -> None:
    assert country_of(zone) == country


def test_a_country_with_one_clock_has_one_zone() -> None:
    assert zones_of("GB", WINTER) == ("Europe/London",)
    assert zones_of("GB-NIR", WINTER) == ("Europe/London",)
    assert zones_of("IN", SUMMER) == ("Asia/Kolkata",)


def test_a_wide_country_has_a_zone_for_each_time_that_its_clocks_show() -> None:
    hours = [WINTER.astimezone(ZoneInfo(zone)).hour for zone in zones_of("US", WINTER)]
    assert hours == [2, 3, 4, 5, 6, 7]
    assert len(zones_of("AU", WINTER)) > len(zones_of("AU", SUMMER)) >= 3


def test_a_country_that_the_table_does_not_know_has_none() -> None:
    assert zones_of("XX", WINTER) == ()
