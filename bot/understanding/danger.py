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


#: Answers about a bad effect that the check-in rule K3 makes an emergency (clinical.md §6.3 K3).
_BAD_EFFECTS = frozenset({"black_stool_or_blood", "allergic_swelling"})
_ASKS_FOR_EFFECTS, _ITS_RULE = "adverse_event", "K3"


def danger_in(facts: Mapping[str, FactValue], asks: str | None = None) -> Danger | None:
    """The danger in these facts when nothing else is known; None below same day.

    `asks` is the question that was open: black stools or a swollen face are an emergency where a check-in
    asked about bad effects, which the triage of an intake does not look at.
    """
    if asks == _ASKS_FOR_EFFECTS and (effect := facts.get(asks)) in _BAD_EFFECTS:
        return Danger(Urgency.EMERGENCY_NOW.value, {asks: plain(effect)}, (_ITS_RULE,))
    picture = triage(Facts.of(facts), default_rulebook())
    if picture.urgency < Urgency.SAME_DAY:
        return None
    findings = [finding for finding in picture.findings if finding.urgency >= Urgency.SAME_DAY]
    used = {name: plain(value) for finding in findings for name, value in finding.facts_used.items()}
    return Danger(picture.urgency.value, used, tuple(finding.rule for finding in findings))


def urgency_of(danger: Danger | None) -> Urgency:
    """The class of a message's danger; below same day where there is none."""
    return Urgency.SELF_MANAGE if danger is None else Urgency(danger.urgency)
