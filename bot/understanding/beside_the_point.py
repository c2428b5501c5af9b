"""Mentions that the words around them make idle: a cause of years ago, the course of the back instead of the leg's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.understanding.mentions import Mention
from bot.understanding.utterance import Utterance

_CAUSE = "onset_cause"
_OF_LONG_AGO = re.compile(
    r"\b(?:\d+|few|couple of|many|some|several) years? (?:ago|back)|\byears ago\b|\b(?:back )?in (?:19|"
    r"20)\d\d\b|\bignore (?:that|it|this)\b"
)
_DENIES = re.compile(r"\b(?:no|not|without|nor|never|wasnt|didnt)(?: (?:any|a|from|been))* $")
#: "Left, no pain on the right".
_NONE_THERE = re.compile(r"\b(?:no|nothing|none|never)(?: (?:pain|at all|on|in|down|my|the|to))* $")
_OF_THE_BACK = re.compile(r"\b(?:backs?|spine|lumbar)\b")
_ONE_SIDE = re.compile(
    r"\b(?:left|right)(?: (?:one|1|side|hand side))?(?: (?:is|are|was|bit|much|a bit|slightly|a lot|far))* ?$"
)
_IDIOM = re.compile(r"\b(?:kill|die|murder) for (?:a|an|1|one|some)\b")
_LEG_TRENDS = frozenset({"leg_pain_trend", "leg_weakness_trend"})


def to_the_point(utterance: Utterance, told: Sequence[Mention]) -> Iterator[Mention]:
    """The mentions without those that are told of something else than this pain."""
    causes = [one for one in told if one.field == _CAUSE]
    idle = [one for one in causes if _is_idle_cause(utterance, one)]
    kept = [one for one in causes if one not in idle] or causes
    sides = {one.value for one in told if one.field == "pain_side"}
    known = [one for one in kept if one.value != ("none_known",)]
    for one in told:
        if one.field == _CAUSE:
            if one in kept and (one in known or not known):
                yield one
        elif one.field == "pain_side" and len(sides) > 1 and _NONE_THERE.search(utterance.text[: one.start]):
            continue
        elif not _is_idle(utterance, one):
            yield one


def _is_idle_cause(utterance: Utterance, one: Mention) -> bool:
    """ "No fall no lifting", "fell at a wedding 7 years ago but this time it was gardening", "the wife fell"."""
    if one.value == ("none_known",):
        return False
    if _DENIES.search(utterance.text[max(0, one.start - 24) : one.start]):
        return True
    if one.value == ("fall",) and utterance.scopes.of_another(one.start, one.end):
        return True
    return _OF_LONG_AGO.search(_piece(utterance, one)) is not None


def _is_idle(utterance: Utterance, one: Mention) -> bool:
    if one.field == "pain_trend":
        of_a_leg = utterance.asks in _LEG_TRENDS and not _OF_THE_BACK.search(_piece(utterance, one))
        before = utterance.text[max(0, one.start - 30) : one.start]
        return of_a_leg or (utterance.asks == "pain_side" and _ONE_SIDE.search(before) is not None)
    if one.field == "leg_pain_trend" and utterance.asks == "leg_pain_trend":
        return _OF_THE_BACK.search(_piece(utterance, one)) is not None
    if one.field == "pain_site":
        return utterance.asks == "pain_site" and _OF_LONG_AGO.search(_piece(utterance, one)) is not None
    if one.field == "aggravated_by":
        return _IDIOM.search(utterance.text[max(0, one.start - 24) : one.end]) is not None
    return False


_ENDS = re.compile(r"[,.;!?]|\bbut\b|\bthis time\b")


def _piece(utterance: Utterance, one: Mention) -> str:
    """The words around a mention, up to the next comma, stop or "but"."""
    before = _ENDS.split(utterance.text[: one.start])[-1]
    after = _ENDS.split(utterance.text[one.end :], maxsplit=1)[0]
    return f"{before}{utterance.text[one.start : one.end]}{after}"
