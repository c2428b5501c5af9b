"""The patients of these tests: what each said, as a case."""

from __future__ import annotations

from datetime import timedelta

from bot.store.records import JsonObject
from tests.review.cases import CaseBuilder, no_danger

ALL = ("keep_answers", "share_with_clinician", "check_ins")
SAFETY_NET = "Get help right away if you have: numbness between your legs; new trouble peeing."
CES_ADVICE = (
    "Please stop here. Your answers can mean pressure on nerves at the base of your spine. "
    "Go to an emergency department, or call 999."
)


def reason(rule: str, text: str, clinician: str, *sources: str, **more: object) -> JsonObject:
    return {
        "rule": rule,
        "text": text,
        "clinician": clinician,
        "sources": list(sources),
        "status": "cited",
        **more,
    }


def option(id: str, name: str, family: str, status: str, *reasons: JsonObject, **more: object) -> JsonObject:
    shown = status in {"recommend", "consider"}
    return {
        "id": id,
        "name": name,
        "family": family,
        "status": status,
        "shown": shown,
        "reasons": list(reasons),
        **more,
    }


WALKING = option(
    "PT_GRADED_WALK",
    "Walking, a little more each week",
    "physical",
    "recommend",
    reason("PT_GRADED_WALK", "Short walks are an easy way to keep moving.", "Every column.", "AAFP-ACP"),
    positions={
        "NICE": {
            "body": "NICE NG59 (UK, 2016, updated 2020)",
            "verdict": "consider",
            "note": "part of a programme",
            "sources": ["FHT-NICE"],
        },
        "ACP": {
            "body": "American College of Physicians (2017, lapsed 2022)",
            "verdict": "recommend",
            "note": None,
            "sources": ["GLC-ACP"],
        },
    },
    daily={"text": "Two easy walks of about 5 minutes.", "minutes": 10},
    goal="carry my toddler upstairs",
)
HEAT = option(
    "PM_HEAT",
    "Warmth",
    "pain",
    "recommend",
    reason("PM_HEAT", "Warmth may ease new pain.", "Moderate certainty, acute.", "GLC-ACP"),
)
TABLETS = option(
    "PM_NSAID_ORAL",
    "Anti-inflammatory tablets",
    "pain",
    "consider",
    reason("PM_NSAID_ORAL", "They may ease pain a little.", "NICE, ACP, WHO for.", "NECSU", "GK"),
    instead=["PM_HEAT"],
)
NO_TABLETS = {
    **TABLETS,
    "status": "withheld",
    "shown": False,
    "reasons": [
        reason(
            "N04",
            "You take a blood thinner. Adding an anti-inflammatory tablet can cause serious bleeding.",
            "Additive bleeding risk. Withholding is our stricter choice.",
            "ARTHRITIS-CA",
            "GGC-NSAID",
            effect="withheld",
            status="design",
            facts={"anticoagulant": True},
        )
    ],
}
NEEDLES = option(
    "AT_ACUPUNCTURE",
    "Acupuncture",
    "alternative",
    "clinician_only",
    reason("A02", "Needles and a blood thinner need a clinician.", "Opinions differ.", "ACU-INFO"),
)
BED_REST = option(
    "BED_REST",
    "Rest in bed",
    "not_offered_list",
    "not_offered",
    reason("BED_REST", "Rest in bed slows recovery.", "No guideline advises it.", "AAFP-ACP"),
)


def assessment(*options: JsonObject, **more: object) -> JsonObject:
    return {
        "triage": "self_manage",
        "flags": [],
        "actions": ["ACT_SAFETY_NET"],
        "adjustments": [],
        "options": list(options),
        "goals": [{"text": "By 15 January: carry my toddler, 3 times a week.", "words": "carry my toddler"}],
        "check_ins": [{"kind": "day_3"}],
        "findings": [],
        "profile": "international",
        "rulebook": "2026-11-23+0123456789",
        **more,
    }


