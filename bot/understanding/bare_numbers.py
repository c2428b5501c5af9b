"""The plainest answers to "how much?": nothing at all, or a number and nothing else."""

from __future__ import annotations

import re

from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

_NONE = re.compile(
    r"^(?:(?:lol|haha|er|um|well)[ ,.]+)?(?:no+|nope|none|no exercise|nothing|nil|zero|0|never|not any|"
    r"not at all|not once|no exercise|i dont(?: do any|"
    r" exercise)?|dont|"
    r"(?:i )?(?:didnt|havent)(?: \w+){0,2}? (?:do|done|manage\w*)(?: any| it| them)?|didnt|havent|i (?:didnt|"
    r"havent)(?: at all| done any| any)?)(?: (?:at all|really|any|at the moment|sadly|sorry|thank\w*|"
    r"minute|the|lol|couch|whatsoever|speak|to|of|much|honest|be|couch potato|sofa|"
    r"this (?:week|year)|yet|if|im|being|honestly|tbh|of (?:it|them)))*[ .,!]*(?:couch|sofa|telly|none|lol)?[ .!]*$"
)
_BARE = re.compile(
    r"^\D{0,24}?(?<![\d.])(?P<low>\d{1,4})(?: ?(?:-|to|or) ?(?P<high>\d{1,4}))?(?![\d/%]|\.\d)\D{0,12}$"
)
#: "60, missed some because of a funeral", "maybe 20 now, my foot drags": the number comes first and stands alone.
_FIRST = re.compile(
    r"^\W*(?:(?:well|um+|er+|oh|like|about|maybe|say|id say|probably|only|just|around|roughly|its|im on|an?|"
    r"honestly|so|sorry)[ ,]+)*(?P<number>\d{1,4})(?![\d/%:]|\.\d)(?= ?(?:[,.;!]|$)| (?:now|but|cos|because|since|"
    r"this week|then|though|max|i think|i guess)\b)(?! ?[,.;] ?\d)"
)
#: "Missed it this week and last, so 2".
_LAST = re.compile(
    r"\bso (?:(?:id say|ill say|say|its|thats|call it|make it|about|maybe|probably|an?|like) )*(?P<number>\d{1,4})"
    r"(?: (?:lol|then|really|i guess|i think|maybe))?[ .!]*$"
)


def nothing(utterance: Utterance, field: str) -> Mention | None:
    """Zero, when the message says no more than that."""
    match = _NONE.search(utterance.text)
    return Mention(field, 0, match.start(), match.end()) if match is not None else None


def bare_number(utterance: Utterance, field: str, *, higher: bool = False) -> Mention | None:
    """The one number of a short message, in the unit of `field`; of a range the middle, or the higher end."""
    match = _BARE.search(utterance.text)
    if match is None:
        return number_apart(utterance, field)
    low, high = int(match["low"]), int(match["high"] or match["low"])
    value = high if higher else (low + high + 1) // 2
    return mention(
        field, value, match.start("low"), match.end("high" if match["high"] else "low"), about=low != high
    )


def number_apart(utterance: Utterance, field: str) -> Mention | None:
    """The number that stands alone before or after its reasons."""
    match = _LAST.search(utterance.text) or _FIRST.search(utterance.text)
    return mention(field, int(match["number"]), *match.span("number")) if match is not None else None
