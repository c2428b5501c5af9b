"""Which dialogue an episode is in: the store's status as the tracker's `phase`."""

from __future__ import annotations

from bot.store import Episode

#: statuses in which the stored plan may be told to the patient
TELLS_ITS_PLAN = frozenset({"planned", "reviewed"})

#: statuses in which no plan is told until a clinician has looked
WAITS_FOR_HELP = frozenset({"emergency", "held"})

_PHASES = {
    "consent": "paused",
    "intake": "paused",
    "stopped": "paused",
    "declined": "declined",
    "withdrawn": "declined",
    "emergency": "emergency",
    "held": "held",
    "planned": "planned",
    "reviewed": "planned",
}


def phase_of(episode: Episode | None) -> str:
    """The phase in which a returning patient finds the episode; `new` when there is none open."""
    return _PHASES.get(episode.status, "new") if episode else "new"
