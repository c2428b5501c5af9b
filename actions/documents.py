"""The patient's document: plan and answers as a PDF, where the channel can send one."""

from __future__ import annotations

import re

from actions import consent
from actions.base import Scene
from actions.phases import TELLS_ITS_PLAN, WAITS_FOR_HELP
from bot.store import PUSH_CHANNELS
from bot.store.records import COPY_KEY

WEB = "web"

_WORDS = re.compile(r"\b(?:pdf|document|print(?:out|ed)?|file)s?\b", re.IGNORECASE)


def can_send_documents(scene: Scene) -> bool:
    """Whether the patient's channel sends documents; on the web page everything stands in the chat."""
    return scene.turn.conversation.channel in PUSH_CHANNELS


def asks_for_document(scene: Scene) -> bool:
    """Whether the message names a document: "send me my plan as a pdf"."""
    return _WORDS.search(scene.heard.text) is not None


def send_document(scene: Scene) -> None:
    """Send it, or say why there is none. No plan goes out on paper that is not told in the chat."""
    episode = scene.turn.episode
    if episode is None or not consent.granted(scene.turn) or not scene.turn.facts:
        scene.voice.respond("utter_nothing_noted")
    elif episode.status in WAITS_FOR_HELP:
        scene.voice.respond("utter_held_reminder")
    elif episode.status in TELLS_ITS_PLAN:
        scene.voice.respond("utter_document", kind="plan")
    else:
        scene.voice.respond("utter_document_no_plan")


def give_copy(scene: Scene) -> bool:
    """Give the patient's own data, or a document where the words name one; False where only the clinic can."""
    if can_send_documents(scene):
        if asks_for_document(scene):
            send_document(scene)
        else:
            scene.voice.respond(COPY_KEY)
        return True
    if scene.turn.conversation.channel == WEB:
        scene.voice.respond("utter_data_copy_web")
        return True
    return False
