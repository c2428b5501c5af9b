"""Plan versions: the core's assessment as it was, with its options and reasons as rows of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.store.records import JsonObject, PlanRecord
from bot.store.rows import plan_of
from bot.store.tables import plan_options, plan_reasons, plans


def latest_plan(connection: Connection, episode_id: str) -> PlanRecord | None:
    """The newest version, whatever became of it."""
    row = connection.execute(
        select(plans).where(plans.c.episode_id == episode_id).order_by(plans.c.version.desc()).limit(1)
    ).one_or_none()
    return plan_of(row) if row else None


def first_planned_at(connection: Connection, episode_id: str) -> datetime | None:
    """When the first version was drafted; the days of check-ins are counted from then."""
    return connection.execute(
        select(plans.c.created_at).where(plans.c.episode_id == episode_id).where(plans.c.version == 1)
    ).scalar_one_or_none()


def all_plans(connection: Connection, episode_id: str) -> tuple[PlanRecord, ...]:
    """Every version, oldest first."""
    rows = connection.execute(select(plans).where(plans.c.episode_id == episode_id).order_by(plans.c.version))
    return tuple(plan_of(row) for row in rows)


def write_plans(connection: Connection, episode_id: str, new: Sequence[PlanRecord]) -> None:
    """Add versions in order; each supersedes all before it."""
    for plan in new:
        connection.execute(
            update(plans)
            .where(plans.c.episode_id == episode_id)
            .where(plans.c.version < plan.version)
            .values(status="superseded")
        )
        connection.execute(
            insert(plans).values(
                episode_id=episode_id,
                version=plan.version,
                status=plan.status,
                assessment=plan.assessment,
                rulebook=plan.assessment.get("rulebook"),
                created_at=plan.created_at,
            )
        )
        _write_options(connection, {"episode_id": episode_id, "version": plan.version}, plan.assessment)


def mark_plan(connection: Connection, episode_id: str, version: int, *, signed: bool) -> None:
    """Note that a clinician signed this version, or that it is a draft still, or again."""
    connection.execute(
        update(plans)
        .where(plans.c.episode_id == episode_id)
        .where(plans.c.version == version)
        .values(status="reviewed" if signed else "draft")
    )


def _write_options(connection: Connection, key: dict[str, Any], assessment: JsonObject) -> None:
    options: list[dict[str, Any]] = []
    reasons: list[dict[str, Any]] = []
    for position, option in enumerate(assessment.get("options") or ()):
        options.append(
            {
                **key,
                "position": position,
                "option": option["id"],
                "family": option.get("family"),
                "status": option["status"],
            }
        )
        reasons.extend(
            {
                **key,
                "position": position,
                "n": n,
                "rule": reason.get("rule"),
                "text": reason.get("text"),
                "clinician": reason.get("clinician"),
                "sources": reason.get("sources") or [],
                "facts": reason.get("facts") or {},
            }
            for n, reason in enumerate(option.get("reasons") or ())
        )
    if options:
        connection.execute(insert(plan_options), options)
    if reasons:
        connection.execute(insert(plan_reasons), reasons)
