"""A page of the queue: order, filters, counts and lateness as plain Python has them, on each database."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from bot.store import QueuePage, Told
from tests.review.fakes import page_of
from tests.store.clinic import MONDAY_MORNING, Clinic, triaged

STATUSES = ("intake", "emergency", "held", "planned", "reviewed", "closed")
CLASSES = ("self_manage", "routine_flag", "urgent_days", "same_day", "emergency_now", None)
ZONES = ("Europe/London", "America/Los_Angeles", "Asia/Kolkata", None)
SHOWS = ("all", "waiting", "overdue", "answered", "new", "no such filter")


def late_before(urgency: str, zone: str | None) -> datetime | None:
    """Some class has no target, and each zone its own moment."""
    if urgency == "self_manage":
        return None
    return MONDAY_MORNING + timedelta(minutes=40 + 10 * ZONES.index(zone))


def busy(clinic: Clinic, seed: int) -> str:
    """Forty episodes of every kind, flags, questions, answers and looks; the id of the clinician who looked."""
    chance, reader = random.Random(seed), clinic.new_clinician().id
    for _ in range(40):
        clinic.clock.move(minutes=chance.choice((0, 1, 5)))
        patient, urgency = clinic.new_patient(timezone=chance.choice(ZONES)), chance.choice(CLASSES)
        with patient.turn() as turn:
            turn.open_episode(chance.choice(STATUSES))
            if urgency:
                turn.record_triage(triaged(urgency))
        episode = patient.case().episode.id
        clinic.clock.move(minutes=1)
        for severity in chance.sample([one for one in CLASSES if one], chance.choice((0, 0, 1, 2))):
            with patient.turn() as turn:
                turn.raise_flag("FL_ADVERSE", severity, "Sore.", rule=severity)
        if chance.random() < 0.3:
            told = [Told("How is it?", "clinician_question")]
            clinic.store.add_remark(episode, reader, "question", "How is it?", told)
        if chance.random() < 0.4:
            clinic.store.mark_seen(episode, reader)
        clinic.clock.move(minutes=1)
        if chance.random() < 0.5:
            with patient.turn(patient.say("worse")) as turn:
                turn.say("Thank you.")
                if chance.random() < 0.5:
                    turn.learn("pain_avg", 4, "4", "answer")
    return reader


@pytest.mark.parametrize("seed", range(2))
def test_every_page_of_every_filter_is_as_told_in_plain_python(clinic: Clinic, seed: int) -> None:
    reader = busy(clinic, seed)
    rows = clinic.store.episodes()
    seen = {
        row.episode: at for row in rows if (at := clinic.store.last_seen(row.episode, reader)) is not None
    }
    found: list[QueuePage] = []
    for show in SHOWS:
        for urgency in ("", "none", *(one for one in CLASSES if one)):
            for number in (1, 99):
                wanted = (late_before, show, urgency, number, 7)
                page = clinic.store.queue_page(reader, *wanted)
                assert page == page_of(rows, seen, *wanted), (show, urgency, number)
                found.append(page)
    # The filters did let something through, and keep something back.
    assert len({page.total for page in found}) > 6
    assert 0 < found[0].overdue < 40


def test_a_page_of_an_empty_queue_is_the_first(clinic: Clinic) -> None:
    page = clinic.store.queue_page(clinic.new_clinician().id, late_before, number=3)
    assert (page.rows, page.total, page.total_of_all, page.number, page.pages) == ((), 0, 0, 1, 1)
