"""Somebody writes for a relative: said once, kept for the clinician, and known in every later message."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Events, Scene

FLAG = "FL_PROXY"
WRITES_FOR = "writes_for"
_THEY = "they"


def is_new(scene: Scene) -> bool:
    """Whether this message is the first that says so."""
    return scene.heard.writes_for is not None and FLAG not in flags(scene)


def note_proxy(scene: Scene, *, aloud: bool = True) -> None:
    """Keep that somebody else answers. `aloud`: also say how; not where danger is all that is talked about."""
    if not is_new(scene) or scene.turn.episode is None:
        return
    reason = "Somebody else answers for the patient."
    scene.turn.raise_flag(FLAG, "routine_flag", reason, rule=FLAG)
    if aloud:
        scene.voice.respond("utter_proxy")


def remembered(scene: Scene) -> Events:
    """At the start of a session: whom the conversation was written for before."""
    return [SlotSet(WRITES_FOR, _THEY if FLAG in flags(scene) else None)]


def flags(scene: Scene) -> frozenset[str]:
    return frozenset(scene.turn.episode.flags) if scene.turn.episode else frozenset()
