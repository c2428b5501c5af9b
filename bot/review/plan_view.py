"""A stored plan as a clinician reads it: options by family, each with its status and its reasons."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.clinical.vocabulary import FAMILIES, FAMILY_OF
from bot.review import stored
from bot.review.labels import label_of
from bot.review.words import FAMILY, OPTION_STATUS, RULE_MARK, plain_code, value_words
from bot.store.records import PlanRecord

_EXTENT: Mapping[str, str] = {
    "full": "full draft plan",
    "interim": "interim plan until a clinician has seen the patient",
    "none": "nothing may be shown",
}
_VERDICT: Mapping[str, str] = {"none": "no recommendation"}
#: at a glance: first what may be done, then what was held back from this patient, then what nobody is offered
_GLANCE = ("recommend", "consider", "clinician_only", "withheld", "not_offered")
_HELD_BACK = frozenset({"clinician_only", "withheld"})


@dataclass(frozen=True)
class Reason:
    """Why an option has its status. `text` is what the patient reads, `clinician` the technical reason.

    `facts` are the answers it rests on, in words.
    """

    rule: str
    effect: str
    text: str = dataclasses.field(repr=False)
    clinician: str
    facts: tuple[str, ...] = dataclasses.field(repr=False)
    sources: tuple[str, ...]
    mark: str


@dataclass(frozen=True)
class Position:
    """What one guideline says of an option. `body` is its short name, `name` the full one with its year."""

    body: str
    name: str
    verdict: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """One option of the plan."""

    id: str
    name: str
    family: str
    status: str
    status_words: str
    shown: bool
    reasons: tuple[Reason, ...]
    positions: tuple[Position, ...]
    instead: tuple[str, ...]
    daily: str
    goal: str = dataclasses.field(repr=False)
    notes: tuple[str, ...]

    @property
    def offered(self) -> bool:
        """Whether the option is part of what may be done, a clinician's own decision included."""
        return self.status in {"recommend", "consider", "clinician_only"}

    @property
    def brief(self) -> bool:
        """Whether a line is enough: nobody with such answers is offered it, and no rule of its own says so."""
        return self.status == "not_offered" and not any(reason.effect for reason in self.reasons)


@dataclass(frozen=True)
class Family:
    """The options of one family, in the order of the stored plan."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Glance:
    """The names of all options of one status."""

    status: str
    words: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Goal:
    """One goal: the whole of it, what the patient said, and the plan for a bad day."""

    text: str = dataclasses.field(repr=False)
    words: str = dataclasses.field(repr=False)
    if_then: str = dataclasses.field(repr=False)


@dataclass(frozen=True)
class PlanView:
    """One version of the plan. `extent` says how much of a plan it is, "" when that was not stored."""

    version: int
    status: str
    created_at: datetime
    rulebook: str
    profile: str
    extent: str
    minutes_a_day: float | None
    glance: tuple[Glance, ...]
    families: tuple[Family, ...]
    goals: tuple[Goal, ...]
    bodies: tuple[tuple[str, str], ...]


def plan_view(plan: PlanRecord) -> PlanView:
    """The stored assessment, read as it is."""
    documents = stored.objects(plan.assessment, "options")
    names = option_names(plan)
    options = tuple(_option(document, names) for document in documents)
    bodies = {one.body: one.name for option in options for one in option.positions if one.name}
    return PlanView(
        version=plan.version,
        status=plan.status,
        created_at=plan.created_at,
        rulebook=stored.text(plan.assessment, "rulebook"),
        profile=stored.text(plan.assessment, "profile"),
        extent=plain_code(stored.text(plan.assessment, "plan_status"), _EXTENT),
        minutes_a_day=stored.number(plan.assessment, "minutes_a_day"),
        glance=tuple(_glance(options)),
        families=tuple(_families(options)),
        goals=tuple(_goal(document) for document in stored.objects(plan.assessment, "goals")),
        bodies=tuple(bodies.items()),
    )


def option_names(plan: PlanRecord | None) -> Mapping[str, str]:
    """option id -> its name in this plan"""
    if plan is None:
        return {}
    documents = stored.objects(plan.assessment, "options")
    return {stored.text(one, "id"): stored.text(one, "name") or stored.text(one, "id") for one in documents}


def _option(document: Mapping[str, object], names: Mapping[str, str]) -> Option:
    option = stored.text(document, "id")
    status = stored.text(document, "status")
    return Option(
        id=option,
        name=names[option],
        family=stored.text(document, "family") or FAMILY_OF.get(option, ""),
        status=status,
        status_words=plain_code(status, OPTION_STATUS),
        shown=document.get("shown") is True,
        reasons=tuple(_reason(one) for one in stored.objects(document, "reasons")),
        positions=tuple(_positions(document)),
        instead=tuple(names.get(one, one) for one in stored.texts(document, "instead")),
        daily=_daily(document),
        goal=stored.text(document, "goal"),
        notes=tuple(_notes(document)),
    )


def _reason(document: Mapping[str, object]) -> Reason:
    return Reason(
        rule=stored.text(document, "rule"),
        effect=plain_code(stored.text(document, "effect"), OPTION_STATUS).lower(),
        text=stored.text(document, "text"),
        clinician=stored.text(document, "clinician"),
        facts=tuple(
            f"{label_of(name)}: {value_words(name, value)}"
            for name, value in stored.mapping(document, "facts").items()
        ),
        sources=stored.texts(document, "sources"),
        mark=plain_code(stored.text(document, "status"), RULE_MARK),
    )


def _positions(document: Mapping[str, object]) -> Iterator[Position]:
    for body, one in stored.mapping(document, "positions").items():
        if isinstance(one, Mapping):
            yield Position(
                body=body,
                name=stored.text(one, "body"),
                verdict=plain_code(stored.text(one, "verdict"), _VERDICT),
                note=stored.text(one, "note"),
                sources=stored.texts(one, "sources"),
            )


def _notes(document: Mapping[str, object]) -> Iterator[str]:
    if document.get("if_things_change") is True:
        yield "if things change"
    week = stored.number(document, "start_week") or stored.number(document, "from_week")
    if week is not None and week > 1:
        yield f"from week {week:g}"


def _daily(document: Mapping[str, object]) -> str:
    daily = stored.mapping(document, "daily")
    minutes = stored.number(daily, "minutes")
    words = stored.text(daily, "text")
    return f"{words} ({minutes:g} minutes a day)" if words and minutes else words


def _glance(options: tuple[Option, ...]) -> Iterator[Glance]:
    for status in _GLANCE:
        names = tuple(_with_rules(option) for option in options if option.status == status)
        if names:
            yield Glance(status, OPTION_STATUS[status], names)


def _with_rules(option: Option) -> str:
    """The option, and the rules that held it back."""
    if option.status not in _HELD_BACK:
        return option.name
    rules = [one.rule for one in option.reasons if one.effect == option.status_words.lower()]
    return f"{option.name} ({', '.join(dict.fromkeys(rules))})" if rules else option.name


def _families(options: tuple[Option, ...]) -> Iterator[Family]:
    known = dict.fromkeys([*FAMILIES, *(option.family for option in options)])
    for family in known:
        members = tuple(option for option in options if option.family == family)
        if members:
            yield Family(plain_code(family, FAMILY).capitalize(), members)


def _goal(document: Mapping[str, object]) -> Goal:
    words = stored.text(document, "words") or stored.text(document, "activity")
    return Goal(stored.text(document, "text") or words, words, stored.text(document, "if_then"))
