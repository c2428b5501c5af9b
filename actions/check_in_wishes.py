"""What a patient wants of check-ins as such: one now, a rest from them, no more of them, or again."""

from __future__ import annotations

from datetime import timedelta

from rasa_sdk.events import FollowupAction

from actions import consent, emails
from actions.base import BackplanAction, Events, Scene
from actions.check_in import START, leave_open_check_in, opened
from actions.concluding import closed
from actions.phases import TELLS_ITS_PLAN, WAITS_FOR_HELP
from bot.clinical.check_in import BY_PATIENT, is_by_patient, is_safety
from bot.clinical.schedule import local_due
from bot.store import CheckIn, CheckInStatus, Turn
from bot.store.check_in_turns import notes_of, opt_in, opt_out, zone_of
from bot.store.resting_check_ins import rest, wake

#: After an answered check-in nothing new is to be measured for this long; what changes may be told any time.
REST = timedelta(hours=12)
#: How long check-ins rest when no time is named, and the longest: whoever wants more may stop them.
A_BREAK, LONGEST_BREAK = 14, 84


class ActionCheckInNow(BackplanAction):
    """Go on with the open check-in, or begin one that the patient asked for."""

    def name(self) -> str:
        return "action_check_in_now"

    def act(self, scene: Scene) -> Events:
        turn = scene.turn
        if turn.check_in is not None:
            scene.voice.respond("utter_check_in_waits")
            _note_started(turn)
            return [*opened(), FollowupAction("check_in")]
        status = turn.episode.status if turn.episode else None
        if status in WAITS_FOR_HELP:
            scene.voice.respond("utter_held_reminder", code=scene.case_code)
        elif status not in TELLS_ITS_PLAN or turn.latest_plan is None:
            scene.voice.respond("utter_check_in_not_yet")
        elif any(_ended_lately(one, turn) for one in turn.check_ins):
            scene.voice.respond("utter_check_in_done_lately")
        else:
            _begin(scene)
            scene.voice.respond("utter_check_in_now")
            return [*opened(), FollowupAction("check_in")]
        return []


class ActionStopCheckIns(BackplanAction):
    """No more check-ins, from anywhere in the conversation."""

    def name(self) -> str:
        return "action_stop_check_ins"

    def act(self, scene: Scene) -> Events:
        was_open = scene.turn.check_in is not None
        opt_out(scene.turn, consent.VERSION)
        scene.voice.respond("utter_check_ins_off")
        return closed(scene) if was_open else []


class ActionPauseCheckIns(BackplanAction):
    """No check-ins for a while; an open one ends here, with what was told in it."""

    def name(self) -> str:
        return "action_pause_check_ins"

    def act(self, scene: Scene) -> Events:
        turn = scene.turn
        was_open = turn.check_in is not None
        if was_open:
            leave_open_check_in(scene, None)
        days = min(scene.heard.rest_days or A_BREAK, LONGEST_BREAK)
        if rest(turn, days) is None:
            scene.voice.respond("utter_check_ins_rest_none")
        else:
            scene.voice.respond("utter_check_ins_rest", days=days)
        return closed(scene) if was_open else []


class ActionStartCheckIns(BackplanAction):
    """Check-ins again, after the patient had stopped them or never agreed to them."""

    def name(self) -> str:
        return "action_start_check_ins"

    def act(self, scene: Scene) -> Events:
        turn = scene.turn
        if not consent.granted(turn):
            scene.voice.respond("utter_check_in_not_yet")
        elif consent.granted(turn, consent.CHECK_INS) and wake(turn, scene.rulebook):
            scene.voice.respond("utter_check_ins_on")
        elif consent.granted(turn, consent.CHECK_INS):
            scene.voice.respond("utter_check_ins_on_already")
        elif opt_in(turn, scene.rulebook, consent.VERSION) is None and turn.first_planned_at is not None:
            scene.voice.respond("utter_check_ins_on_none_left")
        else:
            scene.voice.respond("utter_check_ins_on")
            return emails.offer(scene)
        return []


def _begin(scene: Scene) -> None:
    turn = scene.turn
    number = 1 + sum(is_by_patient(one.kind) for one in turn.check_ins)
    first_reminder = scene.rulebook.check_in_questions.remind_after[0]
    turn.begin_check_in(f"{BY_PATIENT}_{number}", look_at=local_due(turn.now, first_reminder, zone_of(turn)))
    _note_started(turn)


def _note_started(turn: Turn) -> None:
    """Whoever asks for a check-in need not be asked whether it suits."""
    turn.note_in_check_in(notes_of(turn).answering(START, ("start",)).as_json())


def _ended_lately(one: CheckIn, turn: Turn) -> bool:
    return (
        one.status is CheckInStatus.ANSWERED
        and not is_safety(one.kind)
        and one.ended_at is not None
        and turn.now - one.ended_at < REST
    )
