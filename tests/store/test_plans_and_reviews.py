"""Plan versions supersede each other, and a clinician signs the one that was read, and no other."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store import (
    ClinicianUnknown,
    ConversationBusy,
    Database,
    EpisodeUnknown,
    PlanChanged,
    Review,
    Store,
)
from bot.store.tables import plan_options, plan_reasons, plans
from tests.store.clinic import TABLETS, WALKING, Clinic, Patient, everything_in, plan


def planned(clinic: Clinic, *assessments: dict[str, object]) -> Patient:
    """A patient with these versions of a plan, each from a turn of its own."""
    patient = clinic.patient_in("intake")
    for assessment in assessments or (plan(WALKING, TABLETS),):
        with patient.turn() as turn:
            turn.store_plan(assessment)
            turn.set_status("planned")
        clinic.clock.move(hours=1)
    return patient


def states(patient: Patient) -> list[tuple[int, str]]:
    return [(version.version, version.status) for version in patient.case().plans]


def test_a_plan_comes_back_exactly_as_the_core_gave_it(clinic: Clinic) -> None:
    assessment = plan(WALKING, TABLETS)
    patient = planned(clinic, assessment)
    (stored,) = patient.case().plans
    assert stored.assessment == assessment
    assert (stored.version, stored.status) == (1, "draft")
    assert list(stored.assessment["options"][0]) == list(WALKING)


def test_options_and_reasons_have_rows_of_their_own(clinic: Clinic, database: Database) -> None:
    planned(clinic)
    with database.reading() as connection:
        options = connection.execute(
            select(plan_options.c.option, plan_options.c.status, plan_options.c.family)
        ).all()
        reasons = connection.execute(
            select(plan_reasons.c.position, plan_reasons.c.n, plan_reasons.c.rule, plan_reasons.c.sources)
        ).all()
        rulebook = connection.execute(select(plans.c.rulebook)).scalar_one()
    assert [tuple(row) for row in options] == [
        ("PT_GRADED_WALK", "offered", "physical"),
        ("PM_NSAID_ORAL", "withheld", "pain"),
    ]
    assert [tuple(row) for row in reasons] == [
        (0, 0, "P1", ["NG59"]),
        (0, 1, "P2", ["NG59", "MEDREP"]),
        (1, 0, "N04", ["GGC-NSAID"]),
    ]
    assert rulebook == "2026-11-23"


def test_a_plan_without_options_is_a_plan(clinic: Clinic) -> None:
    assert states(planned(clinic, {"triage": "same_day"})) == [(1, "draft")]


def test_a_new_version_supersedes_every_one_before(clinic: Clinic) -> None:
    patient = planned(clinic, plan(WALKING), plan(TABLETS), plan())
    assert states(patient) == [(1, "superseded"), (2, "superseded"), (3, "draft")]
    latest = patient.look().latest_plan
    assert latest is not None
    assert latest.version == 3


def test_two_versions_in_one_turn_are_both_kept(clinic: Clinic) -> None:
    patient = planned(clinic)
    with patient.turn() as turn:
        assert turn.store_plan(plan(WALKING)) == 2
        assert turn.store_plan(plan(TABLETS)) == 3
    assert states(patient) == [(1, "superseded"), (2, "superseded"), (3, "draft")]


def test_accepting_signs_the_plan(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    episode = patient.case().episode
    review = store.add_review(episode.id, doctor.id, "accept", 1, "Fits well.")
    assert review == Review(
        id=review.id,
        episode_id=episode.id,
        plan_version=1,
        clinician_id=doctor.id,
        clinician="Dr Amara Osei",
        decision="accept",
        reason="Fits well.",
        at=clinic.clock.now,
    )
    case = patient.case()
    assert case.reviews == (review,)
    assert (case.episode.status, states(patient)) == ("reviewed", [(1, "reviewed")])
    assert store.episodes()[0].waiting_since == clinic.clock.now


@pytest.mark.parametrize("decision", ["amend", "reject"])
def test_a_plan_that_was_not_accepted_stays_a_draft_and_is_held_back(
    clinic: Clinic, store: Store, decision: str
) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    store.add_review(patient.case().episode.id, doctor.id, decision, 1, "Not with that heart.")
    assert (patient.case().episode.status, states(patient)) == ("held", [(1, "draft")])


def test_a_later_review_may_change_the_decision(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    episode = patient.case().episode.id
    for decision, status, state in (
        ("reject", "held", "draft"),
        ("accept", "reviewed", "reviewed"),
        ("amend", "held", "draft"),
    ):
        clinic.clock.move(minutes=1)
        store.add_review(episode, doctor.id, decision, 1)
        assert (patient.case().episode.status, states(patient)) == (status, [(1, state)])
    assert [review.decision for review in patient.case().reviews] == ["reject", "accept", "amend"]


def test_a_signed_plan_is_superseded_by_the_next_version(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    store.add_review(patient.case().episode.id, doctor.id, "accept", 1)
    with patient.turn() as turn:
        turn.store_plan(plan(TABLETS))
    assert states(patient) == [(1, "superseded"), (2, "draft")]


@pytest.mark.parametrize("version", [None, 1, 3])
def test_only_the_latest_version_can_be_reviewed(
    clinic: Clinic, store: Store, database: Database, version: int | None
) -> None:
    patient, doctor = planned(clinic, plan(WALKING), plan(TABLETS)), clinic.new_clinician()
    before = everything_in(database)
    with pytest.raises(PlanChanged):
        store.add_review(patient.case().episode.id, doctor.id, "accept", version)
    assert everything_in(database) == before


@pytest.mark.parametrize(
    ("status", "decision", "after"),
    [
        ("emergency", "accept", "reviewed"),
        ("held", "accept", "reviewed"),
        ("held", "reject", "held"),
        ("emergency", "amend", "emergency"),
        ("intake", "accept", "intake"),
        ("stopped", "accept", "stopped"),
        ("withdrawn", "accept", "withdrawn"),
    ],
)
def test_an_episode_without_a_plan_can_be_reviewed(
    clinic: Clinic, store: Store, status: str, decision: str, after: str
) -> None:
    patient, doctor = clinic.patient_in(status), clinic.new_clinician()
    store.add_review(patient.case().episode.id, doctor.id, decision, None)
    assert patient.case().episode.status == after
    assert patient.case().reviews[0].plan_version is None


def test_a_review_of_a_plan_that_never_was_is_refused(clinic: Clinic, store: Store) -> None:
    patient, doctor = clinic.patient_in("held"), clinic.new_clinician()
    with pytest.raises(PlanChanged):
        store.add_review(patient.case().episode.id, doctor.id, "accept", 1)


def test_a_turn_that_runs_while_a_review_is_stored_is_played_again(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    inbound = patient.say("and my foot is limp now")
    turn = store.begin_turn(patient.conversation.id, inbound)
    turn.set_status("emergency")
    store.add_review(patient.case().episode.id, doctor.id, "accept", 1)
    with pytest.raises(ConversationBusy):
        store.commit_turn(turn)
    assert patient.case().episode.status == "reviewed"
    with patient.turn(store.next_inbound(patient.conversation.id)) as again:
        again.set_status("emergency")
    assert patient.case().episode.status == "emergency"


def test_only_a_known_and_enabled_clinician_decides(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    store.disable_clinician(doctor.name)
    for clinician_id in (doctor.id, "nobody"):
        with pytest.raises(ClinicianUnknown):
            store.add_review(patient.case().episode.id, clinician_id, "accept", 1)
    assert patient.case().reviews == ()


def test_an_unknown_episode_or_decision_is_refused(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    with pytest.raises(EpisodeUnknown):
        store.add_review("nothing", doctor.id, "accept", 1)
    with pytest.raises(ValueError, match="accept, amend, reject"):
        store.add_review(patient.case().episode.id, doctor.id, "perhaps", 1)


def test_a_review_acknowledges_the_open_flags(clinic: Clinic, store: Store) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    stranger = clinic.patient_in("held")
    for each in (patient, stranger):
        with each.turn() as turn:
            turn.raise_flag("REQ_PERSON", "routine_flag", "Wants to talk.")
    store.add_review(patient.case().episode.id, doctor.id, "accept", 1)
    assert [flag.status for flag in patient.case().flags] == ["acknowledged"]
    assert [flag.status for flag in stranger.case().flags] == ["open"]


def test_a_review_of_what_was_on_the_screen_is_refused_when_the_patient_has_added_to_it(
    clinic: Clinic, store: Store, database: Database
) -> None:
    patient, doctor = planned(clinic), clinic.new_clinician()
    read = patient.case().episode
    with patient.turn(patient.say("and now I cannot feel my foot")) as turn:
        turn.set_status("emergency")
        turn.raise_flag("FL_RED_CES", "emergency_now", "Numb foot.")
    before = everything_in(database)
    with pytest.raises(PlanChanged):
        store.add_review(read.id, doctor.id, "accept", 1, as_of=read.updated_at)
    assert everything_in(database) == before
    store.add_review(read.id, doctor.id, "reject", 1, as_of=patient.case().episode.updated_at)
    assert patient.case().episode.status == "emergency"
