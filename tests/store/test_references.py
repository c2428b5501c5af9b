"""A clinic's own reference: it comes with the invitation, or is linked later, and says whose cases are one person's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import EpisodeUnknown, MoveTokenInvalid, ReferenceInvalid
from tests.store.clinic import Clinic


def arrive(clinic: Clinic, token: str) -> str:
    """Open the waiting chat by its link and begin an episode; the episode."""
    conversation, _ = clinic.store.renew_token(token)
    turn = clinic.store.begin_turn(conversation.id, None)
    episode = turn.open_episode("intake")
    clinic.store.commit_turn(turn)
    return episode.id


def test_who_comes_by_an_invitation_arrives_under_the_clinics_own_reference(clinic: Clinic) -> None:
    invitation = clinic.store.invite("  MRN   0042/b ")
    assert invitation.reference == "MRN 0042/b"
    case = clinic.store.case(arrive(clinic, invitation.token))
    assert case.reference == "MRN 0042/b"
    assert case.conversation.id == invitation.conversation


def test_an_invitation_opens_one_chat_once_and_not_for_ever(clinic: Clinic) -> None:
    used, late = clinic.store.invite("A"), clinic.store.invite("B", timedelta(days=3))
    arrive(clinic, used.token)
    with pytest.raises(MoveTokenInvalid):
        clinic.store.renew_token(used.token)
    clinic.clock.move(days=3, minutes=1)
    with pytest.raises(MoveTokenInvalid):
        clinic.store.renew_token(late.token)


def test_an_invitation_works_in_telegram_too(clinic: Clinic) -> None:
    invitation = clinic.store.invite("A")
    assert len(invitation.token) <= 64
    moved = clinic.store.move_conversation(invitation.token, "telegram", "77", "Hello.", "moved")
    assert moved.id == invitation.conversation
    assert clinic.store.conversation_for_external("telegram", "77") == moved


def test_who_was_invited_and_has_not_come_is_no_case(clinic: Clinic) -> None:
    clinic.store.invite("A")
    assert clinic.store.episodes() == []


def test_a_case_is_linked_later_and_the_link_can_be_taken_away(clinic: Clinic) -> None:
    episode = clinic.patient_in("held", None).case().episode.id
    assert clinic.store.case(episode).reference is None
    clinic.store.link_reference(episode, "A 17")
    assert clinic.store.case(episode).reference == "A 17"
    clinic.store.link_reference(episode, None)
    assert clinic.store.case(episode).reference is None


def test_cases_of_one_reference_are_one_persons(clinic: Clinic) -> None:
    first, second, other = (clinic.patient_in("held", None).case().episode.id for _ in range(3))
    clinic.clock.move(hours=1)
    third = arrive(clinic, clinic.store.invite("A 17").token)
    assert clinic.store.cases_of_the_same_person(first) == ()
    for one in (first, second):
        clinic.store.link_reference(one, "A 17")
    clinic.store.link_reference(other, "A 18")
    assert clinic.store.cases_of_the_same_person(first) == (third, second)
    assert clinic.store.cases_of_the_same_person("nobody") == ()


@pytest.mark.parametrize("reference", ["", "  ", "x" * 65, "two\x00lines", "turned \u202e around"])
def test_what_is_no_reference_is_refused_without_being_repeated(clinic: Clinic, reference: str) -> None:
    episode = clinic.patient_in("held", None).case().episode.id
    for refused in (
        lambda: clinic.store.invite(reference),
        lambda: clinic.store.link_reference(episode, reference),
    ):
        with pytest.raises(ReferenceInvalid) as caught:
            refused()
        assert "1 to 64" in str(caught.value)
        assert reference.strip() == "" or reference not in str(caught.value)


def test_a_case_that_is_gone_cannot_be_linked(clinic: Clinic) -> None:
    with pytest.raises(EpisodeUnknown):
        clinic.store.link_reference("nothing", "A")


def test_erasure_takes_the_reference_and_the_waiting_chat(clinic: Clinic) -> None:
    invitation = clinic.store.invite("Unforgettable 1")
    patient = clinic.store.conversation(invitation.conversation).patient_id
    assert clinic.store.erase_patient(patient)
    with pytest.raises(MoveTokenInvalid):
        clinic.store.renew_token(invitation.token)


def test_an_invitation_waits_until_somebody_comes_and_is_still_named_when_its_time_is_over(
    clinic: Clinic,
) -> None:
    used = clinic.store.invite("Used")
    clinic.clock.move(hours=1)
    open_one = clinic.store.invite("Open", timedelta(days=3))
    arrive(clinic, used.token)
    clinic.patient_in("held", None)
    (waiting,) = clinic.store.waiting_invitations()
    assert (waiting.reference, waiting.conversation) == ("Open", open_one.conversation)
    assert waiting.expires_at - waiting.created_at == timedelta(days=3)
    assert "Open" not in repr(waiting)
    clinic.clock.move(days=4)
    assert clinic.store.waiting_invitations() == [waiting]


def test_a_chat_that_came_by_an_invitation_and_moves_on_is_no_invitation(clinic: Clinic) -> None:
    invitation = clinic.store.invite("A")
    conversation, _ = clinic.store.renew_token(invitation.token)
    clinic.store.issue_move_token(conversation.id)
    assert clinic.store.waiting_invitations() == []
    assert not clinic.store.withdraw_invitation(conversation.id)


def test_a_withdrawn_invitation_opens_nothing_and_leaves_no_reference(clinic: Clinic) -> None:
    kept, gone = clinic.store.invite("Kept"), clinic.store.invite("Gone")
    assert clinic.store.withdraw_invitation(gone.conversation)
    with pytest.raises(MoveTokenInvalid):
        clinic.store.renew_token(gone.token)
    assert [one.reference for one in clinic.store.waiting_invitations()] == ["Kept"]
    assert not clinic.store.withdraw_invitation(gone.conversation)
    arrive(clinic, kept.token)


@pytest.mark.parametrize("by", ["web", "telegram"])
def test_who_came_meanwhile_keeps_the_chat(clinic: Clinic, by: str) -> None:
    invitation = clinic.store.invite("A")
    if by == "web":
        clinic.store.renew_token(invitation.token)
    else:
        clinic.store.move_conversation(invitation.token, "telegram", "77", "Hello.", "moved")
    assert not clinic.store.withdraw_invitation(invitation.conversation)
    assert clinic.store.conversation(invitation.conversation).id == invitation.conversation


def test_a_chat_that_nobody_was_invited_to_cannot_be_withdrawn(clinic: Clinic) -> None:
    patient = clinic.patient_in("held", None)
    clinic.store.link_reference(patient.case().episode.id, "A 17")
    clinic.store.issue_move_token(patient.conversation.id)
    assert clinic.store.waiting_invitations() == []
    assert not clinic.store.withdraw_invitation(patient.conversation.id)
    assert not clinic.store.withdraw_invitation("nothing")


def test_rows_of_cases_come_in_the_order_asked_for(clinic: Clinic) -> None:
    first, second = (clinic.patient_in("held", None).case().episode.id for _ in range(2))
    rows = clinic.store.episode_rows((second, "gone", first))
    assert [row.episode for row in rows] == [second, first]
    assert clinic.store.episode_rows(()) == []
