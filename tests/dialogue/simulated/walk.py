"""Walking through one conversation as planned, and holding it against what must always be true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import yaml

from bot.clinical.facts import UNSURE, Activity, Facts, check, plain
from bot.clinical.medicines import with_listed_medicines
from bot.clinical.questions import PSEUDO_FIELDS, question_for
from bot.clinical.rulebook import Rulebook
from bot.clinical.triage import triage
from bot.clinical.urgency import Urgency
from bot.dialogue.conversations import Player
from bot.dialogue.rehearsal import Rehearsal
from bot.store import Case, Database, Message, Store
from tests.dialogue.passing_time import let_pass
from tests.dialogue.simulated.answering import CannotAnswer, Said, answer
from tests.dialogue.simulated.phrases import Phrases
from tests.dialogue.simulated.plan import CORRECT, DANGER, LEAVE, NONSENSE, SILENCE, VOLUNTEER, Detour, Plan

MOST_ANSWERS = 90
ENDED = ("planned", "held", "emergency", "stopped")
#: What is said beside the facts that were asked for, and told by some phrases: not held against the truth.
BESIDE = frozenset({"onset_cause", "current_meds", "onset", "sex_at_birth", "work_type"})


class Broken(AssertionError):
    """An invariant does not hold; `rule` names it."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(rule, detail)  # as they came, so that it can be sent from another process
        self.rule, self.detail = rule, detail

    def __str__(self) -> str:
        return f"{self.rule}: {self.detail}"


@dataclass(frozen=True)
class Clinic:
    """Where the conversations take place."""

    store: Store
    database: Database
    player: Player
    rulebook: Rulebook
    phrases: Phrases


