"""Check-ins: a due table whose rows are claimed with a lease, and counted by a fence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.store.drafts import BegunCheckIn, CheckInChange, CheckInDraft
from bot.store.errors import LeaseLost
from bot.store.records import CheckIn, CheckInStatus, Conversation
from bot.store.repository import Repository
from bot.store.rows import check_in_of
from bot.store.tables import check_ins
from bot.store.zones import UTC, is_known_zone, wall_time

PLANNED, CLAIMED, ASKED = (
    CheckInStatus.PLANNED.value,
    CheckInStatus.CLAIMED.value,
    CheckInStatus.ASKED.value,
)
ANSWERED, MISSED, CANCELLED = (
    CheckInStatus.ANSWERED.value,
    CheckInStatus.MISSED.value,
    CheckInStatus.CANCELLED.value,
)


class CheckIns(Repository):
    """What the workers that send check-ins use; the questions and answers are turns."""

    def claim_check_ins(self, worker: str, limit: int, lease: timedelta) -> list[CheckIn]:
        """Take up to `limit` check-ins that are due, longest due first, each for one worker only.

        Claims whose lease ran out go before the rest.

        The claim holds for `lease`; then another worker may take the check-in, with a higher fence.
        The dialogue then asks it in a turn, by `Turn.ask_check_in`.
        """
        now = self._clock()
        with self._database.writing() as connection:
            ids = [
                row.id
                for row in connection.execute(
                    _first_due(limit, check_ins.c.status == CLAIMED, check_ins.c.lease_until <= now)
                )
            ]
            if len(ids) < limit:
                planned = _first_due(
                    limit - len(ids), check_ins.c.status == PLANNED, check_ins.c.due_at <= now
                )
                ids += [row.id for row in connection.execute(planned)]
            if not ids:
                return []
            connection.execute(
                update(check_ins)
                .where(check_ins.c.id.in_(ids))
                .values(
                    status=CLAIMED,
                    lease_owner=worker,
                    lease_until=now + lease,
                    attempts=check_ins.c.attempts + 1,
                    fence=check_ins.c.fence + 1,
                )
            )
            claimed = connection.execute(
                select(check_ins).where(check_ins.c.id.in_(ids)).order_by(check_ins.c.due_at, check_ins.c.id)
            )
            return [check_in_of(row) for row in claimed]

    def release_check_in(self, claimed: CheckIn) -> bool:
        """Give a claim back unused; False when it was no longer held.

        After a failure let the lease run out instead: that is the pause before the next try.
        """
        with self._database.writing() as connection:
            released = connection.execute(
                update(check_ins)
                .where(check_ins.c.id == claimed.id)
                .where(check_ins.c.fence == claimed.fence)
                .where(check_ins.c.status == CLAIMED)
                .values(status=PLANNED, lease_owner=None, lease_until=None)
            )
        return bool(released.rowcount)

    def miss_check_in(self, check_in: CheckIn) -> bool:
        """Give up on a check-in that was claimed or asked; False when it was answered, cancelled or lost."""
        with self._database.writing() as connection:
            missed = connection.execute(
                update(check_ins)
                .where(check_ins.c.id == check_in.id)
                .where(check_ins.c.fence == check_in.fence)
                .where(check_ins.c.status.in_([CLAIMED, ASKED]))
                .values(status=MISSED, lease_owner=None, lease_until=None, ended_at=self._clock())
            )
        return bool(missed.rowcount)

    def check_ins_to_look_at(self, limit: int = 100) -> list[CheckIn]:
        """Open check-ins whose next look is due: for a reminder, or to be given up; longest due first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(check_ins)
                .where(check_ins.c.status == ASKED)
                .where(check_ins.c.look_at <= self._clock())
                .order_by(check_ins.c.look_at, check_ins.c.id)
                .limit(limit)
            )
            return [check_in_of(row) for row in rows]

    def due_check_ins(self, until: datetime, limit: int = 100) -> list[CheckIn]:
        """Check-ins that wait for their hour, and fall due up to `until`; soonest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(check_ins)
                .where(check_ins.c.status.in_([PLANNED, CLAIMED]))
                .where(check_ins.c.due_at <= until)
                .order_by(check_ins.c.due_at, check_ins.c.id)
                .limit(limit)
            )
            return [check_in_of(row) for row in rows]

    def unanswered_check_ins(self, asked_before: datetime, limit: int = 100) -> list[CheckIn]:
        """Check-ins whose questions have been open since before then, longest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(check_ins)
                .where(check_ins.c.status == ASKED)
                .where(check_ins.c.asked_at < asked_before)
                .order_by(check_ins.c.asked_at, check_ins.c.id)
                .limit(limit)
            )
            return [check_in_of(row) for row in rows]


def open_check_in(connection: Connection, conversation_id: str) -> CheckIn | None:
    """The newest check-in of the conversation that was asked and not answered yet."""
    row = connection.execute(
        select(check_ins)
        .where(check_ins.c.conversation_id == conversation_id)
        .where(check_ins.c.status == ASKED)
        .order_by(check_ins.c.asked_at.desc(), check_ins.c.id)
        .limit(1)
    ).one_or_none()
    return check_in_of(row) if row else None


