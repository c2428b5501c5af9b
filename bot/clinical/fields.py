"""The table of every clinical field: its kind, its allowed values and whether it is a danger sign.

Source: clinical.md §0.1. Names and values are used unchanged in the database, JSON and FHIR.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from bot.clinical.vocabulary import OPTIONS

UNSURE = "unsure"

#: Words that say "I would rather not tell": a value, but no knowledge.
UNDISCLOSED = "undisclosed"

#: Values that carry no danger in any field.
_BENIGN: frozenset[bool | str] = frozenset({False, "no", "none", UNSURE, UNDISCLOSED})


class FieldKind(Enum):
    """The shape of a field's value."""

    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    TEXT = "text"
    CHOICE = "choice"
    LIST = "list"
    ACTIVITIES = "activities"  #: the patient's own activities, each scored 0 (unable) to 10 (as before)


@dataclass(frozen=True)
class Field:
    """One fact that may be asked for.

    `minimum` and `maximum` bound numbers, inclusive. `red_flag` marks the danger questions of
    clinical.md §1, where `unsure` is always a legal answer. `restricted` fields are stored apart (§9).
    `open_list` lists accept words beyond `values`. `danger` holds the values that, once said,
    a later "no" does not clear without a clinician (§0.3).
    """

    name: str
    kind: FieldKind
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    red_flag: bool = False
    restricted: bool = False
    open_list: bool = False
    accepts_unsure: bool = False
    danger: frozenset[bool | str] = frozenset()


_YES_NO_UNSURE = ("yes", "no", UNSURE)
_CES = ("none", "new", "worsening", "longstanding_stable", UNSURE)
_SITES = (
    *("lower_back", "mid_back", "upper_back", "whole_back", "neck"),
    *("buttock", "hip", "groin", "tailbone", "leg"),
)
_CHARACTERS = (
    *("aching", "dull", "sharp", "stabbing", "burning", "shooting"),
    *("throbbing", "stiff", "spasm", "tight", "electric", "cramping"),
)
_AGGRAVATORS = (
    *("bending", "lifting", "sitting", "standing", "walking", "lying", "coughing_sneezing"),
    *("movement", "morning", "evening", "stairs", "driving", "exercise"),
)
_RELIEVERS = (
    *("rest", "lying", "heat", "cold", "movement", "walking", "medication"),
    *("stretching", "massage", "position_change"),
)
_CAUSES = ("lifting", "bending", "twisting", "fall", "sport", "accident", "housework", "none_known")
_TREATMENTS = ("physiotherapy", "chiropractor", "injection", "surgery", "massage", "acupuncture")
_TRENDS = ("improving", "stable", "worsening")
_EFFECTS = (
    *("none", "mild_soreness", "flare_over_48h", "gi_upset", "black_stool_or_blood"),
    *("allergic_swelling", "fall", "other"),
)
#: The 24 statements of the RMDQ as they are put, six at a time (clinical.md §2.3, "Recommended battery").
RMDQ_PARTS = ("rmdq_1_to_6", "rmdq_7_to_12", "rmdq_13_to_18", "rmdq_19_to_24")
#: A measure's sum -> the answers it is worked out from (clinical.md §2.3).
ITEMS_OF: Mapping[str, tuple[str, ...]] = {
    "phq2": ("phq2_interest", "phq2_mood"),
    "gad2": ("gad2_nervous", "gad2_worry"),
    "rmdq": RMDQ_PARTS,
}
_TEN_YEARS_OF_DAYS = 3650
_A_CENTURY_OF_DAYS = 36500


def _yes_or_no(*names: str, red_flag: bool = False, danger: bool = False) -> Iterator[Field]:
    for name in names:
        sticky: frozenset[bool | str] = frozenset({True}) if red_flag or danger else frozenset()
        yield Field(name, FieldKind.BOOL, red_flag=red_flag, accepts_unsure=True, danger=sticky)


