"""Episodes as a clinician needs them: the list by urgency, and one case with everything in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from bot.clinical.urgency import Urgency
from bot.store.case_codes import beginning_of_id
from bot.store.check_ins import check_ins_of
from bot.store.errors import EpisodeUnknown
from bot.store.flags import flags_of, open_flags
from bot.store.measures import measures
from bot.store.messages import read_messages
from bot.store.plans import all_plans
from bot.store.records import Case, EpisodeRow, Flag
from bot.store.remarks import answers_to_clinicians, remarks_of
from bot.store.repository import Repository
from bot.store.reviews import reviews_of
from bot.store.rows import conversation_of
from bot.store.snapshots import consent_history, episode_state
from bot.store.tables import conversations, episodes, patients

BEFORE_ANY_TRIAGE = -1
_RANK = {urgency.value: urgency.rank for urgency in Urgency}
_IDS_A_PAGE = 500

#: The list leaves findings and questions where they are.
_LISTED = (
    *(episodes.c.id, episodes.c.conversation_id, episodes.c.patient_id, episodes.c.status),
    *(episodes.c.triage, episodes.c.flags),
    *(episodes.c.started_at, episodes.c.updated_at, episodes.c.waiting_since),
)


class Episodes(Repository):
    """The episode list and the cases."""

    def episodes(self) -> list[EpisodeRow]:
        """All episodes, the most urgent first, and the longest waiting first among equals.

        An open flag counts like a triage of its severity, and its code is shown after those of the triage.
        """
        with self._database.reading() as connection:
            rows = listed(connection)
        return sorted(rows, key=lambda row: -_rank(row.urgency))

    def count_episodes(self) -> int:
        """How many episodes there are."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(episodes)).scalar_one())

    def episode_ids(self) -> Iterator[str]:
        """The ids of all episodes, the oldest first, a page at a time: memory does not grow with their number.

        What begins meanwhile is included, and nothing comes twice.
        """
        last: tuple[datetime, str] | None = None
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(_ids_after(last)).all()
            yield from (row.id for row in rows)
            if len(rows) < _IDS_A_PAGE:
                return
            last = (rows[-1].started_at, rows[-1].id)

    def episodes_with_code(self, code: str) -> tuple[str, ...]:
        """The ids of the cases that a patient may mean by this code, the oldest first; mostly one."""
        beginning = beginning_of_id(code)
        if beginning is None:
            return ()
        with self._database.reading() as connection:
            found = connection.execute(
                select(episodes.c.id)
                .where(episodes.c.id.between(beginning, f"{beginning}g"))
                .order_by(episodes.c.started_at, episodes.c.id)
            )
            return tuple(found.scalars())

    def cases_of(self, conversation_id: str) -> tuple[Case, ...]:
        """Every case of one conversation, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(episodes.c.id)
                .where(episodes.c.conversation_id == conversation_id)
                .order_by(episodes.c.number)
            ).all()
        return tuple(self.case(row.id) for row in rows)

    def case(self, episode_id: str) -> Case:
        """Everything about one episode, as of one moment. Raises EpisodeUnknown."""
        with self._database.reading() as connection:
            row = connection.execute(select(episodes).where(episodes.c.id == episode_id)).one_or_none()
            if row is None:
                raise EpisodeUnknown(episode_id)
            conversation = connection.execute(
                select(conversations).where(conversations.c.id == row.conversation_id)
            ).one()
            state = episode_state(connection, row)
            history = state.records()
            return Case(
                episode=state.episode,
                conversation=conversation_of(conversation),
                findings=tuple(state.findings),
                facts=tuple(history),
                skipped=tuple(sorted(state.skipped)),
                consents=tuple(consent_history(connection, row.patient_id)),
                plans=all_plans(connection, episode_id),
                check_ins=check_ins_of(connection, episode_id),
                flags=flags_of(connection, episode_id),
                reviews=reviews_of(connection, episode_id),
                messages=tuple(read_messages(connection, row.conversation_id)),
                measures=measures(history),
                remarks=remarks_of(connection, episode_id),
                reference=connection.execute(
                    select(patients.c.reference).where(patients.c.id == row.patient_id)
                ).scalar_one(),
            )


def listed(connection: Connection, of: Collection[str] | None = None) -> list[EpisodeRow]:
    """The rows of all episodes, or of these, the longest waiting first."""
    wanted = (
        select(*_LISTED, conversations.c.channel, conversations.c.timezone)
        .join(conversations, conversations.c.id == episodes.c.conversation_id)
        .order_by(episodes.c.waiting_since, episodes.c.id)
    )
    if of is not None:
        wanted = wanted.where(episodes.c.id.in_(of))
    rows = connection.execute(wanted).all()
    flags, answers = open_flags(connection, of), answers_to_clinicians(connection, of)
    return [_episode_row(row, flags.get(row.id, []), answers.get(row.id)) for row in rows]


def _ids_after(last: tuple[datetime, str] | None) -> Any:
    page = select(episodes.c.id, episodes.c.started_at).order_by(episodes.c.started_at, episodes.c.id)
    if last is not None:
        started, episode = last
        page = page.where(
            or_(
                episodes.c.started_at > started,
                and_(episodes.c.started_at == started, episodes.c.id > episode),
            )
        )
    return page.limit(_IDS_A_PAGE)


def _worst(triage: str | None, severities: Sequence[str]) -> str | None:
    """The worst of a triage and of what open flags are about."""
    told = severities if triage is None else [triage, *severities]
    return max(told, key=_rank, default=None)


def _rank(urgency: str | None) -> int:
    return BEFORE_ANY_TRIAGE if urgency is None else _RANK[urgency]


def _episode_row(row: Any, flags: list[Flag], answered_at: datetime | None) -> EpisodeRow:
    return EpisodeRow(
        episode=row.id,
        conversation=row.conversation_id,
        patient=row.patient_id,
        channel=row.channel,
        status=row.status,
        triage=row.triage,
        flags=tuple(dict.fromkeys((*row.flags, *(flag.code for flag in flags)))),
        started_at=row.started_at,
        updated_at=row.updated_at,
        waiting_since=row.waiting_since,
        answered_at=answered_at,
        urgency=_worst(row.triage, [flag.severity for flag in flags]),
        open_flags=tuple(flags),
        timezone=row.timezone,
    )
