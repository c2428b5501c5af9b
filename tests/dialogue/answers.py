"""Answer sheets: what each kind of patient answers to each question, typed or tapped."""

from __future__ import annotations

from tests.dialogue.patient import Answers

#: A desk worker who lifted a box last week; nothing else is wrong.
ACUTE_UNCOMPLICATED: Answers = {
    "consent": ["Keep my answers", "Show them", "Send me check-in"],
    "country": ["England"],
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
    # Only some are asked these.
    **{"pregnancy_bleeding_or_waters": ["None of these"], "gestation_weeks": "12"},
    **{"leg_pain": ["No leg pain"], "leg_numbness": ["No"], "leg_weakness": ["No, both"]},
    **{"leg_pain_onset_days": ["More than 6 weeks"], "leg_pain_trend": ["About the same"]},
    **{"foot_drop": ["No"], "leg_weakness_onset_days": ["More than 6"], "leg_weakness_trend": ["About"]},
    "leg_pain_walking_eased_by_sitting": ["No"],
    **{"self_harm_recent": ["None of these"], "suicidal_thoughts": ["No"]},
    **{"rigors_or_night_sweats": ["No"], "confused_or_very_unwell": ["No"]},
    **{"sudden_severe_onset": ["No, bit by bit"], "cannot_stand_or_walk": ["No"], "widespread_pain": ["No"]},
    **{"wakes_second_half_night": ["None of these"], "morning_stiffness_min": ["Not at all"]},
    **{"spa_family_history": ["None of these"], "uveitis": ["No"], "goals": "walk the dog every day"},
    **{"asthma": ["No, I take them"], "peptic_ulcer": ["It is healed"], "kidney_disease": ["A little"]},
    **{"liver_disease": ["A little"], "hypertension": ["Yes, it is under control"]},
    **{"drowsy_or_slow_breathing": ["No"], "pref_minutes_day": ["About 10"], "prev_helpful": ["Walking"]},
    **{"prev_unhelpful": ["Massage"], "prev_adverse": ["None of these"]},
    **{"pain_now": ["4"], "leg_pain_score": ["6"]},
    **{"phq2_interest": ["Not at all"], "phq2_mood": ["Several days"]},
    **{"gad2_nervous": ["Not at all"], "gad2_worry": ["Not at all"]},
    **{"rmdq_1_to_6": ["I stay", "I walk"], "rmdq_7_to_12": ["None of these"]},
    **{"rmdq_13_to_18": ["None of these"], "rmdq_19_to_24": ["None of these"]},
    # Those whose pain lasts, or goes down a leg, are asked to score more.
    **{"pain_now": ["5"], "leg_pain_score": ["6"]},
    **{"phq2_interest": ["Not at all"], "phq2_mood": ["Several days"]},
    **{"gad2_nervous": ["Several days"], "gad2_worry": ["Not at all"]},
    **{"rmdq_1_to_6": ["I walk more slowly"], "rmdq_7_to_12": ["None of these"]},
    **{"rmdq_13_to_18": ["None of these"], "rmdq_19_to_24": ["None of these"]},
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

#: Years of pain, and afraid of moving.
CHRONIC: Answers = {
    **ACUTE_UNCOMPLICATED,
    **{"age": "47", "duration_weeks": "about 6 years", "pain_avg": ["6"], "pain_trend": ["About the same"]},
    **{"previous_episode": ["Yes"], "age_at_first_onset": "30", "psfs": "play with my grandson on the floor"},
    **{"psfs_baseline": ["2"], "goals": "get back to my allotment", "fear_of_movement": ["9"]},
    **{"recovery_expectation": ["2"], "sleep_problem": ["7"], "stress": ["7"], "off_work_days": ["None"]},
    **{"activity_min_week": ["Hardly at all"], "work_type": ["Mixed"]},
}

#: Pain down one leg to the foot, with tingling and no weakness.
SCIATICA: Answers = {
    **ACUTE_UNCOMPLICATED,
    **{"age": "44", "gait_unsteady_new": ["Pain in one leg", "Numbness or tingling in one leg"]},
    **{"leg_pain": ["One leg, below"], "leg_numbness": ["Yes, in one leg"], "leg_weakness": ["No, both"]},
    **{"leg_pain_trend": ["Getting better"], "duration_weeks": ["2 to 6 weeks"], "pain_avg": ["7"]},
    **{"pain_site": ["Lower back", "Leg"], "psfs": "walk to the shops"},
}
