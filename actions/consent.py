"""Consent by purpose, asked before the first clinical question."""

from __future__ import annotations

from actions.base import Scene
from bot.store import Turn

CONSENT = "consent"
VERSION = "2026-11"

KEEP, SHARE, CHECK_INS, RESEARCH = "keep_answers", "share_with_clinician", "check_ins", "research"
NOTHING = "nothing"

PURPOSES = (KEEP, SHARE, CHECK_INS, RESEARCH)
#: What a typed "yes" agrees to; the question says so.
_YES = (KEEP, SHARE, CHECK_INS)


def granted(turn: Turn, purpose: str = KEEP) -> bool:
    return turn.consents.get(purpose, False)


def ask(scene: Scene) -> None:
    scene.voice.ask_response(CONSENT, "utter_consent", "multi_choice")


def take_answer(scene: Scene) -> bool | None:
    """Write the consents; True when answers may be kept, False when not, None when nothing was said."""
    heard = scene.heard
    agreed: set[str]
    if heard.chosen_field == CONSENT:
        agreed = set(heard.chosen_values) - {NOTHING}
    elif heard.answer == "yes" or heard.intent == "affirm":
        agreed = set(_YES)
    elif heard.answer in {"no", "skip"} or heard.intent in {"deny", "skip"}:
        agreed = set()
    else:
        return None
    for purpose in PURPOSES:
        scene.turn.consent(purpose, purpose in agreed, VERSION)
    if KEEP not in agreed:
        scene.turn.set_status("declined")
        return False
    scene.turn.set_status("intake")
    scene.voice.respond("utter_consent_noted")
    return True
