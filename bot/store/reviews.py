"""Reviews: what a clinician decided about the plan that was on the screen, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.store.commits import lock_conversation
from bot.store.errors import ClinicianUnknown, ConversationUnknown, EpisodeUnknown, PlanChanged
from bot.store.flags import acknowledge_flags
from bot.store.plans import latest_plan, mark_plan
from bot.store.records import DECISIONS, Review
from bot.store.repository import Repository
from bot.store.rows import review_of
from bot.store.tables import clinicians, conversations, episodes, reviews

#: Where a decision moves an episode. One that the patient is still in, or has left, stays as it is.
_AFTER_ACCEPTING = dict.fromkeys(("emergency", "held", "planned"), "reviewed")
_AFTER_REFUSING_THE_PLAN = dict.fromkeys(("planned", "reviewed"), "held")


class Reviews(Repository):
    """Takes decisions."""

    def add_review(
        self,
        episode_id: str,
        clinician_id: str,
        decision: str,
        plan_version: int | None,
        reason: str | None = None,
        as_of: datetime | None = None,
    ) -> Review:
        """Record a decision: accept, amend or reject.

        `plan_version` is the version that the clinician read, None when there was no plan; `as_of` the
        `updated_at` of the episode that was read, None to take it as it is now. Accepting signs the
        version. After amending or rejecting it is a draft, and the episode is held, so that the bot does
        not tell the plan again. Open flags become acknowledged.
        Raises EpisodeUnknown, ClinicianUnknown (also for a disabled account), or PlanChanged when
        another version is the latest by now, or anything else was added to the episode.
        """
        if decision not in DECISIONS:
            raise ValueError(f"a decision is one of {', '.join(DECISIONS)}")
        now = self._clock()
        with self._database.writing() as connection:
            episode = _locked(connection, episode_id)
            name = _name_of_clinician(connection, clinician_id)
            plan = latest_plan(connection, episode_id)
            is_latest = (plan.version if plan else None) == plan_version
            if not is_latest or (as_of is not None and as_of != episode.updated_at):
                raise PlanChanged(episode_id)
            review = Review(
                id=self._new_id(),
                episode_id=episode_id,
                plan_version=plan_version,
                clinician_id=clinician_id,
                clinician=name,
                decision=decision,
                reason=reason,
                at=now,
            )
            _insert(connection, review)
            accepted = decision == "accept"
            if plan is not None:
                mark_plan(connection, episode_id, plan.version, signed=accepted)
            if accepted:
                _move_on(connection, episode, _AFTER_ACCEPTING, now)
            elif plan is not None:
                _move_on(connection, episode, _AFTER_REFUSING_THE_PLAN, now)
            acknowledge_flags(connection, episode_id)
        return review


def reviews_of(connection: Connection, episode_id: str) -> tuple[Review, ...]:
    """Every review of the episode, oldest first."""
    rows = connection.execute(
        select(reviews, clinicians.c.name)
        .join(clinicians, clinicians.c.id == reviews.c.clinician_id)
        .where(reviews.c.episode_id == episode_id)
        .order_by(reviews.c.at, reviews.c.id)
    )
    return tuple(review_of(row) for row in rows)


def _locked(connection: Connection, episode_id: str) -> Any:
    """The episode's row. Every turn is kept out, and one that runs already finds the conversation changed."""
    row = select(episodes).where(episodes.c.id == episode_id)
    found = connection.execute(row).one_or_none()
    if found is None:
        raise EpisodeUnknown(episode_id)
    try:
        lock_conversation(connection, found.conversation_id)
    except ConversationUnknown:
        raise EpisodeUnknown(episode_id) from None
    connection.execute(
        update(conversations)
        .where(conversations.c.id == found.conversation_id)
        .values(version=conversations.c.version + 1)
    )
    # As it is now that nobody else can change it.
    return connection.execute(row).one()


def _name_of_clinician(connection: Connection, clinician_id: str) -> str:
    name = connection.execute(
        select(clinicians.c.name)
        .where(clinicians.c.id == clinician_id)
        .where(clinicians.c.disabled_at.is_(None))
    ).scalar_one_or_none()
    if name is None:
        raise ClinicianUnknown(clinician_id)
    return str(name)


def _insert(connection: Connection, review: Review) -> None:
    connection.execute(
        insert(reviews).values(
            id=review.id,
            episode_id=review.episode_id,
            plan_version=review.plan_version,
            clinician_id=review.clinician_id,
            decision=review.decision,
            reason=review.reason,
            at=review.at,
        )
    )


def _move_on(connection: Connection, episode: Any, moves: Mapping[str, str], at: datetime) -> None:
    if episode.status in moves:
        connection.execute(
            update(episodes)
            .where(episodes.c.id == episode.id)
            .values(status=moves[episode.status], updated_at=at, waiting_since=at)
        )