def acute_uncomplicated() -> CaseBuilder:
    """Lifted boxes on Monday; nothing dangerous; a draft plan and check-ins."""
    return (
        CaseBuilder("acute", status="planned")
        .bot("May we keep your answers?", "question", "consent")
        .agrees(*ALL)
        .patient(
            "my back went on monday moving boxes, I'm 34",
            "volunteered",
            age=34,
            duration_weeks=0.7,
            onset="sudden",
            onset_cause=["lifting", "my flat move"],
        )
        .learns(**no_danger())
        .learns(sex_at_birth="male", pain_avg=5, pain_worst=7, pain_trend="improving", work_type="sedentary")
        .learns(anticoagulant=False, asthma="none", kidney_disease="none", pref_minutes_day=20)
        .patient("carry my toddler upstairs, about a 3", psfs=[{"activity": "carry my toddler", "score": 3}])
        .triaged()
        .planned(assessment(WALKING, HEAT, TABLETS, BED_REST))
        .check_in("week_2", timedelta(days=14))
        .check_in("day_3", timedelta(days=3))
        .bot(SAFETY_NET, "safety")
    )


def on_a_blood_thinner() -> CaseBuilder:
    """Takes apixaban: tablets withheld, needles only with a clinician, a flag from planning."""
    return (
        CaseBuilder("thinner", status="planned")
        .agrees(*ALL)
        .patient("58, back pain ten days, I take apixaban", "volunteered", age=58, duration_weeks=1.5)
        .learns("I take apixaban", "volunteered", anticoagulant=True, current_meds=["apixaban"])
        .learns(**no_danger())
        .learns(sex_at_birth="male", pain_avg=6)
        .triaged()
        .planned(
            assessment(
                WALKING,
                HEAT,
                NEEDLES,
                NO_TABLETS,
                triage="routine_flag",
                flags=["FL_MED_INTERACTION"],
                findings=[
                    {
                        "rule": "N04",
                        "urgency": "routine_flag",
                        "flags": ["FL_MED_INTERACTION"],
                        "facts": {"anticoagulant": True},
                        "patient": "You take a blood thinner.",
                        "clinician": "Anticoagulant and NSAID.",
                        "sources": ["GGC-NSAID"],
                    }
                ],
            )
        )
        .flagged("FL_MED_INTERACTION", "routine_flag", "Anticoagulant and NSAID.", "N04")
    )


def cauda_equina() -> CaseBuilder:
    """Numb between the legs, said in the middle of another answer: no plan, advice at once."""
    return (
        CaseBuilder("numb", channel="telegram", status="emergency")
        .agrees(*ALL)
        .patient("41, pain down the left leg to my calf, six days", age=41, duration_weeks=1)
        .learns("pain down the left leg to my calf", "volunteered", leg_pain="below_knee", leg_side="left")
        .bot("What work do you do?", "question", "work_type")
        .patient(
            "desk job, though i cant really feel when i wipe since yesterday",
            "screen",
            work_type="sedentary",
            saddle_numbness="new",
        )
        .learns(fever="no", cancer_history="unsure")
        .skips("sexual_change")
        .triaged()
        .flagged("FL_RED_CES", "emergency_now", "Suspected cauda equina; MRI within 4 hours.", "A1")
        .bot(CES_ADVICE, "safety")
        .check_in("safety_1h", timedelta(hours=1))
    )


def declined() -> CaseBuilder:
    """Agreed to nothing."""
    return CaseBuilder("declined", status="declined").bot("May we keep your answers?", "question").agrees()


def under_way() -> CaseBuilder:
    """Three answers in, no triage that says much, many questions open."""
    return (
        CaseBuilder("under-way", status="intake")
        .agrees("keep_answers", "share_with_clinician")
        .patient("Hi, 61, my back has been bad for months", "volunteered", age=61)
        .learns(bladder_change="none", saddle_numbness="none")
        .triaged()
    )


def corrected() -> CaseBuilder:
    """Mistyped the pain, took back a medicine, and withdrew a danger sign that stays on record."""
    return (
        CaseBuilder("corrected", status="intake")
        .agrees(*ALL)
        .patient("pain is 7", pain_avg=7)
        .patient("sorry, I meant 4", pain_avg=4)
        .patient("I take warfarin", anticoagulant=True)
        .takes_back("anticoagulant")
        .patient("yes I had a fever last night", fever="yes")
        .patient("no, no fever", fever="no")
        .triaged()
    )
