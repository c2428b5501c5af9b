"""Cases as a store would give them out, built from what a patient said. The triage is the real one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from bot.clinical.facts import FIELDS, Facts, check, plain
from bot.clinical.rulebook import default_rulebook
from bot.clinical.triage import triage
from bot.store.drafts import jsonable
from bot.store.measures import measures
from bot.store.records import (
    Case,
    CheckIn,
    CheckInStatus,
    Consent,
    Conversation,
    Episode,
    FactRecord,
    Flag,
    JsonObject,
    Message,
    PlanRecord,
    Review,
)

STARTED = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
PURPOSES = ("keep_answers", "share_with_clinician", "check_ins", "research")


class CaseBuilder:
    """Plays a conversation into a Case; every line takes a minute."""

    def __init__(self, episode: str = "e1", channel: str = "web", status: str = "intake") -> None:
        self._now = STARTED
        self._conversation = Conversation(
            id=f"conversation-of-{episode}",
            patient_id=f"patient-of-{episode}",
            channel=channel,
            timezone="Europe/London",
            locale="en",
            country="GB",
            created_at=STARTED,
            version=1,
        )
        self._episode = Episode(
            id=episode,
            conversation_id=self._conversation.id,
            patient_id=self._conversation.patient_id,
            status=status,
            triage=None,
            flags=(),
            started_at=STARTED,
            updated_at=STARTED,
        )
        self._findings: tuple[JsonObject, ...] = ()
        self._facts: list[FactRecord] = []
        self._skipped: list[str] = []
        self._consents: list[Consent] = []
        self._plans: list[PlanRecord] = []
        self._check_ins: list[CheckIn] = []
        self._flags: list[Flag] = []
        self._reviews: list[Review] = []
        self._messages: list[Message] = []
        self._reference: str | None = None

    def agrees(self, *purposes: str) -> CaseBuilder:
        """Answer the consent question; what is not named is refused."""
        for purpose in PURPOSES:
            self._consents.append(Consent(purpose, purpose in purposes, "2026-11", self._now))
        return self

    def bot(self, text: str, kind: str = "info", asks: str | None = None) -> CaseBuilder:
        self._say("bot", text, kind, asks)
        return self

    def patient(self, text: str, source: str = "answer", **facts: object) -> CaseBuilder:
        """The patient writes `text`, from which `facts` were understood."""
        self._say("patient", text)
        return self.learns(text, source, **facts)

    def learns(self, words: str | None = None, source: str = "choice", **facts: object) -> CaseBuilder:
        """Facts understood from the last message."""
        for name, value in facts.items():
            self._facts.append(
                FactRecord(
                    field=name,
                    value=plain(check(name, value)),
                    words=words,
                    at=self._now,
                    message_seq=len(self._messages) or None,
                    source=source,
                    restricted=FIELDS[name].restricted,
                )
            )
        return self

    def takes_back(self, name: str) -> CaseBuilder:
        """Mark the newest standing answer about `name` as a mistake."""
        places = [n for n, one in enumerate(self._facts) if one.field == name and not one.retracted]
        self._facts[places[-1]] = dataclasses.replace(self._facts[places[-1]], retracted=True)
        return self

    def skips(self, *names: str) -> CaseBuilder:
        self._skipped.extend(names)
        return self

    def triaged(self) -> CaseBuilder:
        """Class everything said so far, with the shipped rulebook."""
        result = triage(self.known(), default_rulebook())
        self._findings = tuple(jsonable(finding) for finding in result.findings)
        return self._with(triage=result.urgency.value, flags=result.flags)

    def flagged(self, code: str, severity: str, reason: str, rule: str | None = None) -> CaseBuilder:
        number = len(self._flags) + 1
        self._flags.append(
            Flag(f"flag-{number}", self._episode.id, code, severity, reason, rule, "open", self._now)
        )
        return self

    def planned(self, assessment: JsonObject) -> CaseBuilder:
        """A new version of the plan, which supersedes the one before; its triage is the episode's."""
        self._plans = [dataclasses.replace(plan, status="superseded") for plan in self._plans]
        self._plans.append(PlanRecord(len(self._plans) + 1, "draft", jsonable(assessment), self._now))
        return self._with(status="planned", triage=assessment["triage"], flags=tuple(assessment["flags"]))

    def check_in(self, kind: str, after: timedelta, asked: bool = False) -> CaseBuilder:
        due = STARTED + after
        self._check_ins.append(
            CheckIn(
                id=f"check-in-{len(self._check_ins) + 1}",
                episode_id=self._episode.id,
                conversation_id=self._conversation.id,
                kind=kind,
                due_at=due,
                wall_time=due.strftime("%Y-%m-%dT%H:%M:%S"),
                zone="Europe/London",
                status=CheckInStatus.ASKED if asked else CheckInStatus.PLANNED,
                attempts=0,
                lease_until=None,
                fence=0,
                asked_at=due if asked else None,
            )
        )
        return self

    def called(self, reference: str) -> CaseBuilder:
        """The clinic has a name of its own for this patient."""
        self._reference = reference
        return self

    def answered_check_in(self, kind: str, after: timedelta, **facts: object) -> CaseBuilder:
        """A check-in that was sent and answered, with what the patient told in it, by taps."""
        self.check_in(kind, after, asked=True)
        self._now = STARTED + after
        self._say("bot", "How is your back today?", "question")
        self._say("patient", "ok")
        self.learns(**facts)
        self._check_ins[-1] = dataclasses.replace(
            self._check_ins[-1], status=CheckInStatus.ANSWERED, ended_at=self._now
        )
        return self._with(updated_at=self._now)

    def reviewed(self, decision: str = "accept", plan_version: int | None = 1) -> CaseBuilder:
        self._reviews.append(
            Review(
                id=f"review-{len(self._reviews) + 1}",
                episode_id=self._episode.id,
                plan_version=plan_version,
                clinician_id="c1",
                clinician="dr.rossi",
                decision=decision,
                reason="Fits what I heard on the phone.",
                at=self._now,
            )
        )
        return self

    def later(self, span: timedelta) -> CaseBuilder:
        self._now += span
        return self

    def ends(self, status: str) -> CaseBuilder:
        return self._with(status=status)

    def known(self) -> Facts:
        """The facts as they stand."""
        standing = {one.field: one.value for one in self._facts if not one.retracted}
        said = {name: [one.value for one in self._facts if one.field == name] for name in standing}
        return Facts.of(standing, skipped=self._skipped, ever=said)

    def build(self) -> Case:
        return Case(
            episode=self._episode,
            conversation=self._conversation,
            findings=self._findings,
            facts=tuple(self._facts),
            skipped=tuple(self._skipped),
            consents=tuple(self._consents),
            plans=tuple(self._plans),
            check_ins=tuple(self._check_ins),
            flags=tuple(self._flags),
            reviews=tuple(self._reviews),
            messages=tuple(self._messages),
            measures=measures(self._facts),
            reference=self._reference,
        )

    def _say(self, sender: str, text: str, kind: str = "info", asks: str | None = None) -> None:
        self._now += timedelta(minutes=1)
        self._messages.append(
            Message(
                conversation_id=self._conversation.id,
                seq=len(self._messages) + 1,
                sender=sender,
                at=self._now,
                text=text,
                asks=asks,
                kind=kind,
            )
        )
        self._with(updated_at=self._now)

    def _with(self, **changes: object) -> CaseBuilder:
        self._episode = dataclasses.replace(self._episode, **changes)  # type: ignore[arg-type]
        return self


def no_danger() -> Mapping[str, object]:
    """A plain "no" to every danger question that a man is asked."""
    return {
        **dict.fromkeys(("saddle_numbness", "bladder_change", "bowel_change", "sexual_change"), "none"),
        **dict.fromkeys(("leg_pain", "leg_numbness", "leg_weakness", "cancer_history", "uveitis"), "none"),
        **dict.fromkeys(("suicidal_thoughts", "overdose"), "none"),
        **{
            name: "no"
            for name, field in FIELDS.items()
            if field.red_flag and "no" in field.values and name != "pregnant"
        },
        **{
            name: False
            for name, field in FIELDS.items()
            if field.red_flag and not field.values and not name.startswith(("pregnan", "reduced_fetal"))
        },
    }