@dataclass
class Walk:
    """One conversation on its way; `steps` is its record, in the form of a scenario."""

    clinic: Clinic
    plan: Plan
    talk: Rehearsal
    told: dict[str, object] = field(default_factory=dict)
    clear: set[str] = field(default_factory=set)  #: questions that were answered clearly
    steps: list[dict[str, object]] = field(default_factory=list)
    met: set[Detour] = field(default_factory=set)
    questions: int = 0

    async def run(self) -> Case:
        """Play to the end; raises Broken. Returns what the store keeps."""
        self._hear(await self.talk.open())
        for _ in range(MOST_ANSWERS):
            asks = self.talk.asks
            if asks is None:
                return self._end()
            for detour in [one for one in self.plan.detours if one.field == asks and one not in self.met]:
                self.met.add(detour)
                await self._take(detour)
                if self.talk.asks != asks:
                    break
            else:
                await self._answer(asks)
        raise Broken("every conversation ends", f"still asked {self.talk.asks} after {MOST_ANSWERS} answers")

    async def _answer(self, asks: str) -> None:
        dice = self.plan.dice(asks)
        type_it = dice.random() < self.plan.typing and asks not in self.plan.tapped
        clinic = self.clinic
        try:
            said = answer(
                self.talk.question, self.plan.someone, dice, clinic.rulebook, clinic.phrases, type_it=type_it
            )
        except CannotAnswer as stuck:
            raise Broken("only what can be true is asked", str(stuck)) from None
        await self._send(said, asks)

    async def _send(self, said: Said, asks: str) -> None:
        if said.tells:
            self.told |= said.tells
        if said.clear:
            self.clear.add(asks)
        elif self.told.get(asks) == "unsure" and asks in self.clear:
            self.clear.discard(asks)
        heard = await (self._say(said.text) if said.text is not None else self._tap(said.labels))
        self._check_danger(heard)

    async def _take(self, detour: Detour) -> None:
        asks = self.talk.asks
        if detour.kind == CORRECT:
            await self._mistake(detour.field)
        elif detour.kind == VOLUNTEER:
            await self._volunteer(detour.field)
        elif detour.kind == SILENCE:
            let_pass(self.clinic.database, self.talk.conversation, timedelta(days=2))
            self.steps.append({"silence": {"days": 2}})
            await self._say(detour.back)
            self._expect_thread(asks, "a silence")
        elif detour.kind == LEAVE:
            await self._leave(detour, asks)
        elif detour.kind == DANGER and detour.danger is not None:
            self.told[detour.danger.field] = detour.danger.value
            heard = await self._say(detour.text)
            if detour.key not in [message.key for message in heard]:
                raise Broken("every danger is escalated in its turn", f"{detour.text!r}: {_keys(heard)}")
        else:
            heard = await self._say(detour.text)
            if detour.kind != NONSENSE:
                self._expect_key(detour, heard, asks)
            self._expect_thread(asks, repr(detour.text))

    async def _leave(self, detour: Detour, asks: str | None) -> None:
        await self._say(detour.text)
        if self.talk.asks is not None:
            raise Broken("who wants to stop may stop", f"{detour.text!r} at {asks}: asked {self.talk.asks}")
        if detour.back:
            await self._say(detour.back)
            self._expect_thread(asks, "a pause")

    async def _mistake(self, asks: str) -> None:
        """A wrong number first, and the right one in the next message."""
        right = self.plan.someone.truth[asks]
        assert isinstance(right, int)
        wrong = right - 1 if right else right + 1
        await self._say(str(wrong))
        self.told[asks] = right
        self.clear.add(asks)
        name = asks.replace("_avg", "").split("_")[0]
        words = {0: f"sorry, {right} not {wrong}", 1: f"sorry i meant {right} for the {name}"}
        self._check_danger(await self._say(words[self.plan.seed % 2]))

    async def _volunteer(self, asks: str) -> None:
        """The answer to this question, and the average pain before it is asked for."""
        if "pain_avg" in self.told:
            return
        dice = self.plan.dice(asks)
        clinic = self.clinic
        said = answer(
            self.talk.question, self.plan.someone, dice, clinic.rulebook, clinic.phrases, type_it=True
        )
        if said.text is None or not said.clear or asks in clinic.phrases.numbers or asks in ("psfs", "goals"):
            return
        average = self.plan.someone.truth["pain_avg"]
        self.clear.add("pain_avg")
        await self._send(
            Said(
                text=f"{said.text}. and the pain is {average} out of 10 on average",
                tells={**(said.tells or {}), "pain_avg": average},
            ),
            asks,
        )

    async def _say(self, text: str) -> Sequence[Message]:
        self.steps.append({"patient": text})
        return self._hear(await self.talk.say(text))

    async def _tap(self, labels: Sequence[str]) -> Sequence[Message]:
        self.steps.append({"tap": list(labels)})
        return self._hear(await self.talk.tap(labels))

    def _hear(self, heard: Sequence[Message]) -> Sequence[Message]:
        self.questions += sum(message.kind == "question" for message in heard)
        for message in heard:
            if message.key == "utter_technical_problem":
                raise Broken("nothing fails", "the bot said that something went wrong")
            asks = message.asks
            if asks in self.clear and asks not in PSEUDO_FIELDS and self._is_settled(asks):
                raise Broken("nothing is asked twice after a clear answer", f"{asks} at {self.steps[-1]}")
        return heard

    def _is_settled(self, asks: str) -> bool:
        fields = question_for(asks, self.clinic.rulebook).fields
        return not any(self.told.get(name) == "unsure" for name in fields)

    def _expect_key(self, detour: Detour, heard: Sequence[Message], asks: str | None) -> None:
        keys = _keys(heard)
        wanted = {
            "why": {f"why_{asks}", "utter_read_back_why"},
            "noted": {"utter_noted", "utter_nothing_noted"},
        }
        if wanted.get(detour.key, {detour.key}).isdisjoint(keys):
            raise Broken("every interruption is answered", f"{detour.text!r} at {asks}: {keys}")

    def _expect_thread(self, asks: str | None, after: str) -> None:
        if self.talk.asks is None or self._question(self.talk.asks) != self._question(asks):
            raise Broken("the thread is never lost", f"after {after} {asks} became {self.talk.asks}")

    def _question(self, asks: str | None) -> str | None:
        """A list goes by the name of its first open box."""
        known = asks is not None and asks not in PSEUDO_FIELDS
        return question_for(asks, self.clinic.rulebook).field if known else asks

    def _check_danger(self, heard: Sequence[Message]) -> None:
        """An emergency that the patient's facts make must end the questioning in this very turn."""
        facts = Facts.of({name: value for name, value in self.told.items() if name not in ("psfs", "goals")})
        picture = triage(
            with_listed_medicines(facts, self.clinic.rulebook.contraindications), self.clinic.rulebook
        )
        if picture.urgency is not Urgency.EMERGENCY_NOW:
            return
        if self.talk.asks is not None or {message.kind for message in heard} != {"safety"}:
            rules = [finding.rule for finding in picture.findings]
            raise Broken(
                "every danger is escalated in its turn", f"{rules} at {self.steps[-1]}: {_keys(heard)}"
            )

    def _end(self) -> Case:
        store = self.clinic.store
        [episode] = [row.episode for row in store.episodes() if row.conversation == self.talk.conversation]
        case = store.case(episode)
        if case.episode.status not in ENDED:
            raise Broken("every conversation ends in a stored outcome", f"status {case.episode.status}")
        if (case.episode.status == "planned") != bool(case.plans):
            raise Broken(
                "every conversation ends in a stored outcome", f"{case.episode.status}, plans {case.plans}"
            )
        stored = {fact.field: fact.value for fact in case.facts if not fact.retracted}
        wrong = list(self._differences(stored, finished=case.episode.status == "planned"))
        if wrong:
            raise Broken("final facts are the patient's", "; ".join(wrong))
        return case

    def _differences(self, stored: Mapping[str, object], *, finished: bool) -> Iterable[str]:
        for name, value in self.told.items():
            got = stored.get(name)
            if name == "psfs":
                activity = Activity(str(value), _score(self.told.get("psfs_baseline")))
                value = (activity,)
            if got is None or not _equal(name, value, got):
                yield f"{name} is {got!r}, not {value!r}"
        truth = self.plan.someone.truth
        for name, got in stored.items():
            if (
                name not in self.told
                and name in truth
                and name not in BESIDE
                and (finished or not self._is_unfinished(name, got))
                and not _equal(name, truth[name], got)
            ):
                yield f"{name} is {got!r} though the patient never said so ({truth[name]!r})"

    def _is_unfinished(self, name: str, got: object) -> bool:
        """A box that was ticked stands as "not sure" until its own question, which may never come."""
        return got == UNSURE and self.plan.someone.truth[name] not in (None, "none", False, "no")

    def as_scenario(self, broken: Broken) -> str:
        """The conversation so far as a scenario file that plays it again."""
        document = [{"scenario": f"seed {self.plan.seed}: {broken.rule}", "steps": self.steps}]
        return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def _score(value: object) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None


def _equal(name: str, value: object, got: object) -> bool:
    mine, theirs = plain(check(name, value)), plain(check(name, got))
    if isinstance(mine, list) and isinstance(theirs, list) and mine and isinstance(mine[0], str):
        return {str(one).lower() for one in mine} == {str(one).lower() for one in theirs}
    if isinstance(mine, float) and isinstance(theirs, (int, float)):
        return abs(mine - theirs) <= 0.1 * max(1.0, abs(mine))
    return mine == theirs


def _keys(heard: Sequence[Message]) -> list[str | None]:
    return [message.key for message in heard]
