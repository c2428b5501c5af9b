"""When a patient is contacted again: the timetable of the episode, and each due time in local daytime."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.clinical.facts import Facts
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.check_in_times import CheckInSheet, Contact, Timetable
from bot.clinical.rules import Context
from bot.clinical.triage import Triage

EARLIEST, LATEST = 9, 19  #: local hours between which a patient is contacted (clinical.md §6.1)

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PlannedCheckIn:
    """One contact of an episode, `offset` after now.

    `kind` is unique within the episode. A `safety` contact asks whether help was found; it is made whether
    or not the patient agreed to check-in messages.
    """

    kind: str
    offset: timedelta
    safety: bool = False


def schedule(
    facts: Facts, triage: Triage, rulebook: Rulebook, *, new_nsaid: bool = False, long_term: bool = False
) -> tuple[PlannedCheckIn, ...]:
    """The contacts that these facts and this class call for, soonest first.

    `new_nsaid`: the plan offers an anti-inflammatory that the patient does not take yet, so day 3 asks about
    side effects. `long_term`: the patient opted in to a last contact for chronic pain.
    Source: clinical.md §6.1.
    """
    sheet: CheckInSheet = rulebook.check_ins
    context = Context(facts, triage.flags, triage.urgency, ever=facts.ever)
    advice = _first(sheet.after_advice, context)
    regular: list[Contact] = []
    if advice is None or not advice.alone:
        timetable = _first(sheet.regular, context)
        regular = list(timetable.contacts) if timetable else []
        if new_nsaid:
            regular.append(sheet.new_nsaid)
        if long_term and timetable is not None and timetable.id == "chronic":
            regular.append(sheet.long_term)
    safety = advice.contacts if advice else ()
    replaced = advice.instead_of if advice else frozenset()
    kept = {contact.kind: contact for contact in regular if contact.kind not in replaced}
    planned = [PlannedCheckIn(contact.kind, contact.after, safety=True) for contact in safety]
    planned += [PlannedCheckIn(contact.kind, contact.after) for contact in kept.values()]
    return tuple(sorted(planned, key=lambda check_in: check_in.offset))


def local_due(now: datetime, offset: timedelta, zone: ZoneInfo) -> datetime:
    """The first moment at or after `now + offset` that lies in local daytime, in `zone`.

    Contacts after hours (less than a day) are made at their exact time. Days are counted as 24 hours, so a
    clock change moves a contact by an hour and never out of daytime. Raises ValueError for a naive `now`.
    """
    if now.tzinfo is None:
        raise ValueError("local_due needs an aware time")
    due = (now.astimezone(timezone.utc) + offset).astimezone(zone)
    if offset < _A_DAY or EARLIEST <= due.hour < LATEST:
        return due
    day = due.date() if due.hour < EARLIEST else due.date() + _A_DAY
    return datetime.combine(day, time(EARLIEST), tzinfo=zone)


def daytime(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment from `at` on that lies in the daytime of `zone`. Raises ValueError for a naive `at`."""
    local = at.astimezone(zone)
    return at if EARLIEST <= local.hour < LATEST else local_due(at - _A_DAY, _A_DAY, zone)


def _first(timetables: Iterable[Timetable], context: Context) -> Timetable | None:
    return next((timetable for timetable in timetables if timetable.when.truth(context)), None)
