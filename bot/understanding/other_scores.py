"""Scores of what is not the pain, told unasked beside their subject: sleep, stress, fear of moving, hope."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.mentions import Mention

_HIGHEST = 10
_WORDS = r"(?: (?!pain|backs?\b|leg|knee)[a-z/]+,?){0,7}?"
_OUT_OF = r"(?: ?/ ?10| out of (?:a )?10| outta 10)"
#: Nothing that counts something follows: "stress with my 2 kids", "sleep 5 hours".
_ENDS = (
    r"(?=$| ?[,.;!)]| (?:and|but|cos|because|with|since|these|lately|at|so|though|maybe|id|i|my|sleep|stress|pain|"
    r"today|bad|"
    r"now|for the|on the|really|tbh|probably|honestly|trash|theyre|due|from|most|when|after|if|"
    r"for (?:badness|trouble))\b)"
    r"(?! (?:and a half|at night|a night|i get|i have|i take|now and|times|at a time)\b)"
)
_NUMBER_AFTER = (
    rf"{_WORDS},?(?: (?:a|an|about|around|of|is|at|:|=|-))*[ :=]+(?:\d ?(?:or|to|-) ?)?"
    rf"(?P<after>10|\d)(?:{_OUT_OF}|{_ENDS})"
)
#: A score in so many words stands on a scale, so what it scores may come after it.
_SCALED_BEFORE = (
    rf"(?<![\d.])(?P<before>10|\d){_OUT_OF}(?: (?:for|on|in terms of|when it comes to))?(?: (?:my|the|how))?"
)

_SUBJECTS = (
    ("stress", r"stress(?:ed)?(?: levels?)?", r"stress(?:ed)?"),
    (
        "sleep_problem",
        r"(?:sleeps?|sleeping|slept|insomnia)(?! (?:with|on|in|at|better|through)\b)",
        r"(?:sleep|sleeping|insomnia)(?: (?:trouble|problems?))?",
    ),
    (
        "fear_of_movement",
        r"(?:(?:scared|afraid|frightened|terrified|nervous|fearful|wary)(?: of| to| about)? (?:mov\w+|bend\w*|lift\w*|"
        r"twist\w*|turn\w*|exercis\w*|it\b)|fear (?:of (?:moving|movement|bending|lifting|twisting)|levels?|score|"
        r"factor))",
        r"(?:scared|afraid|frightened|terrified|nervous|fear(?:ful)?)(?: (?:of|to|about) (?:mov\w+|bend\w*|lift\w*|"
        r"twist\w*))?",
    ),
    (
        "recovery_expectation",
        r"(?:(?:confiden\w+|chances?|hope(?:s|ful)?|belief|optimis\w+|expect\w*|likel\w+)[^.;!?\d]{0,24}? "
        r"(?:recover\w*|get(?:ting)? (?:better|well|over|back)|improv\w+|heal\w*|mend\w*|be (?:better|fine|ok|right))|"
        r"recovery expectations?|hopes? of (?:recovery|getting better))",
        r"(?:sure|confident|hopeful|certain|convinced)(?: (?:that|i|ill|will|it|itll|of|about|can))* "
        r"(?:recover\w*|get\w* (?:better|well|over|back)|improv\w+|heal\w*|mend\w*|be (?:better|fine|ok|right))"
        r"|(?:getting better|recovery|recovering|hope|chances?(?= ?(?:$|[,.;!]| of (?:recover|getting|"
        r"this going|it going))))",
    ),
)
_PATTERNS = tuple(
    (
        field,
        re.compile(rf"\b{after}{_NUMBER_AFTER}"),
        re.compile(rf"{_SCALED_BEFORE} (?:{before})\b|\b(?P<for>10|\d) for (?:my |the )?(?:{before})\b"),
    )
    for field, after, before in _SUBJECTS
)
_PERCENT_SURE = re.compile(
    r"\b(?P<percent>\d{1,3}) ?(?:%|percent|per cent) (?:sure|certain|confident|convinced|hopeful|"
    r"positive)[^.;!?]{0,24}? "
    r"(?:recover\w*|get\w* (?:better|well|over|back)|heal\w*|mend\w*|be (?:better|fine|ok|right|grand)|improv\w+)"
)
_SAME = re.compile(
    r"\bstress(?: levels?)?(?: is|s)? (?:(?:about|pretty much|much|probably|maybe|just) )*the same\b"
)


def scores_of_other_things(text: str) -> Iterator[Mention]:
    """ "Stress maybe 5", "an 8 for sleep trouble", "8/10 scared to bend": the subject stands beside its number."""
    known: dict[str, int] = {}
    for field, after, before in _PATTERNS:
        match = after.search(text) or before.search(text)
        if match is None:
            continue
        groups = match.groupdict()
        value = int(next(filter(None, (groups.get(name) for name in ("after", "before", "for")))))
        known[field] = value
        yield Mention(field, value, *match.span())
    sure = _PERCENT_SURE.search(text)
    if sure is not None and "recovery_expectation" not in known:
        yield Mention(
            "recovery_expectation", min(_HIGHEST, round(int(sure["percent"]) / 10)), *sure.span(), about=True
        )
    same = _SAME.search(text)
    if same is not None and "sleep_problem" in known and "stress" not in known:
        yield Mention("stress", known["sleep_problem"], *same.span(), about=True)
