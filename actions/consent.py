"""Consent by purpose, asked before the first clinical question."""

from __future__ import annotations

from actions.base import Scene
from actions.permission_words import CHECK_INS as CHECK_INS
from actions.permission_words import KEEP as KEEP
from actions.permission_words import RESEARCH as RESEARCH
from actions.permission_words import SHARE as SHARE
from actions.permission_words import named
from bot.store import Turn

CONSENT = "consent"
#: What is asked when the patient wants to change something: which permissions, and whether to end it all.
PERMISSIONS, SURE, DELETE = "permissions", "consent_sure", "delete_sure"
CHANGES = frozenset({PERMISSIONS, SURE, DELETE})
#: Left in the slot `permissions` for the form that goes on: which of these it asks first.
ASK, ASK_SURE, ASK_DELETE = "ask", "sure", "delete"
VERSION = "2026-11"

NOTHING = "nothing"

PURPOSES = (KEEP, SHARE, CHECK_INS, RESEARCH)
#: What a typed "yes" agrees to; the question says so.
_YES = (KEEP, SHARE, CHECK_INS)
#: Messages that may be about what was asked; anything else is read by nobody before consent.
_ABOUT_CONSENT = frozenset({"affirm", "deny", "skip", "correct", "change_consent", "withdraw_consent"})


def granted(turn: Turn, purpose: str = KEEP) -> bool:
    return turn.consents.get(purpose, False)


def ask(scene: Scene) -> None:
    scene.voice.ask_response(CONSENT, "utter_consent", "multi_choice")


def ask_change(scene: Scene, which: object) -> str | None:
    """Put the question about a change; gives what `asking` is then, None when there is none to put."""
    if which == ASK_SURE:
        scene.voice.ask_response(SURE, "utter_consent_sure", "choice")
        return SURE
    if which == ASK_DELETE:
        scene.voice.ask_response(DELETE, "utter_delete_sure", "choice")
        return DELETE
    if which == ASK:
        # To a channel it is the consent question; the dialogue has to know that it is not the first asking.
        scene.voice.ask_response(CONSENT, "utter_permissions", "multi_choice", (), **allowed(scene.turn))
        return PERMISSIONS
    return None


def allowed(turn: Turn) -> dict[str, str]:
    """Yes or no for each purpose, for the places of the texts."""
    return {purpose: "yes" if granted(turn, purpose) else "no" for purpose in PURPOSES}


def take_answer(scene: Scene) -> bool | None:
    """Write the consents; True when answers may be kept, False when not, None when nothing was said."""
    agreed = _agreed(scene)
    if agreed is None:
        return None
    for purpose in PURPOSES:
        scene.turn.consent(purpose, purpose in agreed, VERSION)
    if KEEP not in agreed:
        scene.turn.set_status("declined")
        return False
    scene.turn.set_status("intake")
    scene.voice.respond("utter_consent_noted")
    return True


def _agreed(scene: Scene) -> set[str] | None:
    """The purposes agreed to by tap or in words: "yes, but no research" is less than a yes."""
    heard = scene.heard
    if heard.chosen_field is not None:
        return set(heard.chosen_values) - {NOTHING} if heard.chosen_field == CONSENT else None
    in_words = named(heard.text) if heard.intent in _ABOUT_CONSENT and not heard.facts else {}
    given = {purpose for purpose, is_given in in_words.items() if is_given}
    if in_words.get(KEEP) is False:
        return set()
    if heard.answer == "yes" or heard.intent == "affirm":
        return {*_YES, *given} - (in_words.keys() - given)
    if KEEP in given:
        return given
    if in_words:
        # "I don't want a doctor to see this" says nothing about the rest: the question is put again.
        return None
    refuses = heard.answer in {"no", "skip"} or heard.intent in {"deny", "skip", "withdraw_consent"}
    return set() if refuses else None
