"""Answers to the questions about e-mail that need no understanding: an address kept apart, the digits of a code."""

from __future__ import annotations

import re

from bot.store import Turn
from bot.store.addresses import ADDRESS, NO_ADDRESS
from bot.store.records import EMAIL_ADDRESS, EMAIL_CODE

_CODE = re.compile(r"\d(?:[ -]?\d){5}")


def email_answer(turn: Turn) -> list[tuple[str, object]]:
    """What the message means as a tapped choice; empty when it says anything else beside, or something else."""
    question, inbound = turn.last_question, turn.inbound
    if question is None or inbound is None or question.asks not in (EMAIL_ADDRESS, EMAIL_CODE):
        return []
    said = (inbound.text or "").strip(" .!")
    if said in (ADDRESS, NO_ADDRESS):
        return [(EMAIL_ADDRESS, "given" if said == ADDRESS else "wrong")]
    if question.asks == EMAIL_CODE and _CODE.fullmatch(said):
        return [(EMAIL_CODE, re.sub(r"\D", "", said))]
    return []
