"""Permissions changed or taken back at any time, each with what then really happens (clinical.md §9)."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions import consent
from actions.base import BackplanAction, Events, Scene
from actions.concluding import closed, tell_safety_net
from actions.consent import (
    ASK,
    ASK_DELETE,
    ASK_SURE,
    CHECK_INS,
    CONSENT,
    KEEP,
    PERMISSIONS,
    PURPOSES,
    RESEARCH,
    SHARE,
    SURE,
    VERSION,
)
from actions.permission_words import named
from actions.phases import WAITS_FOR_HELP
from bot.clinical.urgency import Urgency
from bot.store import Turn
from bot.store.check_in_turns import opt_in, opt_out
from bot.store.email_turns import forget_address

STAY, END, PART = "stay", "end", "part"  #: values of taps


class ActionChangeConsent(BackplanAction):
    """Take a change that was named or ticked; otherwise show what is allowed now, to be changed."""

    def name(self) -> str:
        return "action_change_consent"

    def act(self, scene: Scene) -> Events:
        heard, turn = scene.heard, scene.turn
        if not consent.granted(turn):
            return _without_consent(scene)
        if answers(scene, SURE):
            return _take_sure(scene)
        if heard.chosen_field in (PERMISSIONS, CONSENT):
            return _take_ticks(scene)
        changes = {
            purpose: given
            for purpose, given in named(heard.text).items()
            if given != consent.granted(turn, purpose)
        }
        if changes.get(KEEP) is False:
            return ask_first(scene, ASK_SURE)
        if changes:
            return _change(scene, changes)
        if named(heard.text) or (scene.asking == PERMISSIONS and heard.answer == "no"):
            return _leave(scene)
        return ask_first(scene, ASK_SURE if heard.intent == "withdraw_consent" else ASK)


def ask_first(scene: Scene, which: str) -> Events:
    """In a form the form asks, so that only one question stands."""
    if scene.loop is not None:
        return [SlotSet("permissions", which)]
    return [SlotSet("permissions", None), SlotSet("asking", consent.ask_change(scene, which))]


def answers(scene: Scene, question: str) -> bool:
    heard = scene.heard
    if heard.chosen_field is not None:
        return heard.chosen_field == question
    return scene.asking == question and heard.answer in {"yes", "no"}


def _take_sure(scene: Scene) -> Events:
    heard = scene.heard
    if PART in heard.chosen_values:
        return ask_first(scene, ASK)
    if END in heard.chosen_values or (not heard.chosen and heard.answer == "yes"):
        return _withdraw(scene)
    return _leave(scene)


def _take_ticks(scene: Scene) -> Events:
    """What is ticked is allowed and the rest is not; a tap on the first question counts as a new decision."""
    ticked = set(scene.heard.chosen_values) & set(PURPOSES)
    if STAY in scene.heard.chosen_values:
        return _leave(scene)
    if KEEP not in ticked:
        return ask_first(scene, ASK_SURE)
    changes = {
        purpose: purpose in ticked
        for purpose in PURPOSES
        if (purpose in ticked) != consent.granted(scene.turn, purpose)
    }
    return _change(scene, changes) if changes else _leave(scene)


def _leave(scene: Scene) -> Events:
    scene.voice.respond("utter_permissions_unchanged", **consent.allowed(scene.turn))
    return gone_on(scene)


def _change(scene: Scene, changes: Mapping[str, bool]) -> Events:
    """Write each change and say what it means. A check-in that was open ends with the check-ins."""
    turn = scene.turn
    in_check_in = turn.check_in is not None
    for purpose, given in changes.items():
        if purpose == CHECK_INS:
            _change_check_ins(scene, given=given)
        else:
            turn.consent(purpose, given, VERSION)
    if SHARE in changes:
        _tell_sharing(scene, given=changes[SHARE])
    if RESEARCH in changes:
        scene.voice.respond("utter_research_on" if changes[RESEARCH] else "utter_research_off")
    if in_check_in and turn.check_in is None:
        return [*closed(scene), *out_of_the_form(scene), SlotSet("permissions", None)]
    return gone_on(scene)


def _change_check_ins(scene: Scene, *, given: bool) -> None:
    if not given:
        opt_out(scene.turn, VERSION)
        scene.voice.respond("utter_check_ins_off")
    elif opt_in(scene.turn, scene.rulebook, VERSION) is None and scene.turn.first_planned_at is not None:
        scene.voice.respond("utter_check_ins_on_none_left")
    else:
        scene.voice.respond("utter_check_ins_on")


def _tell_sharing(scene: Scene, *, given: bool) -> None:
    if given:
        scene.voice.respond("utter_share_on")
    elif _needs_somebody_today(scene.turn):
        scene.voice.respond("utter_share_off_danger", kind="safety")
    else:
        scene.voice.respond("utter_share_off")


def _withdraw(scene: Scene) -> Events:
    """The end of everything that needs permission. Who was told to get help is still asked whether it came."""
    turn = scene.turn
    for purpose in PURPOSES:
        if purpose != CHECK_INS and consent.granted(turn, purpose):
            turn.consent(purpose, granted=False, version=VERSION)
    opt_out(turn, VERSION)
    if turn.email is not None:
        forget_address(turn, VERSION)
    turn.set_status("withdrawn")
    reason = "The patient took back the permission to keep answers, which are to be deleted."
    turn.raise_flag("REQ_DELETE", Urgency.ROUTINE_FLAG, reason, rule="REQ_DELETE")
    scene.voice.respond("utter_consent_withdrawn")
    if _needs_somebody_today(turn):
        scene.voice.respond("utter_consent_withdrawn_danger", kind="safety")
    tell_safety_net(scene)
    asking = consent.ask_change(scene, ASK_DELETE) if turn.kept is None else None
    return [*closed(scene), *out_of_the_form(scene), SlotSet("permissions", None), SlotSet("asking", asking)]


def _without_consent(scene: Scene) -> Events:
    """Nothing is allowed now. Whoever wants to allow something is asked as at the beginning."""
    turn, given = scene.turn, named(scene.heard.text).values()
    wants_in = True in given or (scene.heard.intent == "change_consent" and False not in given)
    if not wants_in or turn.episode is None or turn.episode.status in WAITS_FOR_HELP:
        scene.voice.respond("utter_consent_none_given")
        return []
    turn.set_status("consent")
    return [
        *(SlotSet("phase", "open"), SlotSet("intake_complete", None), SlotSet("asking", None)),
        FollowupAction("intake"),
    ]


def gone_on(scene: Scene) -> Events:
    """Back to what was on: in a form it asks its question again, else nothing is open."""
    return [SlotSet("permissions", None), *([] if scene.loop else [SlotSet("asking", None)])]


def out_of_the_form(scene: Scene) -> Events:
    if scene.loop is None:
        return []
    return [ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("action_listen")]


def _needs_somebody_today(turn: Turn) -> bool:
    triage = turn.episode.triage if turn.episode else None
    return triage is not None and Urgency(triage) >= Urgency.SAME_DAY
