"""The five triage classes, ordered from "no flag" to "call now"."""

from __future__ import annotations

from enum import Enum


class Urgency(Enum):
    """How soon a person must look. Compares by danger; the value is the published name.

    Source: clinical.md §0.3.
    """

    SELF_MANAGE = "self_manage"  #: no flag; the plan is still a draft
    ROUTINE_FLAG = "routine_flag"  #: a full draft plan, and a person must look at it
    URGENT_DAYS = "urgent_days"  #: a clinician within about three working days; interim plan only
    SAME_DAY = "same_day"  #: a clinician today; no plan until one clears it
    EMERGENCY_NOW = "emergency_now"  #: call or go now; the questions stop

    rank: int  #: 0 for self_manage to 4 for emergency_now

    def __init__(self, name: str) -> None:
        self.rank = len(type(self).__members__)

    # There is one of each, so the identity is the quickest hash.
    __hash__ = object.__hash__

    def __lt__(self, other: Urgency) -> bool:
        return self.rank < other.rank

    def __le__(self, other: Urgency) -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: Urgency) -> bool:
        return self.rank > other.rank

    def __ge__(self, other: Urgency) -> bool:
        return self.rank >= other.rank
