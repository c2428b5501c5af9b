"""Falls in the last year: counted when asked for, and told in passing."""

from __future__ import annotations

import re

from bot.understanding.bare_numbers import nothing
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

FALLS = "falls_last_year"
_WORDS_FOR_TIMES = {"once": 1, "twice": 2, "thrice": 3, "couple": 2, "few": 3, "several": 4}
_TIMES = r"(?P<times>\d{1,2}(?= (?:\w+ )?(?:times|falls|tumbles|trips|spills))|once|twice|thrice|couple|few|several)"
_COUNT_WORD = re.compile(r"\b(?P<word>once|twice|thrice|couple|few|several)\b")
#: "Twice on the ice and once off the step".
_TIMES_THERE = re.compile(
    r"\b(?P<there>once|twice|thrice) (?:on|off|in|down|at|over|outside|getting|coming|going|by|out)\b"
)
_NUMBER = re.compile(
    r"(?<![\d.])(?P<low>\d{1,3})(?: ?(?:-|to|or|maybe) ?(?P<high>\d{1,3}))?(?![\d./])(?! ?(?:st|nd|rd|th|am|pm)\b)"
)
_NOT_ONCE = re.compile(
    r"\bonce i\b|\bnever\b|\b(?:not|havent|hasnt)(?: \w+){0,3}? (?:once|1)\b|\bnot a 1\b|\bnot 1\b"
)
_NONE = re.compile(
    r"\b(?:no falls?|not (?:had any|fallen|once|a 1|1\b)|havent (?:fallen|gone over|had (?:1|one|a|any))|"
    r"never fall\w*|never|(?:none|nope|no|nothing)(?= ?(?:$|[,.!]| thank| touch| so far| at all| yet| since|"
    r" and im| im\b))|"
    r"steady as(?: a)? \w+|(?:steady|sure|solid|good) on my (?:feet|pins|legs)|(?:kept|stayed|keep|"
    r"stay) (?:upright|on my feet)|"
    r"sure ?footed|zero|nil)\b"
)
#: "Touch wood none and im 84": nothing is counted before it.
_NOTHING_BEFORE = re.compile(r"\W*(?:(?:touch wood|thank god|thankfully|luckily|well|honestly|oh|um+)\W*)*")
_ONE = re.compile(
    r"\b(?:had a|a|just the|only the) (?:\w+ )?(?:fall|trip|slip|tumble|spill|topple)\b|^ ?(?:just |"
    r"only )?(?:one|1|the one|the 1)\b"
)
_ANOTHER = re.compile(r"\b(?:another|and a|again|then a|plus a)\b")
#: "Fell twice this year", "had three falls since Christmas", "been down a couple of times in the last twelve months".
_FELL = (
    r"(?:fell|fallen|falls?|been (?:down|over)|gone (?:down|over)|went (?:down|over)|tumbles?|tripped|toppled|"
    r"come a cropper|came a cropper|hit the deck|keeled over|lost my (?:footing|balance)|taken a tumble)"
)
_YEAR = (
    r"(?:(?:this|last|past|the|in the|over the|in the last|in the past|this past) (?:past |last )?year|in a year|"
    r"(?:last|past) (?:12|6|few|\d+) months|since (?:christmas|xmas|easter|new year|january|february|march|"
    r"april|may|june|july|"
    r"august|september|october|last \w+|the (?:spring|summer|winter|autumn))|recently|lately|of late|"
    r"this (?:winter|summer|spring|month))"
)
_TOLD = (
    re.compile(
        rf"\b{_FELL}(?: (?:about|over|nearly|at least|around|only|down|a|like))* {_TIMES}(?: of)?(?: times)?"
        rf"(?: \w+){{0,4}}? {_YEAR}\b"
    ),
    re.compile(rf"\b{_TIMES}(?: of)? (?:\w+ )?(?:falls|tumbles|trips|spills)(?: \w+){{0,4}}? {_YEAR}\b"),
    re.compile(rf"\b{_YEAR},? (?:\w+ ){{0,4}}?{_FELL} {_TIMES}\b"),
)
_TOLD_NONE = re.compile(
    r"\b(?:no falls?|(?:havent|not|never) (?:had )?(?:a |any |1 )?(?:single )?(?:fallen|falls?|gone over|"
    r"been down))(?: \w+){0,2}? " + _YEAR + r"\b|\bno falls(?= ?(?:$|[,.;!]))"
)


def falls(utterance: Utterance) -> Mention | None:
    """The answer to how many falls there were."""
    text = utterance.text
    none = _NONE.search(text)
    if none is not None and _NOTHING_BEFORE.fullmatch(text[: none.start()]):
        return Mention(FALLS, 0, none.start(), none.end())
    several = list(_TIMES_THERE.finditer(text))
    if len(several) > 1 and not _NOT_ONCE.search(text):
        total = sum(_WORDS_FOR_TIMES[one["there"]] for one in several)
        return mention(FALLS, total, several[0].start(), several[-1].end())
    number = _NUMBER.search(text)
    if number is not None and not _NOT_ONCE.search(text):
        value = int(number["high"] or number["low"])
        return mention(FALLS, value, *number.span(), about=number["high"] is not None)
    word = _COUNT_WORD.search(text)
    if word is not None and not _NOT_ONCE.search(text):
        more = re.search(r"\bonce or twice\b", text)
        value = 2 if more else _WORDS_FOR_TIMES[word["word"]]
        return mention(FALLS, value, *word.span(), about=bool(more) or word["word"] in ("few", "several"))
    if none is not None:
        return Mention(FALLS, 0, none.start(), none.end())
    one = _ONE.search(text)
    if one is not None:
        value = 2 if _ANOTHER.search(text, one.end()) else 1
        return Mention(FALLS, value, one.start(), one.end())
    return nothing(utterance, FALLS)


def falls_told(utterance: Utterance) -> Mention | None:
    """How many falls, told unasked of this year."""
    for pattern in _TOLD:
        match = pattern.search(utterance.text)
        if match is not None and not utterance.scopes.of_another(*match.span()):
            said = match["times"]
            value = int(said) if said.isdigit() else _WORDS_FOR_TIMES[said]
            return mention(FALLS, value, *match.span(), about=said in ("few", "several"))
    none = _TOLD_NONE.search(utterance.text)
    return Mention(FALLS, 0, none.start(), none.end()) if none is not None else None
