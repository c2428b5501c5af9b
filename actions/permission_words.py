"""Which permissions a message gives or takes back, in so many words: "no research, but my doctor can see it"."""

from __future__ import annotations

import re
from collections.abc import Mapping

KEEP, SHARE, CHECK_INS, RESEARCH = "keep_answers", "share_with_clinician", "check_ins", "research"

#: What each purpose is called.
_TOPICS: Mapping[str, re.Pattern[str]] = {
    RESEARCH: re.compile(r"\b(?:research\w*|stud(?:y|ies)|scien\w+|universit\w+|statistics|trials?)\b"),
    CHECK_INS: re.compile(
        r"\b(?:check ?-? ?ins?|checking (?:in|up)|reminders?|follow ?-? ?ups?|"
        r"weekly (?:messages?|msgs?|questions?|texts?))\b"
    ),
    SHARE: re.compile(
        r"\b(?:doctors?|docs?|drs?|gps?|clinicians?|clinics?|physios?|physiotherapists?|nurses?|hospitals?|"
        r"surgery|practice|professionals?|staff|any ?one|any ?body|some ?one|some ?body|no ?one|no ?body|people|"
        r"shar(?:e|es|ed|ing)|show(?:n|s|ing)?|pass(?:ed|ing)? (?:it|this|them|that|my \w+)? ?on|"
        r"(?:see|seeing|read|reading) (?:this|it|that|them|my|what|any)|"
        r"private|between (?:you and me|us))\b"
    ),
    KEEP: re.compile(
        r"\b(?:(?:keep(?:ing)?|kept|stor(?:e|es|ed|ing)|sav(?:e|ed|ing)|hold(?:ing)?(?: on to)?|"
        r"retain(?:ing)?|hang(?:ing)? on to|process(?:ing)?) (?:any |all |of )*(?:my|this|these|it|that|them|what|"
        r"answers?|data|info\w*|stuff|things|details|records?|anything|everything|health)"
        r"(?! (?:between|private|away|from|secret|to yourself|hidden|out))|storage)\b"
    ),
}
#: About everything that is done with the answers, unless the same thought names something narrower.
_ALL_USE = re.compile(
    r"\b(?:us(?:e|es|ing) (?:any of )?(?:my|this|it|them|all)\b|have (?:my|this)\b|my (?:data|info\w*|details)\b)"
)

_NO = re.compile(
    r"\b(?:dont|do not|doesnt|does not|didnt|not|no|nope|never|neither|none|nobody|no ?one|stop\w*|quit|cease|"
    r"withdraw\w*|revok\w*|cancel\w*|remov\w*|tak(?:e|ing) (?:back|away|off|out)|"
    r"take (?:my|me|it|them) (?:\w+ )?(?:back|off|out)|without|cant|cannot|can not|wont|shouldnt|isnt|refus\w*|"
    r"object|against|opt(?:ing|ed)? (?:me )?out|(?:count|leave|keep) me out|"
    r"keep (?:it|this|them|my \w+) (?:away|from|private|between)|un ?tick\w*|unsubscribe|turn off|switch off|"
    r"rather you|private from|hide|hidden|except|exclud\w*|apart from|minus)\b"
)
#: These hold a "not" and say the opposite.
_NO_OBJECTION = re.compile(
    r"\b(?:dont|do not|wouldnt|would not) mind\b|\bno (?:problem|objections?|worries|issues?)\b|"
    r"\bnot a problem\b|\bwhy not\b"
)
_YES = re.compile(
    r"\b(?:can|may|could|yes|yeah|yep|ok|okay|fine|happy|glad|allow\w*|permit\w*|let|agree\w*|consent|want|like|"
    r"please|go ahead|feel free|after all|again|opt(?:ing)? (?:me )?(?:back )?in|count me in|tick\w*|add|include|"
    r"share|show|use|turn on|switch on|welcome|sure|approve\w*|grant|give|keep|carry on|continue)\b"
)
_ASKS = re.compile(
    r"\?|^(?:so )?(?:can|could|will|would|do|does|did|is|are|am|has|have|who|what|why|how|when|where|which|may|"
    r"should)\b"
)
_ONLY = re.compile(
    r"\b(?:only|just|nothing else|nobody else|no ?one else|other than|apart from|except|but not)\b"
)
_PARTS = re.compile(
    r"[.;,!\n]+|\bbut\b|\bthough\b|\bhowever\b|\band (?=(?:no|not|dont|do not|stop|you can|please|also)\b)"
)
_APOSTROPHES = re.compile("['\u2019\u2018`\u00b4]")


def named(text: str) -> Mapping[str, bool]:
    """purpose -> given or taken back, for each purpose about which the words leave no doubt.

    A question gives nothing: "can a doctor see this?" wants to know. "Only" with a purpose leaves open what
    becomes of the others, so nothing is read from it. Empty when nothing is clear.
    """
    plain = _APOSTROPHES.sub("", text.lower())
    asks = _ASKS.search(plain.strip()) is not None
    found: dict[str, bool] = {}
    last: tuple[str, ...] = ()
    for part in _PARTS.split(plain):
        topics = _topics(part) or last
        given = _given(part)
        if given is not None:
            found.update(dict.fromkeys(topics, given))
        last = topics
    if asks:
        found = {purpose: given for purpose, given in found.items() if not given}
    if _ONLY.search(plain) is not None and True in found.values():
        return {}
    return found


def _topics(part: str) -> tuple[str, ...]:
    topics = tuple(purpose for purpose, words in _TOPICS.items() if words.search(part))
    if RESEARCH in topics or CHECK_INS in topics:
        # "Don't share it with researchers" is about research, "keep my check-ins" about check-ins.
        return tuple(purpose for purpose in topics if purpose in (RESEARCH, CHECK_INS))
    return topics or ((KEEP,) if _ALL_USE.search(part) else ())


def _given(part: str) -> bool | None:
    part = _NO_OBJECTION.sub("happy", part)
    if _NO.search(part) is not None:
        return False
    return True if _YES.search(part) is not None else None
