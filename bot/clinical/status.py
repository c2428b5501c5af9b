"""The five statuses of an option, ordered by how freely a person may take it up."""

from __future__ import annotations

from enum import Enum


class Status(Enum):
    """Where an option stands in a draft plan. Compares by availability; the value is the published name.

    `shown` says whether the person is told about it as something that may be done. `rank` is 0 for withheld
    to 4 for recommend. Source: clinical.md §0.2, §3.3 and the effect words of §4.
    """

    WITHHELD = "withheld"  #: removed for this person, with the reason
    NOT_OFFERED = "not_offered"  #: not advised for anybody in this situation, with the reason
    CLINICIAN_ONLY = "clinician_only"  #: shown, and not to be started without a clinician
    CONSIDER = "consider"  #: one of several things that may help
    RECOMMEND = "recommend"  #: part of the plan

    rank: int
    shown: bool

    # There is one of each, so the identity is the quickest hash; plans look these up a thousand times.
    __hash__ = object.__hash__

    def __init__(self, name: str) -> None:
        # A plan compares statuses some thousand times, so both are worked out once.
        self.rank = len(type(self).__members__)
        self.shown = name in ("clinician_only", "consider", "recommend")

    def __lt__(self, other: Status) -> bool:
        return self.rank < other.rank

    def __le__(self, other: Status) -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: Status) -> bool:
        return self.rank > other.rank

    def __ge__(self, other: Status) -> bool:
        return self.rank >= other.rank
