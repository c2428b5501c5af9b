"""Answer sheets: what each kind of patient answers to each question, typed or tapped."""

from __future__ import annotations

from tests.dialogue.patient import Answers

#: A desk worker who lifted a box last week; nothing else is wrong.
ACUTE_UNCOMPLICATED: Answers = {
    "consent": ["Keep my answers", "Show them", "Send me check-in"],
    "emergency_screen": ["None of these"],
    "age": "34",
    "pregnant": ["No, neither"],
    "saddle_numbness": ["No"],
    "bladder_change": "no thats all normal",
    "bowel_change": ["No"],
    "gait_unsteady_new": ["None of these"],
    "sexual_change": ["No"],
    "band_like_trunk_pain": ["No"],
    "cancer_history": ["No"],
    "weight_loss_unexplained": ["No"],
    "night_pain_constant": ["No"],
    "generally_unwell": ["No"],
    "major_trauma_recent": ["No"],
    "osteoporosis": ["None of these"],
    "fever": "nope",
    "pain_site": ["Lower back"],
    "abdominal_pain_new": ["None of these"],
    "duration_weeks": "about a week, since I lifted a box",
    "previous_episode": ["Yes"],
    "age_at_first_onset": "40",
    "pain_avg": ["5"],
    "pain_worst": ["6"],
    "pain_pattern": ["It comes and goes"],
    "aggravated_by": ["Bending"],
    "thoracic_pain": ["No"],
    "pain_trend": ["Getting better"],
    "psfs": "sit at my desk for an hour",
    "psfs_baseline": ["4"],
    "current_meds": ["None of these"],
    "nsaid_allergy": ["None of these"],
    "bleeding_disorder": ["None of these"],
    "fear_of_movement": ["3"],
    "recovery_expectation": ["8"],
    "sleep_problem": ["3"],
    "stress": ["3"],
    "work_type": ["Mostly sitting"],
    "off_work_days": "1 day",
    "activity_min_week": "60 minutes",
    "pref_no_medication": ["No special wishes"],
    "read_back": ["Yes, that is right"],
}

#: Takes apixaban; the rest as above.
ON_A_BLOOD_THINNER: Answers = {
    **ACUTE_UNCOMPLICATED,
    "age": "I'm 58",
    "duration_weeks": "ten days",
    "pain_avg": "6",
    "pain_trend": "about the same",
    "current_meds": "just apixaban for my heart rhythm",
    "current_nsaid": ["None of these"],
    "fear_of_movement": ["4"],
    "recovery_expectation": ["7"],
}
