"""The queue, a page at a time: order, filters and counts are the database's work, so that a long list stays quick."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.engine import Connection

from bot.clinical.urgency import Urgency
from bot.store.episodes import BEFORE_ANY_TRIAGE, listed
from bot.store.records import WAITING_STATUSES, QueuePage
from bot.store.remarks import answers_after_questions
from bot.store.repository import Repository
from bot.store.tables import case_views, conversations, episodes, flags

#: (class, the patient's time zone) -> what began to wait before this is late; None for a class without a target
LateBefore = Callable[[str, "str | None"], "datetime | None"]

_NAMES = {urgency.rank: urgency.value for urgency in Urgency} | {BEFORE_ANY_TRIAGE: "none"}
_RANKS = {name: rank for rank, name in _NAMES.items()}


class QueuePages(Repository):
    """Pages of the queue for one reader."""

    def queue_page(
        self,
        clinician_id: str,
        late_before: LateBefore,
        show: str = "all",
        urgency: str = "",
        number: int = 1,
        size: int = 100,
    ) -> QueuePage:
        """The page with this number: those that wait for a clinician first, then by urgency, then by waiting time.

        `show` is waiting, overdue, answered or new, and `urgency` a class or "none"; anything else lets
        everything through. Past the last page comes the last one.
        """
        with self._database.reading() as connection:
            zones = connection.execute(select(conversations.c.timezone).distinct()).scalars().all()
            lines = _lines(clinician_id, zones, late_before)
            fits = [*_shown(lines, show), *([lines.c.rank == _RANKS[urgency]] if urgency in _RANKS else [])]
            classes = connection.execute(
                select(lines.c.rank, func.count(), func.sum(lines.c.late))
                .where(*fits)
                .group_by(lines.c.rank)
                .order_by(lines.c.rank.desc())
            ).all()
            total = sum(count for _, count, _ in classes)
            pages = max(1, math.ceil(total / size))
            number = min(pages, number)
            ids = (
                connection.execute(
                    select(lines.c.id)
                    .where(*fits)
                    .order_by(lines.c.waits.desc(), lines.c.rank.desc(), lines.c.waiting_since, lines.c.id)
                    .limit(size)
                    .offset((number - 1) * size)
                )
                .scalars()
                .all()
            )
            rows = {row.episode: row for row in listed(connection, ids)}
            return QueuePage(
                rows=tuple(rows[one] for one in ids),
                seen=_seen(connection, clinician_id, ids),
                counts={_NAMES[rank]: count for rank, count, _ in classes},
                overdue=int(sum(late for _, _, late in classes)),
                total=total,
                total_of_all=connection.execute(select(func.count()).select_from(episodes)).scalar_one(),
                number=number,
                pages=pages,
            )


def _lines(clinician_id: str, zones: Sequence[str | None], late_before: LateBefore) -> Any:
    """Every episode with what decides about its place, as a subquery."""
    open_flags = (
        select(
            flags.c.episode_id,
            func.max(_rank_of(flags.c.severity)).label("rank"),
            func.min(flags.c.raised_at).label("raised_at"),
        )
        .where(flags.c.status == "open")
        .group_by(flags.c.episode_id)
        .subquery()
    )
    answers = answers_after_questions().subquery()
    triaged, flagged = _rank_of(episodes.c.triage), func.coalesce(open_flags.c.rank, BEFORE_ANY_TRIAGE)
    rank = case((triaged >= flagged, triaged), else_=flagged)
    undecided = episodes.c.status.in_(WAITING_STATUSES)
    waits = or_(undecided, open_flags.c.raised_at.is_not(None))
    since = case(
        (or_(undecided, open_flags.c.raised_at.is_(None)), episodes.c.waiting_since),
        else_=open_flags.c.raised_at,
    )
    seen_at = case_views.c.seen_at
    answered = and_(answers.c.at.is_not(None), or_(seen_at.is_(None), answers.c.at > seen_at))
    late = and_(waits, or_(literal(1) == 0, *_lateness(rank, since, zones, late_before)))
    return (
        select(
            episodes.c.id,
            episodes.c.waiting_since,
            rank.label("rank"),
            _one_if(waits).label("waits"),
            _one_if(late).label("late"),
            _one_if(answered).label("answered"),
            _one_if(or_(seen_at.is_(None), episodes.c.updated_at > seen_at, answered)).label("new"),
        )
        .join(conversations, conversations.c.id == episodes.c.conversation_id)
        .outerjoin(open_flags, open_flags.c.episode_id == episodes.c.id)
        .outerjoin(answers, answers.c.episode_id == episodes.c.id)
        .outerjoin(
            case_views,
            and_(case_views.c.episode_id == episodes.c.id, case_views.c.clinician_id == clinician_id),
        )
        .subquery()
    )


def _lateness(rank: Any, since: Any, zones: Sequence[str | None], late_before: LateBefore) -> list[Any]:
    """For each class the zones in which the same moment decides: seldom more than a few."""
    found = []
    for urgency in Urgency:
        together: defaultdict[datetime, list[str | None]] = defaultdict(list)
        for zone in zones:
            moment = late_before(urgency.value, zone)
            if moment is not None:
                together[moment].append(zone)
        for moment, same in together.items():
            there = conversations.c.timezone.in_([zone for zone in same if zone is not None])
            if None in same:
                there = or_(there, conversations.c.timezone.is_(None))
            found.append(and_(rank == urgency.rank, since < moment, there))
    return found


def _shown(lines: Any, show: str) -> list[Any]:
    tests = {
        "waiting": or_(lines.c.waits == 1, lines.c.answered == 1),
        "overdue": lines.c.late == 1,
        "answered": lines.c.answered == 1,
        "new": lines.c.new == 1,
    }
    return [tests[show]] if show in tests else []


def _seen(connection: Connection, clinician_id: str, ids: Sequence[str]) -> dict[str, datetime]:
    rows = connection.execute(
        select(case_views.c.episode_id, case_views.c.seen_at)
        .where(case_views.c.clinician_id == clinician_id)
        .where(case_views.c.episode_id.in_(ids))
    )
    return {row.episode_id: row.seen_at for row in rows}


def _rank_of(urgency: Any) -> Any:
    return case({one.value: one.rank for one in Urgency}, value=urgency, else_=BEFORE_ANY_TRIAGE)


def _one_if(condition: Any) -> Any:
    return case((condition, 1), else_=0)
