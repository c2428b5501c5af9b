"""Each zone of the tz database: a check-in is asked once and at a decent local hour, whatever its clocks do."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checkins.contact import Contact, contact
from bot.clinical.rulebook import default_rulebook
from bot.clinical.schedule import EARLIEST, LATEST, local_due
from bot.store import CheckIn, CheckInStatus, Conversation, Episode, Turn
from bot.store.drafts import EpisodeState, Snapshot

RULES = default_rulebook()
ZONES = tuple(sorted(available_timezones()))
LEAP_DAY = datetime(2028, 2, 29, tzinfo=timezone.utc)
YEAR = tuple(datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(days=day) for day in range(366))
A_DAY = timedelta(days=1)


@dataclasses.dataclass
class Waiting:
    """One planned check-in of a patient in `zone`, looked at as the runner does, without a database."""

    zone: str
    check_in: CheckIn
    asked_at: list[datetime] = dataclasses.field(default_factory=list)

    def look(self, now: datetime) -> None:
        one = self.check_in
        if one.status is not CheckInStatus.PLANNED or one.due_at > now:
            return
        claimed = dataclasses.replace(one, status=CheckInStatus.CLAIMED, fence=one.fence + 1)
        turn = self._turn(claimed, now)
        made = contact(turn, claimed, RULES)
        [change] = turn.pending.check_in_changes
        assert change.status is not None
        if made is Contact.ASK:
            self.asked_at.append(now)
        self.check_in = dataclasses.replace(
            claimed, status=change.status, due_at=change.due_at or claimed.due_at
        )

    def _turn(self, claimed: CheckIn, now: datetime) -> Turn:
        conversation = Conversation("c", "p", "web", self.zone, None, None, now, version=1)
        episode = Episode("e", "c", "p", "planned", "self_manage", (), now, now)
        snapshot = Snapshot(
            conversation=conversation,
            episode=EpisodeState(episode, 1, first_planned_at=now, check_ins=[claimed]),
            consents={"check_ins": True},
            inbound=None,
            last_question=None,
            check_in=None,
            tracker_events=[],
            now=now,
        )
        ids = itertools.count()
        return Turn(snapshot, lambda: str(next(ids)), lambda: str(next(ids)))


def planned(zone: str, now: datetime) -> Waiting:
    due = local_due(now, A_DAY, ZoneInfo(zone)).astimezone(timezone.utc)
    status = CheckInStatus.PLANNED
    return Waiting(zone, CheckIn("1", "e", "c", "day_3", due, "", zone, status, 0, None, 0, None))


def is_decent(at: datetime, zone: str) -> bool:
    return EARLIEST <= at.astimezone(ZoneInfo(zone)).hour < LATEST


@functools.cache
def days_of_change(zone: str) -> tuple[datetime, ...]:
    """The days of 2026 in which the clocks of the zone are changed, and a leap day."""
    offsets = [day.astimezone(ZoneInfo(zone)).utcoffset() for day in YEAR]
    pairs = zip(YEAR[:-1], offsets[:-1], offsets[1:], strict=True)
    changes = [day for day, before, after in pairs if before != after]
    return (*changes, LEAP_DAY)


def test_the_clocks_of_many_zones_are_changed_both_ways() -> None:
    assert len(ZONES) > 400
    assert sum(len(days_of_change(zone)) >= 3 for zone in ZONES) > 100


@pytest.mark.parametrize("hour", [-30, -21, -12, -3])
def test_in_every_zone_around_every_change_of_clocks_it_is_asked_once_in_the_daytime(hour: int) -> None:
    for zone in ZONES:
        for day in days_of_change(zone):
            now = day + timedelta(hours=hour)
            waiting = planned(zone, now)
            for step in range(30):
                waiting.look(now + timedelta(hours=2 * step, minutes=7))
            assert len(waiting.asked_at) == 1, zone
            assert is_decent(waiting.asked_at[0], zone), zone


@settings(max_examples=600, deadline=None)
@given(
    data=st.data(),
    zone=st.sampled_from(ZONES),
    minutes=st.integers(-3 * 1440, 1440),
    late=st.integers(0, 3 * 1440),
    jump=st.sampled_from([0, 60, -60, 1440, -1440]),
    at_look=st.integers(0, 60),
)
def test_downtime_and_jumps_of_the_clock_change_neither(
    data: st.DataObject, zone: str, minutes: int, late: int, jump: int, at_look: int
) -> None:
    day = data.draw(st.sampled_from(days_of_change(zone)))
    waiting = planned(zone, day + timedelta(minutes=minutes))
    now = waiting.check_in.due_at + timedelta(minutes=late)
    for look in range(150):
        if look == at_look:
            now += timedelta(minutes=jump)
        waiting.look(now)
        now += timedelta(minutes=45)
    assert len(waiting.asked_at) == 1
    assert is_decent(waiting.asked_at[0], zone)
