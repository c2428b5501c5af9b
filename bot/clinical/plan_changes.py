"""A clinician's changes to a draft plan: what the rules say against each, and the plan with them in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.clinical.assess import Json, positions_of
from bot.clinical.plan import Plan, PlannedOption, Reason
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.option_terms import Effect
from bot.clinical.status import Status

#: stands as the rule of a reason that a clinician gave
CLINICIAN = "CLINICIAN"

#: the most that a rule with this effect leaves of an option
_LEAVES = {
    Effect.WITHHELD: Status.WITHHELD,
    Effect.LATER: Status.WITHHELD,
    Effect.CLINICIAN_ONLY: Status.CLINICIAN_ONLY,
    Effect.OPENS: Status.CLINICIAN_ONLY,
}
#: what only makes sense while an option is told as something that may be done
_OF_SHOWN_OPTIONS = frozenset({"daily", "start_week", "if_things_change", "goal", "about", "positions"})


@dataclass(frozen=True)
class Change:
    """Another status for one option. `why` is the clinician's reason, for clinicians."""

    option: str
    status: Status
    why: str = field(default="", repr=False)


@dataclass(frozen=True)
class Conflict:
    """A change that gives an option more than the rules leave of it, with every rule that says so.

    Without `rules` the present rulebook does not list the option for this patient at all.
    """

    option: str
    wanted: Status
    allowed: Status
    rules: tuple[Reason, ...]


def conflicts(plan: Plan, changes: Iterable[Change]) -> tuple[Conflict, ...]:
    """What the changes break, in their order. `plan` is the one that the rules make of the facts now.

    Safety rules, holds, the patient's own "no" and the table of clinical.md §3.3 all count; to give an
    option less than the rules allow breaks nothing.
    """
    known = {planned.id: planned for planned in plan.options}
    return tuple(one for change in changes if (one := _conflict(known.get(change.option), change)))


def with_changes(document: Json, changes: Iterable[Change], rulebook: Rulebook, told: str) -> Json:
    """The assessment's JSON with these changes; `told` is the reason that the patient reads for each.

    A clinician's reason comes first, and those of the rules stay behind it. Raises KeyError for an option
    that the plan does not list.
    """
    by_option = {change.option: change for change in changes}
    listed = document["options"]
    assert isinstance(listed, (list, tuple))
    missing = by_option.keys() - {one["id"] for one in listed}
    if missing:
        raise KeyError(*sorted(missing))
    options = [
        _changed(one, by_option[one["id"]], rulebook, told) if one["id"] in by_option else one
        for one in listed
    ]
    shown = any(one["shown"] for one in options)
    extent = document.get("plan_status")
    if not shown:
        extent = "none"
    elif extent == "none":
        extent = "interim"
    return {**document, "options": options, **({"plan_status": extent} if extent is not None else {})}


def _conflict(planned: PlannedOption | None, change: Change) -> Conflict | None:
    if planned is None:
        if not change.status.shown:
            return None
        return Conflict(change.option, change.status, Status.NOT_OFFERED, ())
    against = tuple(_against(planned, change.status))
    if not against:
        return None
    return Conflict(change.option, change.status, planned.status, against)


def _against(planned: PlannedOption, wanted: Status) -> Iterator[Reason]:
    if wanted <= planned.status:
        return
    limits = [one for one in planned.reasons if one.effect in _LEAVES]
    yield from (one for one in limits if one.effect and _LEAVES[one.effect] < wanted)
    if not limits and planned.status in (Status.NOT_OFFERED, Status.CLINICIAN_ONLY):
        # No rule holds it back from this patient: the table itself offers it to nobody, or to clinicians.
        yield from (one for one in planned.reasons if one.effect is None)


def _changed(option: Mapping[str, object], change: Change, rulebook: Rulebook, told: str) -> Json:
    status = change.status
    reason = {
        "rule": CLINICIAN,
        "effect": status.value,
        "text": told,
        "clinician": change.why,
        "sources": [],
        "status": "",
        "facts": {},
    }
    before = option.get("reasons")
    kept = {name: value for name, value in option.items() if status.shown or name not in _OF_SHOWN_OPTIONS}
    document: Json = {
        **kept,
        "status": status.value,
        "shown": status.shown,
        "reasons": [reason, *(before if isinstance(before, (list, tuple)) else ())],
    }
    if status.shown:
        document.pop("instead", None)
        known = rulebook.options.options.get(change.option)
        if known is not None:
            document.setdefault("about", vars(known.about).copy())
            document.setdefault("positions", positions_of(known))
    return document
