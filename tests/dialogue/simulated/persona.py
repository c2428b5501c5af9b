"""Who the simulated patient is: a consistent set of facts of the clinical vocabulary, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bot.clinical.facts import UNSURE
from bot.clinical.questions import screen_question
from bot.clinical.rulebook import Rulebook
from tests.dialogue.simulated.phrases import Phrases

KINDS = ("acute", "chronic", "sciatica", "urgent", "same_day", "emergency", "unsure")
WEIGHTS = (40, 20, 15, 8, 6, 6, 5)

#: Nothing wrong: the answers of somebody whose back simply hurts.
WELL: Mapping[str, object] = {
    **{"pregnant": "no", "breastfeeding": False, "saddle_numbness": "none", "bladder_change": "none"},
    **{"bowel_change": "none", "sexual_change": "none", "leg_pain": "none", "leg_numbness": "none"},
    **{"leg_weakness": "none", "gait_unsteady_new": "no", "foot_drop": "no", "band_like_trunk_pain": False},
    **{"cancer_history": "none", "weight_loss_unexplained": "no", "night_pain_constant": "no"},
    **{"generally_unwell": False, "major_trauma_recent": "no", "minor_trauma_recent": "no", "fever": "no"},
    **{"rigors_or_night_sweats": "no", "confused_or_very_unwell": False, "thoracic_pain": False},
    **{"sudden_severe_onset": False, "onset": "gradual", "cannot_stand_or_walk": False},
    **{"pain_site": ("lower_back",), "widespread_pain": False, "previous_episode": True},
    **{"pain_pattern": "intermittent", "uveitis": "none", "morning_stiffness_min": 0, "asthma": "none"},
    **{"peptic_ulcer": "none", "kidney_disease": "none", "liver_disease": "none", "hypertension": "none"},
    **{"drowsy_or_slow_breathing": False, "suicidal_thoughts": "none"},
}


@dataclass(frozen=True)
class Persona:
    """The truth about one patient. `long_words` is how the duration is typed."""

    kind: str
    truth: Mapping[str, object]
    activity: str
    goal: str
    duration_words: str


def persona(chance: Random, rulebook: Rulebook, phrases: Phrases) -> Persona:
    """One random patient; the same for the same state of `chance`."""
    kind = chance.choices(KINDS, WEIGHTS)[0]
    truth = {**_unticked(rulebook), **WELL}
    words, weeks = chance.choice(phrases.durations["long" if kind == "chronic" else "short"])
    average = chance.randint(1, 9)
    truth |= {
        **{"age": chance.randint(19, 64), "duration_weeks": weeks, "pain_avg": average},
        **{"pain_worst": chance.randint(average, 10), "pain_trend": chance.choice(["improving", "stable"])},
        **{name: chance.randint(0, 10) for name in ("fear_of_movement", "recovery_expectation")},
        **{name: chance.randint(0, 10) for name in ("sleep_problem", "stress", "psfs_baseline")},
        **{"work_type": chance.choice(["sedentary", "mixed", "heavy_manual", "driving", "not_working"])},
        **{"off_work_days": chance.choice([0, 3, 10, 14]), "pref_minutes_day": chance.choice([5, 20, 30])},
        **{"pain_now": chance.randint(0, average), "leg_pain_score": chance.randint(1, 9)},
        **{name: chance.choice([0, 0, 1, 1, 2, 3]) for name in ("phq2_interest", "phq2_mood")},
        **{name: chance.choice([0, 0, 1, 1, 2, 3]) for name in ("gad2_nervous", "gad2_worry")},
        **{"rmdq_1_to_6": tuple(sorted(chance.sample("123456", chance.randint(0, 4))))},
        **{"activity_min_week": chance.choice([0, 60, 120, 150]), "age_at_first_onset": 30},
    }
    truth |= _illnesses(chance)
    truth |= _of_kind(kind, chance)
    if truth["age"] < 32:
        truth["age_at_first_onset"] = 18
    return Persona(kind, truth, chance.choice(phrases.activities), chance.choice(phrases.goals), words)


def _unticked(rulebook: Rulebook) -> dict[str, object]:
    """What an empty box means, for every box there is."""
    empty: dict[str, object] = dict(screen_question(rulebook).facts_for("none"))
    for asking in rulebook.questions.askings:
        empty |= asking.question.unticked
    return empty


def _illnesses(chance: Random) -> dict[str, object]:
    """Sometimes a box or two: what decides about treatments."""
    possible: list[dict[str, object]] = [
        {"anticoagulant": True},
        {"ssri_snri": True},
        {"hypertension": "controlled"},
        {"asthma": "tolerates_nsaid"},
        {"kidney_disease": "mild"},
        {"smoker": True},
        {"pref_no_needles": True},
        {"current_nsaid": True},
        {"epilepsy": True},
    ]
    chosen = chance.sample(possible, chance.choice([0, 0, 0, 1, 2]))
    return {name: value for one in chosen for name, value in one.items()}


def _of_kind(kind: str, chance: Random) -> dict[str, object]:
    choices: dict[str, list[dict[str, object]]] = {
        "sciatica": [
            {"leg_pain": "below_knee", "leg_pain_trend": "improving", "pain_site": ("lower_back", "leg")},
            {"leg_pain": "below_knee", "leg_numbness": "one", "leg_pain_trend": "stable"},
            {"leg_pain": "above_knee", "leg_pain_trend": "improving"},
        ],
        "urgent": [{"cancer_history": "past"}, {"weight_loss_unexplained": "yes", "age": 58}],
        "same_day": [
            {"fever": "yes"},
            {"minor_trauma_recent": "yes", "osteoporosis": "yes", "age": 74},
        ],
        "emergency": [
            {"saddle_numbness": "new"},
            {"bladder_change": "new"},
            {"bowel_change": "new"},
            {"leg_weakness": "both"},
            {"major_trauma_recent": "yes"},
            {"abdominal_pain_new": True, "pulsating_abdomen": True},
            {"chest_pain_or_breathless": True},
        ],
        "unsure": [{"saddle_numbness": UNSURE}, {"fever": UNSURE}, {"weight_loss_unexplained": UNSURE}],
    }
    return dict(chance.choice(choices[kind])) if kind in choices else {}