def _choice(
    *names: str, of: tuple[str, ...], red_flag: bool = False, unsure: bool = False
) -> Iterator[Field]:
    for name in names:
        danger = frozenset[bool | str](of) - _BENIGN if red_flag else frozenset[bool | str]()
        accepts = red_flag or unsure or UNSURE in of
        yield Field(name, FieldKind.CHOICE, of, red_flag=red_flag, accepts_unsure=accepts, danger=danger)


def _whole(*names: str, minimum: int, maximum: int) -> Iterator[Field]:
    for name in names:
        yield Field(name, FieldKind.INT, minimum=minimum, maximum=maximum)


def _decimal(*names: str, minimum: float, maximum: float) -> Iterator[Field]:
    for name in names:
        yield Field(name, FieldKind.FLOAT, minimum=minimum, maximum=maximum)


def _list(name: str, *values: str, open_list: bool = False) -> Iterator[Field]:
    yield Field(name, FieldKind.LIST, tuple(values), open_list=open_list)


def _context() -> Iterator[Field]:
    yield from _whole("age", minimum=0, maximum=120)
    yield from _choice("sex_at_birth", of=("female", "male", "other", UNDISCLOSED))
    yield from _choice("pregnant", of=("no", "yes", "possible", UNSURE), red_flag=True)
    yield from _whole("gestation_weeks", minimum=0, maximum=45)
    yield from _yes_or_no("breastfeeding")
    yield Field("country", FieldKind.TEXT)


def _pain() -> Iterator[Field]:
    yield from _decimal("duration_weeks", minimum=0, maximum=5200)
    yield from _whole("age_at_first_onset", minimum=0, maximum=120)
    yield from _whole("pain_avg", "pain_worst", "pain_now", minimum=0, maximum=10)
    yield from _choice("pain_trend", of=_TRENDS)
    yield from _list("pain_site", *_SITES)
    yield from _choice("pain_side", of=("left", "right", "both", "middle"))
    yield from _list("pain_character", *_CHARACTERS)
    yield from _choice("pain_pattern", of=("constant", "intermittent"))
    yield from _list("aggravated_by", *_AGGRAVATORS, open_list=True)
    yield from _list("relieved_by", *_RELIEVERS, open_list=True)
    yield from _choice("onset", of=("sudden", "gradual"))
    yield from _list("onset_cause", *_CAUSES, open_list=True)
    yield from _choice("leg_side", of=("left", "right", "both"))
    yield from _yes_or_no("previous_episode")
    yield from _list("past_treatments", *_TREATMENTS, open_list=True)
    yield from _yes_or_no("thoracic_pain", danger=True)
    yield from _yes_or_no("band_like_trunk_pain", red_flag=True)
    yield from _choice("night_pain_constant", of=_YES_NO_UNSURE, red_flag=True)
    yield from _yes_or_no("widespread_pain")
    yield from _choice("leg_pain", of=("none", "above_knee", "below_knee", "both_legs"), red_flag=True)
    yield from _whole("leg_pain_score", minimum=0, maximum=10)
    yield from _whole("leg_pain_onset_days", minimum=0, maximum=_A_CENTURY_OF_DAYS)
    yield from _choice("leg_pain_trend", of=_TRENDS)
    yield from _choice("leg_numbness", of=("none", "one", "both", UNSURE), red_flag=True)
    yield from _choice("leg_weakness", of=("none", "mild_one", "severe_one", "both", UNSURE), red_flag=True)
    yield from _whole("leg_weakness_onset_days", minimum=0, maximum=_A_CENTURY_OF_DAYS)
    yield from _choice("leg_weakness_trend", of=_TRENDS)
    yield from _choice("foot_drop", "gait_unsteady_new", of=_YES_NO_UNSURE, red_flag=True)
    yield from _yes_or_no("leg_pain_walking_eased_by_sitting")


