"""What a check-in does to a turn: its history from the stored facts, its outcome, or its being given up.

The dialogue, the runner and the simulation all end a check-in here, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clinical.assess import Assessment, assess_picture
from bot.clinical.check_in import CheckInNotes, is_by_patient, is_safety
from bot.clinical.facts import Facts
from bot.clinical.history import History, PastCheckIn
from bot.clinical.progress import Progress, progress
from bot.clinical.rulebook import Rulebook
from bot.clinical.schedule import PlannedCheckIn, local_due, schedule
from bot.clinical.triage import Finding, triage
from bot.clinical.urgency import Urgency
from bot.store.drafts import finding_as_json, jsonable
from bot.store.errors import NoEpisode
from bot.store.records import CheckIn, CheckInStatus, FactRecord, JsonObject
from bot.store.turn import Turn
from bot.store.zones import UTC, is_known_zone

CHECK_INS = "check_ins"  #: the purpose that a patient agrees to
SOURCE = "check_in"
LONG_TERM = "long_term"  #: the question whether one more contact is welcome after half a year

_NO_REPLY = "K11"
_FOLLOWED = frozenset({"planned", "reviewed"})  #: statuses of an episode in which regular check-ins come
#: what stays of the schedule once the goal is reached
_LAST = frozenset({"week_12", "week_26"})
_SHOWN = frozenset({"recommend", "consider", "clinician_only"})


@dataclass(frozen=True)
class OptionChange:
    """An option that came into the draft plan or left it, and why."""

    name: str
    came: bool
    why: str


@dataclass(frozen=True)
class CheckInOutcome:
    """What a concluded check-in led to. `next_due` is the next planned contact, if any."""

    progress: Progress
    assessment: Assessment
    changes: tuple[OptionChange, ...]
    new_version: int | None
    next_due: datetime | None


def zone_of(turn: Turn) -> ZoneInfo:
    """Where the patient is now; UTC when nobody knows."""
    name = turn.conversation.timezone
    return ZoneInfo(name if name is not None and is_known_zone(name) else UTC)


def notes_of(turn: Turn) -> CheckInNotes:
    """The notes of the open check-in."""
    return CheckInNotes.from_json(turn.check_in.notes if turn.check_in else {})


def check_in_day(turn: Turn) -> int:
    """Whole days from the first plan to the moment the open check-in was asked, or to now."""
    at = turn.check_in.asked_at if turn.check_in and turn.check_in.asked_at else turn.now
    return _day(at, turn)


def facts_of_check_in(turn: Turn) -> Facts:
    """Everything known, on the day of this check-in."""
    return turn.facts.with_("checkin_day", check_in_day(turn))


def history_of(turn: Turn, *, missed: int = 0) -> History:
    """What came before the open check-in, from what is stored."""
    episode = turn.episode
    if episode is None:
        raise NoEpisode("there is no episode to look back on")
    records = [one for one in turn.history if not one.retracted]
    planned_at = turn.first_planned_at or episode.started_at
    start = {one.field: one.value for one in records if one.at <= planned_at}
    answered = [one for one in turn.check_ins if one.status is CheckInStatus.ANSWERED and one.asked_at]
    return History(
        start=Facts.of(start),
        check_ins=tuple(_past(one, records, turn) for one in answered if not is_safety(one.kind)),
        missed=missed,
        urgency=Urgency(episode.triage) if episode.triage else Urgency.SELF_MANAGE,
        flags=frozenset(episode.flags),
        told=_told(records, turn),
        settled=_settled(turn),
    )


def conclude_check_in(turn: Turn, rulebook: Rulebook, profile: str) -> CheckInOutcome:
    """End the open check-in: the K rules, flags, a new draft where the plan changes, the contacts to come.

    Source: clinical.md §6.3.
    """
    kind = turn.check_in.kind if turn.check_in else ""
    notes, history = notes_of(turn), history_of(turn)
    facts = facts_of_check_in(turn)
    turn.learn("checkin_day", facts["checkin_day"], None, SOURCE)
    for name in ("nprs_now", "psfs_now", "gpe", "adherence_pct", "adverse_event"):
        if name not in notes.told and name not in turn.facts and name in notes.answered:
            turn.skip(name)
            facts = facts.skip(name)
    result = progress(facts, history, rulebook)
    assessment = assess_picture(result.facts, result.triage, rulebook, profile, on=turn.now.date())
    contacts = schedule(
        _as_begun(result.facts, history),
        assessment.triage,
        rulebook,
        long_term="yes" in notes.answered.get(LONG_TERM, ()),
    )
    new = _raise_new_flags(turn, assessment, rulebook)
    document = _document(assessment, result, notes, turn, kind)
    version, changes = _store_version(turn, assessment, result, document)
    turn.record_triage(assessment.triage)
    _set_status(turn, assessment, result, changed=version is not None)
    turn.answer_check_in()
    next_due = _plan_on(turn, contacts, result, new)
    return CheckInOutcome(result, assessment, changes, version, next_due)


def give_up(turn: Turn, check_in: CheckIn, rulebook: Rulebook) -> tuple[Finding, ...]:
    """Count an asked check-in as missed; what that raises (K11) goes to the clinician in the same turn."""
    turn.miss_check_in(check_in)
    if turn.first_planned_at is None and not is_safety(check_in.kind):
        return ()
    history = history_of(turn, missed=_missed_in_a_row(turn))
    findings = progress(facts_of_check_in(turn), history, rulebook).findings
    raised = tuple(one for one in findings if one.rule == _NO_REPLY)
    for finding in raised:
        for flag in finding.flags:
            turn.raise_flag(flag, finding.urgency, finding.clinician, rule=finding.rule)
    return raised


def opt_in(turn: Turn, rulebook: Rulebook, version: str) -> datetime | None:
    """Check-ins again, after the patient had stopped them; gives the next one, None when none is left.

    What was planned and fell due in the meantime stays over. Nothing is planned while no plan is shown.
    """
    turn.consent(CHECK_INS, granted=True, version=version)
    due = [(kind, at) for kind, at in timetable(turn, rulebook).items() if at > turn.now]
    turn.plan_check_ins(due)
    return min((at for _, at in due), default=None)


def timetable(turn: Turn, rulebook: Rulebook) -> dict[str, datetime]:
    """When each regular check-in of the episode is to be made, from its start; none while no plan is shown."""
    episode = turn.episode
    if episode is None or turn.first_planned_at is None or episode.status not in _FOLLOWED:
        return {}
    facts = _as_begun(facts_of_check_in(turn), history_of(turn))
    zone, start = zone_of(turn), turn.first_planned_at
    contacts = schedule(facts, triage(turn.facts, rulebook), rulebook)
    return {one.kind: local_due(start, one.offset, zone) for one in contacts if not one.safety}


def opt_out(turn: Turn, version: str) -> None:
    """No more check-ins; contacts after advice to get help stay, because somebody has to know."""
    turn.consent(CHECK_INS, granted=False, version=version)
    if turn.episode is None:
        return
    safety = [
        (one.kind, one.due_at)
        for one in turn.check_ins
        if is_safety(one.kind) and one.status in (CheckInStatus.PLANNED, CheckInStatus.CLAIMED)
    ]
    if turn.check_in is not None:
        turn.answer_check_in()
    turn.cancel_check_ins()
    turn.plan_check_ins(safety)


def _day(at: datetime, turn: Turn) -> int:
    episode = turn.episode
    start = turn.first_planned_at or (episode.started_at if episode else at)
    return max(0, (at - start) // timedelta(days=1))


def _past(check_in: CheckIn, records: Iterable[FactRecord], turn: Turn) -> PastCheckIn:
    asked, ended = check_in.asked_at or check_in.due_at, check_in.ended_at or turn.now
    answers = {one.field: one.value for one in records if asked <= one.at <= ended}
    return PastCheckIn(_day(asked, turn), Facts.of(answers))


def _told(records: Iterable[FactRecord], turn: Turn) -> Mapping[str, int]:
    """On which day each field was last told; what this check-in brought counts as told on its day."""
    asked = turn.check_in.asked_at if turn.check_in else None
    today = check_in_day(turn)
    return {
        one.field: today if asked is not None and one.at >= asked else min(_day(one.at, turn), today)
        for one in records
    }


def _settled(turn: Turn) -> Mapping[str, Mapping[str, object]]:
    """Findings that a clinician has seen and left the plan standing for, carried from version to version."""
    plan, episode = turn.latest_plan, turn.episode
    kept = plan.assessment.get("check_in", {}).get("settled", {}) if plan else {}
    if episode is None or episode.status != "reviewed":
        return dict(kept)
    return {**kept, **{one["rule"]: one["facts"] for one in turn.findings}}


def _raise_new_flags(turn: Turn, assessment: Assessment, rulebook: Rulebook) -> tuple[Finding, ...]:
    """Raise the flags of every finding that the last triage did not have; a finding of a K rule is always new."""
    before = {(one["rule"], one["urgency"]) for one in turn.findings}
    new = tuple(
        finding
        for finding in assessment.triage.findings
        if (finding.rule, finding.urgency.value) not in before or rulebook.progress.by_id(finding.rule)
    )
    for finding in new:
        for flag in finding.flags:
            turn.raise_flag(flag, finding.urgency, finding.clinician, rule=finding.rule)
    return new


def _document(
    assessment: Assessment, result: Progress, notes: CheckInNotes, turn: Turn, kind: str
) -> JsonObject:
    document: JsonObject = dict(assessment.as_json())
    document["check_in"] = jsonable(
        {
            "kind": kind,
            "day": result.facts.get("checkin_day"),
            "barriers": notes.answered.get("barriers", ()),
            "wish": notes.answered.get("wish", ()),
            "health_change": notes.answered.get("health_change", ()),
            "findings": [finding_as_json(one) for one in result.findings],
            "trends": [
                {
                    "measure": one.measure,
                    "baseline": one.change.baseline,
                    "now": one.change.now,
                    "best": one.best,
                    "before": one.before,
                    "direction": one.direction.value,
                }
                for one in result.trends
            ],
            "settled": _settled(turn),
        }
    )
    return document


def _store_version(
    turn: Turn, assessment: Assessment, result: Progress, document: JsonObject
) -> tuple[int | None, tuple[OptionChange, ...]]:
    """A new draft where an option moved or the plan is to be adjusted; none while it is suspended."""
    before = turn.latest_plan
    if _is_withdrawn(turn) or before is None or not assessment.shows_plan or result.suspends_plan:
        return None, ()
    then = {one["id"]: one["status"] for one in before.assessment.get("options", ())}
    now = {one["id"]: one["status"] for one in document["options"]}
    if then == now and not result.adjustments:
        return None, ()
    return turn.store_plan(document), _changes(then, document)


def _changes(then: Mapping[str, str], document: JsonObject) -> tuple[OptionChange, ...]:
    changes = []
    now = {one["id"]: one for one in document["options"]}
    for option in now.values():
        was, shown = then.get(option["id"]) in _SHOWN, option["status"] in _SHOWN
        if was is not shown:
            changes.append(OptionChange(str(option["name"]), shown, _why(option)))
    return tuple(changes)


def _why(option: JsonObject) -> str:
    return str(option["reasons"][0]["text"]) if option["reasons"] else ""


def _is_withdrawn(turn: Turn) -> bool:
    """Whether the patient took back every permission: then a contact brings a class and flags, and no more."""
    return turn.episode is not None and turn.episode.status == "withdrawn"


def _set_status(turn: Turn, assessment: Assessment, result: Progress, *, changed: bool) -> None:
    if turn.episode is None or _is_withdrawn(turn):
        return
    status = assessment.episode_status
    if status == "planned" and result.suspends_plan:
        status = "held"
    if status == "planned" and turn.episode.status == "reviewed" and not changed:
        return
    turn.set_status(status)


def _plan_on(
    turn: Turn, contacts: tuple[PlannedCheckIn, ...], result: Progress, new: Iterable[Finding]
) -> datetime | None:
    """Plan the contacts to come; gives the next one."""
    zone, day = zone_of(turn), check_in_day(turn)
    start = turn.first_planned_at or turn.now
    open_before = [
        one for one in turn.check_ins if one.status in (CheckInStatus.PLANNED, CheckInStatus.CLAIMED)
    ]
    coming = {one.kind: one.due_at for one in open_before}
    wanted: list[tuple[str, datetime]] = []
    if any(one.urgency >= Urgency.URGENT_DAYS for one in new):
        wanted += [
            (f"{one.kind}_day_{day}", local_due(turn.now, one.offset, zone)) for one in contacts if one.safety
        ]
    if turn.consents.get(CHECK_INS, False):
        wanted += [
            (one.kind, due)
            for one in contacts
            if not one.safety and (due := local_due(start, one.offset, zone)) > turn.now
        ]
    if "ADJ_MAINTAIN" in result.adjustments:
        turn.cancel_check_ins()
        last = {kind: due for kind, due in (*coming.items(), *wanted) if kind in _LAST}
        wanted = list(last.items())
        coming = {}
    turn.plan_check_ins(wanted)
    return min((*coming.values(), *(due for _, due in wanted)), default=None)


def _as_begun(facts: Facts, history: History) -> Facts:
    """The facts with the length that the episode had at its start, which decides its timetable."""
    weeks = history.start.get("duration_weeks")
    return facts if weeks is None else facts.with_("duration_weeks", weeks)


def _missed_in_a_row(turn: Turn) -> int:
    """Check-ins that stayed unanswered since the last answer, the newest included.

    One that the patient asked for and left half-way is no silence.
    """
    over = [one for one in turn.check_ins if one.asked_at is not None]
    count = 0
    for one in sorted(over, key=lambda one: one.asked_at or one.due_at, reverse=True):
        if one.status is CheckInStatus.ANSWERED:
            break
        count += one.status is CheckInStatus.MISSED and not is_by_patient(one.kind)
    return count


def unasked(turn: Turn) -> tuple[CheckIn, ...]:
    """The contacts of the episode that still wait for their hour."""
    waiting = (CheckInStatus.PLANNED, CheckInStatus.CLAIMED)
    return tuple(one for one in turn.check_ins if one.status in waiting)
