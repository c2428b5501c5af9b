"""Flags for clinicians: raised once while open, acknowledged when somebody has looked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from bot.store.drafts import FlagDraft
from bot.store.records import Flag
from bot.store.rows import flag_of
from bot.store.tables import flags


def raise_flags(
    connection: Connection, drafts: Iterable[FlagDraft], at: datetime, new_id: Callable[[], str]
) -> None:
    """Add each flag, unless one with the same code, rule and severity is open in the episode."""
    for draft in drafts:
        same = connection.execute(
            select(flags.c.id)
            .where(flags.c.episode_id == draft.episode_id)
            .where(flags.c.status == "open")
            .where(flags.c.code == draft.code)
            .where(flags.c.severity == draft.severity)
            .where(flags.c.rule.is_not_distinct_from(draft.rule))
            .limit(1)
        ).one_or_none()
        if same is not None:
            continue
        connection.execute(
            insert(flags).values(
                id=new_id(),
                episode_id=draft.episode_id,
                code=draft.code,
                severity=draft.severity,
                reason=draft.reason,
                rule=draft.rule,
                status="open",
                raised_at=at,
            )
        )


def acknowledge_flags(connection: Connection, episode_id: str) -> None:
    """Mark every open flag of the episode as seen by a clinician."""
    connection.execute(
        update(flags)
        .where(flags.c.episode_id == episode_id)
        .where(flags.c.status == "open")
        .values(status="acknowledged")
    )


def flags_of(connection: Connection, episode_id: str) -> tuple[Flag, ...]:
    """Every flag of the episode, oldest first."""
    rows = connection.execute(
        select(flags).where(flags.c.episode_id == episode_id).order_by(flags.c.raised_at, flags.c.id)
    )
    return tuple(flag_of(row) for row in rows)


def open_flags(connection: Connection, of: Collection[str] | None = None) -> Mapping[str, list[Flag]]:
    """The open flags of every episode, or of these, oldest first."""
    found: defaultdict[str, list[Flag]] = defaultdict(list)
    wanted = select(flags).where(flags.c.status == "open").order_by(flags.c.raised_at, flags.c.id)
    if of is not None:
        wanted = wanted.where(flags.c.episode_id.in_(of))
    for row in connection.execute(wanted):
        found[row.episode_id].append(flag_of(row))
    return found


def open_flags_in_short(connection: Connection) -> Mapping[str, tuple[list[str], datetime]]:
    """episode -> the severities of its open flags, and when the oldest of them was raised"""
    rows = connection.execute(
        select(flags.c.episode_id, flags.c.severity, func.min(flags.c.raised_at))
        .where(flags.c.status == "open")
        .group_by(flags.c.episode_id, flags.c.severity)
    )
    found: dict[str, tuple[list[str], datetime]] = {}
    for episode, severity, raised_at in rows:
        severities, oldest = found.get(episode, ([], raised_at))
        found[episode] = ([*severities, severity], min(oldest, raised_at))
    return found
