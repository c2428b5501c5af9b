"""Check-ins are planned once, claimed by one worker, and move on only for whoever holds the claim."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from bot.store import CheckIn, CheckInStatus, Database, LeaseLost, NaiveDatetime, Store
from tests.store.clinic import MONDAY_MORNING, Clinic, Patient, everything_in

LEASE = timedelta(minutes=2)


def with_check_ins(clinic: Clinic, *kinds: str, timezone: str | None = None) -> Patient:
    """A patient whose check-ins are due now, one second after the other."""
    patient = clinic.new_patient(timezone=timezone)
    with patient.turn() as turn:
        turn.open_episode("planned")
        turn.plan_check_ins(
            (kind, clinic.clock.now + timedelta(seconds=n)) for n, kind in enumerate(kinds or ("day_3",))
        )
    clinic.clock.move(minutes=1)
    return patient


def claim(store: Store, worker: str = "one", limit: int = 100) -> list[CheckIn]:
    return store.claim_check_ins(worker, limit, LEASE)


def statuses(patient: Patient) -> dict[str, CheckInStatus]:
    return {check_in.kind: check_in.status for check_in in patient.case().check_ins}


def test_a_check_in_knows_the_patients_clock(clinic: Clinic) -> None:
    patient = clinic.new_patient(timezone="Pacific/Auckland")
    due = datetime(2026, 11, 26, 20, 0, tzinfo=timezone.utc)
    with patient.turn() as turn:
        turn.open_episode("planned")
        turn.plan_check_ins([("day_3", due)])
    (check_in,) = patient.case().check_ins
    assert (check_in.kind, check_in.due_at, check_in.status) == ("day_3", due, CheckInStatus.PLANNED)
    assert (check_in.wall_time, check_in.zone) == ("2026-11-27T09:00:00", "Pacific/Auckland")
    assert (check_in.attempts, check_in.fence, check_in.lease_until) == (0, 0, None)


def test_without_a_zone_the_clock_is_utc(clinic: Clinic) -> None:
    (check_in,) = with_check_ins(clinic).case().check_ins
    assert (check_in.wall_time, check_in.zone) == ("2026-11-23T09:00:00", "UTC")


def test_a_due_time_without_a_zone_is_refused(clinic: Clinic) -> None:
    turn = clinic.patient_in("planned").look()
    with pytest.raises(NaiveDatetime):
        turn.plan_check_ins([("day_3", datetime(2026, 11, 26, 9, 0))])  # noqa: DTZ001


def test_what_is_planned_is_not_planned_twice(clinic: Clinic) -> None:
    patient = with_check_ins(clinic, "day_3")
    with patient.turn() as turn:
        later = clinic.clock.now + timedelta(days=1)
        turn.plan_check_ins([("day_3", later), ("week_1", later), ("week_1", later + timedelta(days=1))])
    assert [(check_in.kind, check_in.due_at) for check_in in patient.case().check_ins] == [
        ("day_3", MONDAY_MORNING),
        ("week_1", later),
    ]


def test_only_what_is_due_is_claimed_longest_due_first(clinic: Clinic, store: Store) -> None:
    patient = with_check_ins(clinic, "first", "second", "third")
    with patient.turn() as turn:
        turn.plan_check_ins([("tomorrow", clinic.clock.now + timedelta(days=1))])
    assert [check_in.kind for check_in in claim(store, limit=2)] == ["first", "second"]
    (third,) = claim(store)
    assert (third.kind, third.status, third.attempts, third.fence) == ("third", CheckInStatus.CLAIMED, 1, 1)
    assert third.lease_until == clinic.clock.now + LEASE
    assert claim(store) == []
    clinic.clock.move(days=1)
    assert "tomorrow" in {check_in.kind for check_in in claim(store)}


def test_eight_threads_claim_each_check_in_once(clinic: Clinic, store: Store) -> None:
    kinds = [f"kind_{number}" for number in range(60)]
    with_check_ins(clinic, *kinds)

    def work(worker: int) -> list[str]:
        claimed: list[str] = []
        while batch := claim(store, f"worker {worker}", limit=3):
            claimed.extend(check_in.kind for check_in in batch)
        return claimed

    with ThreadPoolExecutor(8) as pool:
        claimed = [kind for kinds in pool.map(work, range(8)) for kind in kinds]
    # A worker that found every row locked has stopped early; what it left is still there to be claimed.
    claimed.extend(work(9))
    assert sorted(claimed) == sorted(kinds)


def test_a_claim_that_ran_out_may_be_taken_with_a_higher_fence(clinic: Clinic, store: Store) -> None:
    with_check_ins(clinic)
    (lost,) = claim(store, "one")
    clinic.clock.move(seconds=119)
    assert claim(store, "two") == []
    clinic.clock.move(seconds=1)
    (taken,) = claim(store, "two")
    assert (taken.id, taken.fence, taken.attempts) == (lost.id, 2, 2)


def test_who_lost_the_claim_changes_nothing_any_more(
    clinic: Clinic, store: Store, database: Database
) -> None:
    patient = with_check_ins(clinic)
    (lost,) = claim(store, "one")
    clinic.clock.move(minutes=3)
    claim(store, "two")
    before = everything_in(database)
    turn = patient.look()
    turn.ask_check_in(lost)
    turn.say("How is your back?")
    with pytest.raises(LeaseLost):
        store.commit_turn(turn)
    assert not store.release_check_in(lost)
    assert not store.miss_check_in(lost)
    assert everything_in(database) == before


def test_a_late_worker_may_still_ask_while_nobody_else_has_claimed(clinic: Clinic, store: Store) -> None:
    patient = with_check_ins(clinic)
    (claimed,) = claim(store)
    clinic.clock.move(hours=1)
    with patient.turn() as turn:
        turn.ask_check_in(claimed)
    assert statuses(patient) == {"day_3": CheckInStatus.ASKED}


def test_a_check_in_is_asked_and_answered(clinic: Clinic, store: Store) -> None:
    patient = with_check_ins(clinic)
    (claimed,) = claim(store)
    with patient.turn() as turn:
        turn.ask_check_in(claimed)
        assert turn.check_in is not None
        turn.say("How is your back?", kind="question", asks="nprs_now")
    asked_at = clinic.clock.now
    clinic.clock.move(minutes=5)
    with patient.turn(patient.say("4")) as turn:
        assert turn.check_in is not None
        assert (turn.check_in.id, turn.check_in.status) == (claimed.id, CheckInStatus.ASKED)
        assert turn.check_in.asked_at == asked_at
        turn.answer_check_in()
        assert turn.check_in is None
    assert statuses(patient) == {"day_3": CheckInStatus.ANSWERED}
    assert patient.look().check_in is None
    clinic.clock.move(days=1)
    assert claim(store) == []


def test_a_check_in_is_not_asked_twice(clinic: Clinic, store: Store) -> None:
    patient = with_check_ins(clinic)
    (claimed,) = claim(store)
    with patient.turn() as turn:
        turn.ask_check_in(claimed)
    again = patient.look()
    again.ask_check_in(claimed)
    with pytest.raises(LeaseLost):
        store.commit_turn(again)


def test_a_released_check_in_is_there_for_the_next(clinic: Clinic, store: Store) -> None:
    with_check_ins(clinic)
    (claimed,) = claim(store, "one")
    assert store.release_check_in(claimed)
    assert not store.release_check_in(claimed)
    (again,) = claim(store, "two")
    assert (again.id, again.fence) == (claimed.id, 2)


def test_what_nobody_answers_is_found_and_missed(clinic: Clinic, store: Store) -> None:
    patient = with_check_ins(clinic, "day_3", "week_1")
    for check_in in claim(store):
        with patient.turn() as turn:
            turn.ask_check_in(check_in)
        clinic.clock.move(hours=1)
    two_hours_ago, an_hour_ago = (clinic.clock.now - timedelta(hours=hours) for hours in (2, 1))
    assert store.unanswered_check_ins(two_hours_ago) == []
    assert [check_in.kind for check_in in store.unanswered_check_ins(an_hour_ago)] == ["day_3"]
    open_ones = store.unanswered_check_ins(clinic.clock.now)
    assert [check_in.kind for check_in in open_ones] == ["day_3", "week_1"]
    assert store.miss_check_in(open_ones[0])
    assert not store.miss_check_in(open_ones[0])
    assert statuses(patient) == {"day_3": CheckInStatus.MISSED, "week_1": CheckInStatus.ASKED}


def test_a_claimed_check_in_may_be_missed_without_asking(clinic: Clinic, store: Store) -> None:
    patient = with_check_ins(clinic)
    (claimed,) = claim(store)
    assert store.miss_check_in(claimed)
    assert statuses(patient) == {"day_3": CheckInStatus.MISSED}


def test_an_answer_that_crosses_the_giving_up_counts(clinic: Clinic, store: Store) -> None:
    patient = with_check_ins(clinic)
    (claimed,) = claim(store)
    with patient.turn() as turn:
        turn.ask_check_in(claimed)
    with patient.turn(patient.say("fine")) as turn:
        assert store.miss_check_in(claimed)
        turn.answer_check_in()
    assert statuses(patient) == {"day_3": CheckInStatus.ANSWERED}


def test_cancelling_ends_all_that_is_not_over(clinic: Clinic, store: Store) -> None:
    patient = with_check_ins(clinic, "answered", "asked", "claimed", "planned")
    answered, asked, claimed, _ = claim(store)
    for check_in in (answered, asked):
        with patient.turn() as turn:
            turn.ask_check_in(check_in)
            if check_in is answered:
                turn.answer_check_in()
    with patient.turn() as turn:
        turn.plan_check_ins([("later", clinic.clock.now)])
        turn.cancel_check_ins()
        assert turn.check_in is None
    assert statuses(patient) == {
        "answered": CheckInStatus.ANSWERED,
        "asked": CheckInStatus.CANCELLED,
        "claimed": CheckInStatus.CANCELLED,
        "planned": CheckInStatus.CANCELLED,
    }
    turn = patient.look()
    turn.ask_check_in(claimed)
    with pytest.raises(LeaseLost):
        store.commit_turn(turn)
    clinic.clock.move(days=1)
    assert claim(store) == []


def test_what_was_cancelled_can_be_planned_anew(clinic: Clinic) -> None:
    patient = with_check_ins(clinic)
    for _ in range(2):
        with patient.turn() as turn:
            turn.cancel_check_ins()
            turn.plan_check_ins([("day_3", clinic.clock.now)])
    assert Counter(check_in.status for check_in in patient.case().check_ins) == {
        CheckInStatus.CANCELLED: 2,
        CheckInStatus.PLANNED: 1,
    }


def test_cancelling_in_one_episode_leaves_every_other(clinic: Clinic) -> None:
    patient, stranger = with_check_ins(clinic), with_check_ins(clinic)
    with patient.turn() as turn:
        turn.cancel_check_ins()
    assert statuses(stranger) == {"day_3": CheckInStatus.PLANNED}
