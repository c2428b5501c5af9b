"""Synthetic patients for the simulation: who they are, how they fare, and when they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bot.clinical.rulebook.question import SKIP, Question

_ZONES = ("Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Australia/Sydney")
_NONE = ("none", "no", "same")
_QUIET = 7  #: out of ten patients answer at all


@dataclass
class Synthetic:
    """One patient. `slope` is how pain moves in a week; `answers_within` is None for one who never answers."""

    zone: str
    facts: dict[str, object]
    pain: float
    slope: float
    diligence: float
    answers_within: timedelta | None
    chance: Random

    @classmethod
    def drawn(cls, seed: int) -> Synthetic:
        """The patient of this seed: always the same one."""
        chance = Random(seed)  # noqa: S311 - a reproducible draw, no secret
        pain = chance.randint(3, 8)
        leg = chance.random() < 0.25
        facts: dict[str, object] = {
            "age": chance.randint(20, 79),
            "saddle_numbness": "none",
            "bladder_change": "none",
            "bowel_change": "none",
            "leg_pain": "below_knee" if leg else "none",
            "leg_numbness": "none",
            "leg_weakness": "none",
            "cancer_history": "none",
            "osteoporosis": "no",
            "steroids_long_term": "no",
            "prior_fragility_fracture": "no",
            "fever": "no",
            "duration_weeks": chance.choice([1, 2, 3, 8, 20, 60]),
            "pain_avg": pain,
            "psfs": [{"activity": "walk for half an hour", "score": chance.randint(2, 6)}],
        }
        if leg:
            facts.update(leg_pain_onset_days=21, leg_pain_trend="stable")
        answers = chance.random() < _QUIET / 10
        return cls(
            zone=chance.choice(_ZONES),
            facts=facts,
            pain=float(pain),
            slope=chance.choice([-0.9, -0.6, -0.3, 0.0, 0.0, 0.4]),
            diligence=chance.random(),
            answers_within=timedelta(hours=chance.choice([1, 2, 6, 20, 30, 80])) if answers else None,
            chance=chance,
        )

    def keys_for(self, question: Question, day: int) -> list[str]:
        """What this patient taps on that day."""
        now = min(10.0, max(0.0, self.pain + self.slope * day / 7))
        known = {
            "nprs_now": str(round(now)),
            "psfs_now": str(round(min(10.0, max(0.0, 4 + (self.pain - now))))),
            "gpe": "better_1" if self.slope < 0 else ("worse_1" if self.slope > 0 else "same"),
            "adherence_pct": self.chance.choice(("7", "6", "4") if self.diligence > 0.4 else ("3", "1")),
            "were_you_seen": self.chance.choice(("yes", "yes", "waiting", "no")),
            "adverse_event": self.chance.choices(
                ("none", "mild_soreness", "flare_over_48h", "gi_upset", "fall"), (90, 6, 2, 1, 1)
            )[0],
        }
        offered = [choice.value for choice in question.choices]
        if (wanted := known.get(question.field)) in offered:
            return [wanted]
        if question.field == "new_danger" and self.chance.random() < 0.003:
            return [self.chance.choice([one for one in offered if one not in ("none", "unsure")])]
        return [next((one for one in offered if one in _NONE), offered[0] if offered else SKIP)]
