"""When a patient is contacted again, and at which hour of their day."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clinical.facts import Facts
from bot.clinical.rulebook import default_rulebook
from bot.clinical.schedule import PlannedCheckIn, local_due, schedule
from bot.clinical.triage import triage

RULEBOOK = default_rulebook()
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
ZONES = [
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Africa/Cairo",
    "UTC",
]


def planned(facts: dict[str, Any], **wishes: bool) -> tuple[PlannedCheckIn, ...]:
    told = Facts.of(facts)
    return schedule(told, triage(told, RULEBOOK), RULEBOOK, **wishes)


def offsets(facts: dict[str, Any], **wishes: bool) -> dict[str, timedelta]:
    return {check_in.kind: check_in.offset for check_in in planned(facts, **wishes)}


CASES: dict[str, tuple[dict[str, Any], dict[str, timedelta]]] = {
    "acute, no leg": (
        {"duration_weeks": 1, "leg_pain": "none"},
        {
            **{"day_3": 3 * DAY, "day_7": 7 * DAY, "week_2": 2 * WEEK},
            **{"week_4": 4 * WEEK, "week_6": 6 * WEEK, "week_12": 12 * WEEK},
        },
    ),
    "acute, with leg": (
        {"duration_weeks": 1, "leg_pain": "below_knee"},
        {
            **{
                "day_3": 3 * DAY,
                "day_7": 7 * DAY,
                "week_2": 2 * WEEK,
                "week_3": 3 * WEEK,
                "week_4": 4 * WEEK,
            },
            **{"week_5": 5 * WEEK, "week_6": 6 * WEEK, "week_8": 8 * WEEK, "week_12": 12 * WEEK},
        },
    ),
    "subacute": (
        {"duration_weeks": 8, "leg_pain": "none"},
        {
            **{"day_3": 3 * DAY, "week_1": WEEK, "week_2": 2 * WEEK, "week_4": 4 * WEEK},
            **{"week_6": 6 * WEEK, "week_9": 9 * WEEK, "week_12": 12 * WEEK},
        },
    ),
    "chronic": (
        {"duration_weeks": 30, "leg_pain": "none"},
        {f"week_{n}": n * WEEK for n in (1, 2, 4, 6, 8, 12)},
    ),
    "emergency": ({"saddle_numbness": "new"}, {"safety_1h": timedelta(hours=1), "safety_24h": DAY}),
    "same day": ({"fever": "yes", "duration_weeks": 1}, {"safety_24h": DAY}),
    "under 18": ({"age": 15, "duration_weeks": 1}, {"safety_24h": DAY, "safety_72h": 3 * DAY}),
}


@pytest.mark.parametrize("name", CASES)
def test_each_group_has_its_timetable(name: str) -> None:
    facts, expected = CASES[name]
    assert offsets(facts) == expected


def test_after_urgent_advice_the_safety_contacts_come_before_the_regular_ones() -> None:
    result = offsets({"duration_weeks": 1, "weight_loss_unexplained": "yes"})
    assert list(result)[:3] == ["safety_24h", "safety_72h", "day_7"]
    assert "day_3" not in result


def test_an_episode_of_unknown_length_is_followed_as_a_new_one() -> None:
    assert offsets({}) == CASES["acute, no leg"][1]


def test_only_contacts_after_advice_are_made_without_consent_to_check_ins() -> None:
    assert {
        check_in.kind
        for check_in in planned({"duration_weeks": 1, "weight_loss_unexplained": "yes"})
        if check_in.safety
    } == {
        "safety_24h",
        "safety_72h",
    }
    assert not any(check_in.safety for check_in in planned({"duration_weeks": 1}))


def test_a_new_anti_inflammatory_is_asked_about_on_day_3_once() -> None:
    assert offsets({"duration_weeks": 1}, new_nsaid=True) == offsets({"duration_weeks": 1})
    chronic = offsets({"duration_weeks": 30}, new_nsaid=True)
    assert chronic == {"day_3": 3 * DAY, **CASES["chronic"][1]}
    assert "day_3" not in offsets({"saddle_numbness": "new"}, new_nsaid=True)


def test_half_a_year_later_only_chronic_pain_and_only_when_wished() -> None:
    assert offsets({"duration_weeks": 30}, long_term=True)["week_26"] == 26 * WEEK
    assert "week_26" not in offsets({"duration_weeks": 30})
    assert "week_26" not in offsets({"duration_weeks": 1}, long_term=True)


@pytest.mark.parametrize("name", CASES)
def test_contacts_come_in_the_order_of_time_and_each_kind_once(name: str) -> None:
    result = planned(CASES[name][0])
    assert list(result) == sorted(result, key=lambda check_in: check_in.offset)
    assert len({check_in.kind for check_in in result}) == len(result)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(timezone.utc))  # noqa: DTZ001
DAYS = st.integers(1, 200).map(lambda days: timedelta(days=days))


@given(MOMENTS, DAYS, st.sampled_from(ZONES))
def test_a_contact_after_days_comes_in_local_daytime_and_never_too_early(
    now: datetime, offset: timedelta, name: str
) -> None:
    due = local_due(now, offset, ZoneInfo(name))
    assert due.tzinfo is not None
    assert 9 <= due.astimezone(ZoneInfo(name)).hour < 19
    assert timedelta(0) <= due.astimezone(timezone.utc) - (now + offset) < timedelta(hours=16)


@given(MOMENTS, st.integers(1, 23), st.sampled_from(ZONES))
def test_a_contact_after_hours_comes_at_its_exact_time(now: datetime, hours: int, name: str) -> None:
    offset = timedelta(hours=hours)
    assert local_due(now, offset, ZoneInfo(name)).astimezone(timezone.utc) == now + offset


@pytest.mark.parametrize(
    ("zone", "now", "offset", "due"),
    [
        ("Europe/London", "2026-11-23T14:30:00+00:00", 3 * DAY, "2026-11-26T14:30:00+00:00"),
        ("Europe/London", "2026-11-23T23:10:00+00:00", DAY, "2026-11-25T09:00:00+00:00"),
        ("Europe/London", "2026-11-23T05:00:00+00:00", DAY, "2026-11-24T09:00:00+00:00"),
        ("Europe/London", "2026-11-23T19:00:00+00:00", DAY, "2026-11-25T09:00:00+00:00"),
        ("Europe/London", "2026-11-23T23:10:00+00:00", timedelta(hours=1), "2026-11-24T00:10:00+00:00"),
        # the clock goes forward on 29 March: an hour earlier would still be night
        ("Europe/London", "2026-03-28T08:30:00+00:00", DAY, "2026-03-29T09:30:00+01:00"),
        ("Europe/London", "2026-03-28T18:30:00+00:00", DAY, "2026-03-30T09:00:00+01:00"),
        # and back on 25 October
        ("Europe/London", "2026-10-24T09:30:00+01:00", DAY, "2026-10-25T09:00:00+00:00"),
        # the server's night is the patient's noon
        ("Asia/Kolkata", "2026-11-23T05:00:00+00:00", DAY, "2026-11-24T10:30:00+05:30"),
        ("America/New_York", "2026-11-23T05:00:00+00:00", DAY, "2026-11-24T09:00:00-05:00"),
    ],
)
def test_the_hour_is_the_patients_own(zone: str, now: str, offset: timedelta, due: str) -> None:
    assert local_due(datetime.fromisoformat(now), offset, ZoneInfo(zone)) == datetime.fromisoformat(due)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        local_due(datetime(2026, 11, 23), DAY, ZoneInfo("UTC"))  # noqa: DTZ001
