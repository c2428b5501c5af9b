"""Reviews: what a clinician decided about the plan that was on the screen, and no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from bot.store.commits import lock_conversation
from bot.store.drafts import jsonable
from bot.store.errors import ClinicianUnknown, ConversationUnknown, EpisodeUnknown, PlanChanged
from bot.store.flags import acknowledge_flags
from bot.store.plans import latest_plan, mark_plan, write_plans
from bot.store.records import CLINICAL_ROLES, DECISIONS, JsonObject, PlanRecord, Review, Told
from bot.store.repository import Repository
from bot.store.rows import review_of
from bot.store.tables import clinicians, conversations, episodes, messages, reviews
from bot.store.telling import tell

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
        told: Sequence[Told] = (),
        heard: int | None = None,
    ) -> Review:
        """Record a decision: accept, amend, reject or call_in, with what the patient is `told` of it.

        `plan_version` is the version that the clinician read, None when there was no plan; `as_of` the
        `updated_at` of the episode that was read, None to take it as it is now. Accepting signs the
        version. `heard` is the number of the patient's last message that was read, None to take any
        later ones unread. After any other decision it is a draft, and the episode is held, so that the bot does
        not tell the plan again. Open flags become acknowledged.
        Raises EpisodeUnknown, ClinicianUnknown (also for a disabled account), or PlanChanged when
        another version is the latest by now, the patient wrote again, or anything else was added to the
        episode.
        """
        if decision not in DECISIONS:
            raise ValueError(f"a decision is one of {', '.join(DECISIONS)}")
        now = self._clock()
        with self._database.writing() as connection:
            episode, plan, name = _as_read(connection, episode_id, clinician_id, plan_version, as_of, heard)
            review = Review(
                self._new_id(), episode_id, plan_version, clinician_id, name, decision, reason, now
            )
            _decide(connection, episode, plan, review, told)
        return review

    def sign_changed_plan(
        self,
        episode_id: str,
        clinician_id: str,
        plan_version: int,
        assessment: JsonObject,
        reason: str | None = None,
        as_of: datetime | None = None,
        told: Sequence[Told] = (),
        heard: int | None = None,
    ) -> Review:
        """Store the plan as the clinician changed it, as the next version, and sign that one.

        `plan_version`, `as_of` and `heard` are of what was read, as in `add_review`, and so are the errors. The
        version that was read stays, superseded.
        """
        now = self._clock()
        with self._database.writing() as connection:
            episode, read, name = _as_read(connection, episode_id, clinician_id, plan_version, as_of, heard)
            plan = PlanRecord(plan_version + 1, "draft", jsonable(assessment), now)
            if read is None:
                raise PlanChanged(episode_id)
            write_plans(connection, episode_id, [plan])
            review = Review(
                self._new_id(), episode_id, plan.version, clinician_id, name, "accept", reason, now
            )
            _decide(connection, episode, plan, review, told)
        return review


def _as_read(
    connection: Connection,
    episode_id: str,
    clinician_id: str,
    plan_version: int | None,
    as_of: datetime | None,
    heard: int | None,
) -> tuple[Any, PlanRecord | None, str]:
    """The episode, its latest plan and who decides, if all is still as it was read."""
    episode = locked_episode(connection, episode_id)
    name = name_of_clinician(connection, clinician_id)
    plan = latest_plan(connection, episode_id)
    is_latest = (plan.version if plan else None) == plan_version
    if not is_latest or (as_of is not None and as_of != episode.updated_at):
        raise PlanChanged(episode_id)
    if heard is not None and _last_heard(connection, episode.conversation_id) > heard:
        raise PlanChanged(episode_id)
    return episode, plan, name


def _last_heard(connection: Connection, conversation_id: str) -> int:
    """The number of the patient's last message; 0 for none."""
    newest = select(func.max(messages.c.seq)).where(
        messages.c.conversation_id == conversation_id, messages.c.sender == "patient"
    )
    return connection.execute(newest).scalar_one() or 0


def _decide(
    connection: Connection, episode: Any, plan: PlanRecord | None, review: Review, told: Sequence[Told]
) -> None:
    _insert(connection, review)
    accepted = review.decision == "accept"
    if plan is not None:
        mark_plan(connection, episode.id, plan.version, signed=accepted)
    # What another clinician has on the screen is out of date from here on.
    connection.execute(update(episodes).where(episodes.c.id == episode.id).values(updated_at=review.at))
    if accepted:
        _move_on(connection, episode, _AFTER_ACCEPTING, review.at)
    elif plan is not None:
        _move_on(connection, episode, _AFTER_REFUSING_THE_PLAN, review.at)
    acknowledge_flags(connection, episode.id)
    if told:
        tell(connection, episode.conversation_id, told, review.at)


def reviews_of(connection: Connection, episode_id: str) -> tuple[Review, ...]:
    """Every review of the episode, oldest first."""
    rows = connection.execute(
        select(reviews, clinicians.c.name)
        .join(clinicians, clinicians.c.id == reviews.c.clinician_id)
        .where(reviews.c.episode_id == episode_id)
        .order_by(reviews.c.at, reviews.c.id)
    )
    return tuple(review_of(row) for row in rows)


def locked_episode(connection: Connection, episode_id: str) -> Any:
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


def name_of_clinician(connection: Connection, clinician_id: str) -> str:
    """The name of an account that may act on a case; raises ClinicianUnknown for any other."""
    name = connection.execute(
        select(clinicians.c.name)
        .where(clinicians.c.id == clinician_id)
        .where(clinicians.c.disabled_at.is_(None))
        .where(clinicians.c.role.in_(CLINICAL_ROLES))
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
            .values(status=moves[episode.status], waiting_since=at)
        )
