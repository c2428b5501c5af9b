"""What the triage rules say about one message alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.clinical.facts import Facts, FactValue, is_danger, plain
from bot.clinical.rulebook import default_rulebook
from bot.clinical.triage import triage
from bot.clinical.urgency import Urgency

#: Fields of clinical.md §1.2 J and §9: danger from these interrupts at once, also when it is "only" same day.
OF_THE_MIND = frozenset({"suicidal_thoughts", "self_harm_recent", "overdose", "safeguarding_concern"})


@dataclass(frozen=True)
class Danger:
    """Same day or worse. `facts` are those the findings rest on, as JSON can hold them."""

    urgency: str
    facts: Mapping[str, object]
    rules: tuple[str, ...]

    @property
    def interrupts(self) -> bool:
        """Whether the questions stop: an emergency, or anything about suicide, self-harm, overdose or abuse."""
        of_the_mind = any(is_danger(field, self.facts.get(field)) for field in OF_THE_MIND)
        return self.urgency == Urgency.EMERGENCY_NOW.value or of_the_mind

    def as_json(self) -> dict[str, object]:
        return {"urgency": self.urgency, "facts": dict(self.facts), "rules": list(self.rules)}


def danger_in(facts: Mapping[str, FactValue]) -> Danger | None:
    """The danger in these facts when nothing else is known; None below same day."""
    picture = triage(Facts.of(facts), default_rulebook())
    if picture.urgency < Urgency.SAME_DAY:
        return None
    findings = [finding for finding in picture.findings if finding.urgency >= Urgency.SAME_DAY]
    used = {name: plain(value) for finding in findings for name, value in finding.facts_used.items()}
    return Danger(picture.urgency.value, used, tuple(finding.rule for finding in findings))
