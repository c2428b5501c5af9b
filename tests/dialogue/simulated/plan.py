"""What one simulated patient will do: who it is, how it answers, and its detours, all from one seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from bot.clinical.rulebook import Rulebook
from tests.dialogue.simulated.persona import Persona, persona
from tests.dialogue.simulated.phrases import Danger, Phrases

INTERRUPT, NONSENSE, SILENCE, LEAVE, CORRECT, VOLUNTEER, DANGER = (
    *("interrupt", "nonsense", "silence", "leave", "correct", "volunteer", "danger"),
)
#: how many of a hundred questions meet each of them
CHANCES = {INTERRUPT: 10, NONSENSE: 3, SILENCE: 2, LEAVE: 1, VOLUNTEER: 3}
CORRECTABLE = ("pain_avg", "fear_of_movement", "recovery_expectation", "sleep_problem")
#: whatever is typed there may be the answer
OWN_WORDS = ("psfs", "goals", "current_meds")
#: asked once: what is not understood there stays "not sure", and nobody is harmed
ASKED_ONCE = ("asthma", "peptic_ulcer", "kidney_disease", "liver_disease", "hypertension")


@dataclass(frozen=True)
class Detour:
    """Something else than the answer, when the question about `field` is open for the first time."""

    field: str
    kind: str
    text: str = ""
    key: str = ""  #: a key of the bot's answer
    back: str = ""  #: how the patient comes back
    danger: Danger | None = None


@dataclass(frozen=True)
class Plan:
    """One conversation before it happens. `tapped` are fields that are answered by taps whatever the dice say."""

    seed: int
    someone: Persona
    detours: tuple[Detour, ...]
    typing: float
    tapped: frozenset[str] = frozenset()

    def dice(self, field: str) -> Random:
        """The dice for one question, so that what happens at another never changes them."""
        return Random(f"{self.seed}/{field}")

    def without(self, detour: Detour) -> Plan:
        return replace(self, detours=tuple(one for one in self.detours if one is not detour))


def plan(seed: int, rulebook: Rulebook, phrases: Phrases) -> Plan:
    """The plan of this seed: always the same."""
    chance = Random(seed)
    someone = persona(chance, rulebook, phrases)
    fields = [asking.question.field for asking in rulebook.questions.askings]
    detours = [
        detour
        for field in ("emergency_screen", *fields, "read_back")
        for kind, percent in CHANCES.items()
        if chance.random() * 100 < percent and (detour := _detour(field, kind, chance, phrases))
    ]
    if chance.random() < 0.5:
        detours.append(Detour(chance.choice(CORRECTABLE), CORRECT))
    if chance.random() < 0.15:
        danger = chance.choice(phrases.dangers)
        detours.append(Detour(chance.choice(fields), DANGER, danger.text, danger.key, danger=danger))
    return Plan(seed, someone, tuple(detours), typing=chance.choice([0.1, 0.4, 0.8]))


def _detour(field: str, kind: str, chance: Random, phrases: Phrases) -> Detour | None:
    if field in OWN_WORDS and kind in (INTERRUPT, NONSENSE):
        return None
    if field in ASKED_ONCE and kind == NONSENSE:
        return None
    if kind == INTERRUPT:
        text, key = chance.choice(phrases.interruptions)
        return Detour(field, kind, text, key)
    if kind == NONSENSE:
        return Detour(field, kind, chance.choice(phrases.nonsense))
    if kind == SILENCE:
        return Detour(field, kind, back=chance.choice(phrases.returns))
    if kind == LEAVE:
        # Half of those who leave do not come back.
        back = chance.choice(phrases.returns) if chance.random() < 0.5 else ""
        return Detour(field, kind, chance.choice(phrases.stops), back=back)
    return Detour(field, kind) if field not in ("emergency_screen", "read_back", "pain_avg") else None