def _danger_signs() -> Iterator[Field]:
    ces_items = ("saddle_numbness", "bladder_change", "bowel_change", "sexual_change")
    yield from _choice(*ces_items, of=_CES, red_flag=True)
    yield from _yes_or_no("constipation_only")
    yield from _choice("major_trauma_recent", "minor_trauma_recent", of=_YES_NO_UNSURE, red_flag=True)
    yield from _yes_or_no("sudden_severe_onset", red_flag=True)
    yield from _choice("osteoporosis", "steroids_long_term", of=_YES_NO_UNSURE, red_flag=True)
    yield from _choice("prior_fragility_fracture", "spinal_deformity_new", of=_YES_NO_UNSURE, red_flag=True)
    yield from _yes_or_no("cannot_stand_or_walk", red_flag=True)
    yield from _choice("cancer_history", of=("none", "past", "current", UNSURE), red_flag=True)
    yield from _choice("weight_loss_unexplained", of=_YES_NO_UNSURE, red_flag=True)
    yield from _yes_or_no("generally_unwell", red_flag=True)
    yield from _choice("fever", "rigors_or_night_sweats", of=_YES_NO_UNSURE, red_flag=True)
    yield from _yes_or_no("confused_or_very_unwell", red_flag=True)
    yield from _choice("immunosuppressed", of=_YES_NO_UNSURE, red_flag=True)
    yield from _choice("iv_drug_use", of=("yes", "no", UNDISCLOSED), red_flag=True)
    yield from _choice("recent_infection_or_spinal_procedure", of=_YES_NO_UNSURE, red_flag=True)
    yield from _yes_or_no("tb_risk", red_flag=True)


def _inflammatory() -> Iterator[Field]:
    criteria = (
        "wakes_second_half_night",
        "buttock_pain",
        "improves_with_movement",
        "improves_with_nsaid_48h",
    )
    yield from _yes_or_no(*criteria, danger=True)
    yield from _whole("morning_stiffness_min", minimum=0, maximum=1440)
    history = ("spa_family_history", "past_arthritis", "past_enthesitis", "psoriasis", "ibd")
    yield from _yes_or_no(*history, danger=True)
    yield from _choice("uveitis", of=("none", "past", "red_painful_eye_now"), red_flag=True)


def _vascular_visceral_pregnancy() -> Iterator[Field]:
    chest_and_belly = ("abdominal_pain_new", "pulsating_abdomen", "collapse_or_faint", "known_aaa")
    yield from _yes_or_no(*chest_and_belly, "chest_pain_or_breathless", red_flag=True)
    yield from _yes_or_no("loin_pain", "blood_in_urine", "dysuria", "calf_swelling", red_flag=True)
    yield from _yes_or_no("pregnancy_bleeding_or_waters", "pregnancy_regular_tightenings", red_flag=True)
    yield from _yes_or_no("reduced_fetal_movements", red_flag=True)


def _mental_health() -> Iterator[Field]:
    yield from _choice("suicidal_thoughts", of=("none", "passive", "active", "plan_or_intent"), red_flag=True)
    yield from _yes_or_no("self_harm_recent", red_flag=True)
    yield from _choice("overdose", of=("none", "intentional", "accidental"), red_flag=True)
    yield from _yes_or_no("safeguarding_concern", red_flag=True)
    yield from _whole("phq2", "gad2", minimum=0, maximum=6)
    yield from _whole("phq2_interest", "phq2_mood", "gad2_nervous", "gad2_worry", minimum=0, maximum=3)


def _function() -> Iterator[Field]:
    yield from _whole("rmdq", minimum=0, maximum=24)
    for number, part in enumerate(RMDQ_PARTS):
        first = 6 * number + 1
        yield from _list(part, *(str(item) for item in range(first, first + 6)))