def check_ins_of(connection: Connection, episode_id: str) -> tuple[CheckIn, ...]:
    """Every check-in of the episode in the order in which they fall due."""
    rows = connection.execute(
        select(check_ins)
        .where(check_ins.c.episode_id == episode_id)
        .order_by(check_ins.c.due_at, check_ins.c.id)
    )
    return tuple(check_in_of(row) for row in rows)


def plan_check_ins(
    connection: Connection,
    conversation: Conversation,
    drafts: Iterable[CheckInDraft],
    new_id: Callable[[], str],
) -> None:
    """Add each contact, unless one of its kind stands in the episode; a cancelled one does not."""
    zone = conversation.timezone if is_known_zone(conversation.timezone) else None
    wanted = {_dedupe_key(draft): draft for draft in reversed(list(drafts))}
    if not wanted:
        return
    standing = connection.execute(
        select(check_ins.c.dedupe_key).where(check_ins.c.dedupe_key.in_(list(wanted)))
    )
    for row in standing:
        del wanted[row.dedupe_key]
    rows = [
        {
            "id": new_id(),
            "episode_id": draft.episode_id,
            "conversation_id": conversation.id,
            "kind": draft.kind,
            "due_at": draft.due_at,
            "wall_time": wall_time(draft.due_at, zone or UTC),
            "zone": zone or UTC,
            "status": PLANNED,
            "attempts": 0,
            "fence": 0,
            "dedupe_key": key,
        }
        for key, draft in wanted.items()
    ]
    if rows:
        connection.execute(insert(check_ins), rows)


def write_begun(connection: Connection, begun: Iterable[BegunCheckIn]) -> None:
    """Add check-ins that a patient asked for: they are open at once, and no worker ever claims them."""
    rows = [
        {
            "id": one.check_in.id,
            "episode_id": one.check_in.episode_id,
            "conversation_id": one.check_in.conversation_id,
            "kind": one.check_in.kind,
            "due_at": one.check_in.due_at,
            "wall_time": one.check_in.wall_time,
            "zone": one.check_in.zone,
            "status": ASKED,
            "attempts": 0,
            "fence": 0,
            "dedupe_key": _dedupe_key(one.check_in),
            "asked_at": one.check_in.asked_at,
            "look_at": one.look_at,
        }
        for one in begun
    ]
    if rows:
        connection.execute(insert(check_ins), rows)


def step_check_in(connection: Connection, change: CheckInChange, at: datetime) -> None:
    """Move a check-in on in a turn. A step with a fence is taken by the worker that holds the claim."""
    values: dict[str, Any] = {}
    if change.look_at is not None:
        values["look_at"] = change.look_at
    if change.notes is not None:
        values["notes"] = change.notes
    step = update(check_ins).where(check_ins.c.id == change.id)
    if change.fence is not None and change.status is not None:
        values.update(status=change.status.value, lease_owner=None, lease_until=None)
        if change.status is CheckInStatus.ASKED:
            values["asked_at"] = at
        elif change.status is CheckInStatus.CANCELLED:
            values["ended_at"] = at
        if change.due_at is not None:
            zone = change.zone or UTC
            values.update(due_at=change.due_at, zone=zone, wall_time=wall_time(change.due_at, zone))
        held = connection.execute(
            step.where(check_ins.c.status == CLAIMED)
            .where(check_ins.c.fence == change.fence)
            .values(**values)
        )
        if not held.rowcount:
            raise LeaseLost(change.id)
    elif change.status is None:
        if values:
            connection.execute(step.where(check_ins.c.status == ASKED).values(**values))
    else:
        # An answer that crosses the giving up still counts.
        over = [ASKED, MISSED] if change.status is CheckInStatus.ANSWERED else [ASKED]
        connection.execute(
            step.where(check_ins.c.status.in_(over)).values(**values, status=change.status.value, ended_at=at)
        )


def cancel_open_check_ins(connection: Connection, episode_id: str, at: datetime) -> None:
    """Cancel what is not over. Its kind may then be planned anew."""
    connection.execute(
        update(check_ins)
        .where(check_ins.c.episode_id == episode_id)
        .where(check_ins.c.status.in_([PLANNED, CLAIMED, ASKED]))
        .values(
            status=CANCELLED,
            lease_owner=None,
            lease_until=None,
            ended_at=at,
            dedupe_key=check_ins.c.dedupe_key + " " + check_ins.c.id,
        )
    )


def _dedupe_key(draft: CheckInDraft | CheckIn) -> str:
    return f"{draft.episode_id} {draft.kind}"


def _first_due(limit: int, *conditions: Any) -> Any:
    # On SQLite the write transaction keeps every other worker out.
    return (
        select(check_ins.c.id)
        .where(*conditions)
        .order_by(check_ins.c.due_at, check_ins.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
