"""Reminders by e-mail: asked once check-ins are agreed to, proven by a code, and stopped on a word."""

from __future__ import annotations

import re
import secrets

from rasa_sdk.events import SlotSet

from actions import consent
from actions.base import BackplanAction, Events, Scene
from actions.phases import TELLS_ITS_PLAN, WAITS_FOR_HELP
from bot.store import PUSH_CHANNELS
from bot.store.addresses import ADDRESS, NO_ADDRESS
from bot.store.email_turns import (
    CODE_DIGITS,
    forget_address,
    is_waiting_for_code,
    may_send_code,
    send_code,
    take_code,
)
from bot.store.records import EMAIL_ADDRESS, EMAIL_CODE, EMAIL_REMINDERS

ASKED = frozenset({EMAIL_ADDRESS, EMAIL_CODE})
_GIVEN, _WRONG, _NO, _AGAIN = "given", "wrong", "no", "again"
_NOT_THERE = re.compile(
    r"\b(?:no|not|nothing|none|never|didn.?t|hasn.?t|haven.?t|isn.?t)\b.*\b(?:code|came|come|arriv\w+|get|got|there|e?-?mail)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 7


class ActionStartEmails(BackplanAction):
    """The patient wants reminders by e-mail, or at another address."""

    def name(self) -> str:
        return "action_start_emails"

    def act(self, scene: Scene) -> Events:
        turn = scene.turn
        status = turn.episode.status if turn.episode else None
        if not _can_send(scene):
            scene.voice.respond("utter_email_not_here")
        elif turn.check_in is not None or status not in TELLS_ITS_PLAN | WAITS_FOR_HELP:
            scene.voice.respond("utter_email_later")
        elif not consent.granted(turn):
            scene.voice.respond("utter_consent_needed")
        else:
            return _ask(scene, EMAIL_ADDRESS, "utter_email_ask")
        return []


class ActionStopEmails(BackplanAction):
    """No e-mails, from anywhere in the conversation; the address goes."""

    def name(self) -> str:
        return "action_stop_emails"

    def act(self, scene: Scene) -> Events:
        forget_address(scene.turn, consent.VERSION)
        if not _can_send(scene):
            scene.voice.respond("utter_email_not_here")
            return []
        scene.voice.respond("utter_email_off")
        return [SlotSet("asking", None)] if is_asked(scene) else []


def offer(scene: Scene) -> Events:
    """Ask for the address, once, of somebody who agreed to check-ins and was told a plan on the web.

    Also says so when the mail server of the address has refused it.
    """
    turn = scene.turn
    status = turn.episode.status if turn.episode else None
    if not _can_send(scene) or status not in TELLS_ITS_PLAN:
        return []
    if turn.email is not None and turn.email.failed_at is not None:
        forget_address(turn, consent.VERSION)
        scene.voice.respond("utter_email_broken")
        return []
    if EMAIL_REMINDERS in turn.consents or not consent.granted(turn, consent.CHECK_INS):
        return []
    # Asked and not agreed to, until the address is proven.
    turn.consent(EMAIL_REMINDERS, granted=False, version=consent.VERSION)
    return _ask(scene, EMAIL_ADDRESS, "utter_email_ask")


def is_asked(scene: Scene) -> bool:
    """Whether the open question is one about e-mail."""
    return scene.asking in ASKED


def ask_again(scene: Scene) -> Events:
    """Put the open question about e-mail once more: the answer was none."""
    if scene.asking == EMAIL_CODE:
        return _ask(scene, EMAIL_CODE, "utter_email_code_wrong")
    return _ask(scene, EMAIL_ADDRESS, "utter_email_wrong")


def says_no_more(scene: Scene) -> bool:
    """Whether an answer about e-mail is the whole message: digits of a code tell nothing about a back."""
    heard = scene.heard
    is_code = (
        scene.asking == EMAIL_CODE and ADDRESS not in heard.text and len(heard.text.split()) <= _FEW_WORDS
    )
    return not heard.facts or is_code


def take_answer(scene: Scene) -> Events | None:
    """Take an answer about e-mail; None when the message is about something else."""
    heard = scene.heard
    field = heard.chosen_field if heard.chosen_field in ASKED else None
    said = str(heard.chosen_values[0]) if field else _said(scene)
    if said is None:
        return None
    if not _can_send(scene):
        forget_address(scene.turn, consent.VERSION)
        scene.voice.respond("utter_email_not_here")
        return [SlotSet("asking", None)]
    if said == _NO:
        forget_address(scene.turn, consent.VERSION)
        scene.voice.respond("utter_email_off")
        return [SlotSet("asking", None)]
    if said == _GIVEN and scene.turn.email is not None:
        return _send_code(scene)
    if said == _AGAIN:
        return _ask(scene, EMAIL_ADDRESS, "utter_email_again")
    if said.isdigit():
        return _take_code(scene, said)
    if said == "yes" and scene.asking == EMAIL_CODE:
        return _ask(scene, EMAIL_CODE, "utter_email_code_wrong")
    response = "utter_email_type" if said == "yes" else "utter_email_wrong"
    return _ask(scene, EMAIL_ADDRESS, response)


def _said(scene: Scene) -> str | None:
    """What typed words mean as an answer about e-mail, if they mean one."""
    heard = scene.heard
    if ADDRESS in heard.text:
        return _GIVEN
    if NO_ADDRESS in heard.text:
        return _WRONG
    if scene.asking == EMAIL_CODE and heard.email_code is not None:
        return heard.email_code
    if not is_asked(scene) or heard.facts:
        return None
    if scene.asking == EMAIL_CODE and _NOT_THERE.search(heard.text):
        return _AGAIN
    if heard.answer == "no" or heard.intent in ("deny", "skip"):
        return _NO
    return "yes" if heard.answer == "yes" or heard.intent == "affirm" else None


def _send_code(scene: Scene) -> Events:
    if not may_send_code(scene.turn):
        scene.voice.respond("utter_email_too_many")
        return [SlotSet("asking", None)]
    send_code(scene.turn, f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}")
    return _ask(scene, EMAIL_CODE, "utter_email_code")


def _take_code(scene: Scene, typed: str) -> Events:
    if take_code(scene.turn, typed, consent.VERSION):
        scene.voice.respond("utter_email_on")
        return [SlotSet("asking", None)]
    if is_waiting_for_code(scene.turn):
        return _ask(scene, EMAIL_CODE, "utter_email_code_wrong")
    return _ask(scene, EMAIL_ADDRESS, "utter_email_code_over")


def _ask(scene: Scene, field: str, response: str) -> Events:
    scene.voice.ask_response(field, response, "choice")
    return [SlotSet("asking", field)]


def _can_send(scene: Scene) -> bool:
    """Whether a mail server is set; a channel that pushes its messages needs no mail."""
    return scene.services.emails and scene.turn.conversation.channel not in PUSH_CHANNELS
