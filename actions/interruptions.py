"""Short answers in between: why a question is asked, what was noted, stopping, a wish about data."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from actions import consent
from actions.base import BackplanAction, Events, Scene
from actions.contradictions import WHICH
from actions.documents import give_copy
from actions.phases import TELLS_ITS_PLAN
from actions.plan_telling import tell_options_asked_about
from actions.read_back import READ_BACK, tell_noted
from actions.whereabouts import COUNTRY, LOCAL_TIME
from bot.clinical.check_in import is_safety, question_named
from bot.clinical.wording import incomplete_message, safety_net
from bot.store.check_in_turns import unasked

_WISHES = {
    "talk_to_human": ("REQ_PERSON", "The patient wants to talk to a person."),
    "change_language": ("REQ_LANGUAGE", "The patient wants to be spoken to in another language."),
    "export_data": ("REQ_COPY", "The patient wants a copy of the stored data."),
}


class ActionExplainQuestion(BackplanAction):
    """Say why the open question is asked; the form asks it again by itself."""

    def name(self) -> str:
        return "action_explain_question"

    def act(self, scene: Scene) -> Events:
        asking = scene.asking
        if asking is None or asking == consent.CONSENT or asking in consent.CHANGES:
            scene.voice.respond("utter_consent_why")
        elif asking in (COUNTRY, LOCAL_TIME):
            scene.voice.respond("utter_where_why")
        elif asking in (READ_BACK, WHICH):
            scene.voice.respond("utter_read_back_why")
        else:
            scene.voice.tell(question_named(asking, scene.rulebook).why, key=f"why_{asking}")
        return []


class ActionExplainOption(BackplanAction):
    """Answer "why not X?" and "tell me more about X" from the stored plan."""

    def name(self) -> str:
        return "action_explain_option"

    def act(self, scene: Scene) -> Events:
        plan, episode = scene.turn.latest_plan, scene.turn.episode
        if plan is None or episode is None or episode.status not in TELLS_ITS_PLAN:
            scene.voice.respond("utter_option_later")
        elif not tell_options_asked_about(scene, plan.assessment):
            scene.voice.respond("utter_which_option")
        return []


class ActionTellNoted(BackplanAction):
    """Answer "what have you noted?"."""

    def name(self) -> str:
        return "action_tell_noted"

    def act(self, scene: Scene) -> Events:
        tell_noted(scene)
        return []


class ActionStop(BackplanAction):
    """Stop here; everything said so far is kept."""

    def name(self) -> str:
        return "action_stop"

    def act(self, scene: Scene) -> Events:
        scene.voice.respond("utter_stopped")
        episode = scene.turn.episode
        if episode is None or episode.status not in {"consent", "intake"}:
            if scene.heard.intent == "pause" and any(not is_safety(one.kind) for one in unasked(scene.turn)):
                scene.voice.respond("utter_check_ins_may_rest")
            return []
        if episode.status == "intake":
            _leave_unfinished(scene)
        if scene.asking is not None:
            scene.turn.forget_asked(scene.asking)
        scene.turn.set_status("stopped")
        return [SlotSet("phase", "paused"), SlotSet("asking", None)]


def _leave_unfinished(scene: Scene) -> None:
    """Nothing was settled: the patient hears what to watch for, and the clinic that the answers are incomplete."""
    scene.voice.tell(incomplete_message(scene.rulebook), key="incomplete")
    scene.voice.tell(safety_net(scene.rulebook), key="safety_net")
    reason = "The patient left before the questions were through."
    scene.turn.raise_flag("FL_INCOMPLETE", "routine_flag", reason, rule="FL_INCOMPLETE")


class ActionDataRequest(BackplanAction):
    """A wish that only the clinic can fulfil goes to its queue."""

    def name(self) -> str:
        return "action_data_request"

    def act(self, scene: Scene) -> Events:
        code, reason = _WISHES[scene.heard.intent]
        if code == "REQ_COPY" and give_copy(scene):
            return []
        if scene.turn.episode is not None:
            scene.turn.raise_flag(code, "routine_flag", reason, rule=code)
        if code == "REQ_PERSON":
            scene.voice.respond("utter_talk_to_human", emergency_number=scene.emergency_number)
        elif code == "REQ_LANGUAGE":
            scene.voice.respond("utter_language")
        else:
            scene.voice.respond("utter_data_request")
        return []


class ActionUnclear(BackplanAction):
    """Nothing is being asked and nothing was understood."""

    def name(self) -> str:
        return "action_unclear"

    def act(self, scene: Scene) -> Events:
        # What answers a clinician need mean nothing to the bot: a clinician reads it.
        scene.voice.respond("utter_answer_kept" if scene.turn.answers_clinician else "utter_unclear")
        # As the policy's fallback it would otherwise be chosen again and again in the same turn.
        return [FollowupAction("action_listen")]
