"""E-mail addresses kept apart, and reminders that are queued once, claimed once, and dropped when not needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import CheckIn, Database, EmailJob, EmailKind, Store, Told
from bot.store.addresses import ADDRESS, NO_ADDRESS, checked, without_address
from bot.store.email_turns import forget_address, is_waiting_for_code, remind_by_email, send_code, take_code
from tests.store.clinic import Clinic, Clock, Patient, everything_in

WAIT, LEASE = timedelta(minutes=15), timedelta(minutes=2)
MARY = "mary@example.org"


def ask(patient: Patient, field: str = "email_address") -> None:
    with patient.turn() as turn:
        turn.say("May I?", kind="question", asks=field, input="choice")


def with_address(clinic: Clinic, address: str = MARY) -> Patient:
    """A patient with a check-in to come, who gave an address and typed the code that went there."""
    patient = clinic.patient_in("planned")
    ask(patient)
    with patient.turn(patient.say(address)) as turn:
        send_code(turn, "123456")
    [job] = clinic.store.claim_emails("code", 10, LEASE, WAIT)
    assert clinic.store.email_sent(job)
    ask(patient, "email_code")
    with patient.turn(patient.say("123456")) as turn:
        assert take_code(turn, "123456", "1")
        turn.plan_check_ins([("day_3", clinic.clock.now)])
    return patient


def asked(clinic: Clinic, patient: Patient) -> CheckIn:
    """The check-in is asked, and its first e-mail queued, in one turn."""
    [claimed] = clinic.store.claim_check_ins("server", 10, LEASE)
    with patient.turn() as turn:
        turn.ask_check_in(claimed, look_at=clinic.clock.now + timedelta(days=1))
        turn.say("Hello, it is time.")
        remind_by_email(turn, claimed, 0)
    return claimed


def claimed(store: Store) -> list[EmailJob]:
    return store.claim_emails("a", 10, LEASE, WAIT)


def outcomes(database: Database) -> list[tuple[str, str | None]]:
    from bot.store.tables import emails

    columns = [column.name for column in emails.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in everything_in(database)["emails"]]
    return [
        (row["status"], row["outcome"])
        for row in sorted(rows, key=lambda row: row["seq"])
        if row["kind"] != "code"
    ]


@pytest.mark.parametrize(
    ("typed", "kept", "address"),
    [
        ("mary@example.org", ADDRESS, "mary@example.org"),
        (
            "its Mary.O'Hara+back@Mail.Example.ORG, thanks",
            f"its {ADDRESS} thanks",
            "Mary.O'Hara+back@mail.example.org",
        ),
        ("<mary@example.org>", ADDRESS, "mary@example.org"),
        ("mary @ example.org", ADDRESS, "mary@example.org"),
        ("mary＠example.org", ADDRESS, "mary@example.org"),
        ("mary@bücher.example", ADDRESS, "mary@xn--bcher-kva.example"),
        ("mary@example", NO_ADDRESS, None),
        ("@mary", NO_ADDRESS, None),
        ("mary@.org", NO_ADDRESS, None),
        ("mary..o@example.org", NO_ADDRESS, None),
        ("mary@[127.0.0.1]", NO_ADDRESS, None),
        ("mary@127.0.0.1", NO_ADDRESS, None),
        (f"{'m' * 65}@example.org", NO_ADDRESS, None),
        (f"mary@{'example.' * 40}org", NO_ADDRESS, None),
        ("mary@example.org or bob@example.org", f"{NO_ADDRESS} or {NO_ADDRESS}", None),
        ("mary@example.org\nBcc: bob@example.org", f"{NO_ADDRESS} Bcc: {NO_ADDRESS}", None),
    ],
)
def test_an_address_is_taken_out_of_what_was_typed(typed: str, kept: str, address: str | None) -> None:
    found = without_address(typed)
    assert found is not None
    assert (found.text, found.address) == (kept, address)


@given(st.text(max_size=60))
def test_nothing_that_breaks_a_header_passes_for_an_address(typed: str) -> None:
    address = checked(typed)
    if address is not None:
        assert address.isascii()
        assert not any(each.isspace() or each in '<>,;:"\\()' for each in address)


def test_an_address_stands_in_no_message_and_only_where_it_was_asked_for(
    clinic: Clinic, database: Database
) -> None:
    patient = clinic.patient_in("planned")
    ask(patient)
    said = patient.say(f"sure, {MARY}")
    assert said.text == f"sure, {ADDRESS}"
    found = clinic.store.reminder_address(patient.conversation.id)
    assert found is not None
    assert found.address == MARY
    assert MARY not in repr(found)
    holding = [table for table, rows in everything_in(database).items() if MARY in repr(rows)]
    assert holding == ["email_addresses"]


def test_an_at_sign_elsewhere_is_a_message_like_any_other(clinic: Clinic) -> None:
    patient = clinic.patient_in("intake")
    ask(patient, "pain_avg")
    assert patient.say("7 @ night").text == "7 @ night"
    assert clinic.store.reminder_address(patient.conversation.id) is None


def test_the_same_message_sent_again_is_taken_once(clinic: Clinic) -> None:
    patient, store = clinic.patient_in("planned"), clinic.store
    ask(patient)
    first = store.accept(patient.conversation.id, "one", MARY)
    with patient.turn(store.next_inbound(patient.conversation.id)) as turn:
        send_code(turn, "123456")
        turn.say("A code.", kind="question", asks="email_code")
    again = store.accept(patient.conversation.id, "one", MARY)
    assert (again.seq, again.duplicate) == (first.seq, True)
    assert is_waiting_for_code(patient.look())


def test_before_the_code_was_typed_nothing_but_the_code_is_sent(clinic: Clinic, database: Database) -> None:
    patient = clinic.patient_in("planned")
    ask(patient)
    with patient.turn(patient.say(MARY)) as turn:
        send_code(turn, "123456")
        turn.consent("email_reminders", granted=True, version="1")
        turn.plan_check_ins([("day_3", clinic.clock.now)])
    asked(clinic, patient)
    clinic.store.tell(patient.conversation.id, [Told("Your plan was checked.", "reviewed")])
    clinic.clock.move(minutes=16)
    [job] = claimed(clinic.store)
    assert (job.kind, job.code, job.address) == (EmailKind.CODE, "123456", MARY)
    assert "123456" not in repr(job)
    assert MARY not in repr(job)


def test_a_code_is_taken_once_within_half_an_hour_and_five_tries(clinic: Clinic, clock: Clock) -> None:
    patient = clinic.patient_in("planned")
    ask(patient)
    with patient.turn(patient.say(MARY)) as turn:
        send_code(turn, "123456")
    for _ in range(5):
        with patient.turn() as turn:
            assert not take_code(turn, "654321", "1")
    with patient.turn() as turn:
        assert not take_code(turn, "123456", "1")
        send_code(turn, "222222")
    clock.move(minutes=31)
    with patient.turn() as turn:
        assert not take_code(turn, "222222", "1")
        send_code(turn, "333333")
        assert turn.consents.get("email_reminders") is None
    with patient.turn() as turn:
        assert take_code(turn, "333333", "1")
        assert turn.consents["email_reminders"]
        assert not take_code(turn, "333333", "1")
    assert patient.look().email.works  # type: ignore[union-attr]


def test_a_reminder_is_due_a_quarter_of_an_hour_after_the_check_in_and_sent_once(
    clinic: Clinic, clock: Clock, database: Database
) -> None:
    patient = with_address(clinic)
    asked(clinic, patient)
    clock.move(minutes=14)
    assert claimed(clinic.store) == []
    clock.move(minutes=1)
    [job] = claimed(clinic.store)
    assert (job.kind, job.address, job.code) == (EmailKind.CHECK_IN, MARY, None)
    assert claimed(clinic.store) == []
    assert clinic.store.email_sent(job)
    clock.move(hours=1)
    assert claimed(clinic.store) == []
    assert outcomes(database) == [("sent", "sent")]


def test_of_many_workers_one_gets_each_e_mail(clinic: Clinic, clock: Clock) -> None:
    for number in range(6):
        asked(clinic, with_address(clinic, f"p{number}@example.org"))
    clock.move(minutes=15)

    def work(number: int) -> list[str]:
        return [job.address for job in clinic.store.claim_emails(str(number), 2, LEASE, WAIT)]

    with ThreadPoolExecutor(6) as pool:
        found = [address for some in pool.map(work, range(12)) for address in some]
    assert sorted(found) == [f"p{number}@example.org" for number in range(6)]


def test_a_worker_that_died_loses_its_claim_to_another_and_its_word_counts_no_more(
    clinic: Clinic, clock: Clock
) -> None:
    asked(clinic, with_address(clinic))
    clock.move(minutes=15)
    [first] = clinic.store.claim_emails("dead", 1, LEASE, WAIT)
    clock.move(minutes=2)
    [second] = clinic.store.claim_emails("alive", 1, LEASE, WAIT)
    assert second.id == first.id
    assert not clinic.store.email_failed(first, "550", address_fails=True)
    assert clinic.store.email_sent(second)


def test_what_is_not_called_for_any_more_is_dropped_with_the_reason(
    clinic: Clinic, clock: Clock, database: Database
) -> None:
    def reason(patient: Patient) -> str | None:
        clock.move(minutes=15)
        assert claimed(clinic.store) == []
        return outcomes(database)[-1][1]

    patient = with_address(clinic)
    asked(clinic, patient)
    with patient.turn() as turn:
        turn.answer_check_in()
    assert reason(patient) == "check_in_over"
    clinic.store.erase_patient(patient.id)

    patient = with_address(clinic)
    asked(clinic, patient)
    patient.say("I am here")
    assert reason(patient) == "patient_wrote"
    clinic.store.erase_patient(patient.id)

    patient = with_address(clinic)
    asked(clinic, patient)
    with patient.turn() as turn:
        turn.consent("email_reminders", granted=False, version="1")
    assert reason(patient) == "no_consent"
    clinic.store.erase_patient(patient.id)

    patient = with_address(clinic)
    asked(clinic, patient)
    with patient.turn() as turn:
        forget_address(turn, "1")
    assert reason(patient) == "no_address"
    clinic.store.erase_patient(patient.id)

    patient = with_address(clinic)
    asked(clinic, patient)
    token = clinic.store.issue_move_token(patient.conversation.id)
    clinic.store.move_conversation(token, "telegram", "4711", "Here.", "moved")
    assert reason(patient) == "not_on_the_web"
    clinic.store.erase_patient(patient.id)

    patient = with_address(clinic)
    asked(clinic, patient)
    clock.move(hours=25)
    assert reason(patient) == "too_late"


def test_what_an_open_page_showed_needs_no_mail_but_a_later_reminder_does(
    clinic: Clinic, clock: Clock, database: Database
) -> None:
    patient = with_address(clinic)
    check_in = asked(clinic, patient)
    newest = clinic.store.messages_after(patient.conversation.id, 0)[-1].seq
    clinic.store.note_shown(patient.conversation.id, newest - 1)
    assert outcomes(database) == [("queued", None)]
    clinic.store.note_shown(patient.conversation.id, newest)
    assert outcomes(database) == [("dropped", "shown")]
    clock.move(days=1)
    with patient.turn() as turn:
        turn.say("It still waits.")
        remind_by_email(turn, check_in, 1)
        remind_by_email(turn, check_in, 1)
    clinic.store.note_shown(patient.conversation.id, newest + 1)
    clock.move(minutes=15)
    assert [job.kind for job in claimed(clinic.store)] == [EmailKind.CHECK_IN]


def test_a_message_of_the_clinic_is_announced_once_until_it_was_sent(clinic: Clinic, clock: Clock) -> None:
    patient = with_address(clinic)
    for text in ("Your plan was checked.", "And a question."):
        clinic.store.tell(patient.conversation.id, [Told(text, "told")])
    clock.move(minutes=15)
    [job] = claimed(clinic.store)
    assert job.kind is EmailKind.ANSWER
    clinic.store.email_sent(job)
    clinic.store.tell(patient.conversation.id, [Told("One more.", "told")])
    clock.move(minutes=15)
    assert len(claimed(clinic.store)) == 1


def test_a_refused_address_gets_nothing_more_until_it_is_given_anew(clinic: Clinic, clock: Clock) -> None:
    patient = with_address(clinic)
    asked(clinic, patient)
    clock.move(minutes=15)
    [job] = claimed(clinic.store)
    assert clinic.store.email_failed(job, "550", address_fails=True)
    clinic.store.tell(patient.conversation.id, [Told("Hello.", "told")])
    clock.move(minutes=15)
    assert claimed(clinic.store) == []
    email = patient.look().email
    assert email is not None
    assert not email.works


def test_what_could_not_be_sent_is_tried_again_at_its_time(clinic: Clinic, clock: Clock) -> None:
    asked(clinic, with_address(clinic))
    clock.move(minutes=15)
    [job] = claimed(clinic.store)
    assert clinic.store.email_later(job, clock.now + timedelta(minutes=5), "451")
    clock.move(minutes=4)
    assert claimed(clinic.store) == []
    clock.move(minutes=1)
    [again] = claimed(clinic.store)
    assert (again.id, again.attempts) == (job.id, 2)


def test_the_link_in_a_mail_takes_the_permission_back_and_forgets_the_address(
    clinic: Clinic, clock: Clock, database: Database
) -> None:
    patient = with_address(clinic)
    asked(clinic, patient)
    clock.move(minutes=15)
    [job] = claimed(clinic.store)
    assert clinic.store.knows_stop_token(job.stop_token)
    assert clinic.store.stop_emails(job.stop_token)
    assert not clinic.store.stop_emails(job.stop_token)
    assert not clinic.store.stop_emails("")
    look = patient.look()
    assert (look.email, look.consents["email_reminders"]) == (None, False)
    assert MARY not in repr(everything_in(database))


def test_a_code_typed_as_a_new_address_arrives_confirms_only_what_it_was_sent_to(clinic: Clinic) -> None:
    patient = clinic.patient_in("planned")
    ask(patient)
    with patient.turn(patient.say(MARY)) as turn:
        send_code(turn, "123456")
    ask(patient, "email_code")
    turn = patient.look()
    clinic.clock.move(seconds=1)
    clinic.store.accept(patient.conversation.id, "late", "bob@example.org")
    assert take_code(turn, "123456", "1")
    clinic.store.commit_turn(turn)
    email = patient.look().email
    assert email is not None
    assert (email.address, email.works) == ("bob@example.org", False)


def test_an_erased_patient_has_no_address_and_no_mail(clinic: Clinic, database: Database) -> None:
    patient = with_address(clinic)
    asked(clinic, patient)
    assert clinic.store.erase_patient(patient.id)
    rows = everything_in(database)
    assert (rows["email_addresses"], rows["emails"]) == ([], [])
