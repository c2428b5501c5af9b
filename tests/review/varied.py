"""More than thirty cases as different as they come: every vignette, many ways a plan falls out, every state."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from bot.clinical.assess import assess
from bot.clinical.measures import sums
from bot.clinical.rulebook import default_rulebook
from bot.store.records import Case, CheckIn, CheckInStatus, Remark
from tests.clinical.situations import situations
from tests.review import patients
from tests.review.cases import STARTED, CaseBuilder, no_danger

#: of the folders with many situations, every so manieth is enough
_EVERY = {"vignettes": 1, "plan_cases": 6, "red_flag_cases": 12, "progress_cases": 8}


def planned(builder: CaseBuilder) -> CaseBuilder:
    """The builder with what the core makes of it: a plan, or the urgency alone where it holds the plan back."""
    made = assess(builder.known(), default_rulebook(), on=date(STARTED.year, STARTED.month, STARTED.day))
    return builder.planned(made.as_json()).ends(made.episode_status)


def with_measures() -> CaseBuilder:
    """Months of pain, low mood, every measure of the intake, and three check-ins that went up and down."""
    builder = (
        CaseBuilder("measured")
        .agrees(*patients.ALL)
        .patient("seven months now, it goes down my left leg", "volunteered", age=52, duration_weeks=30)
        .learns(**{**no_danger(), "leg_pain": "above_knee", "leg_side": "left", "leg_pain_trend": "stable"})
        .learns(sex_at_birth="female", pregnant="no", pain_avg=7, pain_worst=9, pain_now=6, leg_pain_score=4)
        .learns(phq2_interest=2, phq2_mood=3, gad2_nervous=1, gad2_worry=0)
        .learns(rmdq_1_to_6=["1", "3", "6"], rmdq_7_to_12=["9"], rmdq_13_to_18=[], rmdq_19_to_24=["21", "22"])
        .learns(psfs=[{"activity": "climb the stairs", "score": 3}], fear_of_movement=8, sleep_problem=7)
    )
    builder.learns(**sums(builder.known())).triaged()
    first = {"nprs_baseline": 7, "psfs_baseline": 3.0}
    planned(builder).reviewed("accept", 1)
    builder.answered_check_in(
        "week_1", timedelta(days=7), checkin_day=7, **first, nprs_now=6, psfs_now=4.0, gpe=1, adherence_pct=60
    )
    builder.answered_check_in(
        "week_3", timedelta(days=21), checkin_day=21, nprs_now=3, psfs_now=7.0, gpe=2, adherence_pct=80
    )
    builder.answered_check_in(
        "week_6", timedelta(days=42), checkin_day=42, nprs_now=4, psfs_now=6.0, gpe=1, rmdq=4
    )
    return builder.check_in("week_12", timedelta(days=84))


@lru_cache(maxsize=1)
def varied() -> dict[str, Case]:
    """name -> case"""
    return dict(_varied())


def _varied() -> Iterator[tuple[str, Case]]:
    for folder, step in _EVERY.items():
        for situation in list(situations(folder))[::step]:
            builder = CaseBuilder(situation.name, "telegram" if step > 1 else "web").agrees(*patients.ALL)
            told = {name: value for name, value in situation.case["facts"].items() if value is not None}
            builder.learns("as I said", "volunteered", **told)
            yield f"{folder}: {situation.name}", planned(builder.triaged()).build()
    yield "measured", with_measures().build()
    yield "invited", planned(patients.acute_uncomplicated().called("MRN 0042/b")).build()
    yield "signed", planned(patients.acute_uncomplicated()).reviewed("accept", 2).build()
    yield "declined by the clinician", planned(patients.on_a_blood_thinner()).reviewed("reject", 2).build()
    for make in (
        patients.cauda_equina,
        patients.declined,
        patients.under_way,
        patients.corrected,
        patients.acute_uncomplicated,
        patients.on_a_blood_thinner,
    ):
        yield make.__name__, make().build()
    yield "nothing said", CaseBuilder("nothing").build()
    yield "every check-in status", _every_status()
    yield "remarks", _remarked()


def _every_status() -> Case:
    case = with_measures().build()
    first = case.check_ins[0]
    ends = (CheckInStatus.MISSED, CheckInStatus.CANCELLED, CheckInStatus.CLAIMED, CheckInStatus.ASKED)
    more: list[CheckIn] = [
        dataclasses.replace(first, id=f"more-{status.value}", status=status, ended_at=None) for status in ends
    ]
    return dataclasses.replace(case, check_ins=(*case.check_ins, *more))


def _remarked() -> Case:
    case = planned(patients.on_a_blood_thinner()).reviewed("call_in", 2).build()
    at = case.episode.updated_at
    remarks = tuple(
        Remark(f"r{n}", case.episode.id, "c2", "dr.weiss", kind, f"{kind} text", at, seq, None)
        for n, (kind, seq) in enumerate((("question", 9), ("note", None), ("message", 11)))
    )
    return dataclasses.replace(case, remarks=remarks)
