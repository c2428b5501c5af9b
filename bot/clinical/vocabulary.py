"""The closed lists that rules may name: options, statuses, actions, adjustments, flags, profiles.

Source: clinical.md §0.2. Names are part of every outside contract and never change meaning.
"""

from __future__ import annotations

from collections.abc import Mapping

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "education": ("EDU_EXPLAIN",),
    "physical": (
        "PT_ADVICE_ACTIVE",
        "PT_GRADED_WALK",
        "PT_HOME_EXERCISE",
        "PT_STRENGTH",
        "PT_MOTOR_CONTROL",
        "PT_AQUATIC",
        "PT_GRADED_ACTIVITY",
        "PT_SUPERVISED",
        "PT_GROUP_EXERCISE",
        "PT_NEURAL_MOBILITY",
        "PT_BALANCE",
    ),
    "manual": ("MT_MANIPULATION", "MT_MOBILISATION"),
    "pain": (
        "PM_HEAT",
        "PM_NSAID_ORAL",
        "PM_NSAID_TOPICAL",
        "PM_PARACETAMOL",
        "PM_MUSCLE_RELAXANT",
        "PM_WEAK_OPIOID",
        "PM_STRONG_OPIOID",
        "PM_GABAPENTINOID",
        "PM_DULOXETINE",
        "PM_ORAL_STEROID",
        "PM_BENZODIAZEPINE",
        "PM_CAPSAICIN_TOPICAL",
        "PM_EPIDURAL",
        "PM_RF_DENERVATION",
        "PM_SPINAL_INJECTION",
        "PM_MED_REVIEW",
    ),
    "alternative": (
        "AT_ACUPUNCTURE",
        "AT_ELECTROACUPUNCTURE",
        "AT_MASSAGE",
        "AT_YOGA",
        "AT_TAICHI",
        "AT_MINDFULNESS",
        "PSY_CBT",
        "PSY_COMBINED_PROGRAMME",
    ),
    "lifestyle": (
        "LS_POSTURE_ERGONOMICS",
        "LS_ACTIVITY",
        "LS_PACING",
        "LS_WEIGHT",
        "LS_SLEEP",
        "LS_SMOKING",
        "LS_STRESS",
        "LS_WORK",
    ),
    "not_offered_list": (
        "DEV_BELT",
        "DEV_TRACTION",
        "DEV_TENS",
        "DEV_ULTRASOUND",
        "DEV_ORTHOTICS",
        "IMG_ROUTINE",
        "BED_REST",
    ),
}

#: option id -> family, in the order of the vocabulary
FAMILY_OF: Mapping[str, str] = {option: family for family, options in FAMILIES.items() for option in options}

OPTIONS: tuple[str, ...] = tuple(FAMILY_OF)

STATUSES: tuple[str, ...] = ("recommend", "consider", "clinician_only", "not_offered", "withheld")

ACTIONS: tuple[str, ...] = (
    "ACT_EMERGENCY",
    "ACT_SAME_DAY",
    "ACT_URGENT",
    "ACT_ROUTINE_REVIEW",
    "ACT_MATERNITY",
    "ACT_CRISIS_LINE",
    "ACT_POISON_CENTRE",
    "ACT_SAFETY_NET",
    "ACT_STOP_MED_ABRUPT",
)

#: Named only so that tests can say it never appears; no rule may use it.
FORBIDDEN_ACTION = "ACT_STOP_MED_ABRUPT"

ADJUSTMENTS: tuple[str, ...] = (
    "ADJ_PROGRESS",
    "ADJ_REGRESS",
    "ADJ_STEP_UP",
    "ADJ_BARRIERS",
    "ADJ_MAINTAIN",
    "ADJ_STOP_NSAID",
    "ADJ_SUSPEND_PLAN",
)

FLAGS: tuple[str, ...] = (
    "FL_RED_CES",
    "FL_CES_UNCERTAIN",
    "FL_CES_LONGSTANDING",
    "FL_RED_FRACTURE",
    "FL_RED_CANCER",
    "FL_RED_INFECTION",
    "FL_RED_AXSPA",
    "FL_RED_VASCULAR",
    "FL_RED_VISCERAL",
    "FL_RED_NEURO",
    "FL_PREGNANCY",
    "FL_AGE_UNDER_18",
    "FL_AGE_70_PLUS",
    "FL_MH_SUICIDE",
    "FL_MH_LOW_MOOD",
    "FL_OVERDOSE",
    "FL_SAFEGUARDING",
    "FL_MED_INTERACTION",
    "FL_OPIOID_USE",
    "FL_RADICULAR",
    "FL_STENOSIS_POSSIBLE",
    "FL_HIGH_RISK_CHRONICITY",
    "FL_WORK_ABSENCE",
    "FL_WORSENING",
    "FL_PLATEAU",
    "FL_ADVERSE",
    "FL_NONADHERENCE",
    "FL_NO_REPLY",
    "FL_GOAL_REACHED",
    "FL_INCOMPLETE",
)

PROFILES: tuple[str, ...] = ("international", "nice")

#: Where a rule stands on its way to sign-off (clinical.md, "How to read the marks").
RULE_STATUSES: tuple[str, ...] = ("cited", "design", "to_verify")
