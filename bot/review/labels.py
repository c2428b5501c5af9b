"""Short names of every clinical field, for clinicians, in the order in which a summary shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """What a field is called, and how its value is written: `form` has `{}` where the value goes."""

    text: str
    form: str = "{}"


@dataclass(frozen=True)
class Area:
    """A part of the history. The danger signs in an area with `danger` are shown in the danger box."""

    key: str
    title: str
    fields: Mapping[str, Label]
    danger: bool = False


def _area(key: str, title: str, *, danger: bool = False, **fields: str | tuple[str, str]) -> Area:
    labels = {name: Label(*((text,) if isinstance(text, str) else text)) for name, text in fields.items()}
    return Area(key, title, labels, danger)


_SCALE = "{}/10"

AREAS: tuple[Area, ...] = (
    _area(
        "cauda_equina",
        "Cauda equina",
        danger=True,
        saddle_numbness="Saddle or genital numbness",
        bladder_change="Bladder change",
        bowel_change="Bowel change",
        sexual_change="Change in sexual function",
    ),
    _area(
        "nerves",
        "Legs and nerves",
        danger=True,
        leg_pain="Leg pain",
        leg_side="Side of the leg pain",
        leg_pain_score=("Leg pain, average", _SCALE),
        leg_pain_onset_days=("Leg pain began", "{} days ago"),
        leg_pain_trend="Course of the leg pain",
        leg_numbness="Leg numbness",
        leg_weakness="Leg weakness",
        leg_weakness_onset_days=("Leg weakness began", "{} days ago"),
        leg_weakness_trend="Course of the leg weakness",
        foot_drop="Foot drop",
        gait_unsteady_new="New unsteady gait",
        leg_pain_walking_eased_by_sitting="Leg pain on walking, eased by sitting",
        band_like_trunk_pain="Band-like trunk pain",
    ),
    _area(
        "fracture",
        "Fracture",
        danger=True,
        major_trauma_recent="Recent major trauma",
        minor_trauma_recent="Recent minor trauma",
        sudden_severe_onset="Sudden severe onset",
        cannot_stand_or_walk="Cannot stand or walk",
        spinal_deformity_new="New spinal deformity",
        osteoporosis="Osteoporosis",
        steroids_long_term="Oral steroids, 3 months or more",
        prior_fragility_fracture="Earlier fragility fracture",
    ),
    _area(
        "cancer",
        "Cancer",
        danger=True,
        cancer_history="History of cancer",
        weight_loss_unexplained="Unexplained weight loss",
        night_pain_constant="Night pain not eased by any position",
        generally_unwell="Generally unwell",
    ),
    _area(
        "infection",
        "Infection",
        danger=True,
        fever="Fever",
        rigors_or_night_sweats="Rigors or night sweats",
        confused_or_very_unwell="Confused or very unwell",
        immunosuppressed="Immunosuppressed",
        iv_drug_use="Intravenous drug use",
        recent_infection_or_spinal_procedure="Recent infection or spinal procedure",
        tb_risk="Tuberculosis risk",
    ),
    _area(
        "inflammatory",
        "Inflammatory features",
        danger=True,
        uveitis="Uveitis",
        wakes_second_half_night="Wakes in the second half of the night",
        morning_stiffness_min=("Morning stiffness", "{} minutes"),
        buttock_pain="Buttock pain",
        improves_with_movement="Better with movement",
        improves_with_nsaid_48h="Better within 48 h of an NSAID",
        spa_family_history="Family history of spondyloarthritis",
        past_arthritis="Arthritis, now or before",
        past_enthesitis="Enthesitis, now or before",
        psoriasis="Psoriasis",
        ibd="Inflammatory bowel disease",
    ),
    _area(
        "vessels_and_organs",
        "Vessels and organs",
        danger=True,
        known_aaa="Known aortic aneurysm",
        pulsating_abdomen="Pulsating abdomen",
        collapse_or_faint="Collapse or faint",
        chest_pain_or_breathless="Chest pain or breathlessness",
        abdominal_pain_new="New abdominal pain",
        loin_pain="Loin pain",
        blood_in_urine="Blood in urine",
        dysuria="Dysuria",
        calf_swelling="Calf swelling",
    ),
    _area(
        "pregnancy",
        "Pregnancy",
        danger=True,
        pregnant="Pregnant",
        gestation_weeks=("Gestation", "{} weeks"),
        pregnancy_bleeding_or_waters="Bleeding or waters",
        pregnancy_regular_tightenings="Regular tightenings",
        reduced_fetal_movements="Reduced fetal movements",
        breastfeeding="Breastfeeding",
    ),
    _area(
        "safety",
        "Mental health and safety",
        danger=True,
        suicidal_thoughts="Suicidal thoughts",
        self_harm_recent="Recent self-harm",
        overdose="Overdose",
        drowsy_or_slow_breathing="Drowsy or slow breathing",
        safeguarding_concern="Safeguarding concern",
    ),
    _area(
        "person",
        "Person",
        age=("Age", "{} years"),
        sex_at_birth="Sex at birth",
        country="Country",
    ),
    _area(
        "course",
        "Onset and course",
        duration_weeks=("Duration of this episode", "{} weeks"),
        onset="Onset",
        onset_cause="What set it off",
        pain_trend="Course",
        previous_episode="Earlier episodes",
        age_at_first_onset=("Age at first back pain", "{} years"),
    ),
    _area(
        "pain",
        "Pain",
        pain_avg=("Average pain", _SCALE),
        pain_worst=("Worst pain", _SCALE),
        pain_now=("Pain when asked", _SCALE),
        pain_site="Site",
        pain_side="Side",
        pain_character="Character",
        pain_pattern="Pattern",
        aggravated_by="Worse with",
        relieved_by="Better with",
        thoracic_pain="Thoracic pain",
        widespread_pain="Widespread pain",
    ),
    _area(
        "function",
        "Function and work",
        psfs="Own activities (PSFS, 0 unable to 10 as before)",
        rmdq=("RMDQ", "{} of 24"),
        rmdq_1_to_6="RMDQ statements 1 to 6 that hold",
        rmdq_7_to_12="RMDQ statements 7 to 12 that hold",
        rmdq_13_to_18="RMDQ statements 13 to 18 that hold",
        rmdq_19_to_24="RMDQ statements 19 to 24 that hold",
        work_type="Work",
        off_work_days=("Off work", "{} days"),
        activity_min_week=("Physical activity", "{} minutes a week"),
        falls_last_year="Falls in the last year",
    ),
    _area(
        "medicines",
        "Medicines",
        current_meds="Medicines named",
        current_nsaid="Takes an NSAID",
        current_opioid="Takes an opioid",
        current_gabapentinoid="Takes a gabapentinoid",
        current_benzodiazepine="Takes a benzodiazepine",
        anticoagulant="Anticoagulant",
        antiplatelet="Antiplatelet (daily aspirin included)",
        ssri_snri="SSRI or SNRI",
        oral_steroid_current="Oral steroid now",
        ace_arb_diuretic="ACE inhibitor, ARB or diuretic",
        lithium_or_methotrexate="Lithium or methotrexate",
        nsaid_allergy="NSAID or aspirin allergy",
    ),
    _area(
        "conditions",
        "Other conditions",
        peptic_ulcer="Peptic ulcer",
        constipation_only="Constipation without other bowel change",
        gi_bleed_history="Gastrointestinal bleeding before",
        kidney_disease="Kidney disease",
        liver_disease="Liver disease",
        heart_failure="Heart failure",
        ihd_stroke_pad="Heart attack, angina, stroke or PAD",
        hypertension="Hypertension",
        exertional_chest_symptoms="Chest symptoms on exertion",
        asthma="Asthma",
        bleeding_disorder="Bleeding disorder",
        epilepsy="Epilepsy",
        pacemaker_icd="Pacemaker or ICD",
        mechanical_heart_valve="Mechanical heart valve",
        inflammatory_spine_disease="Inflammatory spine disease",
        spinal_surgery_hardware="Spinal surgery or hardware",
        reduced_skin_sensation="Reduced skin sensation",
        acute_illness_dehydration="Acute illness or dehydration",
        weight_kg=("Weight", "{} kg"),
    ),
    _area(
        "mind",
        "Mood, sleep and beliefs",
        phq2=("PHQ-2", "{} of 6"),
        phq2_interest=("PHQ-2, little interest", "{} of 3"),
        phq2_mood=("PHQ-2, feeling down", "{} of 3"),
        gad2=("GAD-2", "{} of 6"),
        gad2_nervous=("GAD-2, nervous", "{} of 3"),
        gad2_worry=("GAD-2, cannot stop worrying", "{} of 3"),
        fear_of_movement=("Fear of movement", _SCALE),
        recovery_expectation=("Expects to recover", "{}/10 (10 = sure to)"),
        sleep_problem=("Sleep problem", _SCALE),
        stress=("Stress", _SCALE),
    ),
    _area(
        "lifestyle",
        "Lifestyle",
        smoker="Smokes",
        alcohol_heavy="Heavy alcohol use",
        bmi="Body mass index",
    ),
    _area(
        "preferences",
        "Goals, preferences and earlier treatment",
        goals="Goals in the patient's words",
        pref_no_medication="Wants no medicine",
        pref_no_needles="Wants no needles",
        pref_no_manual="Wants no hands-on treatment",
        pref_remote_only="Remote only",
        pref_budget="Budget",
        pref_minutes_day=("Time for the plan", "{} minutes a day"),
        pref_group="Likes groups",
        pref_mind_body="Likes mind-body exercise",
        past_treatments="Tried before",
        prev_helpful="Helped before",
        prev_unhelpful="Did not help before",
        prev_adverse="Caused harm before",
    ),
    _area(
        "check_in",
        "Check-in",
        checkin_day=("Day of the check-in", "day {}"),
        nprs_baseline=("Pain at the start", _SCALE),
        nprs_now=("Pain now", _SCALE),
        psfs_baseline=("PSFS at the start", _SCALE),
        psfs_now=("PSFS now", _SCALE),
        gpe=("Overall change, -3 much worse to +3 much better", "{:+g}"),
        adherence_pct=("Did the plan", "{} %"),
        adverse_event="Bad effect",
        low_adherence_count="Check-ins in a row under 50 %",
        worse_count="Check-ins in a row rated worse",
        missed_checkins="Check-ins missed",
        goal_reached="Goal reached",
    ),
)

#: areas in the order of a history: the complaint, the legs and what goes with it, life, medicines, wishes
HISTORY = (
    *("course", "pain", "nerves", "cauda_equina", "fracture", "cancer", "infection", "inflammatory"),
    *("vessels_and_organs", "pregnancy", "safety", "person", "function", "mind", "lifestyle"),
    *("medicines", "conditions", "preferences", "check_in"),
)
#: areas that a decision needs at first sight: the complaint, what the patient takes and what they want
LEADS = frozenset({"course", "pain", "medicines", "preferences"})
#: areas that gate treatment: what was not asked there is named
GATES_TREATMENT = frozenset({"medicines", "conditions"})

#: field -> its label
LABELS: Mapping[str, Label] = {name: label for area in AREAS for name, label in area.fields.items()}


def label_of(field: str) -> str:
    """The label, or the field's own name when it was stored under another vocabulary."""
    return LABELS[field].text if field in LABELS else field.replace("_", " ")
