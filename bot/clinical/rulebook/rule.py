"""What a rule is once it has been read and found good."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.clinical.rules import Condition
from bot.clinical.urgency import Urgency


@dataclass(frozen=True, eq=False)
class Rule:
    """What every rule has: when it holds, and why, in words for the patient and for the clinician.

    `since` is the date from which it holds. `sources` are keys of sources.yaml. `status` is `cited`,
    `design` (ours, awaiting sign-off) or `to_verify` (from general knowledge, not yet read up).
    """

    id: str
    since: datetime.date
    when: Condition
    patient: str
    clinician: str
    sources: tuple[str, ...]
    status: str


@dataclass(frozen=True, eq=False)
class Raise:
    """A higher class that the same rule gives when more is true."""

    urgency: Urgency
    when: Condition


@dataclass(frozen=True, eq=False)
class RaisedFlag:
    """A flag of a rule, with the condition under which it is raised (None: whenever the rule fires)."""

    flag: str
    when: Condition | None


@dataclass(frozen=True, eq=False)
class TriageRule(Rule):
    """A rule that classes danger and raises flags (clinical.md §1.2, §2.2, §6.3).

    `clarify` names the fields whose answer could lower the class: while they are unasked, ask them
    first. `ask` names the fields that must be asked in full because of this rule. Rules that look at
    conclusions (flags, urgency) are tried after all others, in order.
    """

    urgency: Urgency
    raises: tuple[Raise, ...]
    flags: tuple[RaisedFlag, ...]
    actions: tuple[str, ...]
    adjustments: tuple[str, ...]
    clarify: tuple[str, ...]
    ask: tuple[str, ...]
    looks_at_conclusions: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        conditions = [self.when, *(step.when for step in self.raises), *(one.when for one in self.flags)]
        looks = any(condition.looks_at_conclusions for condition in conditions if condition is not None)
        object.__setattr__(self, "looks_at_conclusions", looks)


@dataclass(frozen=True)
class Source:
    """Where a stated fact was read."""

    key: str
    where: str


@dataclass(frozen=True)
class PhoneNumbers:
    """The lines of one country or region; None where no public line exists.

    Each is the words to show, not only digits ("988, call or text").
    """

    country: str
    emergency: str
    urgent: str | None
    crisis: str | None
    poison: str | None
    sources: tuple[str, ...]
    checked: datetime.date


@dataclass(frozen=True)
class PhoneBook:
    """Phone lines by country code, with the words for a country we do not know."""

    unknown: PhoneNumbers
    countries: Mapping[str, PhoneNumbers]

    def of(self, country: str | None) -> PhoneNumbers:
        """The lines of an ISO 3166-1 alpha-2 code, or of a sub-region written as "GB-NIR"."""
        code = (country or "").upper()
        return self.countries.get(code) or self.countries.get(code.partition("-")[0]) or self.unknown