def _history() -> Iterator[Field]:
    yield from _choice("peptic_ulcer", of=("none", "past", "active"), unsure=True)
    yield from _yes_or_no(
        "gi_bleed_history", "anticoagulant", "antiplatelet", "ssri_snri", "oral_steroid_current"
    )
    yield from _choice("kidney_disease", of=("none", "mild", "moderate_severe"), unsure=True)
    yield from _yes_or_no("heart_failure", "ihd_stroke_pad")
    yield from _choice("hypertension", of=("none", "controlled", "uncontrolled"), unsure=True)
    yield from _yes_or_no("ace_arb_diuretic", "lithium_or_methotrexate")
    yield from _choice(
        "asthma", of=("none", "tolerates_nsaid", "unknown_nsaid", "nsaid_sensitive"), unsure=True
    )
    yield from _yes_or_no("nsaid_allergy")
    yield from _choice("liver_disease", of=("none", "mild", "severe"), unsure=True)
    yield from _yes_or_no("alcohol_heavy", "acute_illness_dehydration")
    yield from _decimal("weight_kg", minimum=1, maximum=500)
    devices = ("bleeding_disorder", "pacemaker_icd", "epilepsy", "mechanical_heart_valve")
    yield from _yes_or_no(*devices, "inflammatory_spine_disease", "spinal_surgery_hardware")
    yield from _yes_or_no("reduced_skin_sensation")
    yield from _whole("falls_last_year", minimum=0, maximum=1000)
    yield from _yes_or_no("exertional_chest_symptoms")
    yield from _list("current_meds", open_list=True)
    yield from _yes_or_no(
        "current_opioid", "current_gabapentinoid", "current_benzodiazepine", "current_nsaid"
    )
    yield from _yes_or_no("drowsy_or_slow_breathing", red_flag=True)


def _life_and_goals() -> Iterator[Field]:
    yield from _whole("fear_of_movement", "recovery_expectation", minimum=0, maximum=10)
    yield from _whole("sleep_problem", "stress", minimum=0, maximum=10)
    yield from _choice("work_type", of=("sedentary", "mixed", "heavy_manual", "driving", "not_working"))
    yield from _whole("off_work_days", minimum=0, maximum=_A_CENTURY_OF_DAYS)
    yield from _whole("activity_min_week", minimum=0, maximum=10080)
    yield from _yes_or_no("smoker")
    yield from _decimal("bmi", minimum=5, maximum=150)
    yield from _list("goals", open_list=True)
    yield Field("psfs", FieldKind.ACTIVITIES, minimum=0, maximum=10)
    yield from _yes_or_no("pref_no_medication", "pref_no_needles", "pref_no_manual", "pref_remote_only")
    yield from _choice("pref_budget", of=("free", "low", "any"))
    yield from _whole("pref_minutes_day", minimum=0, maximum=1440)
    yield from _yes_or_no("pref_group", "pref_mind_body")
    for name in ("prev_helpful", "prev_unhelpful", "prev_adverse"):
        yield from _list(name, *OPTIONS)


def _check_in() -> Iterator[Field]:
    yield from _whole("checkin_day", minimum=0, maximum=_TEN_YEARS_OF_DAYS)
    yield from _whole("nprs_baseline", "nprs_now", minimum=0, maximum=10)
    yield from _decimal("psfs_baseline", "psfs_now", minimum=0, maximum=10)
    yield from _whole("gpe", minimum=-3, maximum=3)
    yield from _whole("adherence_pct", minimum=0, maximum=100)
    yield from _choice("adverse_event", of=_EFFECTS)
    yield from _whole("low_adherence_count", "worse_count", "missed_checkins", minimum=0, maximum=1000)
    yield from _yes_or_no("goal_reached")


#: Kept apart from other answers (clinical.md §9, "Minimise").
_RESTRICTED = frozenset(
    {
        *("iv_drug_use", "suicidal_thoughts", "self_harm_recent", "overdose", "safeguarding_concern"),
        *("pregnant", "gestation_weeks", "pregnancy_bleeding_or_waters", "pregnancy_regular_tightenings"),
        *("reduced_fetal_movements", "sexual_change", "alcohol_heavy"),
    }
)


def _all() -> Iterator[Field]:
    sections = (
        *(_context(), _pain(), _danger_signs(), _inflammatory(), _vascular_visceral_pregnancy()),
        *(_mental_health(), _function(), _history(), _life_and_goals(), _check_in()),
    )
    for section in sections:
        for field in section:
            if field.name in _RESTRICTED:
                yield Field(**{**field.__dict__, "restricted": True})
            else:
                yield field


#: every field, in the order of clinical.md §0.1. The single items of the measures of §2.3 stand beside their sums.
FIELDS: Mapping[str, Field] = {field.name: field for field in _all()}
