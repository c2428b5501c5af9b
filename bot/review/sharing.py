"""What a clinician may see of a case: everything the patient agreed to show, and danger in any case.

A patient may keep answers here and not show them to a clinician (clinical.md §9, consent by purpose).
"""

from __future__ import annotations

import dataclasses
from enum import Enum

from bot.clinical.urgency import Urgency
from bot.review.words import SHARE_WITH_CLINICIAN
from bot.store.records import Case

RESEARCH = "research"
#: Classes in which somebody must act today, so that the case is shown whatever was agreed to.
_DANGER = frozenset({Urgency.EMERGENCY_NOW.value, Urgency.SAME_DAY.value})


class Sharing(Enum):
    """What the patient decided about a use of the answers."""

    AGREED = "agreed"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"


def sharing_of(case: Case) -> Sharing:
    """The newest decision about showing the answers to a clinician."""
    return decision_of(case, SHARE_WITH_CLINICIAN)


def is_for_research(case: Case) -> bool:
    """Whether the patient agrees, as of now, that the answers are used for research."""
    return decision_of(case, RESEARCH) is Sharing.AGREED


def decision_of(case: Case, purpose: str) -> Sharing:
    """The newest decision about one purpose."""
    decisions = [consent for consent in case.consents if consent.purpose == purpose]
    if not decisions:
        return Sharing.NOT_ASKED
    return Sharing.AGREED if decisions[-1].granted else Sharing.REFUSED


def is_withheld(case: Case) -> bool:
    """Whether the answers stay hidden: refused, or the question about it is still open.

    Not in the classes emergency_now and same_day: those patients were told that a person must look today.
    """
    sharing = sharing_of(case)
    undecided = sharing is Sharing.NOT_ASKED and case.episode.status == "consent"
    return (sharing is Sharing.REFUSED or undecided) and case.episode.triage not in _DANGER


def as_shared(case: Case) -> Case:
    """The case as a clinician may see it; of withheld answers the class, flags and consents are left."""
    if not is_withheld(case):
        return case
    return dataclasses.replace(
        case,
        findings=(),
        facts=(),
        skipped=(),
        plans=(),
        flags=tuple(dataclasses.replace(flag, reason="") for flag in case.flags),
        messages=(),
        measures=(),
    )
