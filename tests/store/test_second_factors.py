"""A second factor counts each of its codes once, and each recovery code once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.store import Database, Store
from tests.store.clinic import Clinic, everything_in


def test_an_account_has_no_second_factor_until_it_is_set(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    assert not doctor.has_second_factor
    assert store.second_factor(doctor.id) is None
    assert store.set_second_factor(doctor.id, "sealed", 100, ["one", "two"])
    kept = store.clinician(doctor.name)
    assert kept is not None
    assert kept.has_second_factor
    assert store.second_factor(doctor.id) == "sealed"
    assert store.recovery_codes_left(doctor.id) == 2


def test_a_second_factor_is_not_replaced_by_another(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    store.set_second_factor(doctor.id, "sealed", 100, ["one"])
    assert not store.set_second_factor(doctor.id, "another", 101, ["two", "three"])
    assert store.second_factor(doctor.id) == "sealed"
    assert store.recovery_codes_left(doctor.id) == 1


def test_a_code_works_once_and_none_before_it_works_later(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    store.set_second_factor(doctor.id, "sealed", 100, [])
    assert not store.use_second_factor(doctor.id, 100)
    assert store.use_second_factor(doctor.id, 102)
    assert not store.use_second_factor(doctor.id, 102)
    assert not store.use_second_factor(doctor.id, 101)
    assert not store.use_second_factor("nobody", 103)


def test_threads_that_use_one_code_at_once_get_in_once(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    store.set_second_factor(doctor.id, "sealed", 100, ["one"])
    with ThreadPoolExecutor(8) as pool:
        steps = list(pool.map(lambda _: store.use_second_factor(doctor.id, 101), range(8)))
        codes = list(pool.map(lambda _: store.use_recovery_code(doctor.id, "one"), range(8)))
    assert steps.count(True) == codes.count(True) == 1


def test_a_recovery_code_is_of_one_account_and_works_once(clinic: Clinic, store: Store) -> None:
    doctor, other = clinic.new_clinician("Dr Osei"), clinic.new_clinician("Dr Ito")
    store.set_second_factor(doctor.id, "sealed", 100, ["one", "two"])
    store.set_second_factor(other.id, "sealed", 100, ["three"])
    assert not store.use_recovery_code(other.id, "one")
    assert store.use_recovery_code(doctor.id, "one")
    assert not store.use_recovery_code(doctor.id, "one")
    assert store.recovery_codes_left(doctor.id) == 1


def test_new_recovery_codes_end_the_ones_before(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    store.set_second_factor(doctor.id, "sealed", 100, ["one"])
    store.set_recovery_codes(doctor.id, ["two"])
    assert not store.use_recovery_code(doctor.id, "one")
    assert store.use_recovery_code(doctor.id, "two")


def test_recovery_codes_are_kept_as_hashes_only(clinic: Clinic, store: Store, database: Database) -> None:
    doctor = clinic.new_clinician()
    store.set_second_factor(doctor.id, "sealed", 100, ["abcd-efgh-ijkl-mnop"])
    assert "abcd-efgh" not in repr(everything_in(database))


def test_a_reset_takes_the_second_factor_and_everything_else_that_opens_the_account(
    clinic: Clinic, store: Store
) -> None:
    doctor = clinic.new_clinician()
    store.set_second_factor(doctor.id, "sealed", 100, ["one"])
    assert store.reset_clinician(doctor.name)
    assert not store.reset_clinician("Nobody")
    bare = store.clinician(doctor.name)
    assert bare is not None
    assert (bare.password_hash, bare.has_second_factor, bare.disabled) == (None, False, False)
    assert store.recovery_codes_left(doctor.id) == 0
    assert store.set_second_factor(doctor.id, "fresh", 1, [])
