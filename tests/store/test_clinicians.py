"""Clinicians get in by a one-time token and a password, stay in by a session, and can be locked out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.store import ClinicianUnknown, Database, SetupTokenInvalid, Stage, Store
from tests.store.clinic import HASH, MONDAY_MORNING, Clinic, everything_in

HOUR = timedelta(hours=1)


def test_a_setup_token_makes_the_account_without_a_password(clinic: Clinic, store: Store) -> None:
    token = store.issue_setup_token("Dr Osei")
    waiting = store.setup_clinician(token)
    assert (waiting.name, waiting.password_hash, waiting.disabled) == ("Dr Osei", None, False)
    assert waiting.created_at == MONDAY_MORNING
    assert store.clinicians() == [waiting]


def test_looking_at_a_setup_token_does_not_use_it_up(store: Store) -> None:
    token = store.issue_setup_token("Dr Osei")
    assert store.setup_clinician(token) == store.setup_clinician(token)
    clinician = store.set_password(token, HASH)
    assert clinician.password_hash == HASH
    assert store.clinician("Dr Osei") == clinician


def test_a_setup_token_works_once(store: Store) -> None:
    token = store.issue_setup_token("Dr Osei")
    store.set_password(token, HASH)
    for attempt in (lambda: store.setup_clinician(token), lambda: store.set_password(token, "another")):
        with pytest.raises(SetupTokenInvalid):
            attempt()
    clinician = store.clinician("Dr Osei")
    assert clinician is not None
    assert clinician.password_hash == HASH


def test_threads_that_use_a_setup_token_at_once_set_one_password(store: Store) -> None:
    token = store.issue_setup_token("Dr Osei")

    def try_to_set(number: int) -> str | None:
        try:
            return store.set_password(token, f"hash {number}").password_hash
        except SetupTokenInvalid:
            return None

    with ThreadPoolExecutor(8) as pool:
        hashes = [each for each in pool.map(try_to_set, range(8)) if each is not None]
    clinician = store.clinician("Dr Osei")
    assert clinician is not None
    assert hashes == [clinician.password_hash]


def test_a_setup_token_lasts_as_long_as_it_was_issued_for(clinic: Clinic, store: Store) -> None:
    token = store.issue_setup_token("Dr Osei")
    clinic.clock.move(hours=23, minutes=59)
    store.setup_clinician(token)
    clinic.clock.move(minutes=1)
    for attempt in (lambda: store.setup_clinician(token), lambda: store.set_password(token, HASH)):
        with pytest.raises(SetupTokenInvalid):
            attempt()
    short = store.issue_setup_token("Dr Osei", valid=timedelta(minutes=5))
    clinic.clock.move(minutes=5)
    with pytest.raises(SetupTokenInvalid):
        store.setup_clinician(short)


def test_a_new_setup_token_replaces_the_one_before(store: Store) -> None:
    old, new = store.issue_setup_token("Dr Osei"), store.issue_setup_token("Dr Osei")
    with pytest.raises(SetupTokenInvalid):
        store.setup_clinician(old)
    assert store.setup_clinician(new).name == "Dr Osei"
    assert len(store.clinicians()) == 1


def test_threads_that_add_the_same_clinician_at_once_make_one_account(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.issue_setup_token("Dr Osei"), range(16)))
    assert [clinician.name for clinician in store.clinicians()] == ["Dr Osei"]


@pytest.mark.parametrize("token", ["", "nobody", "\x00", "\ud800", "x" * 10_000])
def test_a_token_that_was_not_issued_is_worth_nothing(store: Store, token: str) -> None:
    store.issue_setup_token("Dr Osei")
    with pytest.raises(SetupTokenInvalid):
        store.setup_clinician(token)
    assert store.clinician_for_session(token) is None


def test_a_nameless_clinician_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="name"):
        store.issue_setup_token("  ")
    assert store.clinicians() == []


def test_accounts_are_listed_by_name(clinic: Clinic, store: Store) -> None:
    for name in ("Zoë", "Anna", "Mira"):
        clinic.new_clinician(name)
    assert [clinician.name for clinician in store.clinicians()] == ["Anna", "Mira", "Zoë"]
    assert store.clinician("Nobody") is None


def test_a_session_stands_for_its_clinician_until_it_ends(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    token = store.open_clinician_session(doctor.id, HOUR)
    clinic.clock.move(minutes=59)
    assert store.clinician_for_session(token) == doctor
    clinic.clock.move(minutes=1)
    assert store.clinician_for_session(token) is None


def test_a_session_that_is_not_used_ends_and_one_in_use_goes_on(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    used, watched = (store.open_clinician_session(doctor.id, 12 * HOUR) for _ in range(2))
    half = HOUR / 2
    for _ in range(5):
        clinic.clock.move(minutes=29)
        assert store.clinician_session(used, half) is not None
        # A page that only looks whether the list has changed keeps nobody signed in.
        store.clinician_session(watched, half, in_use=False)
    assert store.clinician_session(watched, half) is None
    clinic.clock.move(minutes=30)
    assert store.clinician_session(used, half) is None


def test_a_session_in_use_ends_at_its_hour_all_the_same(clinic: Clinic, store: Store) -> None:
    token = store.open_clinician_session(clinic.new_clinician().id, 2 * HOUR)
    for _ in range(8):
        assert store.clinician_session(token, HOUR / 2) is not None
        clinic.clock.move(minutes=15)
    assert store.clinician_session(token, HOUR / 2) is None


def test_a_sign_in_that_is_half_done_opens_nothing(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    for stage in (Stage.CODE, Stage.ENROL):
        token = store.open_clinician_session(doctor.id, HOUR, stage)
        assert store.clinician_for_session(token) is None
        half_done = store.clinician_session(token)
        assert half_done is not None
        assert (half_done.clinician, half_done.stage) == (doctor, stage)


def test_the_next_stage_of_a_sign_in_ends_the_one_before(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    before = store.open_clinician_session(doctor.id, HOUR, Stage.CODE)
    after = store.open_clinician_session(doctor.id, HOUR, instead_of=before)
    assert store.clinician_session(before) is None
    assert store.clinician_for_session(after) == doctor


def test_signing_out_everywhere_leaves_other_accounts_alone(clinic: Clinic, store: Store) -> None:
    doctor, other = clinic.new_clinician("Dr Osei"), clinic.new_clinician("Dr Ito")
    mine = [store.open_clinician_session(doctor.id, HOUR) for _ in range(2)]
    theirs = store.open_clinician_session(other.id, HOUR)
    assert store.close_sessions_of(doctor.id) == 2
    assert [store.clinician_for_session(token) for token in mine] == [None, None]
    assert store.clinician_for_session(theirs) == other


def test_an_account_is_made_with_a_role_and_keeps_it(store: Store) -> None:
    store.set_password(store.issue_setup_token("Dr Osei", role="lead"), HASH)
    store.set_password(store.issue_setup_token("Dr Osei"), HASH)
    kept = store.clinician("Dr Osei")
    assert kept is not None
    assert kept.role == "lead"


def test_a_role_can_be_changed(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    assert doctor.role == "clinician"
    token = store.open_clinician_session(doctor.id, HOUR)
    assert store.set_role(doctor.name, "auditor")
    assert not store.set_role("Nobody", "lead")
    signed_in = store.clinician_for_session(token)
    assert signed_in is not None
    assert signed_in.role == "auditor"


def test_a_role_that_there_is_not_is_refused(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    with pytest.raises(ValueError, match="clinician, lead, auditor"):
        store.set_role(doctor.name, "god")
    with pytest.raises(ValueError, match="role"):
        store.issue_setup_token("Dr Ito", role="god")
    assert store.clinician("Dr Ito") is None


def test_an_auditor_cannot_act_on_a_case_even_past_the_console(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    store.set_role(doctor.name, "auditor")
    case = clinic.patient_in("held").case()
    with pytest.raises(ClinicianUnknown):
        store.add_review(case.episode.id, doctor.id, "call_in", None)
    with pytest.raises(ClinicianUnknown):
        store.add_remark(case.episode.id, doctor.id, "note", "text")


def test_signing_out_ends_one_session(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    here, there = (store.open_clinician_session(doctor.id, HOUR) for _ in range(2))
    store.close_clinician_session(here)
    store.close_clinician_session("unknown")
    assert store.clinician_for_session(here) is None
    assert store.clinician_for_session(there) == doctor


def test_a_new_password_signs_out_everywhere(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    session = store.open_clinician_session(doctor.id, HOUR)
    store.set_password(store.issue_setup_token(doctor.name), "new hash")
    assert store.clinician_for_session(session) is None


def test_sessions_that_ran_out_are_swept_away(clinic: Clinic, store: Store, database: Database) -> None:
    doctor = clinic.new_clinician()
    for _ in range(3):
        store.open_clinician_session(doctor.id, HOUR)
    clinic.clock.move(hours=2)
    store.open_clinician_session(doctor.id, HOUR)
    assert len(everything_in(database)["clinician_sessions"]) == 1


def test_a_disabled_clinician_is_out_at_once_and_stays_out(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    session = store.open_clinician_session(doctor.id, HOUR)
    link = store.issue_setup_token(doctor.name)
    assert store.disable_clinician(doctor.name)
    assert store.disable_clinician(doctor.name)
    assert store.clinician_for_session(session) is None
    with pytest.raises(SetupTokenInvalid):
        store.setup_clinician(link)
    with pytest.raises(ClinicianUnknown):
        store.open_clinician_session(doctor.id, HOUR)
    locked_out = store.clinician(doctor.name)
    assert locked_out is not None
    assert locked_out.disabled


def test_a_disabled_clinician_comes_back_by_a_new_setup_token(clinic: Clinic, store: Store) -> None:
    doctor = clinic.new_clinician()
    store.disable_clinician(doctor.name)
    token = store.issue_setup_token(doctor.name)
    assert store.setup_clinician(token).disabled
    assert not store.set_password(token, "new hash").disabled
    assert store.clinician_for_session(store.open_clinician_session(doctor.id, HOUR)) is not None


def test_an_unknown_clinician_cannot_be_disabled_or_signed_in(store: Store) -> None:
    assert not store.disable_clinician("Nobody")
    with pytest.raises(ClinicianUnknown):
        store.open_clinician_session("nobody", HOUR)


def test_tokens_are_kept_as_hashes_only(clinic: Clinic, store: Store, database: Database) -> None:
    doctor = clinic.new_clinician()
    tokens = [store.open_clinician_session(doctor.id, HOUR), store.issue_setup_token(doctor.name)]
    rows = repr(everything_in(database))
    assert all(len(token) >= 43 and token not in rows for token in tokens)
