"""The closed lists of the files on options: marks, costs, ties, and what a rule may do to an option."""

from __future__ import annotations

from enum import Enum
from functools import total_ordering


class Mark(Enum):
    """What rules may say about many options at once."""

    ACTIVE = "active"  #: movement that may need slowing
    CORE = "core"  #: never lowered below `consider` by a preference
    MEDICINE = "medicine"
    NEEDLES = "needles"
    HANDS_ON = "hands_on"
    IN_PERSON = "in_person"
    PAID = "paid"
    INTERIM = "interim"  #: may be shown before a clinician has seen the patient
    STRENGTHENING = "strengthening"  #: one of these is chosen


class Cost(Enum):
    """What an option costs the person, cheapest first."""

    FREE = "free"
    LOW = "low"
    PAID = "paid"

    rank: int  #: 0 for free to 2 for paid

    def __init__(self, name: str) -> None:
        self.rank = len(type(self).__members__)


class Tie(Enum):
    """What settles a tie between two options (clinical.md §5.2 L25)."""

    VISITS = "visits"  #: fewer visits first
    COST = "cost"  #: cheaper first
    EVIDENCE = "evidence"  #: better studied first
    PATIENT_ORDER = "patient_order"  #: the one that the patient named first as having helped


@total_ordering
class Effect(Enum):
    """What a rule does to an option. The limits come first, the strongest first; they compare by strength."""

    WITHHELD = "withheld"
    CLINICIAN_ONLY = "clinician_only"
    CAUTION = "caution"  #: kept, with this text
    OPENS = "opens"  #: not offered, but a clinician may talk about it
    LATER = "later"  #: withheld by choice, kept for "if things change"
    RECOMMEND = "recommend"
    CONSIDER = "consider"
    RAISE = "raise"
    LOWER = "lower"
    FIRST = "first"  #: told first
    PREFER = "prefer"  #: ahead of its equals
    NOTE = "note"

    # There is one of each, so the identity is the quickest hash; plans look these up a thousand times.
    __hash__ = object.__hash__

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Effect):
            return NotImplemented
        return _STRENGTH[self] < _STRENGTH[other]


_STRENGTH = {effect: -place for place, effect in enumerate(Effect)}

#: the effects that a contraindication may have
SAFETY_EFFECTS = (Effect.WITHHELD, Effect.CLINICIAN_ONLY, Effect.CAUTION, Effect.OPENS)
#: the effects that fitting the plan to the person may have
PERSONAL_EFFECTS = (
    *(Effect.RECOMMEND, Effect.CONSIDER, Effect.RAISE, Effect.LOWER),
    *(Effect.WITHHELD, Effect.LATER, Effect.FIRST, Effect.PREFER, Effect.NOTE),
)
