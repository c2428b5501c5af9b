"""What happens to a check-in whose hour has come, or that stays unanswered: decided and done on one turn.

Pure but for the turn, so that the runner, the simulation and the tests of killed workers share it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from bot.clinical.check_in import is_by_patient, is_safety
from bot.clinical.rulebook import Rulebook
from bot.clinical.schedule import daytime, local_due
from bot.clinical.urgency import Urgency
from bot.store import CheckIn, CheckInStatus, Turn
from bot.store.check_in_turns import CHECK_INS, give_up, notes_of, unasked, zone_of
from bot.store.email_turns import remind_by_email

#: A patient who wrote this recently is in the middle of something.
BUSY_FOR = timedelta(minutes=10)
#: An intake that is open is not interrupted; it is looked at again after this.
INTAKE_FOR = timedelta(hours=3)
#: A contact after hours is made at its exact time, day or night, unless it is later than this.
EXACT_WITHIN = timedelta(hours=1)

#: A check-in that the patient asked for stands for one that falls due within this time.
EARLY_WITHIN = timedelta(days=1)

_A_DAY = timedelta(days=1)
#: Who took back every permission after advice to get help is still asked whether help was found.
WITHDRAWN = "withdrawn"
_OVER = frozenset({"declined", WITHDRAWN, "closed", "stopped"})


class Contact(Enum):
    """What became of a check-in whose hour had come."""

    ASK = "ask"  #: it is asked in this turn: start its dialogue
    LATER = "later"  #: postponed: not a decent hour, or the patient is busy
    DROPPED = "dropped"  #: cancelled: a newer one, no consent, or the episode is over


class Reminder(Enum):
    """What became of a check-in that stays unanswered."""

    REMINDED = "reminded"
    MISSED = "missed"
    LATER = "later"  #: not a decent hour
    NOTHING = "nothing"  #: answered or given up in the meantime


def contact(turn: Turn, claimed: CheckIn, rulebook: Rulebook) -> Contact:
    """Decide about a claimed check-in and note it on the turn. The commit raises LeaseLost if the claim is lost.

    Of several that are due after downtime one is asked, a safety contact before others and else the newest.
    """
    why = _reason_to_drop(turn, claimed)
    if why is not None:
        turn.drop_check_in(claimed, why)
        return Contact.DROPPED
    at = _when(turn, claimed, rulebook)
    if at > turn.now:
        turn.postpone_check_in(claimed, at)
        return Contact.LATER
    for one in turn.check_ins:
        if one.status is CheckInStatus.ASKED:
            give_up(turn, one, rulebook)
    turn.ask_check_in(claimed, look_at=_next_look(turn, claimed.kind, turn.now, 0, rulebook))
    remind_by_email(turn, claimed, reminders=0)
    return Contact.ASK


def remind(turn: Turn, check_in_id: str, rulebook: Rulebook) -> Reminder:
    """Remind of an open check-in, or give it up. Harmless when it was answered in the meantime."""
    open_one = next((one for one in turn.check_ins if one.id == check_in_id), None)
    if open_one is None or open_one.status is not CheckInStatus.ASKED or open_one.asked_at is None:
        return Reminder.NOTHING
    if turn.check_in is None or turn.check_in.id != open_one.id:
        give_up(turn, open_one, rulebook)
        return Reminder.MISSED
    notes, sheet = notes_of(turn), rulebook.check_in_questions
    decent = _daytime(turn, turn.now)
    if decent > turn.now:
        turn.note_in_check_in(notes.as_json(), look_at=decent)
        return Reminder.LATER
    age = turn.now - open_one.asked_at
    limit = sheet.safety_missed_after if is_safety(open_one.kind) else sheet.missed_after
    if age >= limit:
        # The patient is told only where nothing else is about to be asked.
        for finding in give_up(turn, open_one, rulebook):
            turn.say(finding.patient, key="check_in_no_reply")
        return Reminder.MISSED
    if is_safety(open_one.kind) or notes.reminders >= len(sheet.remind_after):
        turn.note_in_check_in(
            notes.as_json(),
            look_at=_next_look(turn, open_one.kind, open_one.asked_at, notes.reminders, rulebook),
        )
        return Reminder.LATER
    # After downtime one reminder stands for all that were due.
    due = max(notes.reminders + 1, sum(age >= after for after in sheet.remind_after))
    while notes.reminders < due:
        notes = notes.reminding()
    turn.say(sheet.reminder, key="check_in_reminder")
    remind_by_email(turn, open_one, notes.reminders)
    turn.note_in_check_in(
        notes.as_json(), look_at=_next_look(turn, open_one.kind, open_one.asked_at, notes.reminders, rulebook)
    )
    return Reminder.REMINDED


def is_by_the_hour(kind: str, rulebook: Rulebook) -> bool:
    """Whether contacts of this kind are made hours after the advice, at any time of the day."""
    return any(
        kind == one.kind or kind.startswith(f"{one.kind}_day_")
        for timetable in rulebook.check_ins.after_advice
        for one in timetable.contacts
        if one.after < _A_DAY
    )


def _reason_to_drop(turn: Turn, claimed: CheckIn) -> str | None:
    episode = turn.episode
    safety = is_safety(claimed.kind)
    over = _OVER - {WITHDRAWN} if safety else _OVER
    if episode is None or episode.id != claimed.episode_id or episode.status in over:
        return "episode_over"
    if not safety and not turn.consents.get(CHECK_INS, False):
        return "no_consent"
    if not safety and episode.status in ("emergency", "held") and _waits_for_help(episode.triage):
        return "waits_for_help"
    if not safety and any(_is_early(one, claimed) for one in turn.check_ins):
        return "done_by_patient"
    others = [one for one in turn.check_ins if one.id != claimed.id and is_safety(one.kind) >= safety]
    if any(one.asked_at is not None and one.asked_at >= claimed.due_at for one in others):
        return "newer_one_asked"
    waiting = [one for one in unasked(turn) if one.due_at <= turn.now and one.id != claimed.id]
    if any(_rank(one) > _rank(claimed) for one in waiting):
        return "newer_one_due"
    return None


def _is_early(one: CheckIn, claimed: CheckIn) -> bool:
    """Whether the patient asked for a check-in shortly before this one fell due."""
    return (
        is_by_patient(one.kind) and one.asked_at is not None and one.asked_at >= claimed.due_at - EARLY_WITHIN
    )


def _waits_for_help(triage: str | None) -> bool:
    return triage is not None and Urgency(triage) >= Urgency.SAME_DAY


def _rank(check_in: CheckIn) -> tuple[bool, datetime, str]:
    return (is_safety(check_in.kind), check_in.due_at, check_in.id)


def _when(turn: Turn, claimed: CheckIn, rulebook: Rulebook) -> datetime:
    """The moment at which the check-in may be asked: now, or later."""
    now = turn.now
    exact = is_by_the_hour(claimed.kind, rulebook) and now - claimed.due_at <= EXACT_WITHIN
    if turn.episode is not None and turn.episode.status in ("consent", "intake"):
        return _daytime(turn, now + INTAKE_FOR)
    heard = turn.last_heard_at
    if heard is not None and now - heard < BUSY_FOR:
        return heard + BUSY_FOR if exact else _daytime(turn, heard + BUSY_FOR)
    return now if exact else _daytime(turn, now)


def _daytime(turn: Turn, at: datetime) -> datetime:
    """The first moment from `at` on that lies in the patient's daytime."""
    return daytime(at, zone_of(turn))


def _next_look(turn: Turn, kind: str, asked_at: datetime, reminders: int, rulebook: Rulebook) -> datetime:
    sheet = rulebook.check_in_questions
    if is_safety(kind):
        return asked_at + sheet.safety_missed_after
    after = (*sheet.remind_after, sheet.missed_after)[min(reminders, len(sheet.remind_after))]
    return local_due(asked_at, after, zone_of(turn))
