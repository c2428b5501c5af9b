"""Wishes about reminders by e-mail, said outright: "stop the e-mails", "e-mail me a reminder", "my address is wrong".

By rules and not learned: the word says what it is about, and few patients ever say it.
"""

from __future__ import annotations

import re

START, STOP = "start_emails", "stop_emails"

_MAIL = r"e ?-?mails?(?:ing)?"
#: What else one may want mailed, or mean by an e-mail: none of our business, or a wish about data.
_OTHERS = re.compile(
    r"\b(?:plans?|pdfs?|cop(?:y|ies)|datas?|records?|notes?|answers?|results?|summar\w+|transcripts?|everything|"
    r"documents?|files?|password|log ?in|inbox|boss|work)\b"
)
_STOP = re.compile(
    rf"\b(?:stop|no more|no|dont|do not|never|cancel|end|quit|without|turn off|switch off|off|unsubscribe|forget|"
    rf"delete|remove|enough|less|fewer)\b[^.!?]{{0,30}}\b(?:{_MAIL}|mails)\b|"
    rf"\b{_MAIL}\b[^.!?]{{0,15}}\b(?:off|stop(?:ped)?)\b|"
    r"^(?:please )?unsubscribe(?: me)?(?: please)?[.! ]*$"
)
_START = re.compile(
    rf"\b{_MAIL} me\b|\b(?:remind\w*|check ?-?ins?|message|tell|let)\b[^.!?]{{0,30}}\b(?:by|via|with|through|per|on) "
    rf"(?:an? |my )?{_MAIL}\b|\b{_MAIL} (?:reminders?|notifications?|messages?)\b|"
    rf"\b(?:start|send me|turn on|switch on|get|want|like)\b[^.!?]{{0,20}}\b{_MAIL}\b(?! address)|"
    rf"\b(?:change|new|wrong|other|another|different|correct|update|use|mistyped|typo in)\b[^.!?]{{0,20}}\b{_MAIL}\b|"
    rf"\b{_MAIL}(?: address)?\b[^.!?]{{0,15}}\b(?:wrong|changed|different|new)\b"
)
_TO_OTHERS = re.compile(rf"\b{_MAIL} (?:to|from) (?!me\b|you\b|here\b|this\b)")


def email_wish(text: str) -> str | None:
    """`start_emails` or `stop_emails` when the message says so, else None."""
    said = text.lower().replace("'", "").replace("’", "").replace("\u2011", "-")
    if _OTHERS.search(said) or _TO_OTHERS.search(said):
        return None
    if _STOP.search(said):
        return STOP
    return START if _START.search(said) else None
