"""A turn: everything one message changes, collected in memory and stored at once or not at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.clinical.facts import FIELDS, Facts, check, plain
from bot.clinical.triage import Triage
from bot.clinical.urgency import Urgency
from bot.store.columns import as_utc
from bot.store.drafts import (
    BegunCheckIn,
    CheckInChange,
    CheckInDraft,
    ChoiceDraft,
    EpisodeState,
    FlagDraft,
    MessageDraft,
    Pending,
    Snapshot,
    StoredFact,
    finding_as_json,
    jsonable,
    urgency_of,
)
from bot.store.errors import NoEpisode
from bot.store.records import (
    EPISODE_STATUSES,
    INPUTS,
    KINDS,
    CheckIn,
    CheckInStatus,
    Consent,
    Conversation,
    Episode,
    FactRecord,
    JsonObject,
    Kept,
    Message,
    PendingInbound,
    PlanRecord,
    ReminderAddress,
)
from bot.store.zones import UTC, is_known_zone, wall_time

NO_FACTS = Facts.of({})


class Turn:
    """One turn of one conversation, without any I/O. `Store.begin_turn` makes it, `commit_turn` stores it.

    What it shows always includes what was said to it so far in this turn.
    """

    def __init__(
        self, snapshot: Snapshot, new_id: Callable[[], str], new_choice_id: Callable[[], str]
    ) -> None:
        self.conversation: Conversation = snapshot.conversation
        self.inbound: PendingInbound | None = snapshot.inbound
        self.now: datetime = snapshot.now
        #: the newest question of an earlier turn
        self.last_question: Message | None = snapshot.last_question
        #: the check-in whose questions are open, if any
        self.check_in: CheckIn | None = snapshot.check_in
        self.consents: dict[str, bool] = snapshot.consents
        #: the events of the current session as loaded, and then those of this turn
        self.tracker_events: list[JsonObject] = list(snapshot.tracker_events)
        self.facts: Facts = snapshot.episode.facts() if snapshot.episode else NO_FACTS
        #: when the patient last wrote or tapped
        self.last_heard_at: datetime | None = snapshot.last_heard_at
        #: whether the commit erases the patient, and then the conversation that goes on in place of this one
        self.erases = False
        self.begun_anew: str | None = None
        self._kept: Kept | None = snapshot.kept
        #: where reminders go by e-mail; `bot.store.email_turns` changes it
        self.email: ReminderAddress | None = snapshot.email
        #: whether the last thing said to the patient was a clinician's question
        self.answers_clinician: bool = snapshot.answers_clinician
        self._state: EpisodeState | None = snapshot.episode
        self._new_id = new_id
        self._new_choice_id = new_choice_id
        #: what will be written; for the store only
        self.pending = Pending(episodes=[snapshot.episode] if snapshot.episode else [])

    @property
    def episode(self) -> Episode | None:
        """The newest episode of the conversation."""
        return self._state.episode if self._state else None

    @property
    def history(self) -> list[FactRecord]:
        """Everything reported in this episode, oldest first."""
        return self._state.records() if self._state else []

    @property
    def learned(self) -> tuple[str, ...]:
        """The fields about which this turn's message told something new."""
        if self.inbound is None:
            return ()
        return tuple(record.field for record in self.history if record.message_seq == self.inbound.seq)

    @property
    def asked(self) -> dict[str, int]:
        """How many times each field was asked in this episode."""
        return dict(self._state.asked) if self._state else {}

    @property
    def findings(self) -> list[JsonObject]:
        """What the last triage of this episode rested on."""
        return list(self._state.findings) if self._state else []

    @property
    def latest_plan(self) -> PlanRecord | None:
        """The newest plan version of this episode."""
        return self._state.latest_plan if self._state else None

    @property
    def first_planned_at(self) -> datetime | None:
        """When the first plan version of this episode was drafted."""
        return self._state.first_planned_at if self._state else None

    @property
    def check_ins(self) -> tuple[CheckIn, ...]:
        """The check-ins of this episode as they stand, without those planned in this turn."""
        return tuple(self._state.check_ins) if self._state else ()

    @property
    def kept(self) -> Kept | None:
        """Why the patient's data stay with the clinic whatever the patient says now; None when they may go."""
        triage = self.episode.triage if self.episode else None
        if self._kept is None and triage is not None and Urgency(triage) >= Urgency.SAME_DAY:
            return Kept.DANGER
        return self._kept

    def erase(self) -> None:
        """Have the commit erase the patient, with everything but what is said in this turn.

        Nothing else of the turn is stored. Raises ValueError while something keeps the data.
        """
        if self.kept is not None:
            raise ValueError(f"the data are kept: {self.kept.value}")
        self.erases = True

    def open_episode(self, status: str) -> Episode:
        """Begin a new episode with no facts; the one before it stays as it is."""
        opened = Episode(
            id=self._new_id(),
            conversation_id=self.conversation.id,
            patient_id=self.conversation.patient_id,
            status=_one_of(EPISODE_STATUSES, status),
            triage=None,
            flags=(),
            started_at=self.now,
            updated_at=self.now,
        )
        number = self._state.number + 1 if self._state else 1
        self._state = EpisodeState(episode=opened, number=number, is_new=True)
        self.pending.episodes.append(self._state)
        self.facts = NO_FACTS
        return opened

    def set_status(self, status: str) -> None:
        """Move the episode on."""
        self._change(status=_one_of(EPISODE_STATUSES, status))

    def learn(self, field: str, value: object, words: str | None, source: str) -> None:
        """Record what the patient reported, with their own `words`; raises FactError if not allowed."""
        state = self._touch()
        normal = check(field, value)
        self.facts = self.facts.with_(field, normal)
        state.skipped.discard(field)
        record = FactRecord(
            field=field,
            value=plain(normal),
            words=words,
            at=self.now,
            message_seq=self._seq,
            source=source,
            restricted=FIELDS[field].restricted,
        )
        self._append(state, record, retracts=None)

    def skip(self, field: str) -> None:
        """Mark that the patient would rather not answer; an answer given earlier stays."""
        state = self._touch()
        self.facts = self.facts.skip(field)
        if field not in self.facts:
            state.skipped.add(field)

    def retract(self, field: str) -> bool:
        """Take back the newest report of `field` as a mistake; what was reported before it holds again.

        The report stays in the history, marked, and a red flag in it stays in `facts.ever`.
        The question may be asked anew. False when there was nothing to take back but a skipped question.
        """
        state = self._touch()
        state.skipped.discard(field)
        state.asked.pop(field, None)
        report = state.latest_report(field)
        if report is not None:
            self._take_back(state, report)
        self.facts = state.facts()
        return report is not None

    def start_over(self) -> None:
        """Take back everything reported in this episode, and count nothing as asked or skipped.

        The reports stay in the history, marked, and the red flags in them stay in `facts.ever`.
        """
        state = self._touch()
        for report in state.standing_reports():
            self._take_back(state, report)
        state.asked.clear()
        state.skipped.clear()
        self.facts = state.facts()

    def note_asked(self, field: str) -> None:
        """Count one more time that `field` was asked."""
        state = self._touch()
        state.asked[field] = state.asked.get(field, 0) + 1

    def forget_asked(self, field: str) -> None:
        """Let the question count as not put yet: the patient left before answering it."""
        self._touch().asked.pop(field, None)

    def record_triage(self, triage: Triage) -> None:
        """Put the result of a triage on the episode, in place of the one before."""
        state = self._touch()
        state.findings = [finding_as_json(finding) for finding in triage.findings]
        self._change(triage=triage.urgency.value, flags=triage.flags)

    def consent(self, purpose: str, granted: bool, version: str) -> None:
        """Record one decision about one purpose; earlier decisions stay on record."""
        self.consents[purpose] = granted
        self.pending.consents.append(Consent(purpose, granted, version, self.now))

    def store_plan(self, assessment: Mapping[str, Any]) -> int:
        """Store a new draft of the plan, which supersedes the one before; gives its version, from 1."""
        state = self._touch()
        version = state.latest_plan.version + 1 if state.latest_plan else 1
        state.latest_plan = PlanRecord(version, "draft", jsonable(assessment), self.now)
        state.new_plans.append(state.latest_plan)
        state.first_planned_at = state.first_planned_at or self.now
        return version

    def plan_check_ins(self, check_ins: Iterable[tuple[str, datetime]]) -> None:
        """Plan contacts as (kind, aware due time); one that is planned already is not planned twice.

        Raises NaiveDatetime.
        """
        state = self._touch()
        for kind, due_at in check_ins:
            self.pending.check_ins.append(CheckInDraft(state.episode.id, kind, as_utc(due_at)))

    def cancel_check_ins(self) -> None:
        """Cancel every check-in of the episode that is not over, including those planned in this turn."""
        state = self._touch()
        state.check_ins_cancelled = True
        if self.check_in is not None and self.check_in.episode_id == state.episode.id:
            self.check_in = None
        self.pending.check_ins = [
            planned for planned in self.pending.check_ins if planned.episode_id != state.episode.id
        ]

    def ask_check_in(self, claimed: CheckIn, look_at: datetime | None = None) -> None:
        """Mark a claimed check-in as asked; the commit raises LeaseLost if the claim is no longer held.

        `look_at` is when somebody looks whether it was answered.
        """
        self._step_check_in(claimed, CheckInStatus.ASKED, fence=claimed.fence, look_at=look_at)
        self.check_in = dataclasses.replace(claimed, status=CheckInStatus.ASKED, asked_at=self.now)

    def begin_check_in(self, kind: str, look_at: datetime) -> CheckIn:
        """Open a check-in now because the patient asks for one; its `kind` must be new in the episode.

        `look_at` is when somebody looks whether it was answered. Raises NoEpisode.
        """
        state = self._touch()
        named = self.conversation.timezone
        zone = named if named is not None and is_known_zone(named) else UTC
        self.check_in = CheckIn(
            id=self._new_id(),
            episode_id=state.episode.id,
            conversation_id=self.conversation.id,
            kind=kind,
            due_at=self.now,
            wall_time=wall_time(self.now, zone),
            zone=zone,
            status=CheckInStatus.ASKED,
            attempts=0,
            lease_until=None,
            fence=0,
            asked_at=self.now,
        )
        state.check_ins.append(self.check_in)
        self.pending.check_ins_begun.append(BegunCheckIn(self.check_in, as_utc(look_at)))
        return self.check_in

    def answer_check_in(self) -> None:
        """Mark the open check-in as answered."""
        if self.check_in is not None:
            self._step_check_in(self.check_in, CheckInStatus.ANSWERED)
            self.check_in = None

    def note_in_check_in(self, notes: Mapping[str, Any], look_at: datetime | None = None) -> None:
        """Replace the notes of the open check-in; with `look_at`, also when it is looked at again."""
        if self.check_in is None:
            return
        self.check_in = dataclasses.replace(self.check_in, notes=jsonable(notes))
        self.pending.check_in_changes.append(
            CheckInChange(self.check_in.id, None, look_at=look_at, notes=jsonable(notes))
        )

    def miss_check_in(self, check_in: CheckIn) -> None:
        """Give up on a check-in that was asked; an answer that crosses this still counts."""
        self._step_check_in(check_in, CheckInStatus.MISSED)
        if self.check_in is not None and self.check_in.id == check_in.id:
            self.check_in = None

    def postpone_check_in(self, claimed: CheckIn, due_at: datetime) -> None:
        """Give a claim back, to be due later; the commit raises LeaseLost if it is no longer held.

        Its wall time is that of the zone in which the patient is now.
        """
        self._step_check_in(claimed, CheckInStatus.PLANNED, fence=claimed.fence, due_at=as_utc(due_at))

    def drop_check_in(self, claimed: CheckIn, why: str) -> None:
        """Cancel one claimed check-in for good, with the reason on record; raises LeaseLost at the commit."""
        self._step_check_in(claimed, CheckInStatus.CANCELLED, fence=claimed.fence, notes={"dropped": why})

    def _step_check_in(
        self,
        check_in: CheckIn,
        status: CheckInStatus,
        *,
        fence: int | None = None,
        due_at: datetime | None = None,
        look_at: datetime | None = None,
        notes: JsonObject | None = None,
    ) -> None:
        self.pending.check_in_changes.append(
            CheckInChange(
                check_in.id, status, fence, due_at, self.conversation.timezone, look_at=look_at, notes=notes
            )
        )
        if self._state is None:
            return
        over = status not in (CheckInStatus.ASKED, CheckInStatus.PLANNED)
        self._state.check_ins = [
            one
            if one.id != check_in.id
            else dataclasses.replace(
                one,
                status=status,
                asked_at=self.now if status is CheckInStatus.ASKED else one.asked_at,
                ended_at=self.now if over else None,
            )
            for one in self._state.check_ins
        ]

    def raise_flag(self, code: str, severity: Urgency | str, reason: str, rule: str | None = None) -> None:
        """Raise a flag for clinicians; the same code, rule and severity is not raised twice while open."""
        episode_id = self._touch().episode.id
        self.pending.flags.append(FlagDraft(episode_id, code, urgency_of(severity).value, reason, rule))

    def say(
        self,
        text: str,
        kind: str = "info",
        asks: str | None = None,
        input: str | None = None,
        choices: Sequence[tuple[str, Mapping[str, Any]]] = (),
        key: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a bot message. A choice is a label and what a tap means: `{"field": ..., "value": ...}`."""
        if input is not None:
            _one_of(INPUTS, input)
        buttons = tuple(
            ChoiceDraft(self._new_choice_id(), label, meaning["field"], jsonable(meaning["value"]))
            for label, meaning in choices
        )
        self.pending.messages.append(
            MessageDraft(text, _one_of(KINDS, kind), asks, input, buttons, key, jsonable(metadata))
        )

    def append_events(self, events: Iterable[JsonObject]) -> None:
        """Add tracker events, in order."""
        added = list(events)
        self.pending.events.extend(added)
        self.tracker_events.extend(added)

    def locate(
        self, timezone: str | None = None, locale: str | None = None, country: str | None = None
    ) -> None:
        """Note where the patient is. What is None, or a zone that is not known here, stays as it was."""
        before = self.conversation
        self.conversation = dataclasses.replace(
            before,
            timezone=timezone if is_known_zone(timezone) else before.timezone,
            locale=before.locale if locale is None else locale,
            country=before.country if country is None else country,
        )

    @property
    def _seq(self) -> int | None:
        return self.inbound.seq if self.inbound else None

    def _touch(self) -> EpisodeState:
        if self._state is None:
            raise NoEpisode("open an episode first")
        self._state.changed = True
        self._state.episode = dataclasses.replace(self._state.episode, updated_at=self.now)
        return self._state

    def _change(self, **changes: Any) -> None:
        state = self._touch()
        before = state.episode
        state.episode = dataclasses.replace(before, **changes)
        if (before.status, before.triage) != (state.episode.status, state.episode.triage):
            state.waits_anew = True

    def _take_back(self, state: EpisodeState, report: StoredFact) -> None:
        record = dataclasses.replace(report.record, at=self.now, message_seq=self._seq, words=None)
        self._append(state, record, retracts=report.n)

    def _append(self, state: EpisodeState, record: FactRecord, retracts: int | None) -> None:
        state.history.append(StoredFact(state.next_fact, record, retracts))
        state.next_fact += 1


def _one_of(allowed: tuple[str, ...], value: str) -> str:
    if value not in allowed:
        raise ValueError(f"must be one of {', '.join(allowed)}")
    return value
