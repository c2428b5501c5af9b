"""What to tell first, which reason to give first, and how much of a plan to start with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from bot.clinical.plan_draft import Draft
from bot.clinical.plan_reasons import Person, Reason
from bot.clinical.rulebook.option_document import Daily, Limits, Option, Personalisation, Rank
from bot.clinical.rulebook.option_terms import Effect, Mark, Tie
from bot.clinical.status import Status
from bot.clinical.vocabulary import OPTIONS

_PLACES = {option: place for place, option in enumerate(OPTIONS)}
#: by the rank of a status: what may be done comes first, then what was taken out for this person
_TOLD = {Status.RECOMMEND: 0, Status.CONSIDER: 1, Status.CLINICIAN_ONLY: 2, Status.WITHHELD: 3}
_WHEN_TOLD = tuple(_TOLD.get(status, len(_TOLD)) for status in Status)
_TIER_OF_FIRST = 1  #: safety items stand at tier 0
_TIER_OF_TASTE = 3  #: from here on what the person likes goes before the order of the table

_LIMITS = (Effect.WITHHELD, Effect.LATER, Effect.CLINICIAN_ONLY)
#: which reason to give first, by where the option stands; None is the table's own reason
_TABLE_FIRST: tuple[Effect | None, ...] = (
    *(None, Effect.RECOMMEND, Effect.CONSIDER, Effect.RAISE, Effect.FIRST, Effect.PREFER),
    *(Effect.CAUTION, Effect.LOWER, Effect.NOTE, Effect.OPENS, *_LIMITS),
)
#: told where the other is: whichever brought the option in came first
_LIKE: Mapping[Effect | None, Effect] = {Effect.CONSIDER: Effect.RECOMMEND}
_OTHER_FIRST: Mapping[Status, tuple[Effect | None, ...]] = {
    Status.WITHHELD: (*_LIMITS, *(effect for effect in _TABLE_FIRST if effect not in _LIMITS)),
    Status.CLINICIAN_ONLY: (
        *(Effect.CLINICIAN_ONLY, Effect.OPENS),
        *(effect for effect in _TABLE_FIRST if effect not in (Effect.CLINICIAN_ONLY, Effect.OPENS)),
    ),
    Status.NOT_OFFERED: (
        Effect.LOWER,
        *(effect for effect in _TABLE_FIRST if effect is not Effect.LOWER),
    ),
}
#: by where the option stands: how early a reason of each effect is given
_REASON_ORDER: Mapping[Status, Mapping[Effect | None, int]] = {
    status: {effect: order.index(_LIKE.get(effect, effect)) for effect in (None, *Effect)}
    for status in Status
    for order in (_OTHER_FIRST.get(status, _TABLE_FIRST),)
}
#: what is not said of an option that stays out of the plan
_SAID_OF_SHOWN_ONLY = frozenset(
    {
        *(Effect.RECOMMEND, Effect.CONSIDER, Effect.RAISE),
        *(Effect.FIRST, Effect.PREFER, Effect.NOTE),
    }
)
_NOT_SAID_OF: Mapping[Status, frozenset[Effect | None]] = {
    Status.NOT_OFFERED: _SAID_OF_SHOWN_ONLY,
    Status.WITHHELD: _SAID_OF_SHOWN_ONLY | {None},  # the table would have offered it
}

_MINUTES = "pref_minutes_day"

OrderKey = tuple[int, ...]

#: what each tie looks at: the option's rank, or its place in the patient's own list; less is better
_TIES: Mapping[Tie, Callable[[Rank, int], int]] = {
    Tie.VISITS: lambda rank, place: rank.visits,
    Tie.COST: lambda rank, place: rank.cost.rank,
    Tie.EVIDENCE: lambda rank, place: -rank.evidence,
    Tie.PATIENT_ORDER: lambda rank, place: place,
}


def ranked(person: Person, drafts: Iterable[Draft]) -> list[Draft]:
    """The listed options in the order in which to tell them.

    What is recommended comes first; in it safety, then the core of every plan, then what the person likes,
    then the order of the table. What did not help before comes last. Ties go to the ties of
    personalisation.yaml (clinical.md §5.2 L25).
    """
    return sorted([draft for draft in drafts if draft.offered is not None], key=_key(person))


def reasons_in_order(draft: Draft) -> tuple[Reason, ...]:
    """The reasons that fit where the option ended, the one that decided it first."""
    status = draft.status
    if status is None:
        return ()
    kept = draft.reasons
    if not status.shown:
        left_out = _NOT_SAID_OF[status]
        kept = [reason for reason in kept if reason.effect not in left_out]
    if len(kept) > 1:
        order = _REASON_ORDER[status]
        kept = sorted(kept, key=lambda reason: order[reason.effect])
    return tuple(kept)


def daily_of(draft: Draft, person: Person) -> Daily | None:
    """The starting dose for this person, of an option that is shown."""
    if not draft.shown:
        return None
    doses = draft.option.daily
    return next((dose for dose in doses if dose.when is None or dose.when.truth(person.now)), None)


def start_weeks(person: Person, order: Sequence[Draft], limits: Limits) -> dict[str, int]:
    """Option -> the week in which to begin it, counted from 1 (clinical.md §5.1).

    Week 1 holds at most `limits.daily_actions` daily actions; after that one new item begins a week. The
    minutes of all daily actions stay within the person's own limit: what does not fit has no week.
    """
    budget = minutes_a_day(person, limits)
    weeks: dict[str, int] = {}
    minutes = actions = 0
    next_week = 2
    for draft in order:
        if draft.status is not Status.RECOMMEND:
            continue
        dose = daily_of(draft, person)
        if dose is None and Mark.ACTIVE not in draft.option.marks:
            continue
        if minutes + (dose.minutes if dose else 0) > budget:
            continue
        minutes += dose.minutes if dose else 0
        at_once = draft.option.from_week == 1 and (dose is None or actions < limits.daily_actions)
        if at_once and (dose is not None or Mark.CORE in draft.option.marks):
            weeks[draft.option.id] = 1
            actions += dose is not None
        else:
            weeks[draft.option.id] = max(next_week, draft.option.from_week)
            next_week = weeks[draft.option.id] + 1
    return weeks


def minutes_a_day(person: Person, limits: Limits) -> int:
    """The minutes a day that the person can spare, or the default."""
    told = person.facts.get(_MINUTES)
    return told if isinstance(told, int) else limits.minutes_a_day


@lru_cache(maxsize=1024)
def _tie_break(option: Option, rules: Personalisation, place: int) -> OrderKey:
    return (*(_TIES[tie](option.rank, place) for tie in rules.ties), _PLACES[option.id])


def _key(person: Person) -> Callable[[Draft], tuple[int | OrderKey, ...]]:
    helpful = person.facts.get("prev_helpful")
    by_patient = {word: place for place, word in enumerate(helpful)} if isinstance(helpful, tuple) else {}
    rules = person.rulebook.personalisation

    last = len(by_patient)

    def key(draft: Draft) -> tuple[int | OrderKey, ...]:
        option, status = draft.option, draft.status or Status.NOT_OFFERED
        place = by_patient.get(option.id, last) if last else 0
        tier = option.tier
        if draft.first and tier > _TIER_OF_FIRST:
            tier = _TIER_OF_FIRST
        return (
            _WHEN_TOLD[status.rank],
            draft.lowered,
            tier if tier < _TIER_OF_TASTE else _TIER_OF_TASTE,
            not draft.first,
            not draft.preferred,
            tier,
            _tie_break(option, rules, place),
        )

    return key
