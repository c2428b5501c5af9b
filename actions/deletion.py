"""Deletion at the patient's own word: asked about once, then real; what a clinic has to keep stays a request."""

from __future__ import annotations

from actions import consent
from actions.base import BackplanAction, Events, Scene
from actions.permissions import answers, ask_first, gone_on, out_of_the_form
from bot.clinical.urgency import Urgency
from bot.store import Kept

_REQUEST = {Kept.REVIEWED: "utter_delete_reviewed", Kept.DANGER: "utter_delete_danger"}


class ActionDeleteData(BackplanAction):
    """Ask whether it is sure, then erase with the turn; or pass the wish on, and say why."""

    def name(self) -> str:
        return "action_delete_data"

    def act(self, scene: Scene) -> Events:
        turn, heard = scene.turn, scene.heard
        if turn.kept is not None:
            return _pass_on(scene, turn.kept)
        if not answers(scene, consent.DELETE):
            return ask_first(scene, consent.ASK_DELETE)
        if True not in heard.chosen_values and (heard.chosen or heard.answer != "yes"):
            scene.voice.respond("utter_delete_kept")
            return gone_on(scene)
        turn.erase()
        scene.voice.respond("utter_data_deleted")
        return out_of_the_form(scene)


def _pass_on(scene: Scene, kept: Kept) -> Events:
    reason = "The patient wants the stored data deleted."
    scene.turn.raise_flag("REQ_DELETE", Urgency.ROUTINE_FLAG, reason, rule="REQ_DELETE")
    scene.voice.respond(_REQUEST[kept])
    return gone_on(scene)
