"""Who waits, by when somebody must act, and what the list shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from playwright.async_api import Page

from bot.review.queue import due, queue, state_of, view
from bot.store.records import EpisodeRow, Flag
from tests.channels.serving import serving
from tests.review import patients
from tests.review.browser import PASSWORD
from tests.review.desk import Desk, play
from tests.review.documents import Document
from tests.review.fakes import line_of
from tests.review.test_console_in_a_browser import page

__all__ = ["page"]

WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=timezone.utc)
FRIDAY = WEDNESDAY + timedelta(days=2)


def utc(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=timezone.utc)


def row(urgency: str | None, status: str = "planned", **more: object) -> EpisodeRow:
    values: dict[str, object] = {
        **{"episode": "e", "conversation": "c", "patient": "p", "channel": "web", "flags": ()},
        **{"status": status, "triage": urgency, "urgency": urgency, "timezone": "Europe/London"},
        **dict.fromkeys(("started_at", "updated_at", "waiting_since"), WEDNESDAY),
    }
    return EpisodeRow(**{**values, **more})  # type: ignore[arg-type]


def listed(
    rows: list[EpisodeRow], show: str = "all", urgency: str = "", seen: Mapping[str, datetime] | None = None
) -> list[str]:
    """The episodes on the page, two days after they began to wait."""
    return [*view([line_of(one) for one in rows], seen or {}, FRIDAY, show, urgency).episodes]


def flag(raised_at: datetime = FRIDAY) -> Flag:
    return Flag("f", "e", "FL_NO_REPLY", "routine_flag", "No reply.", None, "open", raised_at)


@pytest.mark.parametrize(
    ("urgency", "since", "zone", "by"),
    [
        ("emergency_now", WEDNESDAY, "Europe/London", WEDNESDAY),
        ("same_day", WEDNESDAY, "Europe/London", utc(2026, 11, 26, 0)),
        # The patient's day: at 14:00 UTC it is 6 in the morning in Los Angeles.
        ("same_day", WEDNESDAY, "America/Los_Angeles", utc(2026, 11, 26, 8)),
        ("same_day", WEDNESDAY, "No/Such_Zone", utc(2026, 11, 26, 0)),
        ("same_day", WEDNESDAY, None, utc(2026, 11, 26, 0)),
        # Three working days: Thursday, Friday, Monday; from a Friday on Monday, Tuesday, Wednesday.
        ("urgent_days", WEDNESDAY, "Europe/London", utc(2026, 12, 1, 0)),
        ("urgent_days", FRIDAY, "Europe/London", utc(2026, 12, 3, 0)),
    ],
)
def test_each_class_has_its_target(urgency: str, since: datetime, zone: str | None, by: datetime) -> None:
    assert due(row(urgency, waiting_since=since, timezone=zone)) == by


@pytest.mark.parametrize("urgency", ["routine_flag", "self_manage", None])
def test_the_normal_queue_has_no_hour(urgency: str | None) -> None:
    assert due(row(urgency)) is None
    (shown_row,) = queue([row(urgency)], {}, FRIDAY)
    assert shown_row.overdue == ""


def test_what_is_past_its_target_is_overdue_while_it_waits() -> None:
    rows = [row("same_day", "held"), row("same_day", "reviewed"), row("same_day", "intake")]
    late = queue(rows, {}, WEDNESDAY + timedelta(hours=12))
    assert [one.overdue for one in late] == ["2 hours", "", ""]
    assert [one.waits for one in late] == [True, False, False]
    on_time = queue(rows, {}, WEDNESDAY + timedelta(hours=10))
    assert [one.overdue for one in on_time] == ["", "", ""]


def test_those_who_wait_stand_before_those_who_do_not() -> None:
    rows = [row("emergency_now", "reviewed", episode="seen"), row("routine_flag", episode="waits")]
    assert listed(rows) == ["waits", "seen"]


def test_a_flag_raised_after_the_review_waits_from_its_own_moment() -> None:
    (one,) = queue([row("self_manage", "reviewed", open_flags=(flag(),))], {}, FRIDAY + timedelta(hours=1))
    assert one.waits
    assert (one.waiting, one.waiting_since) == ("1 hour", FRIDAY)


def test_a_reader_sees_what_is_new_changed_and_answered() -> None:
    later = WEDNESDAY + timedelta(hours=1)
    rows = [
        row(None, episode="unseen"),
        row(None, episode="changed", updated_at=later),
        row(None, episode="known"),
        row(None, episode="answered", answered_at=later),
    ]
    seen = dict.fromkeys(("changed", "known", "answered"), WEDNESDAY + timedelta(minutes=1))
    made = queue(rows, seen, FRIDAY)
    assert [one.mark for one in made] == ["new", "changed", "", "changed"]
    assert listed(rows, "new", seen=seen) == ["unseen", "changed", "answered"]
    assert listed(rows, "answered", seen=seen) == ["answered"]


def test_filters_narrow_by_what_waits_and_by_class() -> None:
    rows = [
        row("same_day", "held", episode="a"),
        row("same_day", "intake", episode="b"),
        row(None, "intake", episode="c"),
    ]
    assert listed(rows, "waiting") == ["a"]
    assert listed(rows, "overdue") == ["a"]
    assert listed(rows, "all", "same_day") == ["a", "b"]
    assert listed(rows, "all", "none") == ["c"]
    assert len(listed(rows, "no such filter")) == 3


def test_a_page_counts_everything_that_fits_and_past_the_last_page_comes_the_last() -> None:
    rows = [row("same_day", "held", episode=f"{n}") for n in range(5)] + [row(None, "intake")]
    second = view([line_of(one) for one in rows], {}, FRIDAY, number=2, rows_on_a_page=4)
    assert second.episodes == ("4", "e")
    assert (second.counts, second.overdue) == ({"same_day": 5, "none": 1}, 5)
    assert (second.total, second.total_of_all, second.number, second.pages) == (6, 6, 2, 2)
    assert view([line_of(one) for one in rows], {}, FRIDAY, number=99, rows_on_a_page=4) == second
    assert view([], {}, FRIDAY).pages == 1


@given(
    st.sampled_from(["emergency_now", "same_day", "urgent_days", "routine_flag", None]),
    st.sampled_from(["Europe/London", "America/Los_Angeles", "Asia/Kathmandu", "No/Such_Zone", None]),
    st.integers(0, 14 * 24 * 60),
    st.integers(-3, 3),
)
@example("same_day", "Europe/London", 10 * 60, 0)
def test_a_whole_list_is_overdue_exactly_where_each_case_is(
    urgency: str | None, zone: str | None, minutes: int, off: int
) -> None:
    now = WEDNESDAY + timedelta(minutes=minutes)
    one = row(urgency, "held", timezone=zone)
    by = due(one)
    for moment in (now, *([by + timedelta(seconds=off)] if by else ())):
        alone = bool(by and moment > by)
        assert view([line_of(one)], {}, moment).overdue == alone
        assert bool(queue([one], {}, moment)[0].overdue) == alone


def test_reasons_of_flags_are_shown_only_where_the_case_is_shown_whatever_was_agreed_to() -> None:
    danger = row("same_day", "held", open_flags=(flag(),), triage="same_day")
    calm = row("routine_flag", open_flags=(flag(),))
    reasons = [one.reasons[0].reason for one in queue([danger, calm], {}, FRIDAY)]
    assert reasons == ["No reply.", ""]


def test_the_state_changes_with_what_the_list_shows_and_not_with_the_minutes() -> None:
    waiting = [row("same_day", "held")]
    base = state_of(queue(waiting, {}, WEDNESDAY + timedelta(hours=1)))
    assert state_of(queue(waiting, {}, WEDNESDAY + timedelta(hours=2))) == base
    assert state_of(queue(waiting, {}, WEDNESDAY + timedelta(hours=12))) != base
    assert state_of(queue(waiting, {"e": FRIDAY}, WEDNESDAY + timedelta(hours=1))) != base


async def test_the_list_has_targets_filters_and_what_is_new(desk: Desk) -> None:
    play(desk.store, patients.cauda_equina())
    desk.clock.pass_(timedelta(minutes=90))
    answer = await desk.browser.open("/")
    first, second = (one.words for one in Document.of(answer.text).all("tr")[1:])
    assert "Overdue by 1 hour" in " ".join(first.split())
    assert "MRI within 4 hours" in first
    assert "new" in first
    assert "normal" in second
    await desk.open()
    await desk.post("tell", kind="question", text="Since when?")
    desk.clock.pass_(timedelta(minutes=5))
    await desk.says("since monday")
    answer = await desk.browser.open("/?show=answered")
    rows = Document.of(answer.text).all("tr")[1:]
    assert len(rows) == 1
    assert "answered" in rows[0].words
    assert "No case fits this filter." in (await desk.browser.open("/?urgency=urgent_days")).text
    odd = await desk.browser.open("/?show=%3Cscript%3E&urgency=x&page=0")
    assert len(Document.of(odd.text).all("tr")) == 3


async def test_the_state_of_the_list_is_for_those_who_signed_in_and_leaves_no_trace(desk: Desk) -> None:
    before = desk.audit()
    assert len((await desk.browser.http.get("/queue/state")).json()["state"]) == 32
    assert desk.audit() == before
    await desk.browser.open("/")
    await desk.browser.submit("/signout")
    assert (await desk.browser.http.get("/queue/state")).status_code == 401


async def test_only_the_list_may_run_a_script_and_only_from_a_file(desk: Desk) -> None:
    listed = (await desk.browser.http.get("/")).headers["content-security-policy"]
    assert "script-src 'self'; connect-src 'self'" in listed
    assert "unsafe" not in listed
    assert "script-src" not in (await desk.open()).headers["content-security-policy"]


async def test_a_clinician_walks_the_list_with_the_arrow_keys_and_sees_a_new_case_arrive(
    desk: Desk, page: Page
) -> None:
    app = desk.browser.http._transport.app  # type: ignore[attr-defined]
    async with serving(app) as url:
        await page.goto(f"{url}/signin")
        await page.get_by_label("Name").fill("dr.rossi")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Episodes by urgency").wait_for()
        await page.keyboard.press("ArrowDown")
        focused = "document.activeElement.id"
        assert await page.evaluate(focused) == f"case-{desk.episode}"
        _, _, urgent = play(desk.store, patients.cauda_equina())
        await page.evaluate("look()")
        await page.get_by_text("The list was updated.").wait_for()
        assert await page.evaluate(focused) == f"case-{desk.episode}"
        await page.keyboard.press("ArrowUp")
        assert await page.evaluate(focused) == f"case-{urgent}"
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Danger signs").wait_for()
