"""A clinic played against a virtual clock: the real schedule, store and progress rules, synthetic patients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.checkins.contact import Contact, Reminder, contact, remind
from bot.checkins.synthetic import Synthetic
from bot.clinical.assess import assess
from bot.clinical.check_in import next_step, told_by
from bot.clinical.rulebook import Rulebook
from bot.clinical.schedule import local_due
from bot.store import CheckIn, Store, Turn
from bot.store.check_in_turns import (
    CHECK_INS,
    conclude_check_in,
    facts_of_check_in,
    history_of,
    notes_of,
    zone_of,
)

STEP = timedelta(hours=1)
_LEASE = timedelta(minutes=5)
_AT_ONCE = 200
_MOST_QUESTIONS = 40
_MISSED = "missed"


@dataclass
class VirtualClock:
    """Shows `now` until the simulation moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Report:
    """What happened. `by_hour` counts what was sent by the hour of the simulation's clock."""

    patients: int = 0
    sent: int = 0
    answered: int = 0
    missed: int = 0
    reminded: int = 0
    postponed: int = 0
    dropped: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    by_hour: Counter[datetime] = field(default_factory=Counter)
    outside_daytime: int = 0

    @property
    def busiest(self) -> tuple[datetime, int] | None:
        """The busiest hour and what was sent in it."""
        return min(self.by_hour.items(), key=lambda one: (-one[1], one[0])) if self.by_hour else None


@dataclass
class Simulation:
    """One run. The store must be empty and use `clock`."""

    store: Store
    clock: VirtualClock
    rulebook: Rulebook
    seed: int = 1
    report: Report = field(default_factory=Report)
    _patients: dict[str, Synthetic] = field(default_factory=dict)
    _flagged: set[tuple[str, str]] = field(default_factory=set)
    _answers: list[tuple[datetime, str, str]] = field(default_factory=list)

    def run(self, patients: int, weeks: float, progress: Callable[[float], None]) -> Report:
        """Play `weeks` weeks; the intakes end in the first of them. `progress` is told the share that is done."""
        begin, end = self.clock.now, self.clock.now + timedelta(weeks=weeks)
        week = timedelta(weeks=1)
        arrivals = [begin + week * number / max(1, patients) for number in range(patients)]
        while self.clock.now < end:
            while arrivals and arrivals[0] <= self.clock.now:
                arrivals.pop(0)
                self._arrive()
            self._look()
            self._answer()
            self.clock.now += STEP
            progress((self.clock.now - begin) / (end - begin))
        return self.report

    def _arrive(self) -> None:
        patient = Synthetic.drawn(self.seed * 1_000_003 + self.report.patients)
        self.report.patients += 1
        conversation, _ = self.store.open_conversation("web", None, patient.zone)
        self._patients[conversation.id] = patient
        turn = self.store.begin_turn(conversation.id, None)
        turn.open_episode("intake")
        turn.consent(CHECK_INS, granted=True, version="simulation")
        for name, value in patient.facts.items():
            turn.learn(name, value, None, "answer")
        assessment = assess(turn.facts, self.rulebook, on=turn.now.date())
        turn.record_triage(assessment.triage)
        if assessment.shows_plan:
            turn.store_plan(assessment.as_json())
        turn.set_status(assessment.episode_status)
        zone = ZoneInfo(patient.zone)
        turn.plan_check_ins(
            [(one.kind, local_due(turn.now, one.offset, zone)) for one in assessment.check_ins]
        )
        self._commit(turn)

    def _look(self) -> None:
        while claimed := self.store.claim_check_ins("simulation", _AT_ONCE, _LEASE):
            for check_in in claimed:
                self._contact(check_in)
        for check_in in self.store.check_ins_to_look_at(_AT_ONCE):
            turn = self.store.begin_turn(check_in.conversation_id, None)
            made = remind(turn, check_in.id, self.rulebook)
            self.report.reminded += made is Reminder.REMINDED
            if made is not Reminder.NOTHING:
                self._commit(turn)

    def _contact(self, check_in: CheckIn) -> None:
        turn = self.store.begin_turn(check_in.conversation_id, None)
        made = contact(turn, check_in, self.rulebook)
        self.report.postponed += made is Contact.LATER
        self.report.dropped += made is Contact.DROPPED
        if made is Contact.ASK:
            self._ask(turn, check_in)
        self._commit(turn)

    def _ask(self, turn: Turn, check_in: CheckIn) -> None:
        question = next_step(
            check_in.kind, facts_of_check_in(turn), notes_of(turn), history_of(turn), self.rulebook
        ).question
        if question is not None:
            turn.say(question.text, kind="question", asks=question.field)
        self.report.sent += 1
        self.report.by_hour[turn.now.replace(minute=0, second=0, microsecond=0)] += 1
        hour = turn.now.astimezone(zone_of(turn)).hour
        self.report.outside_daytime += not 9 <= hour < 19 and "1h" not in check_in.kind
        patient = self._patients[check_in.conversation_id]
        if patient.answers_within is not None:
            self._answers.append((turn.now + patient.answers_within, check_in.conversation_id, check_in.id))

    def _answer(self) -> None:
        due = [one for one in self._answers if one[0] <= self.clock.now]
        self._answers = [one for one in self._answers if one[0] > self.clock.now]
        for _, conversation_id, check_in_id in due:
            turn = self.store.begin_turn(conversation_id, None)
            if turn.check_in is not None and turn.check_in.id == check_in_id:
                self._answer_all(turn, turn.check_in.kind, self._patients[conversation_id])
                self._commit(turn)
                self.report.answered += 1

    def _answer_all(self, turn: Turn, kind: str, patient: Synthetic) -> None:
        history = history_of(turn)
        for _ in range(_MOST_QUESTIONS):
            facts = facts_of_check_in(turn)
            notes = notes_of(turn)
            question = next_step(kind, facts, notes, history, self.rulebook).question
            if question is None:
                break
            day = facts["checkin_day"]
            keys = patient.keys_for(question, day if isinstance(day, int) else 0)
            told = told_by(question, keys, turn.facts)
            for name, value in told.items():
                turn.learn(name, value, None, "choice")
            settled = notes.asking(question.field).telling(told).answering(question.field, keys)
            turn.note_in_check_in(settled.as_json())
        conclude_check_in(turn, self.rulebook, "international")

    def _commit(self, turn: Turn) -> None:
        for flag in turn.pending.flags:
            name = f"{flag.code} ({flag.rule}, {flag.severity})"
            # The store keeps one of a kind open in an episode.
            self.report.flags[name] += (flag.episode_id, name) not in self._flagged
            self._flagged.add((flag.episode_id, name))
        for change in turn.pending.check_in_changes:
            self.report.missed += change.status is not None and change.status.value == _MISSED
        self.store.commit_turn(turn)
