"""Check-ins that rest for a while because the patient wants it so, and that come again: sooner if wanted."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clinical.check_in import is_safety
from bot.clinical.rulebook import Rulebook
from bot.clinical.schedule import local_due
from bot.store.check_in_turns import timetable, unasked, zone_of
from bot.store.turn import Turn

#: A time zone moves a planned contact by less than this; a rest moves it further.
_A_DAY = timedelta(days=1)


def rest(turn: Turn, days: int) -> datetime | None:
    """Let regular check-ins rest for `days`; gives the time of the next one, None when none was planned.

    Of those that fall due meanwhile the last is made at the end of the rest, for all of them, unless
    another follows within a day. Contacts after advice to get help stay where they are, because somebody has
    to know.
    """
    waiting = _waiting(turn)
    regular = {kind: due for kind, due in waiting.items() if not is_safety(kind)}
    if not regular:
        return None
    until = local_due(turn.now, timedelta(days=days), zone_of(turn))
    missed = [kind for kind, due in regular.items() if due < until]
    kept = {kind: due for kind, due in waiting.items() if kind not in missed}
    follows = any(not is_safety(kind) and due <= until + _A_DAY for kind, due in kept.items())
    if missed and not follows:
        kept[max(missed, key=lambda kind: regular[kind])] = until
    turn.cancel_check_ins()
    turn.plan_check_ins(kept.items())
    return min(due for kind, due in kept.items() if not is_safety(kind))


def wake(turn: Turn, rulebook: Rulebook) -> bool:
    """Back to the timetable before the rest is over; False when no check-in rests.

    A check-in whose day went by during the rest is made at once, in daytime.
    """
    waiting, planned = _waiting(turn), timetable(turn, rulebook)
    late = {kind for kind, due in waiting.items() if kind in planned and due - planned[kind] > _A_DAY}
    if not late:
        return False
    soon = local_due(turn.now, _A_DAY, zone_of(turn)) - _A_DAY
    kept = {kind: due for kind, due in waiting.items() if kind not in late}
    back = {kind: max(due, soon) for kind, due in planned.items() if due > turn.now or kind in late}
    turn.cancel_check_ins()
    turn.plan_check_ins({**back, **kept}.items())
    return True


def _waiting(turn: Turn) -> dict[str, datetime]:
    """The contacts that wait for their hour, those planned in this very turn included."""
    stored = {one.kind: one.due_at for one in unasked(turn)}
    return stored | {one.kind: one.due_at for one in turn.pending.check_ins}
